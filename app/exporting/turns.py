"""How many exports are made at once, so that nobody's take the server from all others.

An export that is read slowly holds no connection of the database, only its turn.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from uuid import UUID

from app.errors import DependencyUnavailable, RateLimited

_RETRY_SECONDS = 10


class Turns:
    """The turns of one process: `most_each` of an account, `most` of all."""

    def __init__(self, *, most_each: int = 2, most: int = 40) -> None:
        self._most_each = most_each
        self._most = most
        self._taken: Counter[UUID] = Counter()

    @property
    def taken(self) -> int:
        """How many are being made."""
        return self._taken.total()

    async def begun(
        self, account_id: UUID, chunks: AsyncGenerator[bytes, None]
    ) -> AsyncIterator[bytes]:
        """`chunks`, of which the first is made: what fails at once fails here.

        The turn ends when the last has been read or the generator is closed. Raises RateLimited for
        an account that has taken all of its turns, DependencyUnavailable when there are none left,
        and whatever `chunks` does.
        """
        if self._taken[account_id] >= self._most_each:
            message = "Other exports of yours are still being read; finish one of them first."
            raise RateLimited(message, retry_after=_RETRY_SECONDS)
        if self.taken >= self._most:
            raise DependencyUnavailable(retry_after=_RETRY_SECONDS)
        held = _Held(self._one(account_id, chunks))
        await held.begin()
        return held

    async def _one(
        self, account_id: UUID, chunks: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        self._taken[account_id] += 1
        try:
            async with contextlib.aclosing(chunks):
                async for chunk in chunks:
                    yield chunk
        finally:
            self._taken[account_id] -= 1
            if not self._taken[account_id]:
                del self._taken[account_id]


class _Held:
    """A generator that has begun, so that to close it is to have it clean up."""

    def __init__(self, chunks: AsyncGenerator[bytes, None]) -> None:
        self._chunks = chunks
        self._first: bytes | None = None

    async def begin(self) -> None:
        self._first = await anext(self._chunks, b"")

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return await anext(self._chunks)

    async def aclose(self) -> None:
        await self._chunks.aclose()
