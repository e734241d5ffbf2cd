"""The monthly quota: never exceeded, whoever counts, and nothing of it lost for long."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.db import Connection, Database
from app.errors import DependencyUnavailable, QuotaExceeded
from app.metering.quota import LEASE, Counter, Quota, month_of
from app.plans import Facts, Plans
from app.services import Services
from app.settings import PROJECT, Settings
from app.standing import facts_of
from tests.owners import Owner
from tests.people import table

JANUARY = datetime(2031, 1, 31, 23, 59, 59, tzinfo=UTC).timestamp()


class Clock:
    def __init__(self, now: float = JANUARY) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def quota_of(
    services: Services,
    limit: int,
    clock: Callable[[], float] | None = None,
    facts: Callable[[Connection, UUID], Awaitable[Facts]] = facts_of,
    pro: int = 100_000,
) -> Quota:
    """The quota as one process counts it, of a free plan that allows `limit`."""
    plans = Plans(replace(services.settings, api_quota_free=limit, api_quota_pro=pro))
    return Quota(services.database, plans, facts, clock or Clock())


async def use(quota: Quota, account_id: UUID, most: int) -> int:
    """How many of `most` operations, one after another, are accepted."""
    for number in range(most):
        try:
            await quota.take(await quota.counter(account_id))
        except QuotaExceeded:
            return number
    return most


async def taken(services: Services, account_id: UUID) -> dict[date, int]:
    rows = await table(
        services, "SELECT month, taken FROM api_quotas WHERE account_id = $1", account_id
    )
    return {row["month"]: row["taken"] for row in rows}


async def settled(counter: Counter) -> None:
    while counter.filling is not None and not counter.filling.done():
        await counter.filling


@pytest.mark.parametrize("limit", [0, 1, 2, 19, 20, 137, 1000])
async def test_one_process_accepts_exactly_the_limit(services: Services, limit: int) -> None:
    owner = await Owner.create(services)
    quota = quota_of(services, limit)
    assert await use(quota, owner.id, limit + 50) == limit
    await quota.close()


@pytest.mark.parametrize("limit", [1, 7, 500])
async def test_processes_at_once_accept_exactly_the_limit(services: Services, limit: int) -> None:
    owner = await Owner.create(services)
    processes = [quota_of(services, limit) for _ in range(5)]
    used = await asyncio.gather(
        *(use(quota, owner.id, limit) for quota in processes for _ in range(4))
    )
    assert sum(used) == limit
    assert sum((await taken(services, owner.id)).values()) == limit
    for quota in processes:
        await quota.close()
    assert sum((await taken(services, owner.id)).values()) == limit


_HAMMER = """
import asyncio, sys
from uuid import UUID
from app.errors import QuotaExceeded
from app.services import Services
from app.settings import Settings
async def main():
    services = Services.from_settings(
        Settings(
            database_url=sys.argv[1], redis_url="redis://nowhere", jwt_key="-" * 32,
            api_quota_free=int(sys.argv[3]),
        )
    )
    await services.open()
    quota, account, accepted = services.meter.quota, UUID(sys.argv[2]), 0
    try:
        while True:
            await quota.take(await quota.counter(account))
            accepted += 1
    except QuotaExceeded:
        pass
    print(accepted)
    await quota.close()
    await services.database.close()
