"""Lists with keyset cursors, the same on every surface."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import strawberry

from app.errors import FieldError, ValidationFailed

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

_LAST_ID = UUID(int=2**128 - 1)

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


def window(limit: int, cursor: str | None) -> dict[str, Any]:
    """Two parameters of a statement that lists, newest first: rows `before` an id, at `most`.

    One row more than `limit`, which tells `page` whether there is another page. Raises
    ValidationFailed for a limit that is not 1 to 100 and for a cursor we never gave out.
    """
    if not 1 <= limit <= MAX_LIMIT:
        message = f"Must be from 1 to {MAX_LIMIT}."
        raise ValidationFailed([FieldError("limit", "out_of_range", message)])
    return {"before": _before(cursor), "most": limit + 1}


def page(rows: Sequence[Any], limit: int, shown: Callable[[Any], T]) -> Page[T]:
    """The page of what a statement found in `window(limit, …)`, each row as it is `shown`."""
    items = [shown(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=items, next_cursor=_cursor_of(rows[limit - 1]["id"]) if more else None)


def _cursor_of(last: UUID) -> str:
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def _before(cursor: str | None) -> UUID:
    if cursor is None:
        return _LAST_ID
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (ValueError, binascii.Error):
        message = "Not a cursor of this list."
        raise ValidationFailed([FieldError("cursor", "invalid", message)]) from None
