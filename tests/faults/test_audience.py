"""Whatever is killed, no visit is counted twice, and only what a killed process had not written yet
is lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from app.errors import DependencyUnavailable
from app.settings import Settings
from tests.audience.visiting import FIREFOX, Shown, asking, audience_of, counted
from tests.faults.site import PROJECT, Site, new_site
from tests.people import table
from tests.programs import free_port
from tests.waiting import until

_SERVE = """
import os, sys, uvicorn
from app.main import create_app
from app.settings import Settings
uvicorn.run(create_app(Settings.from_env(os.environ)), port=int(sys.argv[1]),
            log_config=None, timeout_keep_alive=60)
"""


@pytest.fixture(scope="module")
async def site() -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="vitae-f-"))
    async with new_site(folder) as site:
        yield site
    shutil.rmtree(folder, ignore_errors=True)


async def views(site: Site) -> int:
    try:
        return (await counted(site.services, site.owner.id)).get(("view", ""), 0)
    except (DependencyUnavailable, OSError):
        return -1


async def test_postgres_killed_again_and_again_while_visits_are_written(site: Site) -> None:
    before = await views(site)
    audience = audience_of(site.services)
    shown = Shown(site.owner.id)
    made = 0
    for turn in range(4):
        stopping = asyncio.Event()

        async def visit(stopping: asyncio.Event = stopping) -> None:
            nonlocal made
            while not stopping.is_set():
                for number in range(20):
                    audience.viewed(shown, asking(address=f"192.0.2.{number}"))
                    made += 1
                await audience.write()
                await asyncio.sleep(0)

        visiting = asyncio.create_task(visit())
        enough = made + 200 + 60 * turn  # at another step of a write each time

        async def many(enough: int = enough) -> bool:
            return made >= enough

        await until(many)
        site.postgres.kill()
        await asyncio.sleep(0.05)  # the writer finds it away
        site.start_postgres()
        stopping.set()
        await visiting

    async def all_written() -> bool:
        await audience.write()
        return audience._batch is None and not audience._tally

    await until(all_written)
    assert await views(site) - max(0, before) == made


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """An API process, and where it listens."""
    port = free_port()
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
    }
    with (settings.data_dir / "api.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(port)], cwd=PROJECT, env=environment, stderr=log
        )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


async def test_an_api_process_killed_before_it_has_written(site: Site) -> None:
    await table(
        site.services,
        "UPDATE profiles SET visibility = 'public' WHERE account_id = $1",
        site.owner.id,
    )
    (row,) = await table(
        site.services, "SELECT username FROM accounts WHERE id = $1", site.owner.id
    )
    before = await views(site)
    kept, shown = audience_of(site.services), Shown(site.owner.id)
    with serving(site.settings) as (url, lost):
        async with httpx.AsyncClient(headers={"user-agent": FIREFOX}, timeout=60) as http:
            await until(partial(is_up, http, url))

            async def visit(times: int) -> None:
                for _ in range(times):
                    answer = await http.get(f"{url}/u/{row['username']}")
                    assert answer.status_code == 200
                    kept.viewed(shown, asking())

            async def all_written() -> bool:
                return await views(site) == before + 60

            await visit(30)
            await until(all_written)
            await visit(10)
            lost.kill()
            assert lost.wait() == -signal.SIGKILL
    await kept.close()
    assert before + 70 <= await views(site) <= before + 80


async def is_up(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/healthz")).status_code == 200
    except httpx.TransportError:
        return False
