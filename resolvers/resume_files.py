"""What there is of a job's résumé beside its PDF."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
import strawberry

from app import __version__
from app import resume_jobs as jobs
from app.call import Call
from app.cv.model import CV
from app.exporting.resume import RESUME_FORMATS
from resolvers.resume_jobs import PATH, check_succeeded, filename
from schema.types.download import Download, Stream
from schema.types.resume_files import ResumeFormat


async def get_resume_job_file(
    call: Call,
    job_id: UUID,
    format: Annotated[ResumeFormat, strawberry.argument(description="What to write it in.")],
) -> Download:
    """The résumé of a job that has succeeded, in another format than PDF.

    Each says what the PDF does. They are there as long as the PDF is, and cost nothing more.
    """
    row = await call.db.row(jobs.CONTENT, job_id=job_id, account_id=call.principal.account_id)
    check_succeeded(row, "file")
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


async def _written(format: ResumeFormat, row: Any) -> bytes:
    """The bytes, made beside the event loop: a long Word document takes a second."""
    cv = msgspec.convert(row["cv"], CV)
    return await asyncio.to_thread(RESUME_FORMATS[format.value].write, cv, row["created_at"])
