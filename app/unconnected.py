"""Operations that work long between reading and writing, and hold no connection meanwhile.

A pool has few connections: one that is kept for the seconds in which a file is read is missing to
everybody else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

if TYPE_CHECKING:
    from app.db import Connection

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

_MARK = "is_unconnected"


def unconnected(resolver: F) -> F:
    """Mark a resolver that opens connections itself, where it needs one, and has no `call.db`.

    The caller is admitted before it, on a connection that is given back. What it writes it commits
    itself, so an answer kept for its repeats (Idempotency-Key) is kept after the effect: of a crash
    between the two a repeat knows nothing. A repeat meanwhile is told that the first is in flight.
    """
    setattr(resolver, _MARK, True)
    return resolver


def is_unconnected(resolver: Callable[..., Any]) -> bool:
    return getattr(resolver, _MARK, False)


class _NoConnection:
    """Stands for the connection that an unconnected operation has not; any use is our mistake."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(
            "An unconnected operation has no call.db: open call.services.database.transaction()."
        )


NO_CONNECTION = cast("Connection", _NoConnection())
