"""Request bodies as they arrive: how large, how slow, and how much of them at once.

A body is held in memory until it has been read, so a stranger may send only a small one; for more,
credentials must be good before the rest of it is read. What arrives slower than any line does is
given up, and so is what all bodies together, or those of one account, hold too much of.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.types import Receive

from app import http
from app.errors import DependencyUnavailable, MalformedJSON, PayloadTooLarge, RateLimited

SMALL_BYTES = 64_000  # of a body for which nobody asks who sends it
_DIGITS = 18

Admit = Callable[[], Awaitable[UUID]]
"""Tells whose account sends a body that is not small; raises Unauthenticated, InsufficientScope."""


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


class BodyTooSlow(MalformedJSON):
    """A body without its end is like one that is cut off."""

    default_message = "The body did not arrive in time."
    retryable = True


class Bodies:
    """The bodies that a process holds.

    A body may take `patience_seconds` and a second for every `bytes_per_second` of it that has
    arrived. What is beyond `SMALL_BYTES` of each counts: `most_bytes` for all together,
    `most_bytes_each` for an account.
    """

    def __init__(
        self,
        *,
        patience_seconds: float = 30,
        bytes_per_second: int = 100_000,
        most_bytes: int = 192_000_000,
        most_bytes_each: int = 48_000_000,
    ) -> None:
        self._patience_seconds = patience_seconds
        self._bytes_per_second = bytes_per_second
        self._most_bytes = most_bytes
        self._most_bytes_each = most_bytes_each
        self._held: Counter[UUID] = Counter()

    @property
    def held_bytes(self) -> int:
        """How much is held now, beyond what is small."""
        return self._held.total()

    @contextlib.asynccontextmanager
    async def read(
        self, scope: Any, receive: Receive, limit: int, admit: Admit
    ) -> AsyncIterator[bytes]:
        """The whole body, held for as long as the block lasts.

        Raises PayloadTooLarge as soon as it is known, ClientGone when it is cut off, BodyTooSlow,
        DependencyUnavailable and RateLimited when too much is held, and what `admit` raises.
        """
        hold = _Hold(admit)
        try:
            yield await self._whole(scope, receive, limit, hold)
        finally:
            if hold.owner is not None:
                self._held[hold.owner] -= hold.size
                self._held += Counter()  # forgets accounts of which nothing is held

    async def _whole(self, scope: Any, receive: Receive, limit: int, hold: _Hold) -> bytes:
        declared = (http.header(scope, b"content-length") or b"").lstrip(b"0")
        if declared.isdigit():
            if len(declared) > _DIGITS or int(declared) > limit:
                raise PayloadTooLarge(limit_bytes=limit)
            if int(declared) > SMALL_BYTES:
                await hold.admitted()
        clock = asyncio.get_running_loop().time
        latest = clock() + self._patience_seconds
        chunks: list[bytes] = []
        size = 0
        while True:
            try:
                async with asyncio.timeout_at(latest + size / self._bytes_per_second):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow(bytes_per_second=self._bytes_per_second) from None
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise PayloadTooLarge(limit_bytes=limit)
            if size > SMALL_BYTES:
                self._count(await hold.admitted(), hold, size - SMALL_BYTES)
            chunks.append(chunk)
            if not message.get("more_body", False):
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _count(self, owner: UUID, hold: _Hold, size: int) -> None:
        self._held[owner] += size - hold.size
        hold.size = size
        if self._held[owner] > self._most_bytes_each:
            raise RateLimited("You are sending too much at once; try again shortly.", retry_after=5)
        if self.held_bytes > self._most_bytes:
            raise DependencyUnavailable("Too much is arriving at once.", retry_after=5)


class _Hold:
    """What one request holds, and for whom once that had to be asked."""

    def __init__(self, admit: Admit) -> None:
        self.owner: UUID | None = None
        self.size = 0
        self._admit = admit

    async def admitted(self) -> UUID:
        if self.owner is None:
            self.owner = await self._admit()
        return self.owner
