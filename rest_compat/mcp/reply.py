"""The answer to one request of a session over HTTP, while it is being made."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator

from mcp_types import RequestId
from mcp_types.version import is_version_at_least

from app.errors import DependencyUnavailable
from rest_compat.mcp import responses
from rest_compat.mcp.events import LEASE_SECONDS, Event, Events
from rest_compat.mcp.sessions import Session

_RETRY_MILLISECONDS = 1000
_PRIMED = "2025-11-25"  # the first version whose clients take an event without data


class Reply:
    """The answer to one request: a single JSON message if it can be, else a stream of events.

    Once it is a stream, all that is told is kept in Redis too: a client that is cut off comes
    back for the rest, and the handler goes on without it. `plain`: whether the client takes JSON.
    """

    def __init__(
        self, events: Events, session: Session, request_id: RequestId, *, plain: bool = True
    ) -> None:
        self._events = events
        self._session = session
        self._request_id = request_id
        self._plain = plain
        self._stream = ""  # named once there is one
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order = asyncio.Lock()
        self._settled = False
        self._renewing: asyncio.Task[None] | None = None
        self.is_stream = False

    async def is_plain(self, task: asyncio.Task[bytes], seconds: float) -> bool:
        """Wait until the request is answered, tells something or takes long: whether it is
        answered, nothing was told and JSON will do. Raises what `task` does in that time."""
        await asyncio.wait(
            (task, self._begun), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if task.done() and not self.is_stream:
            task.result()
            return True
        await self._begin_stream()
        return False

    async def tell(self, data: bytes) -> None:
        await self._begin_stream()
        await self._put(data)

    async def finish(self, data: bytes) -> None:
        if not self._plain:
            await self._begin_stream()
        if self.is_stream:
            await self._put(data, last=True)

    async def close(self) -> None:
        """Let the client go; it comes back for the rest."""
        await self._begin_stream()
        self._queue.put_nowait(None)

    def settle(self) -> None:
        """Nothing more comes, however it ended."""
        self._settled = True
        if self._renewing is not None:
            self._renewing.cancel()
        self._queue.put_nowait(None)

    async def frames(self) -> AsyncIterator[bytes]:
        while True:
            try:
                async with asyncio.timeout(responses.PING_SECONDS):
                    event = await self._queue.get()
            except TimeoutError:
                yield responses.PING
                continue
            if event is None:
                return
            retry = None if event.data else _RETRY_MILLISECONDS
            yield responses.frame(event, retry_milliseconds=retry)

    async def _begin_stream(self) -> None:
        if self.is_stream:
            return
        self.is_stream = True
        self._stream = secrets.token_urlsafe(9)
        self._renewing = asyncio.create_task(self._renew())
        self._begun.set_result(None)
        if self._session.version and is_version_at_least(self._session.version, _PRIMED):
            await self._put(b"")

    async def _put(self, data: bytes, *, last: bool = False) -> None:
        async with self._order:
            try:
                event = await self._events.append(
                    self._session, self._stream, data, last=last, request_id=self._request_id
                )
            except DependencyUnavailable:
                event = Event("", data)  # who is there gets it all the same
            self._queue.put_nowait(event)

    async def _renew(self) -> None:
        # Not for ever: a cancellation may be lost in Redis' client (see responses).
        while not self._settled:
            await asyncio.sleep(LEASE_SECONDS / 3)
            with contextlib.suppress(DependencyUnavailable):
                await self._events.renew(self._session, self._stream)
