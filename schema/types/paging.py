"""Lists with keyset cursors, the same on every surface."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import strawberry

from app.errors import FieldError, ValidationFailed

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

_ID = struct.Struct("!16s")
_PLACE = struct.Struct("!i16s")  # a position, then an id
_LAST_ID = b"\xff" * 16
_BEFORE_ALL = (-(2**31), bytes(16))

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
CursorInOrder = Annotated[
    str | None,
    strawberry.argument(
        description="`next_cursor` of the page before; absent for the first.",
        metadata={"schema": {"pattern": "^[A-Za-z0-9_-]{27}$"}},
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
    before = _LAST_ID if cursor is None else _read(cursor, _ID)[0]
    return {"before": _uuid(before), "most": _most(limit)}


def window_in_order(limit: int, cursor: str | None) -> dict[str, Any]:
    """Likewise of one that lists by position: rows after `after_position`, `after_id`."""
    position, id_ = _BEFORE_ALL if cursor is None else _read(cursor, _PLACE)
    return {"after_position": position, "after_id": _uuid(id_), "most": _most(limit)}


def page(rows: Sequence[Any], limit: int, shown: Callable[[Any], T]) -> Page[T]:
    """The page of what a statement found in `window(limit, …)`, each row as it is `shown`."""
    return _page(rows, limit, shown, lambda row: _ID.pack(row["id"].bytes))


def page_in_order(rows: Sequence[Any], limit: int, shown: Callable[[Any], T]) -> Page[T]:
    """Likewise of `window_in_order(limit, …)`."""
    return _page(rows, limit, shown, _place)


def _place(row: Any) -> bytes:
    return _PLACE.pack(row["position"], UUID(str(row["id"])).bytes)


def _page(
    rows: Sequence[Any], limit: int, shown: Callable[[Any], T], place: Callable[[Any], bytes]
) -> Page[T]:
    items = [shown(row) for row in rows[:limit]]
    more = len(rows) > limit
    cursor = base64.urlsafe_b64encode(place(rows[limit - 1])).decode().rstrip("=") if more else None
    return Page(items=items, next_cursor=cursor)


def _most(limit: int) -> int:
    if not 1 <= limit <= MAX_LIMIT:
        message = f"Must be from 1 to {MAX_LIMIT}."
        raise ValidationFailed([FieldError("limit", "out_of_range", message)])
    return limit + 1


def _read(cursor: str, form: struct.Struct) -> tuple[Any, ...]:
    try:
        return form.unpack(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, struct.error):
        message = "Not a cursor of this list."
        raise ValidationFailed([FieldError("cursor", "invalid", message)]) from None


def _uuid(raw: bytes) -> UUID:
    return UUID(bytes=raw)
