"""What of the audience is cleared, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.audience import stale
from app.db import uuid7
from app.services import Services
from app.settings import InvalidSetting, Settings
from tests.audience.visiting import (
    counted,
    insert_conversation,
    insert_count,
    this_day,
    visitors,
)
from tests.owners import Owner
from tests.people import table
from workers.sweep import clear


async def insert_visitors(services: Services, owner: Owner, days_ago: int, number: int) -> None:
    for each in range(number):
        await table(
            services,
            "INSERT INTO audience_visitors (account_id, day, visitor) VALUES ($1, $2, $3)",
            owner.id,
            this_day() - timedelta(days=days_ago),
            each.to_bytes(12, "big"),
        )


async def test_visitors_of_days_that_are_over_become_their_number(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await Owner.create(services)
    for days_ago, number in ((4, 7), (3, 2), (1, 3), (0, 1)):
        await insert_visitors(services, owner, days_ago, number)
    await clear(services)
    await clear(services)
    assert await counted(services, owner.id) == {("visitor", ""): 9}
    assert await visitors(services, owner.id) == {this_day() - timedelta(days=1): 3, this_day(): 1}


async def test_visitors_that_come_late_are_added_to_their_number(services: Services) -> None:
    owner = await Owner.create(services)
    await insert_visitors(services, owner, 4, 2)
    await clear(services)
    await insert_visitors(services, owner, 4, 3)
    await clear(services)
    assert await counted(services, owner.id) == {("visitor", ""): 5}


async def test_figures_and_conversations_are_kept_as_long_as_settings_say(
    services: Services,
) -> None:
    owner = await Owner.create(services)
    kept = replace(services.settings, audience_retention_days=10, transcript_retention_days=5)
    for days_ago in (9, 10):
        await insert_count(services, owner.id, this_day() - timedelta(days=days_ago), "view")
    for days_ago in (4, 6):
        await insert_conversation(
            services, owner.id, {}, at=datetime.now(UTC) - timedelta(days=days_ago)
        )
    await clear(replace(services, settings=kept))
    assert await counted(services, owner.id) == {("view", ""): 1}
    assert len(await table(services, "SELECT 1 FROM conversations")) == 1
    assert len(await table(services, "SELECT 1 FROM questions")) == 1


async def test_writers_that_are_long_gone_are_forgotten(services: Services) -> None:
    for age in (timedelta(days=29), timedelta(days=31)):
        await table(
            services,
            "INSERT INTO audience_writers (writer, batch, written_at) VALUES ($1, 1, $2)",
            uuid7(),
            datetime.now(UTC) - age,
        )
    async with services.database.connection() as db:
        assert (await stale.clear(db, services.settings, datetime.now(UTC)))["silent writers"] == 1


@pytest.mark.parametrize("name", ["AUDIENCE_RETENTION_DAYS", "TRANSCRIPT_RETENTION_DAYS"])
@pytest.mark.parametrize("days", ["0", "-1", "1000000"])
def test_a_time_to_keep_that_means_nothing_is_refused_at_start(name: str, days: str) -> None:
    with pytest.raises(InvalidSetting, match=name):
        Settings.from_env({name: days})
