"""Who waits for a wallet that another transaction has locked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.call import Call
from app.ledger import Wallet
from app.services import Services
from resolvers.resume_jobs import cancel_resume_job, delete_resume_job
from tests.ledger.accounts import change, claim, fail, leave, succeed, wallet
from tests.owners import Owner
from tests.people import table
from tests.waiting import until

WAITING = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
async def regular(services: Services) -> Owner:
    """An owner who has had the free render."""
    owner = await Owner.create(services)
    await succeed(owner, (await owner.job("free")).id)
    return owner


async def someone_waits(owner: Owner) -> None:
    await until(lambda: table(owner.services, WAITING))


@pytest.mark.parametrize("ending", ["cancel", "delete", "succeed", "fail"])
async def test_who_waits_for_the_wallet_has_not_locked_the_job(regular: Owner, ending: str) -> None:
    """Or somebody who has the wallet and wants the job would wait for ever."""
    job = await regular.job("a")
    attempt = await claim(regular, job.id)
    ends: dict[str, Callable[[], Awaitable[Any]]] = {
        "cancel": lambda: regular.run(cancel_resume_job, job.id),
        "delete": lambda: regular.run(delete_resume_job, job.id),
        "succeed": lambda: succeed(regular, job.id, attempt),
        "fail": lambda: fail(regular, job.id, attempt),
    }
    pool = regular.services.database.raw()
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM wallets FOR UPDATE")
        ending_it = asyncio.ensure_future(ends[ending]())
        await someone_waits(regular)
        await connection.execute("SELECT FROM resume_jobs WHERE id = $1 FOR UPDATE NOWAIT", job.id)
    await ending_it
    assert (await wallet(regular)).held == 0


async def test_a_job_is_paid_with_what_comes_back_while_it_waits(regular: Owner) -> None:
    await leave(regular, 1)
    first = await regular.job("a")
    async with regular.services.database.transaction() as db:
        await cancel_resume_job(Call(regular.context(), db), first.id)
        second = asyncio.create_task(regular.job("b"))
        await someone_waits(regular)
    assert (await second).price == 1
    assert await wallet(regular) == Wallet(1, 1, 0, 1)


async def test_a_grant_pays_the_debt_that_was_made_while_it_waited(
    regular: Owner,
) -> None:
    await leave(regular, 1)
    pool = regular.services.database.raw()
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE wallets SET posted = 0, starter = 0, debt = 3")
        granting = asyncio.create_task(change(regular, "grant", 2, "pack:1"))
        await someone_waits(regular)
    assert await granting
    assert await wallet(regular) == Wallet(0, 0, 1, 0)
