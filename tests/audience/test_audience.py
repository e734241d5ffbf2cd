"""Visits: noted in the process, written in batches, each once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.audience import tally as bounds
from app.audience import writing
from app.audience.audience import Audience
from app.audience.visits import Visit
from app.call import Credentials
from app.services import Services
from app.settings import Settings
from tests.audience.visiting import (
    FIREFOX,
    GOOGLEBOT,
    Shown,
    asking,
    audience_of,
    counted,
    this_day,
    visitors,
)
from tests.owners import Owner
from tests.people import Person, table


@pytest.fixture
async def shown(services: Services) -> Shown:
    return Shown((await Owner.create(services)).id)


@pytest.fixture
def audience(services: Services) -> Audience:
    return audience_of(services)


async def test_views_of_one_visitor_are_one_visitor(
    services: Services, audience: Audience, shown: Shown
) -> None:
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        audience.viewed(shown, asking(address=address))
    await audience.write()
    audience.viewed(shown, asking(address="192.0.2.2"))
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 4}
    assert list((await visitors(services, shown.account_id)).values()) == [2]


async def test_what_is_noted_is_written_by_itself(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.viewed(shown, asking())
    assert audience._timer is not None
    await audience._timer
    assert await counted(services, shown.account_id) == {("view", ""): 1}


async def test_what_is_noted_is_written_at_the_end(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.viewed(shown, asking())
    await audience.close()
    assert await counted(services, shown.account_id) == {("view", ""): 1}


async def test_of_a_referrer_only_the_host_is_kept(
    services: Services, audience: Audience, shown: Shown
) -> None:
    for referrer in (
        "https://www.linkedin.com/in/someone?trk=secret",
        "https://linkedin.com/feed",
        "android-app://com.slack/",
        "https://cv.example/u/ann",
        "http://127.0.0.1:8000/u/ann",
        "file:///home/ann/notes.html",
        "not an address",
    ):
        audience.viewed(shown, asking(referer=referrer))
    await audience.write()
    assert await counted(services, shown.account_id) == {
        ("view", ""): 7,
        ("referrer", "linkedin.com"): 2,
        ("referrer", "com.slack"): 1,
    }


@pytest.mark.parametrize("header", ["dnt", "sec_gpc"])
async def test_who_asks_not_to_be_followed_is_a_view_and_nothing_more(
    services: Services, audience: Audience, shown: Shown, header: str
) -> None:
    audience.viewed(shown, asking(referer="https://linkedin.com/", **{header: "1"}))
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 1, ("private_view", ""): 1}
    assert await visitors(services, shown.account_id) == {}


async def test_machines_are_counted_apart_and_are_no_visitors(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.viewed(shown, asking(agent=GOOGLEBOT, referer="https://google.com/"))
    audience.viewed(shown, asking(agent="curl/8.5.0"))
    audience.viewed(shown, asking(agent=""))
    audience.viewed(shown, asking(method="HEAD"))
    audience.viewed(shown, asking(sec_purpose="prefetch;prerender"))
    audience.viewed(shown, asking(x_purpose="preview"))
    audience.downloaded(shown, asking(agent=GOOGLEBOT), "pdf")
    audience.downloaded(shown, asking(method="HEAD"), "pdf")
    audience.downloaded(shown, asking(agent="curl/8.5.0", method="HEAD"), "pdf")
    await audience.write()
    assert await counted(services, shown.account_id) == {
        ("machine", "search_engine"): 2,
        ("machine", "tool"): 2,
        ("machine", "monitor"): 3,
        ("machine", "prefetch"): 2,
    }
    assert await visitors(services, shown.account_id) == {}


async def test_a_program_that_fetches_a_file_has_downloaded_it(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.downloaded(shown, asking(agent="curl/8.5.0"), "json")
    audience.downloaded(shown, asking(), "pdf")
    await audience.write()
    assert await counted(services, shown.account_id) == {
        ("download", "json"): 1,
        ("download", "pdf"): 1,
    }
    assert await visitors(services, shown.account_id) == {}


async def test_owners_who_are_signed_in_are_not_their_own_audience(
    services: Services, audience: Audience
) -> None:
    ann, bob = await Person(services).signed_in("ann"), await Person(services).signed_in("bob")
    shown = Shown(await ann.account_id())

    def by(credentials: Credentials) -> dict[str, Any]:
        return asking(authorization=f"Bearer {credentials.bearer}")

    audience.viewed(shown, by(ann.credentials))
    audience.downloaded(shown, by(ann.credentials), "pdf")
    audience.viewed(shown, by(bob.credentials))
    audience.viewed(shown, by(Credentials(bearer="nonsense")))
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 2}


async def test_days_end_at_midnight_and_have_a_salt_each(services: Services, shown: Shown) -> None:
    tomorrow = this_day() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), UTC).timestamp()
    now = midnight - 0.001
    audience = audience_of(services, lambda: now)
    audience.viewed(shown, asking())
    await audience.write()
    audience.viewed(shown, asking())
    now = midnight
    audience.viewed(shown, asking())
    await audience.write()
    assert await visitors(services, shown.account_id) == {this_day(): 1, tomorrow: 1}
    rows = await table(services, "SELECT DISTINCT visitor FROM audience_visitors")
    assert len(rows) == 2
    days = await table(services, "SELECT day, count FROM audience_counts ORDER BY day")
    assert [tuple(row) for row in days] == [(this_day(), 2), (tomorrow, 1)]


async def test_no_two_accounts_know_a_visitor_as_the_same(
    services: Services, audience: Audience, shown: Shown
) -> None:
    other = Shown((await Owner.create(services)).id)
    audience.viewed(shown, asking())
    audience.viewed(other, asking())
    await audience.write()
    assert len(await table(services, "SELECT DISTINCT visitor FROM audience_visitors")) == 2


async def test_processes_that_write_at_once_lose_nothing_and_count_nothing_twice(
    services: Services, shown: Shown
) -> None:
    others = [shown, *[Shown((await Owner.create(services)).id) for _ in range(3)]]
    processes = [audience_of(services) for _ in range(4)]

    async def work(audience: Audience, turn: int) -> None:
        for number in range(40):
            for each in sorted(others, key=lambda _: (number * turn) % 4):
                audience.viewed(each, asking(address=f"192.0.2.{number}"))
            await audience.write()

    await asyncio.gather(*(work(audience, turn) for turn, audience in enumerate(processes)))
    for audience in processes:
        await audience.close()
    for each in others:
        assert await counted(services, each.account_id) == {("view", ""): 160}
        assert await visitors(services, each.account_id) == {this_day(): 40}


async def test_a_batch_whose_writing_was_not_confirmed_is_counted_once(
    services: Services, audience: Audience, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = writing.write

    async def write_and_hang_up(*arguments: Any) -> None:
        await really(*arguments)
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr("app.audience.audience.write", write_and_hang_up)
        audience.viewed(shown, asking())
        await audience.write()
    audience.viewed(shown, asking())
    await audience.write()
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 2}


async def test_who_holds_a_line_is_not_kept_waiting(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.viewed(shown, asking())
    await audience.write()
    audience.viewed(shown, asking())
    async with services.database.raw().acquire() as other, other.transaction():
        await other.execute("UPDATE audience_counts SET count = count")
        await audience.write()
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 2}


async def test_an_account_that_is_gone_keeps_nobody_elses_visits_from_being_written(
    services: Services, audience: Audience, shown: Shown
) -> None:
    gone = Shown((await Owner.create(services)).id)
    audience.viewed(gone, asking())
    audience.viewed(shown, asking())
    await table(services, "DELETE FROM accounts WHERE id = $1", gone.account_id)
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 1}
    await table(services, "DELETE FROM accounts WHERE id = $1", shown.account_id)
    for kept in ("audience_counts", "audience_visitors"):
        assert await table(services, f"SELECT 1 FROM {kept}") == []


async def test_made_up_referrers_take_only_so_many_rows(
    services: Services, audience: Audience, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wave in range(3):
        for number in range(writing.MOST_NAMES):
            audience.viewed(shown, asking(referer=f"https://{wave}-{number}.example/"))
        audience.viewed(shown, asking(referer="https://0-0.example/"))
        await audience.write()
    found = await counted(services, shown.account_id)
    referrers = {name: count for (metric, name), count in found.items() if metric == "referrer"}
    assert len(referrers) == writing.MOST_NAMES + 1
    assert referrers["0-0.example"] == 4
    assert referrers[""] == 2 * writing.MOST_NAMES
    assert sum(referrers.values()) == found["view", ""]


async def test_made_up_visitors_take_only_so_many_rows(
    services: Services, audience: Audience, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_VISITORS", 10)
    for number in range(30):
        audience.viewed(shown, asking(agent=f"{FIREFOX} {number}"))
    await audience.write()
    assert await visitors(services, shown.account_id) == {this_day(): 10}
    assert await counted(services, shown.account_id) == {("view", ""): 30}


async def test_names_are_cut_to_what_an_index_takes(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.record(shown.account_id, Visit(), clicks=["https://example.com/" + "é" * 3000])
    await audience.write()
    ((metric, name),) = await counted(services, shown.account_id)
    assert (metric, len(name)) == ("click", 600)


async def test_without_the_database_visits_wait_within_bounds(
    settings: Settings,
    services: Services,
    shown: Shown,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bounds, "MOST_LINES", 50)
    away = Services.from_settings(settings)
    await away.open()
    audience = away.audience
    await away.database.close()
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            for number in range(150):
                audience.viewed(shown, asking(referer=f"https://{number}.example/"))
            await audience.write()
    assert "visits not written yet" in caplog.messages
    await away.database.open()
    await audience.close()
    found = await counted(services, shown.account_id)
    assert found["view", ""] == 300
    assert sum(count for (metric, _), count in found.items() if metric == "referrer") == 300
    assert len(found) < 120
    assert await visitors(services, shown.account_id) == {this_day(): 1}
    await away.database.close()
    await away.redis.aclose()


async def test_without_redis_visits_wait(
    settings: Settings, services: Services, shown: Shown
) -> None:
    nowhere = Services.from_settings(replace(settings, redis_url="unix:///nowhere/at/all"))
    audience = audience_of(replace(services, redis=nowhere.redis))
    audience.viewed(shown, asking())
    await audience.write()
    assert await counted(services, shown.account_id) == {}
    audience.visitors._redis = services.redis
    await audience.write()
    assert await counted(services, shown.account_id) == {("view", ""): 1}
    assert await visitors(services, shown.account_id) == {this_day(): 1}
    await nowhere.redis.aclose()


async def test_a_request_that_can_not_be_read_is_answered_all_the_same(
    audience: Audience, shown: Shown, caplog: pytest.LogCaptureFixture
) -> None:
    audience.viewed(shown, {"type": "http", "state": {}})
    assert caplog.messages == ["a visit was not counted"]


async def test_neither_address_nor_agent_is_kept(
    services: Services, audience: Audience, shown: Shown
) -> None:
    audience.viewed(shown, asking(address="203.0.113.77", agent="Mozilla/5.0 (Rare Device 77)"))
    await audience.write()
    for kept in ("audience_counts", "audience_visitors", "audience_writers"):
        rows = await table(services, f"SELECT to_jsonb(t)::text AS row FROM {kept} AS t")
        assert rows
        assert not any("203.0.113" in row["row"] or "Rare" in row["row"] for row in rows)
    assert not audience._tally
