"""An answer that is told piece by piece, as server-sent events.

event: delta    data: {"text": "…"}
event: done     data: the answer as it would be without events
event: error    data: the one error body
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson

from app.call import Context
from app.errors import DomainError, Internal
from rest_compat import errors

log = logging.getLogger(__name__)

_SILENT_SECONDS = 10.0  # at most, for what stands between may close a silent connection

HEADERS: errors.Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
SCHEMA: dict[str, Any] = {
    "type": "string",
    "description": "With `stream: true`: events `delta` with `{text}`, then one `done` with the"
    " answer that is told here as JSON, or one `error` with the error body.",
}


async def of(
    context: Context,
    work: asyncio.Task[Any],
    first: str | None,
    encode: Callable[[Any], bytes],
) -> AsyncIterator[bytes]:
    """The events of `work`, whose `first` piece has been heard if it tells any."""
    assert context.ear is not None
    piece = first
    while piece is not None:
        yield _event(b"delta", orjson.dumps({"text": piece}))
        while True:
            try:
                piece = await context.ear.next(work, _SILENT_SECONDS)
                break
            except TimeoutError:
                yield b": waiting\n\n"
    try:
        yield _event(b"done", encode(await work))
    except DomainError as error:
        yield _event(b"error", errors.response(error, context.request_id)[2])
    except Exception:
        log.exception("an answer broke off", extra={"fields": {"request_id": context.request_id}})
        yield _event(b"error", errors.response(Internal(), context.request_id)[2])


def _event(name: bytes, data: bytes) -> bytes:
    return b"event: " + name + b"\ndata: " + data + b"\n\n"
