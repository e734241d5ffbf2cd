"""Counts of what was done: added up in the process, and written to the last one."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.call import CredentialKind
from app.db import uuid7
from app.errors import (
    DependencyUnavailable,
    DomainError,
    Internal,
    NotFound,
    QuotaExceeded,
    RateLimited,
    Unauthenticated,
    ValidationFailed,
)
from app.metering import counts as module
from app.metering.callers import Caller
from app.metering.counts import Counts, Endpoint, Outcome
from app.services import Services
from app.settings import Settings
from tests.owners import Owner
from tests.people import table

READ = Endpoint("read", "GET", "/v1/read")
NOON = datetime(2031, 3, 4, 12, tzinfo=UTC).timestamp()


@pytest.fixture
async def caller(services: Services) -> Caller:
    owner = await Owner.create(services)
    return Caller(owner.id, CredentialKind.API_KEY, uuid7())


async def lines(services: Services) -> list[tuple[Any, ...]]:
    rows = await table(
        services, "SELECT day, operation, outcome, count FROM usage ORDER BY day, outcome"
    )
    return [tuple(row) for row in rows if row["operation"] == "read"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, Outcome.OK),
        (NotFound(), Outcome.CLIENT_ERROR),
        (ValidationFailed([]), Outcome.CLIENT_ERROR),
        (Unauthenticated(), Outcome.CLIENT_ERROR),
        (RateLimited(), Outcome.OVER_LIMIT),
        (QuotaExceeded(), Outcome.OVER_LIMIT),
        (Internal(), Outcome.SERVER_ERROR),
        (DependencyUnavailable(), Outcome.SERVER_ERROR),
        (KeyError("a mistake of ours"), Outcome.SERVER_ERROR),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_outcome_tells_whose_fault_it_was(error: DomainError | None, outcome: Outcome) -> None:
    assert Outcome.of(error) is outcome


async def test_counts_are_added_up_by_day_and_outcome(services: Services, caller: Caller) -> None:
    now = NOON
    counts = Counts(services.database, lambda: now)
    for _ in range(3):
        counts.add(caller, READ, Outcome.OK)
    counts.add(caller, READ, Outcome.CLIENT_ERROR)
    await counts.write()
    now += 12 * 3600 - 0.001
    counts.add(caller, READ, Outcome.OK)
    now += 0.001
    counts.add(caller, READ, Outcome.OK)
    await counts.write()
    assert not counts
    assert await lines(services) == [
        (date(2031, 3, 4), "read", "client_error", 1),
        (date(2031, 3, 4), "read", "ok", 4),
        (date(2031, 3, 5), "read", "ok", 1),
    ]


async def test_processes_that_write_at_once_lose_nothing(
    services: Services, caller: Caller
) -> None:
    others = [Caller(caller.account_id, caller.kind, uuid7()) for _ in range(5)]
    processes = [Counts(services.database) for _ in range(4)]

    async def work(counts: Counts) -> None:
        for number in range(20):
            for who in sorted(others, key=lambda _: (number * 7) % 5):
                counts.add(who, READ, Outcome.OK)
            await counts.write()

    await asyncio.gather(*(work(counts) for counts in processes))
    while any(processes):  # what had to give way comes again
        for counts in processes:
            await counts.write()
    assert sum(line[3] for line in await lines(services)) == 4 * 20 * 5


async def test_what_is_counted_while_it_is_written_is_written_next(
    services: Services, caller: Caller
) -> None:
    counts = Counts(services.database)
    counts.add(caller, READ, Outcome.OK)
    writing = asyncio.create_task(counts.write())
    await asyncio.sleep(0)
    counts.add(caller, READ, Outcome.OK)
    await writing
    assert counts
    await counts.write()
    assert [line[3] for line in await lines(services)] == [2]


async def test_an_account_that_is_gone_keeps_nobody_elses_counts_from_being_written(
    services: Services, caller: Caller
) -> None:
    gone = await Owner.create(services)
    counts = Counts(services.database)
    counts.add(Caller(gone.id, CredentialKind.SESSION, uuid7()), READ, Outcome.OK)
    counts.add(caller, READ, Outcome.OK)
    await table(services, "DELETE FROM accounts WHERE id = $1", gone.id)
    await counts.write()
    assert not counts
    assert [line[3] for line in await lines(services)] == [1]


async def test_counts_go_with_their_account(services: Services, caller: Caller) -> None:
    counts = Counts(services.database)
    counts.add(caller, READ, Outcome.OK)
    await counts.write()
    await table(services, "DELETE FROM accounts WHERE id = $1", caller.account_id)
    assert await lines(services) == []


async def test_who_holds_a_line_is_not_kept_waiting(services: Services, caller: Caller) -> None:
    counts = Counts(services.database)
    counts.add(caller, READ, Outcome.OK)
    await counts.write()
    counts.add(caller, READ, Outcome.OK)
    async with services.database.raw().acquire() as other, other.transaction():
        await other.execute("UPDATE usage SET count = count")
        await counts.write()
        assert counts
    await counts.write()
    assert [line[3] for line in await lines(services)] == [2]


async def test_without_the_database_counts_wait_within_bounds(
    settings: Settings,
    services: Services,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_MOST", 100)
    away = Services.from_settings(settings)
    await away.open()
    counts = Counts(away.database)
    await away.database.close()
    with caplog.at_level(logging.WARNING):
        for number in range(150):
            counts.add(caller, Endpoint(f"operation {number}"), Outcome.OK)
        counts.add(caller, READ, Outcome.OK)
        await counts.write()
        await counts.write()
    assert len(counts._counts) == 100
    assert "usage not written yet" in caplog.messages
    assert "usage lost: the database is away for too long" in caplog.messages
    await away.database.open()
    await counts.write()
    assert not counts
    assert len(await table(services, "SELECT 1 FROM usage")) == 100
    await away.database.close()
    await away.redis.aclose()
