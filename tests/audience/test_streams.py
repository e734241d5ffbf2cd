"""Transcripts and figures, row by row."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, time, timedelta

from app.audience import streams
from app.audience.streams import InsightsLine
from app.services import Services
from tests.audience.visiting import (
    Shown,
    asking,
    audience_of,
    insert_conversation,
    insert_count,
    this_day,
)
from tests.owners import Owner
from tests.people import table

LONG_AGO = date(2020, 1, 1)


async def insert_questions(services: Services, owner: Owner, number: int) -> None:
    """Five a second from noon of a day in 2020, so that many have the same time."""
    conversation_id = await insert_conversation(services, owner.id)
    await table(
        services,
        "INSERT INTO questions (id, conversation_id, account_id, asked_at, channel, question,"
        " answer, answer_status, answer_mode, confidence_band, latency_ms)"
        " SELECT gen_random_uuid(), $1, $2, $3::timestamptz + interval '1 second' * (n / 5),"
        " 'page', 'question ' || n, 'answer', 'answered', 'extractive', 'high', 1"
        " FROM generate_series(1, $4::int) AS n",
        conversation_id,
        owner.id,
        datetime.combine(date(2020, 3, 1), time(12), UTC),
        number,
    )


async def test_every_question_comes_once_and_in_order(services: Services) -> None:
    owner = await Owner.create(services)
    other = await Owner.create(services)
    number = 2 * streams.PAGE_ROWS + 1
    await insert_questions(services, owner, number)
    await insert_questions(services, other, 3)
    lines = [
        line
        async for line in streams.transcripts(services.database, owner.id, LONG_AGO, this_day())
    ]
    assert {line.question for line in lines} == {f"question {n}" for n in range(1, number + 1)}
    assert len(lines) == number
    assert [line.asked_at for line in lines] == sorted(line.asked_at for line in lines)


async def test_a_range_holds_its_first_and_its_last_day(services: Services) -> None:
    owner = await Owner.create(services)
    days = [this_day() - timedelta(days=n) for n in range(4)]
    for day in days:
        midnight = datetime.combine(day, time(), UTC)
        await insert_conversation(services, owner.id, {}, at=midnight)
        await insert_conversation(services, owner.id, {}, at=midnight + timedelta(hours=23.99))
    lines = [
        line async for line in streams.transcripts(services.database, owner.id, days[2], days[1])
    ]
    assert [line.asked_at.date() for line in lines] == [days[2], days[2], days[1], days[1]]


async def test_figures_of_a_day_are_those_of_all_tables(services: Services) -> None:
    owner = await Owner.create(services)
    earlier = this_day() - timedelta(days=20)
    await insert_count(services, owner.id, earlier, "visitor", count=4)
    await insert_count(services, owner.id, earlier, "referrer", "news.example", 2)
    audience = audience_of(services)
    audience.viewed(Shown(owner.id), asking())
    await audience.write()
    await insert_conversation(services, owner.id, {}, {}, {"is_bot": True})
    lines = [
        line
        async for line in streams.insights_rows(services.database, owner.id, LONG_AGO, this_day())
    ]
    assert lines == [
        InsightsLine(earlier, "referrer", "news.example", 2),
        InsightsLine(earlier, "visitor", "", 4),
        InsightsLine(this_day(), "question", "answered", 2),
        InsightsLine(this_day(), "view", "", 1),
        InsightsLine(this_day(), "visitor", "", 1),
    ]


async def test_a_range_at_the_end_of_time_ends(services: Services) -> None:
    owner = await Owner.create(services)
    for first, last in ((date(9999, 12, 1), date.max), (date.min, date(1, 2, 1))):
        database = services.database
        assert [line async for line in streams.insights_rows(database, owner.id, first, last)] == []
        assert [line async for line in streams.transcripts(database, owner.id, first, last)] == []


async def test_memory_does_not_grow_with_the_number_of_rows(services: Services) -> None:
    owner = await Owner.create(services)
    await insert_questions(services, owner, 20_000)
    peaks = []
    for _ in range(2):
        tracemalloc.start()
        seen = 0
        async for _ in streams.transcripts(services.database, owner.id, LONG_AGO, this_day()):
            seen += 1
            if seen == 10_000:  # after enough pages that the fullest is among them
                first_pages = tracemalloc.get_traced_memory()[1]
        peaks.append((first_pages, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
        assert seen == 20_000
    # A line kept takes half a kilobyte; what else this process does meanwhile, far less.
    at_half, at_end = peaks[1]
    assert at_end - at_half < 10_000 * 100
