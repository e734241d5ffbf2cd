"""How much of a kind one owner has going on at once, so that nobody takes all of a process."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from app.errors import RateLimited


class AtOnce:
    """What goes on in this process, at most `most` of an account; the others count by themselves.

    `retry_after`: when to try again, in seconds.
    """

    def __init__(self, most: int, *, retry_after: int = 1) -> None:
        self._most = most
        self._retry_after = retry_after
        self._counts: Counter[UUID] = Counter()

    def check(self, account_id: UUID) -> None:
        """Raise RateLimited, with the `limit`, for an account that has so many."""
        if self._counts[account_id] >= self._most:
            raise RateLimited(
                "Too many at once for this account.",
                retry_after=self._retry_after,
                limit=self._most,
            )

    @contextlib.contextmanager
    def one_more(self, account_id: UUID) -> Iterator[None]:
        """Count one more for as long as this is open; raises as `check` does."""
        self.check(account_id)
        self._counts[account_id] += 1
        try:
            yield
        finally:
            self._counts[account_id] -= 1
            if not self._counts[account_id]:
                del self._counts[account_id]
