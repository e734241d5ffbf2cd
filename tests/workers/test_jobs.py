from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import io
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest
from pypdf import PdfReader

from app import resume_jobs as jobs
from app.artifacts import Artifacts, resume_key
from app.db import raw_statement
from app.errors import NotFound
from app.services import Services
from app.settings import Settings
from resolvers.resume_jobs import (
    cancel_resume_job,
    delete_resume_job,
    get_resume_job,
    get_resume_job_pdf,
)
from schema.types.resume import ResumeJob
from tests.owners import EXAMPLE, Owner
from tests.streams import content
from tests.waiting import until
from workers.jobs import Attempt, Lost, Renderer, Success
from workers.renderer import RenderPool
from workers.sweep import sweep

UNRULY = "tests.workers.unruly_renders"
LEASE = timedelta(seconds=60)
ENDLESS = "sleep 600"
DONE = Success(pages=1, size=4, sha256="00" * 32)

ABANDON = raw_statement(
    "UPDATE resume_jobs SET lease_until = now() - interval '1 s' WHERE id = $1", "job_id"
)


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


@contextlib.asynccontextmanager
async def running_pool(renderer: str, timeout_seconds: float = 60) -> AsyncIterator[RenderPool]:
    pool = RenderPool(
        1,
        timeout_seconds=timeout_seconds,
        memory_limit_mb=1024,
        recycle_after=1000,
        renderer=renderer,
    )
    await pool.start()
    yield pool
    await pool.close()


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[RenderPool]:
    """One process that does what the jobtitle of the CV says."""
    async with running_pool(UNRULY) as pool:
        yield pool


def doing(deed: str) -> dict[str, Any]:
    return {**EXAMPLE, "identity": {"first_name": "A", "last_name": "B", "jobtitle": deed}}


async def shown(owner: Owner, job: ResumeJob) -> ResumeJob:
    return (await owner.run(get_resume_job, job.id)).job


async def stored(artifacts: Artifacts, job_id: UUID) -> list[str]:
    pages = [page async for page in artifacts.list("resume")]
    return [found.key for page in pages for found in page if str(job_id) in found.key]


async def until_running(owner: Owner, job: ResumeJob) -> None:
    async def running() -> bool:
        return (await shown(owner, job)).status.value == "running"

    await until(running)


async def claimed(services: Services, pool: RenderPool, job: ResumeJob) -> Attempt:
    async with services.database.connection() as db:
        row = await db.row(jobs.CLAIM, job_id=job.id, lease=LEASE)
    assert row is not None
    key = resume_key("ab" * 32, job.id, row["attempt"])
    return Attempt(services, pool, LEASE, job.id, row["attempt"], key=key)


async def test_a_job_becomes_the_pdf_of_its_cv(owner: Owner, services: Services) -> None:
    job = await owner.job()
    async with running_pool("workers.render") as pool:
        await Renderer(services, pool).run(job.id)
    done = await shown(owner, job)
    assert (done.status.value, done.attempt, done.version, done.pages) == ("succeeded", 1, 3, 1)
    assert done.started_at is not None
    assert done.finished_at is not None
    assert done.expires_at is not None
    assert done.expires_at - done.finished_at == timedelta(days=365)
    stream = await owner.run(get_resume_job_pdf, job.id)
    pdf = await content(stream)
    assert len(pdf) == done.size_bytes == stream.size
    assert hashlib.sha256(pdf).hexdigest() == done.sha256 == stream.etag
    assert "Leif Doxarve" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


