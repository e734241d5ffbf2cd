"""One attempt at one résumé job: claim it, render it, store the PDF, say so.

What was rendered before for the same account, of the same CV and by the same renderer, is not
rendered again: the job succeeds with that PDF.

While it renders, the lease is extended every second or so; when that touches no row, the job was
canceled, deleted or given to another worker, and the render is stopped at once. A fault of the
CV or of the renderer makes the job fail. A fault of the database or the store does not: it is
tried again here for a while, and then by whoever takes the job up when the lease has run out.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from app import resume_jobs as jobs
from app.artifacts import resume_key
from app.cv import enclosed
from app.cv.model import CV
from app.errors import DependencyUnavailable, NotFound
from app.resume_pdfs import remove_nameless
from app.services import Services
from workers.fingerprint import render_digest
from workers.render import Rendered
from workers.renderer import RenderCrashed, RenderError, RenderPool
from workers.tasks import end

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOOK_SECONDS = 1.0  # how soon a render ends whose job was canceled
_RETRY_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job can't be rendered, for its owner; `code` is stable."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Success:
    """A PDF that is stored but that no row names yet. `size` is in bytes; `text_digest` and
    `data_digest` are what it states of itself (`app/cv/enclosed.py`)."""

    pages: int
    size: int
    sha256: str
    text_digest: str | None = None
    data_digest: str | None = None


class Lost(Exception):
    """The job is not ours any longer."""


async def render_job(ctx: dict[str, Any], job_id: str) -> None:
    """The arq task. `ctx["renderer"]` is the Renderer of this process."""
    renderer: Renderer = ctx["renderer"]
    await renderer.run(UUID(job_id))


class Renderer:
    """Takes up jobs, as many at once as it is called."""

    def __init__(self, services: Services, pool: RenderPool) -> None:
        self._services = services
        self._pool = pool
        self._lease = timedelta(seconds=services.settings.job_lease_seconds)

    async def run(self, job_id: UUID) -> None:
        """Do one attempt, if the job is there to be claimed; raises DependencyUnavailable."""
        async with self._services.database.connection() as db:
            claimed = await db.row(jobs.CLAIM, job_id=job_id, lease=self._lease)
        if claimed is None:
            return
        attempt = Attempt(self._services, self._pool, self._lease, job_id, claimed["attempt"])
        await jobs.announce(self._services.redis, job_id)
        try:
            outcome = await self._outcome(attempt, claimed)
        except Lost:
            log.info("job taken away", extra=attempt.fields())
            await attempt.discard()
            return
        await jobs.announce(self._services.redis, job_id)
        log.info("job finished", extra=attempt.fields(outcome=outcome))

    async def _outcome(self, attempt: Attempt, claimed: Any) -> str:
        """Do what is to be done; what came of it. Raises Lost."""
        cv = msgspec.convert(claimed["cv"], CV)
        attempt.made_of = await asyncio.to_thread(render_digest, cv)
        if await attempt.reuse(claimed["account_id"]):
            return "reused"
        outcome = await attempt.while_leased(attempt.produce(cv))
        await attempt.finish(outcome)
        return type(outcome).__name__.lower()


@dataclass(slots=True)
class Attempt:
    """One claim of one job. `made_of` is what its PDF is known by before it is made, and `key`
    where it went, which is the place of no other attempt."""

    services: Services
    pool: RenderPool
    lease: timedelta
    job_id: UUID
    number: int
    made_of: bytes | None = None
    key: str | None = None

    def fields(self, **more: object) -> dict[str, Any]:
        return {"fields": {"job_id": str(self.job_id), "attempt": self.number, **more}}

    async def reuse(self, account_id: UUID) -> bool:
        """Succeed with the PDF of another job of the account, if there is one of the same.

        Where the database or the store is away, or the other job has just gone, there is none.
        """
        try:
            async with self.services.database.connection() as db:
                key = await db.value(
                    jobs.MADE_BEFORE, account_id=account_id, render_digest=self.made_of
                )
            if key is None:
                return False
            await self.services.artifacts.describe(key)
            async with self.services.database.connection() as db:
                done = await db.execute(
                    jobs.REUSE,
                    job_id=self.job_id,
                    attempt=self.number,
                    artifact_key=key,
                    render_digest=self.made_of,
                    kept=self._kept(),
                )
        except (DependencyUnavailable, NotFound):
            return False
        return bool(done)

    async def produce(self, cv: CV) -> Success | Failure:
        """Render and store; raises DependencyUnavailable when the store stays away."""
        try:
            rendered = await self._render(cv)
        except RenderError as error:
            return Failure(error.code, error.message)
        digest = (await asyncio.to_thread(hashlib.sha256, rendered.pdf)).hexdigest()
        self.key = key = resume_key(digest, self.job_id, self.number)
        await self._persist(lambda: self.services.artifacts.put(key, rendered.pdf))
        stated = enclosed.stated(rendered.pdf)
        return Success(
            pages=rendered.pages,
            size=len(rendered.pdf),
            sha256=digest,
            text_digest=stated.get(enclosed.TEXT_DIGEST),
            data_digest=stated.get(enclosed.DATA_DIGEST),
        )

    async def _render(self, cv: CV) -> Rendered:
        try:
            return await self.pool.render(cv)
        except RenderCrashed:  # perhaps none of this CV's doing
            return await self.pool.render(cv)

    async def while_leased(self, work: Awaitable[T]) -> T:
        """What `work` returns; raises Lost, with `work` canceled, once the job is not ours."""
        working = asyncio.ensure_future(work)
        keeping = asyncio.create_task(self._keep_lease())
        try:
            await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Lost
            return await working
        finally:
            await end(working, keeping)

    async def finish(self, outcome: Success | Failure) -> None:
        """Make the job final; raises Lost when somebody else has, DependencyUnavailable."""
        if not await self._persist(lambda: self._write(outcome)) and not await self._named():
            raise Lost

    async def discard(self) -> None:
        """Remove the PDF of an attempt that was lost; if that fails, the sweeper does it later."""
        if self.key is not None:
            with contextlib.suppress(DependencyUnavailable):
                await remove_nameless(self.services.database, self.services.artifacts, self.key)

    async def _write(self, outcome: Success | Failure) -> int:
        async with self.services.database.connection() as db:
            if isinstance(outcome, Failure):
                return await db.execute(
                    jobs.FAIL,
                    job_id=self.job_id,
                    attempt=self.number,
                    error_code=outcome.code,
                    error_message=outcome.message,
                )
            return await db.execute(
                jobs.SUCCEED,
                job_id=self.job_id,
                attempt=self.number,
                pages=outcome.pages,
                size_bytes=outcome.size,
                sha256=outcome.sha256,
                artifact_key=self.key,
                render_digest=self.made_of,
                text_digest=outcome.text_digest,
                data_digest=outcome.data_digest,
                kept=self._kept(),
            )

    def _kept(self) -> timedelta:
        return timedelta(days=self.services.settings.artifact_retention_days)

    async def _named(self) -> bool:
        """Whether the row names our PDF: then we have succeeded already.

        A write that lost its connection may have been done all the same, and its repeat then
        touches no row.
        """
        async with self.services.database.connection() as db:
            named: str | None = await db.value(jobs.ARTIFACT, job_id=self.job_id)
        return named is not None and named == self.key

    async def _keep_lease(self) -> None:
        """Extend the lease again and again; returns once that can't be done."""
        pause = min(_LOOK_SECONDS, self.lease.total_seconds() / 3)
        while True:
            await asyncio.sleep(pause)
            try:
                async with self.services.database.connection() as db:
                    held = await db.execute(
                        jobs.EXTEND, job_id=self.job_id, attempt=self.number, lease=self.lease
                    )
            except DependencyUnavailable:
                continue
            if not held:
                return

    async def _persist(self, write: Callable[[], Awaitable[T]]) -> T:
        """What `write` returns, tried again for as long as a lease while something is away."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.lease.total_seconds()
        while True:
            try:
                return await write()
            except DependencyUnavailable:
                if loop.time() > until:
                    raise
                log.warning("database or store is away", extra=self.fields())
            await asyncio.sleep(_RETRY_SECONDS)
