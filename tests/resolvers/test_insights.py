"""What owners are told of their audience, over REST and GraphQL, by plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.audience.figures import MOST_NAMES, days_of
from app.audience.machines import Machine
from app.audience.visits import Visit
from app.errors import ValidationFailed
from app.plans import Plans, Tier
from app.services import Services
from app.settings import Settings
from tests.audience.visiting import (
    GOOGLEBOT,
    Shown,
    asking,
    audience_of,
    insert_conversation,
    insert_count,
    this_day,
)
from tests.people import Person
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_flex, make_free, make_pro

PATH = "/v1/me/insights"
# Which feature of the table of plans each block takes.
BLOCKS = {
    "views": "insights", "sections": "insights", "downloads": "insights",
    "questions": "insights", "machines": "insights", "referrers": "insights_referrers",
    "clicks": "insights_clicks", "topics": "insights_topics",
}  # fmt: skip


@pytest.fixture
async def ann(services: Services, client: httpx.AsyncClient) -> Person:
    """The owner as whom `client` asks."""
    ann = await Person(services).signed_in()
    client.headers["authorization"] = f"Bearer {ann.credentials.bearer}"
    return ann


async def told(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    answer = await client.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_new_owner_has_had_no_audience(client: httpx.AsyncClient, ann: Person) -> None:
    insights = await told(client)
    assert (insights["plan"], insights["to"]) == ("free", this_day().isoformat())
    views = insights["views"]
    assert (views["total"], views["private"], views["visitors"]) == (0, 0, 0)
    assert len(views["by_day"]) == 30
    assert {(day["views"], day["visitors"]) for day in views["by_day"]} == {(0, 0)}


async def test_insights_equal_the_visits_made(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    await make_pro(services)
    shown, audience = Shown(await ann.account_id()), audience_of(services)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2"):
        audience.viewed(shown, asking(address=address, referer="https://news.example/item?id=1"))
    audience.viewed(shown, asking(dnt="1"))
    audience.viewed(shown, asking(agent=GOOGLEBOT))
    audience.downloaded(shown, asking(), "pdf")
    audience.record(
        shown.account_id, Visit(), clicks=["https://rust.example/"], sections=["skills", "projects"]
    )
    audience.record(shown.account_id, Visit(), sections=["skills"])
    await audience.write()
    insights = await told(client, period="7d")
    always = {"available": True, "required_plan": "free"}
    views = insights["views"]
    assert views["by_day"][-1] == {"date": this_day().isoformat(), "views": 4, "visitors": 2}
    assert {name: views[name] for name in ("total", "private", "visitors", "visitor_counting")} == {
        "total": 4, "private": 1, "visitors": 2, "visitor_counting": "sum_of_daily_uniques",
    }  # fmt: skip
    assert insights["referrers"] == {
        "available": True, "required_plan": "flex", "direct": 1, "others": 0,
        "items": [{"host": "news.example", "views": 3}],
    }  # fmt: skip
    assert insights["sections"]["items"] == [
        {"section": "skills", "count": 2},
        {"section": "projects", "count": 1},
    ]
    assert insights["downloads"] == always | {"total": 1, "items": [{"format": "pdf", "count": 1}]}
    assert insights["clicks"] == {
        "available": True, "required_plan": "flex", "total": 1,
        "items": [{"url": "https://rust.example/", "count": 1}],
    }  # fmt: skip
    assert insights["machines"] == always | {
        "total": 1,
        "items": [{"kind": "search_engine", "count": 1}],
    }


async def test_visitors_are_those_of_each_day_added_up(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    account_id = await ann.account_id()
    earlier = this_day() - timedelta(days=5)
    await insert_count(services, account_id, earlier, "visitor", count=7)
    await insert_count(services, account_id, earlier, "view", count=9)
    audience = audience_of(services)
    audience.viewed(Shown(account_id), asking())
    await audience.write()
    views = (await told(client, period="7d"))["views"]
    assert views["visitors"] == 8
    counted = {day["date"]: day["visitors"] for day in views["by_day"] if day["visitors"]}
    assert counted == {earlier.isoformat(): 7, this_day().isoformat(): 1}
    assert [day["date"] for day in views["by_day"]] == [
        (this_day() - timedelta(days=back)).isoformat() for back in range(6, -1, -1)
    ]


async def test_questions_count_by_how_they_were_answered(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    await make_pro(services)
    account_id = await ann.account_id()
    unknown = {"answer_status": "insufficient_evidence"}
    await insert_conversation(
        services,
        account_id,
        {},
        {"answer_status": "partially_answered", "topic": "Salary"},
        {**unknown, "topic": "salary"},
        {**unknown, "topic": "Remote work"},
        {"answer_status": "unsupported"},
        {**unknown, "topic": "Cheap pills", "is_bot": True},
        {"topic": "Rust"},
    )
    long_ago = datetime.now(UTC) - timedelta(days=40)
    await insert_conversation(services, account_id, {**unknown, "topic": "Visa"}, at=long_ago)
    insights = await told(client)
    assert insights["questions"] == {
        "available": True, "required_plan": "free", "total": 6, "answered": 2,
        "partially_answered": 1, "insufficient_evidence": 2, "unsupported": 1, "by_machines": 1,
    }  # fmt: skip
    today = this_day().isoformat()
    assert insights["topics"]["items"] == [
        {"topic": "Salary", "questions": 2, "last_asked_on": today},
        {"topic": "Remote work", "questions": 1, "last_asked_on": today},
    ]
    assert (await told(client, period="90d"))["questions"]["total"] == 7


@pytest.mark.parametrize("tier", Tier, ids=lambda tier: tier.label)
async def test_each_block_says_whether_the_plan_has_it(
    client: httpx.AsyncClient, services: Services, ann: Person, tier: Tier
) -> None:
    if tier is Tier.CREDITS:
        await make_flex(services)
    if tier is Tier.SUBSCRIPTION:
        await make_pro(services)
    plans = Plans(services.settings)
    insights = await told(client)
    assert insights["plan"] == tier.label
    for block, feature in BLOCKS.items():
        available = getattr(plans.entitlements(tier), feature)
        assert insights[block]["available"] is available
        least: Any = feature
        assert insights[block]["required_plan"] == plans.least(least).label
        if not available:
            figures = set(insights[block].values()) - {False, insights[block]["required_plan"]}
            assert figures == {None}


async def test_who_has_a_plan_no_more_sees_what_the_lesser_has(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    await insert_count(services, await ann.account_id(), this_day(), "referrer", "news.example")
    await make_pro(services)
    assert (await told(client))["referrers"]["items"] == [{"host": "news.example", "views": 1}]
    await make_free(services)
    referrers = (await told(client))["referrers"]
    assert referrers["available"] is False
    assert referrers["items"] is None


async def test_graphql_answers_the_same(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    account_id = await ann.account_id()
    await insert_count(services, account_id, this_day(), "view", count=3)
    await insert_count(services, account_id, this_day(), "machine", Machine.AI.value, 2)
    query = """{ insights(period: "7d") {
        from to plan
        views { total visitorCounting byDay { date views visitors } }
        referrers { available requiredPlan items { host } }
        machines { items { kind count } } } }"""
    graphql = (await client.post("/graphql", json={"query": query})).json()["data"]["insights"]
    rest = await told(client, period="7d")
    assert (graphql["from"], graphql["to"]) == (rest["from"], rest["to"])
    assert graphql["views"]["byDay"] == rest["views"]["by_day"]
    assert graphql["views"]["visitorCounting"] == "SUM_OF_DAILY_UNIQUES"
    assert graphql["referrers"] == {"available": False, "requiredPlan": "flex", "items": None}
    assert graphql["machines"]["items"] == [{"kind": "AI", "count": 2}]


async def test_insights_are_of_the_account_alone(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    bob = await Person(services).signed_in("bob")
    await insert_count(services, await bob.account_id(), this_day(), "view", count=3)
    await insert_conversation(services, await bob.account_id(), {})
    insights = await told(client)
    assert (insights["views"]["total"], insights["questions"]["total"]) == (0, 0)


async def test_the_most_frequent_names_are_listed_and_the_rest_is_added_up(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    await make_pro(services)
    account_id = await ann.account_id()
    for number in range(MOST_NAMES + 3):
        name, count = f"{number:02}.example", 100 - number
        await insert_count(services, account_id, this_day(), "referrer", name, count)
    await insert_count(services, account_id, this_day(), "referrer", "", 5)
    referrers = (await told(client))["referrers"]
    assert [item["views"] for item in referrers["items"]] == [
        100 - number for number in range(MOST_NAMES)
    ]
    assert referrers["others"] == 50 + 49 + 48 + 5


async def test_all_begins_with_the_account_or_what_is_kept_of_it(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    assert (await told(client, period="all"))["from"] == this_day().isoformat()
    account_id = await ann.account_id()
    await insert_count(services, account_id, this_day() - timedelta(days=400), "view")
    insights = await told(client, period="all")
    assert len(insights["views"]["by_day"]) == 401
    assert insights["views"]["total"] == 1
    kept = services.settings.audience_retention_days
    await insert_count(services, account_id, this_day() - timedelta(days=kept + 3), "view")
    assert len((await told(client, period="all"))["views"]["by_day"]) == kept


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"period": "8d"}, "period"),
        ({"period": ""}, "period"),
        ({"period": "7d", "to": "2026-01-01"}, "period"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "from"),
        ({"from": "2024-01-01", "to": "2026-01-01"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"since": "2026-01-01"}, "since"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
async def test_a_range_that_can_not_be_is_refused(
    client: httpx.AsyncClient, ann: Person, asked: dict[str, str], path: str
) -> None:
    answer = await client.get(PATH, params=asked)
    error = assert_error(answer, 422, "validation_failed")
    assert [field["path"] for field in error["fields"]] == [path]


@pytest.mark.parametrize(
    ("first", "last"), [("0001-01-01", "0001-01-03"), ("9999-12-01", "9999-12-31")]
)
async def test_a_range_of_any_years_is_answered(
    client: httpx.AsyncClient, ann: Person, first: str, last: str
) -> None:
    insights = await told(client, **{"from": first, "to": last})
    assert (insights["from"], insights["to"]) == (first, last)


async def test_strangers_are_told_nothing(client: httpx.AsyncClient) -> None:
    assert_error(await client.get(PATH), 401, "unauthenticated")


def test_a_period_ends_today_and_days_alone_mean_a_month() -> None:
    today = date(2026, 3, 31)
    assert days_of("7d", None, None, today) == (date(2026, 3, 25), today)
    assert days_of("12m", None, None, today) == (date(2025, 4, 1), today)
    assert days_of("all", None, None, today) == (None, today)
    assert days_of(None, None, None, today) == days_of("30d", None, None, today)
    assert days_of(None, None, date(2026, 1, 31), today) == (date(2026, 1, 2), date(2026, 1, 31))
    assert days_of(None, date(2026, 3, 1), None, today) == (date(2026, 3, 1), today)
    assert days_of(None, None, date(1, 1, 2), today) == (date(1, 1, 1), date(1, 1, 2))


def test_a_year_and_a_day_is_the_longest_range() -> None:
    today = date(2026, 3, 31)
    longest = today - timedelta(days=365)
    assert days_of(None, longest, today, today) == (longest, today)
    with pytest.raises(ValidationFailed):
        days_of(None, longest - timedelta(days=1), today, today)


def test_the_table_of_plans_has_every_block() -> None:
    entitlements = Plans(Settings()).entitlements(Tier.SUBSCRIPTION)
    assert all(getattr(entitlements, feature) for feature in BLOCKS.values())