async def test_a_job_that_is_woken_many_times_is_rendered_once(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job(cv_data=doing(""))
    renderer = Renderer(services, pool)
    await asyncio.gather(*(renderer.run(job.id) for _ in range(5)))
    await renderer.run(job.id)
    done = await shown(owner, job)
    assert (done.status.value, done.attempt, done.version) == ("succeeded", 1, 3)
    assert len(await stored(services.artifacts, job.id)) == 1


async def test_a_cv_that_breaks_the_renderer_fails_in_plain_words(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job(cv_data=doing("raise secret.internals at /root"))
    await Renderer(services, pool).run(job.id)
    failed = await shown(owner, job)
    assert failed.status.value == "failed"
    assert failed.error is not None
    assert failed.error.code == "render_failed"
    assert failed.error.message == "This CV could not be rendered."
    assert await stored(services.artifacts, job.id) == []


async def test_a_render_that_takes_too_long_fails(owner: Owner, services: Services) -> None:
    job = await owner.job(cv_data=doing(ENDLESS))
    async with running_pool(UNRULY, timeout_seconds=0.5) as pool:
        await Renderer(services, pool).run(job.id)
    failed = await shown(owner, job)
    assert failed.error is not None
    assert failed.error.code == "render_timeout"
    assert "0.5 seconds" in failed.error.message


async def test_a_cv_that_kills_its_process_twice_fails(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job(cv_data=doing("crash SIGKILL"))
    await Renderer(services, pool).run(job.id)
    failed = await shown(owner, job)
    assert failed.error is not None
    assert failed.error.code == "render_crashed"


async def test_a_process_killed_from_outside_costs_no_job(owner: Owner, services: Services) -> None:
    under_way = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, under_way.set)
    job = await owner.job(cv_data=doing(f"sleep 1 {os.getpid()}"))
    before = set(psutil.Process().children(recursive=True))
    async with running_pool(UNRULY) as pool:
        rendering = asyncio.create_task(Renderer(services, pool).run(job.id))
        await under_way.wait()
        for process in set(psutil.Process().children(recursive=True)) - before:
            process.kill()
        await rendering
    asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)
    done = await shown(owner, job)
    assert (done.status.value, done.attempt) == ("succeeded", 1)


async def test_canceling_a_running_job_ends_its_render(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job(cv_data=doing(ENDLESS))
    rendering = asyncio.create_task(Renderer(services, pool).run(job.id))
    await until_running(owner, job)
    await owner.run(cancel_resume_job, job.id)
    await rendering
    assert (await shown(owner, job)).status.value == "canceled"
    assert await stored(services.artifacts, job.id) == []
    next_job = await owner.job("next", doing(""))
    await Renderer(services, pool).run(next_job.id)  # the one process is free again
    assert (await shown(owner, next_job)).status.value == "succeeded"


async def test_deleting_a_running_job_ends_its_render(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job(cv_data=doing(ENDLESS))
    rendering = asyncio.create_task(Renderer(services, pool).run(job.id))
    await until_running(owner, job)
    await owner.run(delete_resume_job, job.id)
    await rendering
    with pytest.raises(NotFound):
        await shown(owner, job)
    assert await stored(services.artifacts, job.id) == []


async def test_a_render_longer_than_its_lease_keeps_it(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    brief = dataclasses.replace(services.settings, job_lease_seconds=3)
    job = await owner.job(cv_data=doing("sleep 5"))
    hasty = dataclasses.replace(services, settings=brief)
    rendering = asyncio.create_task(Renderer(hasty, pool).run(job.id))
    while not rendering.done():
        await sweep(services)
        await asyncio.wait([rendering], timeout=0.1)
    done = await shown(owner, job)
    assert (done.status.value, done.attempt) == ("succeeded", 1)


async def test_a_worker_that_was_given_up_stops_and_changes_nothing(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job(cv_data=doing("sleep 3"))
    first = asyncio.create_task(Renderer(services, pool).run(job.id))
    await until_running(owner, job)
    async with services.database.connection() as db:
        await db.execute(ABANDON, job_id=job.id)
    await sweep(services)
    async with running_pool(UNRULY) as other:
        await asyncio.gather(first, Renderer(services, other).run(job.id))
    done = await shown(owner, job)
    assert (done.status.value, done.attempt, done.version) == ("succeeded", 2, 5)
    [key] = await stored(services.artifacts, job.id)
    assert key.endswith(f"{job.id}.2.pdf")


async def test_a_pdf_that_comes_too_late_is_refused_and_removed(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    job = await owner.job()
    late = await claimed(services, pool, job)
    async with services.database.connection() as db:
        await db.execute(ABANDON, job_id=job.id)
    await sweep(services)
    in_time = await claimed(services, pool, job)
    for attempt in (in_time, late):
        assert attempt.key is not None
        await services.artifacts.put(attempt.key, b"%PDF")
    await in_time.finish(DONE)
    with pytest.raises(Lost):
        await late.finish(DONE)
    await late.discard()
    assert await stored(services.artifacts, job.id) == [in_time.key]
    assert (await shown(owner, job)).attempt == in_time.number


async def test_a_success_that_is_written_twice_is_a_success(
    owner: Owner, services: Services, pool: RenderPool
) -> None:
    """As after a commit whose answer was lost with the connection."""
    job = await owner.job()
    attempt = await claimed(services, pool, job)
    assert attempt.key is not None
    await services.artifacts.put(attempt.key, b"%PDF")
    for _ in range(2):
        await attempt.finish(DONE)
    assert (await shown(owner, job)).version == 3


async def test_a_store_that_is_away_for_a_while_costs_no_attempt(
    owner: Owner, services: Services, pool: RenderPool, tmp_path: Path
) -> None:
    artifacts = Artifacts.from_settings(Settings(data_dir=tmp_path))
    (tmp_path / "artifacts").rmdir()
    (tmp_path / "artifacts").write_text("a file where the folder was")
    job = await owner.job(cv_data=doing(""))
    elsewhere = dataclasses.replace(services, artifacts=artifacts)
    rendering = asyncio.create_task(Renderer(elsewhere, pool).run(job.id))
    await until_running(owner, job)
    await asyncio.sleep(0.5)
    assert not rendering.done()
    (tmp_path / "artifacts").unlink()
    (tmp_path / "artifacts").mkdir()
    await rendering
    done = await shown(owner, job)
    assert (done.status.value, done.attempt) == ("succeeded", 1)
    assert len(await stored(artifacts, job.id)) == 1
