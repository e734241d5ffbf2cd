"""What a job costs, when it is held and what becomes of it."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from app.db import uuid7
from app.errors import IdempotencyConflict, InsufficientCredits
from app.ledger import Wallet
from app.services import Services
from resolvers.resume_jobs import (
    cancel_resume_job,
    create_resume_job,
    delete_resume_job,
    get_resume_job,
    list_resume_jobs,
)
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
from tests.owners import EXAMPLE, Owner, request_of
from tests.people import table
from workers.sweep import sweep

ABANDON = "UPDATE resume_jobs SET lease_until = now() - interval '1 s' WHERE status = 'running'"


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


@pytest.fixture
async def regular(owner: Owner) -> Owner:
    """An owner who has had the free render."""
    await succeed(owner, (await owner.job("free")).id)
    return owner


# The price


async def test_the_first_render_is_free_and_the_next_is_not(owner: Owner) -> None:
    first, second = await owner.job("a"), await owner.job("b")
    assert (first.price, second.price) == (0, 1)
    assert await wallet(owner) == Wallet(STARTER, held=1, debt=0, starter=STARTER)
    assert await of_job(owner, first.id) == []
    assert await of_job(owner, second.id) == [("hold", 0, 1)]


async def test_a_picture_costs_two_and_leaves_the_free_render(owner: Owner) -> None:
    prices = [(await owner.job("a", PICTURE)).price, (await owner.job("b")).price]
    assert prices == [2, 0]
    assert (await wallet(owner)).held == 2


async def test_one_of_many_first_renders_at_once_is_free(owner: Owner) -> None:
    made = await asyncio.gather(*(owner.job(f"job-{number}") for number in range(8)))
    assert sorted(job.price for job in made) == [0] + [1] * 7
    assert (await wallet(owner)).held == 7


async def test_a_job_shows_its_price_wherever_it_is_shown(regular: Owner) -> None:
    job = await regular.job("a", PICTURE)
    assert (await regular.run(get_resume_job, job.id)).job.price == 2
    assert [shown.price for shown in (await regular.run(list_resume_jobs)).items] == [2, 0]
    assert (await regular.run(cancel_resume_job, job.id)).job.price == 2


# Too little


async def test_too_few_credits_make_no_job_and_hold_nothing(regular: Owner) -> None:
    await leave(regular, 1)
    with pytest.raises(InsufficientCredits) as caught:
        await regular.job("a", PICTURE)
    assert caught.value.details == {"price": 2, "available": 1}
    assert await wallet(regular) == Wallet(1, 0, 0, 1)
    assert len((await regular.run(list_resume_jobs)).items) == 1
    assert (await regular.job("a")).price == 1  # the request_id is not taken


async def test_the_free_render_needs_no_credits(owner: Owner) -> None:
    await leave(owner, 0)
    assert (await owner.job("a")).price == 0
    with pytest.raises(InsufficientCredits) as caught:
        await owner.job("b")
    assert caught.value.details == {"price": 1, "available": 0}


async def test_what_is_held_can_not_be_spent_again(regular: Owner) -> None:
    await leave(regular, 2)
    await regular.job("a", PICTURE)
    with pytest.raises(InsufficientCredits) as caught:
        await regular.job("b")
    assert caught.value.details == {"price": 1, "available": 0}


async def test_a_repeat_is_answered_whatever_is_left(regular: Owner) -> None:
    await leave(regular, 1)
    job = await regular.job("a")
    assert await regular.job("a") == job
    with pytest.raises(IdempotencyConflict):
        await regular.job("a", PICTURE)
    assert (await wallet(regular)).held == 1


async def test_many_repeats_at_once_hold_once(regular: Owner) -> None:
    await leave(regular, 1)
    made = await asyncio.gather(*(regular.job("a") for _ in range(8)))
    assert len({job.id for job in made}) == 1
    assert await wallet(regular) == Wallet(1, 1, 0, 1)
    assert await of_job(regular, made[0].id) == [("hold", 0, 1)]


async def test_of_many_at_once_as_many_are_taken_as_can_be_paid(regular: Owner) -> None:
    await leave(regular, 5)
    made = await asyncio.gather(
        *(regular.job(f"job-{number}") for number in range(12)), return_exceptions=True
    )
    assert sum(isinstance(one, InsufficientCredits) for one in made) == 7
    assert await wallet(regular) == Wallet(5, 5, 0, 5)


async def test_another_owner_pays_nothing(regular: Owner) -> None:
    other = await Owner.create(regular.services)
    before = await wallet(other)
    await regular.job("a")
    assert await wallet(other) == before


# What becomes of it


async def test_success_captures_the_price_and_is_an_event_of_usage(regular: Owner) -> None:
    job = await regular.job("a", PICTURE)
    assert await succeed(regular, job.id)
    assert await of_job(regular, job.id) == [("hold", 0, 2), ("capture", -2, -2)]
    assert await wallet(regular) == Wallet(STARTER - 2, 0, 0, STARTER - 2)
    assert (await used(regular))[1:] == [("render", str(job.id), 2, 2)]


async def test_the_free_render_is_an_event_that_cost_nothing(owner: Owner) -> None:
    job = await owner.job()
    await succeed(owner, job.id)
    assert await used(owner) == [("render", str(job.id), 0, 0)]
    assert await entries(owner) == [("grant", STARTER, 0, 0, "starter")]


async def test_starter_credits_are_spent_first(regular: Owner) -> None:
    await leave(regular, 1)
    await change(regular, "grant", 10, "pack:1")
    for request_id in ("a", "b"):
        await succeed(regular, (await regular.job(request_id, PICTURE)).id)
    assert await wallet(regular) == Wallet(7, 0, 0, 0)
    assert [event[2:] for event in (await used(regular))[1:]] == [(2, 1), (2, 0)]


async def test_a_success_that_is_written_twice_is_paid_once(regular: Owner) -> None:
    job = await regular.job("a")
    attempt = await claim(regular, job.id)
    assert await succeed(regular, job.id, attempt)
    assert not await succeed(regular, job.id, attempt)
    assert not await fail(regular, job.id, attempt)
    assert await wallet(regular) == Wallet(STARTER - 1, 0, 0, STARTER - 1)
    assert len(await used(regular)) == 2


@pytest.mark.parametrize("ending", ["fail", "cancel", "delete", "cancel-running", "give-up"])
async def test_a_job_that_ends_without_a_pdf_costs_nothing(regular: Owner, ending: str) -> None:
    job = await regular.job("a", PICTURE)
    await end(regular, job.id, ending)
    assert await of_job(regular, job.id) == [("hold", 0, 2), ("release", 0, -2)]
    assert await wallet(regular) == Wallet(STARTER, 0, 0, STARTER)
    assert len(await used(regular)) == 1


@pytest.mark.parametrize("ending", ["fail", "cancel", "delete", "cancel-running", "give-up"])
async def test_a_free_render_that_is_not_delivered_may_be_taken_again(
    owner: Owner, ending: str
) -> None:
    job = await owner.job("a")
    await end(owner, job.id, ending)
    assert (await owner.job("b")).price == 0
    assert (await owner.job("c")).price == 1


async def end(owner: Owner, job_id: object, ending: str) -> None:
    match ending:
        case "fail":
            assert await fail(owner, job_id)  # type: ignore[arg-type]
        case "cancel":
            await owner.run(cancel_resume_job, job_id)
        case "delete":
            await owner.run(delete_resume_job, job_id)
        case "cancel-running":
            await claim(owner, job_id)  # type: ignore[arg-type]
            await owner.run(cancel_resume_job, job_id)
        case "give-up":
            for _ in range(3):
                await claim(owner, job_id)  # type: ignore[arg-type]
                await table(owner.services, ABANDON)
                await sweep(owner.services)


async def test_a_final_job_may_be_deleted_and_stays_paid(regular: Owner) -> None:
    paid, canceled = await regular.job("a"), await regular.job("b")
    await succeed(regular, paid.id)
    await regular.run(cancel_resume_job, canceled.id)
    for job in (paid, canceled):
        await regular.run(delete_resume_job, job.id)
    assert await wallet(regular) == Wallet(STARTER - 1, 0, 0, STARTER - 1)
    assert [entry[0] for entry in await of_job(regular, paid.id)] == ["hold", "capture"]
    assert (await regular.job("c")).price == 1  # the free render was delivered, and stays taken


async def test_a_request_id_that_is_used_again_after_a_deletion_is_paid_again(
    regular: Owner,
) -> None:
    first = await regular.job("a")
    await succeed(regular, first.id)
    await regular.run(delete_resume_job, first.id)
    second = await regular.job("a")
    assert second.id != first.id
    assert (await wallet(regular)).held == 1


async def test_a_lost_worker_keeps_the_price_held_until_the_next_one_is_done(
    regular: Owner,
) -> None:
    job = await regular.job("a")
    late = await claim(regular, job.id)
    await table(regular.services, ABANDON)
    await sweep(regular.services)
    assert (await wallet(regular)).held == 1
    in_time = await claim(regular, job.id)
    assert await succeed(regular, job.id, in_time)
    assert not await succeed(regular, job.id, late)
    assert await of_job(regular, job.id) == [("hold", 0, 1), ("capture", -1, -1)]


async def test_ends_at_once_settle_once(regular: Owner) -> None:
    for number in range(10):
        job = await regular.job(f"job-{number}")
        attempt = await claim(regular, job.id)
        await asyncio.gather(
            succeed(regular, job.id, attempt),
            fail(regular, job.id, attempt),
            regular.run(cancel_resume_job, job.id),
            regular.run(delete_resume_job, job.id),
            return_exceptions=True,
        )
        assert [entry[0] for entry in await of_job(regular, job.id)] in (
            ["hold", "capture"],
            ["hold", "release"],
        )
    found = await wallet(regular)
    assert (found.held, found.posted) == (0, STARTER - len(await used(regular)) + 1)


async def test_a_deletion_and_a_new_job_of_its_request_id_do_not_wait_for_each_other(
    regular: Owner,
) -> None:
    for _ in range(20):
        job = await regular.job("a")
        await asyncio.gather(regular.run(delete_resume_job, job.id), regular.job("a"))
    assert (await wallet(regular)).held == len((await regular.run(list_resume_jobs)).items) - 1


async def test_a_price_that_comes_back_pays_debt_first(regular: Owner) -> None:
    await leave(regular, 2)
    job = await regular.job("a", PICTURE)
    await change(regular, "reverse", 1, "refund:1")
    assert await wallet(regular) == Wallet(2, 2, 1, 2)
    await regular.run(cancel_resume_job, job.id)
    assert await wallet(regular) == Wallet(1, 0, 0, 1)
    assert (await entries(regular))[-1][:4] == ("release", -1, -2, -1)


async def test_a_job_rolled_back_holds_nothing(regular: Owner) -> None:
    class Broken(Exception):
        pass

    async def make_and_break(call: object) -> None:
        await create_resume_job(call, request_of("a", EXAMPLE))  # type: ignore[arg-type]
        raise Broken

    before = await entries(regular)
    with pytest.raises(Broken):
        await regular.run(make_and_break)
    assert await entries(regular) == before
    assert (await wallet(regular)).held == 0


async def test_a_hold_is_settled_by_one_entry_only(regular: Owner) -> None:
    """The index that stands behind the statements."""
    job = await regular.job("a")
    await succeed(regular, job.id)
    with pytest.raises(asyncpg.UniqueViolationError, match="settlement"):
        await table(
            regular.services,
            "INSERT INTO ledger_entries (account_id, kind, ref) VALUES ($1, 'release', $2)",
            regular.id,
            f"job:{job.id}",
        )


async def test_a_job_from_before_there_were_wallets_ends_as_any_other(owner: Owner) -> None:
    job_id = uuid7()
    await table(
        owner.services,
        "INSERT INTO resume_jobs (id, account_id, request_id, body_digest, template, cv, warnings)"
        " VALUES ($1, $2, 'old', '', 'original', '{}', '[]')",
        job_id,
        owner.id,
    )
    assert await succeed(owner, job_id)
    assert await used(owner) == [("render", str(job_id), 0, 0)]
