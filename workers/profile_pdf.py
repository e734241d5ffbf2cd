"""The PDF of a public profile, for somebody who waits for it."""

from __future__ import annotations

from typing import Any

import msgspec

from app.cv.model import CV
from app.profile_pdfs import TASK
from app.queue import JSON
from app.services import Services
from workers.interactive import interactive
from workers.renderer import RenderPool


async def _make(context: dict[str, Any], key: str, cv: dict[str, Any]) -> JSON:
    """Store the PDF of `cv` under `key`; its size in bytes."""
    services: Services = context["services"]
    pool: RenderPool = context["pool"]
    rendered = await pool.render(msgspec.convert(cv, CV))
    await services.artifacts.put(key, rendered.pdf)
    return len(rendered.pdf)


profile_pdf = interactive(TASK, _make)
