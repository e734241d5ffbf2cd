"""Résumé jobs: created here, rendered by a worker, watched and fetched here."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
import strawberry
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app import ledger
from app import resume_jobs as jobs
from app.auth.own import admit, own_row, single_statement
from app.call import Call, Context
from app.db import Connection, uuid7
from app.errors import (
    Conflict,
    DependencyUnavailable,
    IdempotencyConflict,
    InsufficientCredits,
    NotFound,
    PreconditionFailed,
    Unauthenticated,
)
from app.exporting.resume import RESUME_FORMATS
from app.prices import price_of
from app.resume_pdfs import remove_nameless
from app.services import Services
from resolvers.resume_requests import Asked
from schema.types.download import Download, Stream
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window
from schema.types.resume import (
    CreateResumeJobInput,
    CVWarning,
    ResumeJob,
    ResumeJobAnswer,
    ResumeJobCreated,
    ResumeJobError,
    ResumeJobLinks,
    ResumeJobStatus,
)

log = logging.getLogger(__name__)

ExpectedVersion = Annotated[
    int | None,
    strawberry.argument(
        description="Do it only if the job is still at this version.",
        metadata={"header": "If-Match"},
    ),
]

PATH = "/v1/resume/jobs"
_OF_PDF = ("thumbnail", "certificate", *RESUME_FORMATS)
_LONGEST_NAME = 80  # in a file name
_ALL_STATUSES = [status.value for status in ResumeJobStatus]
_POLL_SECONDS = 2.0


class NotFinished(Conflict):
    """The job has not yet what is asked for; it may have it soon."""

    retryable = True


@single_statement
async def create_resume_job(
    call: Call,
    input: CreateResumeJobInput,
) -> ResumeJobCreated:
    """Render a résumé: answers at once with a job to follow. `request_id` makes it repeatable.

    The résumé is what `cv_data` says or, with `from_profile`, what your profile says now; a repeat
    answers the job that was made first, also when the profile has changed since. Its price is held
    until it is final, then paid if it has succeeded; with too few credits there is no job.
    """
    asked = Asked.of(input)
    cv_data, resume = await asked.cv_data(call)
    if asked.is_large:
        await admit(call)  # work that is not done for a stranger
    read = await asked.read(cv_data)
    row = await _made_or_repeated(
        call,
        request_id=asked.request_id,
        body_digest=asked.digest,
        template=read.cv.template,
        cv=msgspec.to_builtins(msgspec.structs.replace(read.cv, resume=resume)),
        warnings=[dataclasses.asdict(warning) for warning in read.warnings],
    )
    answer = _answer(row)
    return ResumeJobCreated(job_id=answer.job.id, job=answer.job, warnings=answer.warnings)


@single_statement
async def get_resume_job(call: Call, job_id: UUID) -> ResumeJobAnswer:
    """One of your jobs as it stands. Poll this, or subscribe to it."""
    row = await own_row(call, jobs.GET, job_id=job_id)
    if row is None:
        raise NotFound("There is no such job.")
    return _answer(row)


async def list_resume_jobs(
    call: Call,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    status: Annotated[
        ResumeJobStatus | None, strawberry.argument(description="Only jobs that stand there.")
    ] = None,
) -> Page[ResumeJob]:
    """Your jobs, newest first."""
    rows = await call.db.rows(
        jobs.LIST,
        account_id=call.principal.account_id,
        **window(limit, cursor),
        statuses=[status.value] if status else _ALL_STATUSES,
    )
    return page(rows, limit, _job)


async def cancel_resume_job(
    call: Call, job_id: UUID, expected_version: ExpectedVersion = None
) -> ResumeJobAnswer:
    """Stop a job that is not final yet. Canceling a canceled job changes nothing."""
    account_id = call.principal.account_id
    row = await call.db.row(
        jobs.CANCEL, job_id=job_id, account_id=account_id, expected_version=expected_version
    )
    if row is None:
        row = await _own(call.db, account_id, job_id)
        _check_version(row, expected_version)
        if row["status"] != "canceled":
            status = row["status"]
            raise Conflict(f"The job has {status} and can't be canceled.", status=status)
    else:
        call.after_commit(partial(jobs.announce, call.services.redis, job_id))
    return _answer(row)


async def delete_resume_job(
    call: Call, job_id: UUID, expected_version: ExpectedVersion = None
) -> None:
    """Remove a job, its content and its PDF, stopping it if it is not final yet.

    A PDF that another job of yours has too stays with that one.
    """
    account_id = call.principal.account_id
    row = await call.db.row(
        jobs.DELETE, job_id=job_id, account_id=account_id, expected_version=expected_version
    )
    if row is None:
        _check_version(await _own(call.db, account_id, job_id), expected_version)
        raise Conflict("The job was changed meanwhile; try again.")
    call.after_commit(partial(jobs.announce, call.services.redis, job_id))
    if row["artifact_key"]:
        call.after_commit(partial(_remove, call.services, row["artifact_key"]))


async def get_resume_job_pdf(call: Call, job_id: UUID) -> Download:
    """The PDF of a job that has succeeded."""
    found = await call.db.row(jobs.PDF, job_id=job_id, account_id=call.principal.account_id)
    row = succeeded(found, "PDF")
    stream = Stream(
        url=f"{PATH}/{job_id}/pdf",
        media_type="application/pdf",
        filename=filename(row["first_name"], row["last_name"], ".pdf"),
        size=row["size_bytes"],
        etag=row["sha256"],
        open=partial(call.services.artifacts.stream, row["artifact_key"]),
        sha256=row["sha256"],
    )
    return Download(stream)


async def watch_resume_job(context: Context, job_id: UUID) -> AsyncGenerator[ResumeJobAnswer, None]:
    """The job as it stands, then again at each change, until it is final or deleted."""
    if context.principal is None:
        raise Unauthenticated
    account_id, seen = context.principal.account_id, 0
    async with _changes(context.services.redis, job_id) as changed:
        while True:
            try:
                async with context.services.database.connection() as db:
                    row = await _own(db, account_id, job_id)
            except (NotFound, DependencyUnavailable) as error:
                if not seen:
                    raise
                if isinstance(error, NotFound):
                    return
            else:
                if row["version"] != seen:
                    seen = row["version"]
                    yield _answer(row)
                if row["status"] in jobs.FINAL:
                    return
            await changed()


@contextlib.asynccontextmanager
async def _changes(redis: Redis, job_id: UUID) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """What to await between two reads: a change was announced, or may have been missed."""
    pubsub = redis.pubsub(ignore_subscribe_messages=True)

    async def changed() -> None:
        try:
            if not pubsub.subscribed:
                # Answered by a message of its own, so the first wait ends once it holds and
                # no change can slip through between reading and subscribing.
                await pubsub.subscribe(jobs.channel(job_id))
            await pubsub.get_message(timeout=_POLL_SECONDS)
        except (RedisError, OSError):
            await asyncio.sleep(_POLL_SECONDS)

    try:
        yield changed
    finally:
        await pubsub.aclose()  # type: ignore[no-untyped-call]


async def _made_or_repeated(call: Call, **values: Any) -> Any:
    """A new job, or the one that this request_id had made before.

    Raises IdempotencyConflict, and InsufficientCredits where there is neither.
    """
    wallet = None
    while True:
        row = await own_row(call, jobs.CREATE, id=uuid7(), **values)
        if row is not None:
            call.after_commit(partial(call.services.queue.render_soon, row["id"], attempt=0))
            return row
        row = await _repeated(call, values["request_id"], values["body_digest"])
        if row is not None:
            return row
        # There was no wallet yet, or not enough in it. Who has the free render is asked for none.
        price = price_of(values["template"], first=False)
        if wallet is not None and wallet.available < price:
            raise InsufficientCredits(price=price, available=wallet.available)
        wallet = await ledger.wallet_of(call.db, call.principal.account_id)


async def _repeated(call: Call, request_id: str, digest: bytes) -> Any | None:
    """The job that this request_id had made before, if any; raises IdempotencyConflict."""
    row = await call.db.row(
        jobs.REPEATED, account_id=call.principal.account_id, request_id=request_id
    )
    if row is None:
        return None
    if row["body_digest"] != digest:
        raise IdempotencyConflict(
            "This request_id was used before with other cv_data.", job_id=str(row["id"])
        )
    call.replayed = True
    return row


async def _own(db: Connection, account_id: UUID, job_id: UUID) -> Any:
    row = await db.row(jobs.GET, job_id=job_id, account_id=account_id)
    if row is None:
        raise NotFound("There is no such job.")
    return row


def _check_version(row: Any, expected: int | None) -> None:
    if expected is not None and row["version"] != expected:
        raise PreconditionFailed(version=row["version"])


async def _remove(services: Services, key: str) -> None:
    """Delete the PDF of a deleted job, unless another job has it too; what can't be deleted now,
    the sweeper finds later."""
    try:
        await remove_nameless(services.database, services.artifacts, key)
    except DependencyUnavailable:
        log.warning("an artifact waits for the sweeper", extra={"fields": {"key": key}})


def succeeded(row: Any | None, what: str) -> Any:
    """`row` of a job that has left what it makes; else raises NotFound, NotFinished or Conflict."""
    if row is None:
        raise NotFound("There is no such job.")
    status = row["status"]
    if status in ("queued", "running"):
        raise NotFinished(f"The job is {status}; its {what} is not ready yet.", status=status)
    if status != "succeeded":
        raise Conflict(f"The job has {status}; there is no {what}.", status=status)
    if row["expired"]:
        raise NotFound(f"The {what} of this job has expired.")
    return row


def filename(first_name: str | None, last_name: str | None, suffix: str) -> str:
    """`Leif-Doxarve-CV.pdf`: letters, marks and digits of any script, and nothing else."""
    name = unicodedata.normalize("NFC", f"{first_name or ''} {last_name or ''}")
    plain = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in name)
    return "-".join([*plain[:_LONGEST_NAME].split(), f"CV{suffix}"])


def _answer(row: Any) -> ResumeJobAnswer:
    return ResumeJobAnswer(
        job=_job(row), warnings=[CVWarning(**warning) for warning in row["warnings"]]
    )


def _job(row: Any) -> ResumeJob:
    status, path = row["status"], f"{PATH}/{row['id']}"
    fetchable = status == "succeeded" and row["expires_at"] > datetime.now(UTC)
    failed = status == "failed"
    return ResumeJob(
        id=row["id"],
        request_id=row["request_id"],
        mode=row["mode"],
        status=ResumeJobStatus(status),
        template=row["template"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        expires_at=row["expires_at"],
        attempt=row["attempt"],
        pages=row["pages"],
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
        error=ResumeJobError(code=row["error_code"], message=row["error_message"])
        if failed
        else None,
        price=row["price"],
        links=ResumeJobLinks(
            self_=path,
            pdf=f"{path}/pdf" if fetchable else None,
            cancel=None if status in jobs.FINAL else f"{path}/cancel",
            **{name: f"{path}/{name}" if fetchable else None for name in _OF_PDF},
        ),
        version=row["version"],
    )