asyncio.run(main())
"""


async def test_real_processes_at_once_accept_exactly_the_limit(
    services: Services, settings: Settings
) -> None:
    owner = await Owner.create(services)
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", _HAMMER, settings.database_url, str(owner.id), "3000",
            cwd=PROJECT, stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    answers = [await process.communicate() for process in running]
    assert sum(int(out) for out, _ in answers) == 3000


async def test_one_statement_is_good_for_many_operations(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await Owner.create(services)
    statements = 0
    connection = Database.connection

    def counted(self: Database) -> object:
        nonlocal statements
        statements += 1
        return connection(self)

    monkeypatch.setattr(Database, "connection", counted)
    quota = quota_of(services, 1000)
    assert await use(quota, owner.id, 500) == 500
    assert statements <= 500 / 30
    await quota.close()


async def test_after_the_first_no_operation_waits_for_the_database(services: Services) -> None:
    owner = await Owner.create(services)
    quota = quota_of(services, 1000)
    counter = await quota.counter(owner.id)
    for _ in range(500):
        taking = quota.take(counter)
        with pytest.raises(StopIteration):  # it came to its end without waiting for anything
            taking.send(None)
        if counter.left < counter.low:
            await settled(counter)  # a client takes longer than the database
    await quota.close()


async def test_leases_shrink_as_the_limit_nears(services: Services) -> None:
    owner = await Owner.create(services)
    quota = quota_of(services, 1000)
    held = []
    for _ in range(1000):
        counter = await quota.counter(owner.id)
        await quota.take(counter)
        await settled(counter)
        held.append((counter.limit - counter.taken, counter.left))
    assert max(left for _, left in held) <= 50
    assert all(left <= 2 for rest, left in held if rest <= 10)
    await quota.close()


async def test_leases_have_an_upper_bound(services: Services) -> None:
    owner = await Owner.create(services)
    quota = quota_of(services, 10_000_000)
    assert await use(quota, owner.id, 1) == 1
    assert await taken(services, owner.id) == {date(2031, 1, 1): LEASE}
    await quota.close()
    assert await taken(services, owner.id) == {date(2031, 1, 1): 1}


async def test_what_is_not_used_is_given_back_at_the_end(services: Services) -> None:
    owner = await Owner.create(services)
    first, second = quota_of(services, 100), quota_of(services, 100)
    assert await use(first, owner.id, 3) == 3
    await first.close()
    assert await taken(services, owner.id) == {date(2031, 1, 1): 3}
    assert await use(second, owner.id, 1000) == 97
    await second.close()


async def test_a_lease_that_lies_idle_is_given_back(services: Services) -> None:
    owner, clock = await Owner.create(services), Clock(JANUARY - 10 * 86_400)
    quota = quota_of(services, 1000, clock)
    assert await use(quota, owner.id, 1) == 1
    await quota.tick()
    assert sum((await taken(services, owner.id)).values()) == 50
    clock.now += 61
    await quota.tick()
    assert sum((await taken(services, owner.id)).values()) == 1
    assert quota.known(owner.id) is None
    assert not quota


async def test_at_the_end_of_a_quota_an_idle_lease_is_given_back_at_once(
    services: Services,
) -> None:
    owner, clock = await Owner.create(services), Clock(JANUARY - 86_400)
    first, second = quota_of(services, 100, clock), quota_of(services, 100, clock)
    used = await use(first, owner.id, 2)
    used += await use(second, owner.id, 100)
    assert used < 100
    clock.now += 1
    await first.tick()  # hears that the end is near
    clock.now += 1
    await first.tick()
    clock.now += 1
    assert used + await use(second, owner.id, 100) == 100
    await first.close()
    await second.close()


async def test_a_process_hears_what_others_have_taken(services: Services) -> None:
    owner = await Owner.create(services)
    first, second = quota_of(services, 1000), quota_of(services, 1000)
    counter = await first.counter(owner.id)
    await first.take(counter)
    assert await use(second, owner.id, 600) == 600
    await first.tick()
    await second.close()
    assert 1000 - 1 - 600 - 50 <= counter.remaining <= 1000 - 1 - 600
    await first.close()


async def test_a_new_month_begins_a_new_quota(services: Services) -> None:
    owner, clock = await Owner.create(services), Clock()
    quota = quota_of(services, 60, clock)
    assert await use(quota, owner.id, 1000) == 60
    with pytest.raises(QuotaExceeded) as refused:
        await quota.take(await quota.counter(owner.id))
    assert refused.value.retry_after == 1
    assert refused.value.details["resets_at"] == datetime(2031, 2, 1, tzinfo=UTC)
    clock.now += 1
    assert await use(quota, owner.id, 1000) == 60
    await quota.close()
    assert await taken(services, owner.id) == {date(2031, 1, 1): 60, date(2031, 2, 1): 60}


async def test_what_is_left_of_a_month_is_given_back_to_that_month(services: Services) -> None:
    owner, clock = await Owner.create(services), Clock()
    quota = quota_of(services, 1000, clock)
    assert await use(quota, owner.id, 5) == 5
    clock.now += 1
    assert await use(quota, owner.id, 7) == 7
    await quota.tick()
    assert (await taken(services, owner.id))[date(2031, 1, 1)] == 5
    await quota.close()
    assert await taken(services, owner.id) == {date(2031, 1, 1): 5, date(2031, 2, 1): 7}


@pytest.mark.parametrize(
    ("now", "month", "following"),
    [
        ("2028-02-29T23:59:59.999", "2028-02-01", "2028-03-01"),
        ("2028-12-31T12:00", "2028-12-01", "2029-01-01"),
        ("2029-01-01T00:00", "2029-01-01", "2029-02-01"),
    ],
)
def test_a_month_is_a_calendar_month_of_utc(now: str, month: str, following: str) -> None:
    first, ends_at = month_of(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp())
    assert first == date.fromisoformat(month)
    assert datetime.fromtimestamp(ends_at, UTC).isoformat()[:10] == following


async def test_a_better_plan_is_felt_by_who_has_used_everything_up(services: Services) -> None:
    owner, clock, standing = await Owner.create(services), Clock(JANUARY - 3600), Facts()

    async def facts(db: Connection, account_id: UUID) -> Facts:
        return standing

    quota = quota_of(services, 10, clock, facts, pro=500)
    assert await use(quota, owner.id, 1000) == 10
    standing = Facts(subscribed=True)
    assert await use(quota, owner.id, 1000) == 0  # nobody asks twice within a second
    clock.now += 1
    assert await use(quota, owner.id, 1000) == 490
    await quota.close()


async def test_accounts_have_a_quota_each(services: Services) -> None:
    ann, tom = await Owner.create(services), await Owner.create(services)
    quota = quota_of(services, 5)
    assert await use(quota, ann.id, 10) == 5
    assert await use(quota, tom.id, 10) == 5
    await quota.close()


async def test_an_account_that_is_gone_has_no_quota(services: Services) -> None:
    owner = await Owner.create(services)
    await table(services, "DELETE FROM accounts WHERE id = $1", owner.id)
    quota = quota_of(services, 5)
    assert await use(quota, owner.id, 10) == 0
    await quota.close()


async def test_without_the_database_what_is_leased_can_still_be_used(settings: Settings) -> None:
    services = Services.from_settings(settings)
    await services.open()
    owner = await Owner.create(services)
    quota = quota_of(services, 1000)
    assert await use(quota, owner.id, 1) == 1
    await services.database.close()
    assert await use(quota, owner.id, 49) == 49
    with pytest.raises(DependencyUnavailable):
        await use(quota, owner.id, 1)
    await quota.close()
    await services.redis.aclose()


async def test_who_is_canceled_while_waiting_spoils_nothing_for_others(services: Services) -> None:
    owner = await Owner.create(services)
    quota = quota_of(services, 100)
    waiting = [asyncio.create_task(use(quota, owner.id, 1)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    assert await waiting[1] + await waiting[2] == 2
    await quota.close()
    assert sum((await taken(services, owner.id)).values()) == 2
