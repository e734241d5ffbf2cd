"""A stream that a client holds open, for as long as it may."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from rest_compat.mcp import responses
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.events import Event
from rest_compat.mcp.hub import Hub
from rest_compat.mcp.sessions import Session

LOOK_SECONDS = 30.0  # whether the credential and the session still stand


async def frames(
    hub: Hub,
    caller: Caller,
    session: Session,
    events: AsyncGenerator[Event | None, None],
    left: asyncio.Event,
) -> AsyncGenerator[bytes, None]:
    """The frames of `events` until they end, the session does or the client has `left`.

    Raises Unauthenticated or InsufficientScope once the caller's credential is good no more.
    """
    clock = asyncio.get_running_loop().time
    pinged = looked = clock()
    async with contextlib.aclosing(events):
        async for event in events:
            if left.is_set():
                return
            if event is not None:
                yield responses.frame(event)
                continue
            now = clock()
            if now - pinged >= responses.PING_SECONDS:
                pinged = now
                yield responses.PING
            if now - looked >= LOOK_SECONDS:
                looked = now
                await hub.gate.look_again(caller)
                if not await hub.sessions.stands(session):
                    return
