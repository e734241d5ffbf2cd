"""Lists with keyset cursors, the same on every surface."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import strawberry

from app.errors import FieldError, ValidationFailed

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

Limit = Annotated[
    int,
    strawberry.argument(
        description=f"How many at most, 1 to {MAX_LIMIT}.",
        metadata={"schema": {"minimum": 1, "maximum": MAX_LIMIT}},
    ),
]
Cursor = Annotated[
    str | None,
    strawberry.argument(
        description="`next_cursor` of the page before; absent for the first.",
        metadata={"schema": {"pattern": "^[A-Za-z0-9_-]{22}$"}},
    ),
]


@strawberry.type(description="One page of a list; `next_cursor` is null on the last.")
class Page(Generic[T]):
    items: list[T] = strawberry.field(description="What is on this page.")
    next_cursor: str | None = strawberry.field(
        description="`cursor` of the next page; null on the last."
    )


def checked_limit(limit: int) -> int:
    """`limit`, or ValidationFailed when it is not 1 to 100."""
    if not 1 <= limit <= MAX_LIMIT:
        message = f"Must be from 1 to {MAX_LIMIT}."
        raise ValidationFailed([FieldError("limit", "out_of_range", message)])
    return limit


def cursor_of(last: UUID) -> str:
    """The cursor of a page that ends with row `last`; opaque to clients."""
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def after_cursor(cursor: str | None) -> UUID | None:
    """The row that `cursor` stands for; raises ValidationFailed for one we never gave out."""
    if cursor is None:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (ValueError, binascii.Error):
        message = "Not a cursor of this list."
        raise ValidationFailed([FieldError("cursor", "invalid", message)]) from None
