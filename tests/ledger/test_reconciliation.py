"""What reconciliation finds, mends and reports."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest

from app import reconciliation
from app.db import uuid7
from app.ledger import Wallet
from app.reconciliation import Reconciled
from app.services import Services
from resolvers.resume_jobs import cancel_resume_job, delete_resume_job
from tests.ledger.accounts import (
    PICTURE,
    STARTER,
    change,
    claim,
    entries,
    fail,
    leave,
    of_job,
    succeed,
    used,
    wallet,
)
from tests.owners import Owner
from tests.people import table
from workers.reconcile import reconcile_ledger

# What a crash between two statements would leave, if there were two.
MAKE_FINAL = (
    "UPDATE resume_jobs SET status = $2, finished_at = now(), lease_until = NULL,"
    " artifact_key = CASE WHEN $2 = 'succeeded' THEN 'x' END,"
    " error_code = CASE WHEN $2 = 'failed' THEN 'x' END WHERE id = $1"
)


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


@pytest.fixture
async def regular(owner: Owner) -> Owner:
    """An owner who has had the free render."""
    await succeed(owner, (await owner.job("free")).id)
    return owner


async def reconcile(services: Services) -> Reconciled:
    async with services.database.connection() as db:
        return await reconciliation.reconcile(db)


async def test_a_ledger_that_adds_up_is_left_as_it_is(regular: Owner) -> None:
    await change(regular, "reverse", STARTER + 10, "dispute:1")
    await change(regular, "grant", 20, "pack:1")
    for number, end in enumerate((succeed, fail)):
        await end(regular, (await regular.job(f"ended-{number}")).id)
    await regular.run(cancel_resume_job, (await regular.job("canceled")).id)
    await regular.run(delete_resume_job, (await regular.job("deleted")).id)
    await claim(regular, (await regular.job("running")).id)
    await regular.job("waiting", PICTURE)
    before = await entries(regular), await wallet(regular)
    assert before[1].held == 3
    assert await reconcile(regular.services) == Reconciled(accounts=1, drifts=(), settled=0)
    assert (await entries(regular), await wallet(regular)) == before


async def test_every_account_is_looked_at(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "_ACCOUNTS_AT_ONCE", 2)
    owners = [await Owner.create(services) for _ in range(5)]
    await wallet(owners[4])
    await table(services, "UPDATE wallets SET posted = posted + 1")
    done = await reconcile(services)
    assert done.accounts == 5
    assert [drift.account_id for drift in done.drifts] == [owners[4].id]


@pytest.mark.parametrize(
    ("broken", "found", "told", "open_price"),
    [
        ("posted = posted + 1", (1001, 1, 0), (1000, 1, 0), 1),
        ("held = held + 1", (1000, 2, 0), (1000, 1, 0), 1),
        ("debt = debt + 1", (1000, 1, 1), (1000, 1, 0), 1),
    ],
    ids=["posted", "held", "debt"],
)
async def test_a_wallet_that_its_entries_do_not_tell_is_reported(
    regular: Owner,
    broken: str,
    found: tuple[int, int, int],
    told: tuple[int, int, int],
    open_price: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await regular.job("a")
    await table(regular.services, f"UPDATE wallets SET {broken}")
    [drift] = (await reconcile(regular.services)).drifts
    assert (drift.account_id, drift.found, drift.told) == (regular.id, found, told)
    assert drift.open_price == open_price
    with caplog.at_level(logging.ERROR):
        await reconcile_ledger(regular.services)
    logged = [record.message for record in caplog.records if record.name == "workers.reconcile"]
    assert logged == ["the ledger does not add up"]


async def test_an_open_job_that_holds_nothing_is_reported(owner: Owner) -> None:
    await wallet(owner)
    await table(
        owner.services,
        "INSERT INTO resume_jobs"
        " (id, account_id, request_id, body_digest, template, cv, warnings, price)"
        " VALUES ($1, $2, 'x', '', 'original', '{}', '[]', 3)",
        uuid7(),
        owner.id,
    )
    [drift] = (await reconcile(owner.services)).drifts
    assert (drift.found, drift.told, drift.open_price) == ((STARTER, 0, 0), (STARTER, 0, 0), 3)


@pytest.mark.parametrize("status", ["failed", "canceled", "gone"])
async def test_the_hold_of_a_job_that_is_over_is_released(regular: Owner, status: str) -> None:
    over, waiting = await regular.job("a", PICTURE), await regular.job("b")
    if status == "gone":
        await table(regular.services, "DELETE FROM resume_jobs WHERE id = $1", over.id)
    else:
        await table(regular.services, MAKE_FINAL, over.id, status)
    assert await reconcile(regular.services) == Reconciled(accounts=1, drifts=(), settled=1)
    assert await wallet(regular) == Wallet(STARTER, 1, 0, STARTER)
    assert await of_job(regular, over.id) == [("hold", 0, 2), ("release", 0, -2)]
    assert await of_job(regular, waiting.id) == [("hold", 0, 1)]
    assert await reconcile(regular.services) == Reconciled(accounts=1, drifts=(), settled=0)


async def test_the_hold_of_a_job_that_has_succeeded_is_captured(regular: Owner) -> None:
    await leave(regular, 1)
    await change(regular, "grant", 5, "pack:1")
    job = await regular.job("a", PICTURE)
    await table(regular.services, MAKE_FINAL, job.id, "succeeded")
    assert (await reconcile(regular.services)).settled == 1
    assert await wallet(regular) == Wallet(4, 0, 0, 0)
    assert await of_job(regular, job.id) == [("hold", 0, 2), ("capture", -2, -2)]
    assert (await used(regular))[-1] == ("render", str(job.id), 2, 1)


async def test_what_comes_back_pays_debt_first(regular: Owner) -> None:
    await leave(regular, 2)
    job = await regular.job("a", PICTURE)
    await change(regular, "reverse", 1, "refund:1")
    await table(regular.services, MAKE_FINAL, job.id, "failed")
    assert (await reconcile(regular.services)).drifts == ()
    assert await wallet(regular) == Wallet(1, 0, 0, 1)


async def test_a_free_render_that_was_not_delivered_is_given_back(owner: Owner) -> None:
    job = await owner.job("a")
    await table(owner.services, MAKE_FINAL, job.id, "failed")
    assert await reconcile(owner.services) == Reconciled(accounts=1, drifts=(), settled=1)
    assert (await owner.job("b")).price == 0


async def test_a_free_render_that_was_delivered_stays_taken(regular: Owner) -> None:
    await table(regular.services, "DELETE FROM resume_jobs")
    assert (await reconcile(regular.services)).settled == 0
    assert (await regular.job("b")).price == 1


async def test_two_at_once_settle_each_hold_once(regular: Owner) -> None:
    for number in range(5):
        await regular.job(f"job-{number}")
    await table(regular.services, "DELETE FROM resume_jobs")
    done = await asyncio.gather(*(reconcile(regular.services) for _ in range(4)))
    assert sum(each.settled for each in done) == 5
    assert await wallet(regular) == Wallet(STARTER, 0, 0, STARTER)


async def test_the_outcome_is_among_the_metrics(
    client: httpx.AsyncClient, services: Services
) -> None:
    assert "vitae_ledger_drifting" not in (await client.get("/metrics")).text
    owner = await Owner.create(services)
    await wallet(owner)
    await reconcile_ledger(services)
    assert "\nvitae_ledger_drifting 0.0\n" in (await client.get("/metrics")).text
    await table(services, "UPDATE wallets SET posted = posted + 1")
    await reconcile_ledger(services)
    told = (await client.get("/metrics")).text
    assert "\nvitae_ledger_drifting 1.0\n" in told
    assert "\nvitae_ledger_accounts 1.0\n" in told
