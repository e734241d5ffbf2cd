"""Previews and thumbnails, for somebody who waits for them."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import msgspec

from app.artifacts import thumbnail_key
from app.cv.model import CV
from app.previews import PREVIEW_SECONDS, PREVIEW_WIDTH, THUMBNAIL_WIDTH
from app.queue import JSON
from app.services import Services
from workers.pictures import PicturePool
from workers.renderer import RenderCrashed, RenderError, RenderPool
from workers.screen import page

_TOO_SLOW = f"A preview may take {PREVIEW_SECONDS:g} seconds, and this needs longer."


async def make_preview(context: dict[str, Any], cv: dict[str, Any], look: str) -> JSON:
    """What `app.previews.preview` asks for: `data` in base64, or `code` and `message` of why not.

    It is of one render at a time, so that those who look leave processes to those who pay.
    """
    turn: asyncio.Semaphore = context["preview_turn"]
    read = msgspec.convert(cv, CV)
    try:
        async with asyncio.timeout(PREVIEW_SECONDS), turn:
            if look == "html":
                made = (await asyncio.to_thread(page, read)).encode()
            else:
                made = await _first_page(context, read)
    except TimeoutError:
        return {"code": "render_timeout", "message": _TOO_SLOW}
    except RenderCrashed:
        raise  # none of this CV's doing, perhaps
    except RenderError as error:
        return {"code": error.code, "message": error.message}
    return {"data": base64.b64encode(made).decode()}


async def _first_page(context: dict[str, Any], cv: CV) -> bytes:
    renders: RenderPool = context["pool"]
    pictures: PicturePool = context["pictures"]
    return await pictures.first_page((await renders.render(cv)).pdf, PREVIEW_WIDTH)


async def make_thumbnail(context: dict[str, Any], pdf_key: str) -> JSON:
    """Store the picture of a stored PDF beside it; its size in bytes. Raises NotFound."""
    services: Services = context["services"]
    pictures: PicturePool = context["pictures"]
    stream = await services.artifacts.stream(pdf_key)
    pdf = b"".join([chunk async for chunk in stream])
    made = await pictures.first_page(pdf, THUMBNAIL_WIDTH)
    await services.artifacts.put(thumbnail_key(pdf_key), made)
    return len(made)
