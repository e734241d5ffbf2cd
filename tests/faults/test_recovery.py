"""Whatever is killed, every acknowledged job is completed exactly once."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest

from app.cv.normalise import to_cv_data
from app.errors import DependencyUnavailable
from tests.faults.site import LONG_LEASE, PROCESSES, Site, new_site
from tests.owners import EXAMPLE
from tests.waiting import until
from tests.workers.samples import dense

LONG = to_cv_data(dense("original", 60))  # renders for the better part of a second


@pytest.fixture(scope="module")
async def module_site() -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="vitae-f-"))  # short, because socket paths are bounded
    async with new_site(folder) as site:
        yield site
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def site(module_site: Site) -> AsyncIterator[Site]:
    """The installation with nothing running but its servers, and no jobs but those of the test."""
    yield module_site
    module_site.stop_workers()
    await module_site.ledger_adds_up()
    async with module_site.services.database.raw().acquire() as connection:
        await connection.execute("DELETE FROM resume_jobs")
    await module_site.services.redis.flushdb()


async def create(site: Site, count: int, cv_data: dict[str, Any] = EXAMPLE) -> list[UUID]:
    """Jobs no two of which are the same, so that each is rendered."""
    made = [
        await site.owner.job(f"job-{number}", {**cv_data, "identity": _numbered(cv_data, number)})
        for number in range(count)
    ]
    return [job.id for job in made]


def _numbered(cv_data: dict[str, Any], number: int) -> dict[str, Any]:
    return {**cv_data["identity"], "jobtitle": f"Candidate {number}"}


def kill(worker: subprocess.Popen[bytes], site: Site) -> None:
    worker.kill()
    assert worker.wait() == -signal.SIGKILL
    site.workers.remove(worker)


async def test_a_worker_killed_while_it_renders(site: Site) -> None:
    worker = site.start_worker()
    jobs = await create(site, 4, LONG)
    await site.until_any("running")
    renders = psutil.Process(worker.pid).children(recursive=True)
    kill(worker, site)
    interrupted = [job for job, status in (await site.statuses()).items() if status == "running"]
    assert interrupted
    await until(lambda: gone(renders))
    site.start_worker(LONG_LEASE)
    await site.until_final(jobs)
    attempts = {job: await site.completed_once(job) for job in jobs}
    assert {job for job, attempt in attempts.items() if attempt == 2} == set(interrupted)
    assert {attempts[job] for job in set(jobs) - set(interrupted)} <= {1}


async def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() for process in processes)


@pytest.mark.parametrize("wiped", [False, True], ids=["with its data", "empty"])
async def test_valkey_killed_with_jobs_queued(site: Site, wiped: bool) -> None:
    jobs = await create(site, 6)
    site.valkey.kill()
    jobs += [(await site.owner.job("while-away")).id]
    site.start_valkey(empty=wiped)
    site.start_worker(LONG_LEASE)
    await site.until_final(jobs)
    assert [await site.completed_once(job) for job in jobs] == [1] * len(jobs)


@pytest.mark.parametrize("wiped", [False, True], ids=["with its data", "empty"])
async def test_valkey_killed_while_a_worker_renders(site: Site, wiped: bool) -> None:
    worker = site.start_worker(LONG_LEASE)
    jobs = await create(site, 4, LONG)
    await site.until_any("running")
    site.valkey.kill()
    jobs += [(await site.owner.job("while-away")).id]
    await asyncio.sleep(1)  # the worker finds it away several times
    site.start_valkey(empty=wiped)
    await site.until_final(jobs)
    assert [await site.completed_once(job) for job in jobs] == [1] * len(jobs)
    assert worker.poll() is None


async def test_postgres_killed_in_mid_flight(site: Site) -> None:
    worker = site.start_worker()
    jobs = await create(site, 4, LONG)
    await site.until_any("running")
    site.postgres.kill()
    with pytest.raises(DependencyUnavailable):
        await site.owner.job("never-acknowledged")
    await asyncio.sleep(1)  # renders come to their end while it is away
    site.start_postgres()
    await site.until_final(jobs)
    for job in jobs:
        await site.completed_once(job)
    assert set(await site.statuses()) == set(jobs)
    assert worker.poll() is None


async def test_a_worker_that_is_stopped_finishes_what_it_has_begun(site: Site) -> None:
    worker = site.start_worker(LONG_LEASE)
    jobs = await create(site, 6, LONG)
    await site.until_any("running")
    worker.terminate()
    assert worker.wait(180) == 0
    site.workers.remove(worker)
    statuses = list((await site.statuses()).values())
    assert set(statuses) == {"succeeded", "queued"}
    assert statuses.count("succeeded") <= PROCESSES + 1
    site.start_worker(LONG_LEASE)
    await site.until_final(jobs)
    assert [await site.completed_once(job) for job in jobs] == [1] * len(jobs)


async def test_a_worker_started_before_anything_else_is_there(site: Site) -> None:
    jobs = await create(site, 2)
    site.valkey.kill()
    site.postgres.kill()
    worker = site.start_worker()
    await asyncio.sleep(2)
    assert worker.poll() is None
    site.start_postgres()
    site.start_valkey()
    await site.until_final(jobs)
    assert [await site.completed_once(job) for job in jobs] == [1] * len(jobs)
    await until(site.services.queue.workers_alive)
