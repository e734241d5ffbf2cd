"""What is sent over HTTP: JSON, event streams, and nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any, TypeVar

from starlette.types import Receive, Send

from app.bodies import ClientGone
from rest_compat.mcp.events import Event

Header = tuple[bytes, bytes]
Result = TypeVar("Result")

_NO_STORE = (b"cache-control", b"no-store")
_STREAM: list[Header] = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]
PING = b": ping\n\n"
PING_SECONDS = 15.0  # so that no proxy takes a stream for dead


async def send_json(
    send: Send, body: bytes, *, status: int = 200, headers: Sequence[Header] = ()
) -> None:
    start = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        _NO_STORE,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def send_nothing(send: Send, *, status: int) -> None:
    headers = [_NO_STORE] if status == 204 else [_NO_STORE, (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})


async def send_stream(
    receive: Receive, send: Send, frames: AsyncIterator[bytes], headers: Sequence[Header] = ()
) -> None:
    """Send `frames` until they end or the client goes."""
    await send({"type": "http.response.start", "status": 200, "headers": [*_STREAM, *headers]})
    await send({"type": "http.response.body", "body": b": begin\n\n", "more_body": True})
    sending = asyncio.ensure_future(_send_all(send, frames))
    leaving = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            sending.result()
    finally:
        for task in (sending, leaving):
            await _stop(task)


async def while_there(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` answers; raises ClientGone, and stops it, when the client goes before."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        for task in (working, leaving):
            await _stop(task)


async def _stop(task: asyncio.Future[Any]) -> None:
    # Again and again: asyncio.wait_for of Python 3.11 may lose a cancellation, and Redis' client
    # uses it for each command.
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=0.5)
    if not task.cancelled():
        task.exception()


async def _send_all(send: Send, frames: AsyncIterator[bytes]) -> None:
    async for frame in frames:
        await send({"type": "http.response.body", "body": frame, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def frame(event: Event, *, retry_milliseconds: int | None = None) -> bytes:
    """An event as Server-Sent Events have it; JSON from orjson has no line breaks in it."""
    name = b"id: %s\n" % event.id.encode() if event.id else b""
    retry = b"" if retry_milliseconds is None else b"retry: %d\n" % retry_milliseconds
    return b"%s%sevent: message\ndata: %s\n\n" % (name, retry, event.data)
