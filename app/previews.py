"""Looks at a résumé: a preview that nobody keeps, and the thumbnail of a finished PDF.

Both are made by a worker for somebody who waits.
"""

from __future__ import annotations

import base64
from typing import Literal

import msgspec

from app.artifacts import Artifact, Artifacts, thumbnail_key
from app.cv.model import CV
from app.errors import DependencyUnavailable, FieldError, NotFound, ValidationFailed
from app.queue import Queue

Look = Literal["html", "png"]
PREVIEW = "preview_resume"
THUMBNAIL = "make_thumbnail"
PREVIEW_WIDTH = 1240  # pixels of a page: 150 to the inch on A4
THUMBNAIL_WIDTH = 480
PREVIEW_SECONDS = 15.0  # that a worker takes at most, with waiting for a process

_DEADLINE_SECONDS = PREVIEW_SECONDS + 3


async def preview(queue: Queue, cv: CV, look: Look) -> bytes:
    """`cv` as a page of HTML, or its first page as a PNG of `PREVIEW_WIDTH`.

    Raises ValidationFailed for a CV that can't be rendered in time or memory, and
    DependencyUnavailable where no worker answers.
    """
    answer: dict[str, str] = await queue.call(
        PREVIEW, msgspec.to_builtins(cv), look, deadline_seconds=_DEADLINE_SECONDS
    )
    if "data" in answer:
        return base64.b64decode(answer["data"])
    raise ValidationFailed([FieldError("cv_data", answer["code"], answer["message"])])


async def thumbnail(queue: Queue, artifacts: Artifacts, pdf_key: str) -> Artifact:
    """The PNG of the first page of a stored PDF, made if nobody has asked for it before.

    Raises NotFound where the PDF is gone, and DependencyUnavailable where no worker answers.
    """
    key = thumbnail_key(pdf_key)
    try:
        return await artifacts.describe(key)
    except NotFound:
        await artifacts.describe(pdf_key)
    await queue.call(THUMBNAIL, pdf_key, deadline_seconds=_DEADLINE_SECONDS)
    try:
        return await artifacts.describe(key)
    except NotFound:
        raise DependencyUnavailable from None
