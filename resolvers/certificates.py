"""Certificates of résumé jobs, and whether a PDF is one of ours."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app import certificates
from app.auth import throttle
from app.call import Call
from app.errors import FieldError, NotFound, ValidationFailed
from app.unconnected import unconnected
from resolvers.resume_jobs import NotFinished, succeeded
from schema.types.certificate import (
    CertifiedField,
    CertifiedFont,
    FieldCounts,
    FieldReading,
    ResumeCertificate,
    ResumeVerification,
    SelfCheck,
)
from schema.types.upload import Upload

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_VERIFICATIONS_PER_HOUR = 600
_TEXTS_PER_HOUR = 120  # of files that are read, since their digest is not known
_HOUR_SECONDS = 3600


async def get_resume_certificate(call: Call, job_id: UUID) -> ResumeCertificate:
    """What machines read in the PDF of a job that has succeeded, field by field.

    It is made after the PDF, within seconds; until then this is 409 `conflict`, to be retried.
    """
    account_id = call.principal.account_id
    found = await call.db.row(certificates.GET, job_id=job_id, account_id=account_id)
    row = succeeded(found, "certificate")
    if row["certificate"] is None:
        if row["certificate_attempts"] >= certificates.MOST_ATTEMPTS and not row["leased"]:
            raise NotFound("No certificate could be made for this job.")
        raise NotFinished("The certificate is being made.", status="pending")
    return _certificate(job_id, row["certificate"])


@unconnected
async def verify_resume(
    call: Call,
    file: Annotated[
        Upload | None,
        strawberry.argument(description="A PDF. It is not kept."),
    ] = None,
    sha256: Annotated[
        str | None,
        strawberry.argument(
            description="SHA-256 of a PDF in hexadecimal, instead of the file.",
            metadata={"schema": {"maxLength": 64}},
        ),
    ] = None,
) -> ResumeVerification:
    """Whether a PDF was made here and is unaltered since.

    Anybody may ask, with the file or with its SHA-256; the owner is also told the job. A file that
    another program has saved is known by its text.
    """
    if (file is None) == (sha256 is None):
        message = "Give a file or its sha256, and not both."
        raise ValidationFailed([FieldError("file", "required", message)])
    principal = call.context.principal
    asker = str(principal.account_id) if principal else throttle.network(call.context.address)
    await _count(call, "verifications", asker, _VERIFICATIONS_PER_HOUR)
    account_id = principal.account_id if principal else UUID(int=0)
    digest = await _digest(file, sha256)
    async with call.services.database.connection() as db:
        made: Any = await db.row(certificates.BY_DIGEST, sha256=digest, account_id=account_id)
    if made["ours"]:
        return _verification(
            digest, made["job_id"], ours=True, unaltered=True, text=True, data=True
        )
    if file is None:
        return _verification(digest, None)
    await _count(call, "verified_texts", asker, _TEXTS_PER_HOUR)
    try:
        said = await call.services.reader.digests(file.data, account_id=f"verify {asker}")
    except ValidationFailed:  # it is no PDF, or none that can be read
        return _verification(digest, None)
    async with call.services.database.connection() as db:
        same: Any = await db.row(
            certificates.BY_TEXT,
            text_digest=said.text,
            data_digest=said.data,
            account_id=account_id,
        )
    if not same["count"]:
        return _verification(digest, None, text=False)
    # Jobs from before data had a digest have none: then nothing is known of it.
    return _verification(digest, same["job_id"], ours=True, text=True, data=same["data"])


async def _count(call: Call, kind: str, asker: str, most: int) -> None:
    await throttle.take(call.services.redis, throttle.Limit(kind, asker, most, _HOUR_SECONDS))


def _verification(
    digest: str,
    job_id: str | None,
    *,
    ours: bool = False,
    unaltered: bool = False,
    text: bool | None = None,
    data: bool | None = None,
) -> ResumeVerification:
    return ResumeVerification(
        sha256=digest,
        ours=ours,
        unaltered=unaltered,
        text_unaltered=text,
        data_unaltered=data,
        job_id=UUID(job_id) if job_id else None,
    )


async def _digest(file: Upload | None, given: str | None) -> str:
    if file is not None:
        return (await asyncio.to_thread(hashlib.sha256, file.data)).hexdigest()
    digest = (given or "").lower()
    if not _DIGEST.fullmatch(digest):
        raise ValidationFailed([FieldError("sha256", "invalid", "Must be 64 hexadecimal digits.")])
    return digest


def _certificate(job_id: UUID, made: dict[str, Any]) -> ResumeCertificate:
    return ResumeCertificate(
        job_id=job_id,
        sha256=made["sha256"],
        size_bytes=made["size_bytes"],
        pages=made["pages"],
        counts=FieldCounts(**made["counts"]),
        in_order=made["in_order"],
        fields=[
            CertifiedField(**{**field, "status": FieldReading(field["status"])})
            for field in made["fields"]
        ],
        fonts=[CertifiedFont(**font) for font in made["fonts"]],
        checks=[SelfCheck(**check) for check in made["checks"]],
    )
