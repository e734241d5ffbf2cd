"""Sending what has no known length, for as long as somebody takes it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.types import Receive, Send

from app.bodies import ClientGone

PATIENCE_SECONDS = 60.0
"""How long a client may take nothing of what it has asked for."""


async def send_chunks(chunks: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    """Send all `chunks`, without the message that ends an answer.

    No further one is made than the client takes. Raises ClientGone once it has hung up, or has
    taken nothing for `PATIENCE_SECONDS`; what is sent then is cut off, so that nobody takes a part
    for the whole.
    """
    gone = asyncio.create_task(_hung_up(receive))
    try:
        async for chunk in chunks:
            if gone.done():
                raise ClientGone
            async with asyncio.timeout(PATIENCE_SECONDS):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except TimeoutError:
        raise ClientGone from None
    finally:
        gone.cancel()


async def closed(chunks: AsyncIterator[bytes]) -> None:
    """Have a generator let go of what it holds, wherever it stands."""
    if (close := getattr(chunks, "aclose", None)) is not None:
        with contextlib.suppress(RuntimeError):  # of one that is closed by another just now
            await close()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
