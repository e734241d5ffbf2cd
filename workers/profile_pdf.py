"""The PDF of a public profile, for somebody who waits for it."""

from __future__ import annotations

from typing import Any

import msgspec

from app import profile_pdfs
from app.cv.model import CV
from app.queue import JSON
from app.services import Services
from workers.renderer import RenderPool


async def make_profile_pdf(context: dict[str, Any], key: str, cv: dict[str, Any]) -> JSON:
    """Store the PDF of `cv` under `key`; its size in bytes. Raises RenderError.

    One that another process has had made meanwhile is left as it is.
    """
    services: Services = context["services"]
    pool: RenderPool = context["pool"]
    if (made := await profile_pdfs.stored(services.artifacts, key)) is not None:
        return made.size
    rendered = await pool.render(msgspec.convert(cv, CV))
    await services.artifacts.put(key, rendered.pdf)
    return len(rendered.pdf)
