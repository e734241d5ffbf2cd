"""Whatever is killed, the ledger adds up, and what was delivered is paid once."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app import reconciliation
from app.ledger import Wallet
from tests.conftest import serving
from tests.faults.site import LONG_LEASE, Site, new_site
from tests.ledger.accounts import PICTURE, STARTER, leave, of_job, used, wallet
from tests.owners import EXAMPLE, Owner
from tests.people import Person, table
from tests.waiting import until

ASKED, CREDITS = 200, 100
KILLED_AT = 40  # jobs that were made
WAITS_FOR_WALLET = (
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%wallets%'"
)


@pytest.fixture(scope="module")
async def site() -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="vitae-f-"))  # short, because socket paths are bounded
    async with new_site(folder) as site:
        yield site
    shutil.rmtree(folder, ignore_errors=True)


async def test_postgres_killed_in_a_burst_that_the_wallet_can_half_pay(site: Site) -> None:
    person = await Person(site.services).signed_in()
    owner = Owner(site.services, await person.account_id())
    await leave(owner, CREDITS)
    unlimited = dataclasses.replace(site.settings, request_rate=1e6)
    headers = {"authorization": f"Bearer {person.credentials.bearer}"}
    async with (
        serving(unlimited) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client,
    ):
        away = asyncio.Event()
        burst = asyncio.gather(*(asked(client, number, away) for number in range(ASKED)))
        await until(lambda: made(site, KILLED_AT))
        site.postgres.kill()
        async with asyncio.timeout(60):
            await away.wait()  # somebody of the burst has found it away
        site.start_postgres()
        statuses = Counter(await burst)
        assert (statuses[202] + statuses[200], statuses[402]) == (CREDITS + 1, ASKED - CREDITS - 1)
        again = await asyncio.gather(*(asked(client, number, away) for number in range(ASKED)))
    assert Counter(again) == {200: CREDITS + 1, 402: ASKED - CREDITS - 1}
    assert await wallet(owner) == Wallet(CREDITS, held=CREDITS, debt=0, starter=CREDITS)
    await site.ledger_adds_up()
    await table(site.services, "DELETE FROM accounts WHERE id = $1", owner.id)


async def asked(client: httpx.AsyncClient, number: int, away: asyncio.Event) -> int:
    """The status of a request for a job, sent until it is other than 503, which `away` tells."""
    body = {"request_id": f"job-{number}", "cv_data": EXAMPLE}
    while (status := (await client.post("/v1/resume/jobs", json=body)).status_code) == 503:
        away.set()
        await asyncio.sleep(0.1)
    return status


async def made(site: Site, count: int) -> bool:
    return len(await site.statuses()) >= count


@pytest.mark.parametrize("statement", ["dies too", "comes through"])
async def test_a_worker_killed_between_the_render_and_the_capture(
    site: Site, statement: str
) -> None:
    owner = await Owner.create(site.services)
    job = (await owner.job("a", PICTURE)).id
    async with site.services.database.raw().acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM wallets WHERE account_id = $1 FOR UPDATE", owner.id)
        worker = site.start_worker()
        # It renders and stores the PDF, and then waits for the wallet.
        [waiting] = await until(lambda: table(site.services, WAITS_FOR_WALLET))
        kill(worker, site)
        assert await of_job(owner, job) == [("hold", 0, 2)]
        if statement == "dies too":
            await table(site.services, "SELECT pg_terminate_backend($1, 10000)", waiting["pid"])
    if statement == "dies too":
        site.start_worker(LONG_LEASE)
    await site.until_final([job])
    assert await site.completed_once(job) == (2 if statement == "dies too" else 1)
    assert await of_job(owner, job) == [("hold", 0, 2), ("capture", -2, -2)]
    assert await used(owner) == [("render", str(job), 2, 2)]
    assert await wallet(owner) == Wallet(STARTER - 2, 0, 0, STARTER - 2)
    await site.ledger_adds_up()
    assert await until(lambda: reconciliation.noted(site.services.redis))  # by a worker, unasked
    site.stop_workers()


def kill(worker: subprocess.Popen[bytes], site: Site) -> None:
    worker.kill()
    assert worker.wait() == -signal.SIGKILL
    site.workers.remove(worker)
