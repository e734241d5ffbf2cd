"""What the MCP transports of one process share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from mcp.server.lowlevel import Server

from app.services import Services
from rest_compat.mcp import messages
from rest_compat.mcp.calls import ToolCalls
from rest_compat.mcp.events import Events
from rest_compat.mcp.exchange import Exchanges
from rest_compat.mcp.gate import Gate
from rest_compat.mcp.legacy_events import LegacyEvents
from rest_compat.mcp.sessions import Session, Sessions
from rest_compat.mcp.switchboard import Switchboard


class Hub:
    """Sessions, their events, and the requests that are being answered."""

    def __init__(
        self, services: Services, server: Server[Any], calls: ToolCalls | None = None
    ) -> None:
        settings = services.settings
        self.services = services
        self.gate = Gate(services)
        self.sessions = Sessions(
            services.redis,
            idle_seconds=settings.mcp_session_minutes * 60,
            most_each=settings.mcp_sessions_per_account,
        )
        self.events = Events(services.redis)
        self.legacy_events = LegacyEvents(services.redis)
        self.switchboard = Switchboard(services.redis)
        self.exchanges = Exchanges(server, self.events, self.switchboard, calls)
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Hear other processes while the block lasts, then end what is being answered."""
        self.switchboard.open()
        try:
            yield
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self.switchboard.close()

    def spawn(self, work: Coroutine[Any, Any, bytes]) -> asyncio.Task[bytes]:
        """Answer a request beside the HTTP request that brought it, which may end first."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def take(
        self, session: Session, message: messages.Notification | messages.Response
    ) -> None:
        """Act on what is owed no response."""
        if isinstance(message, messages.Response):
            await self.switchboard.answer(session, message)
        elif message.method == "notifications/cancelled":
            request_id = (message.params or {}).get("requestId")
            if isinstance(request_id, (str, int)):
                await self.switchboard.cancel(session, request_id)

    def _ended(self, task: asyncio.Task[bytes]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told already, if there was anybody left to tell
