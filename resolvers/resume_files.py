"""What there is of a job's résumé beside its PDF."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
import strawberry

from app import __version__, previews
from app import resume_jobs as jobs
from app.auth import throttle
from app.call import Call
from app.cv.model import CV
from app.exporting.resume import RESUME_FORMATS
from app.unconnected import unconnected
from resolvers.resume_jobs import PATH, filename, succeeded
from resolvers.resume_requests import Asked
from schema.types.download import Download, Stream
from schema.types.resume_files import PreviewResumeInput, ResumeFormat

_PREVIEWS = ((20, 60), (300, 3600))  # at most, in so many seconds
_MEDIA_TYPES = {"html": "text/html; charset=utf-8", "png": "image/png"}


async def get_resume_job_file(
    call: Call,
    job_id: UUID,
    format: Annotated[ResumeFormat, strawberry.argument(description="What to write it in.")],
) -> Download:
    """The résumé of a job that has succeeded, in another format than PDF.

    Each says what the PDF does. They are there as long as the PDF is, and cost nothing more.
    """
    found = await call.db.row(jobs.CONTENT, job_id=job_id, account_id=call.principal.account_id)
    row = succeeded(found, "file")
    kind = RESUME_FORMATS[format.value]
    person = row["cv"]["identity"]
    made_of = f"{__version__} {format.value} {job_id} {row['sha256']}"
    stream = Stream(
        url=f"{PATH}/{job_id}/{format.value}",
        media_type=kind.media_type,
        filename=filename(person.get("first_name"), person.get("last_name"), kind.suffix),
        size=None,
        etag=hashlib.sha256(made_of.encode()).hexdigest(),
        open=partial(_written, format, row),
    )
    return Download(stream)


async def get_resume_job_thumbnail(call: Call, job_id: UUID) -> Download:
    """The first page of the PDF of a job that has succeeded, as a small PNG.

    It is made when it is first asked for, and goes with the PDF.
    """
    found = await call.db.row(jobs.PDF, job_id=job_id, account_id=call.principal.account_id)
    row = succeeded(found, "thumbnail")
    services, key = call.services, row["artifact_key"]

    async def open_() -> AsyncIterator[bytes]:
        made = await previews.thumbnail(services.queue, services.artifacts, key)
        return await services.artifacts.stream(made.key)

    stream = Stream(
        url=f"{PATH}/{job_id}/thumbnail",
        media_type="image/png",
        filename=filename(row["first_name"], row["last_name"], ".png"),
        size=None,
        etag=f"{row['sha256']}-{previews.THUMBNAIL_WIDTH}",
        open=open_,
        shown=True,
    )
    return Download(stream)


@unconnected
async def preview_resume(call: Call, input: PreviewResumeInput) -> Download:
    """See what a job would make, at once: a page of HTML, or the first page as a PNG.

    It takes the body of a job, costs nothing and is kept nowhere. There are so many a minute.
    """
    account_id = str(call.principal.account_id)
    await throttle.take(
        call.services.redis,
        *(throttle.Limit("previews", f"{s} {account_id}", most, s) for most, s in _PREVIEWS),
    )
    asked = Asked.of(replace(input, request_id=input.request_id or "preview"))
    async with call.services.database.connection() as db:
        cv_data, _ = await asked.cv_data(Call(call.context, db, call.admission))
    cv = (await asked.read(cv_data)).cv
    look: previews.Look = input.format.value
    made = await previews.preview(call.services.queue, cv, look)
    media_type = _MEDIA_TYPES[look]

    async def open_() -> bytes:
        return made

    stream = Stream(
        url=f"data:{media_type.replace(' ', '')};base64,{base64.b64encode(made).decode()}",
        media_type=media_type,
        filename=filename(cv.identity.first_name, cv.identity.last_name, f".{look}"),
        size=len(made),
        etag=None,
        open=open_,
        shown=True,
    )
    return Download(stream)


async def _written(format: ResumeFormat, row: Any) -> bytes:
    """The bytes, made beside the event loop: a long Word document takes a second."""
    cv = msgspec.convert(row["cv"], CV)
    return await asyncio.to_thread(RESUME_FORMATS[format.value].write, cv, row["created_at"])
