"""Figures and conversations on pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.services import Services
from tests.audience.visiting import insert_conversation
from tests.people import Person, table
from tests.site.visiting import Visit
from tests.subscribers import make_free, make_pro

TRANSCRIPTS = "/audience/transcripts"


@pytest.fixture
async def paying(services: Services, ann: Person) -> Person:
    await make_pro(services)
    return ann


async def conversation(services: Services, of: Person, **question: object) -> str:
    made = await insert_conversation(
        services, await of.account_id(), question, at=datetime.now(UTC)
    )
    return str(made)


async def test_a_page_that_nobody_has_seen_says_so(visit: Visit) -> None:
    page = await visit.open("/audience")
    assert page.status_code == 200
    assert "Nobody looked at your page in this time." in page.text


@pytest.mark.parametrize("period", ["7d", "90d", "none\x01"])
async def test_the_period_that_is_shown_is_marked(visit: Visit, period: str) -> None:
    page = await visit.http.get("/audience", params={"period": period})
    shown = period if period[-1] == "d" else "30d"
    assert f'href="/audience?period={shown}" aria-current="page"' in page.text


async def test_what_a_plan_has_not_is_shown_as_such(visit: Visit, services: Services) -> None:
    await make_free(services)
    page = await visit.open("/audience")
    assert "The sites that lead people to you" in page.text
    page = await visit.open(TRANSCRIPTS)
    assert (page.status_code, "See the plans" in page.text) == (200, True)
    for kind in ("insights", "transcripts"):
        assert (await visit.open(f"/audience/{kind}.csv")).status_code == 403


async def test_a_conversation_is_found_read_and_deleted(
    visit: Visit, services: Services, paying: Person
) -> None:
    made = await conversation(services, paying, question="Does she know <b>Rust</b>?")
    page = await visit.http.get(TRANSCRIPTS, params={"q": "rust"})
    assert "&lt;b&gt;Rust" in page.text
    page = await visit.http.get(TRANSCRIPTS, params={"q": "cobol"})
    assert "Nothing found" in page.text
    page = await visit.open(f"{TRANSCRIPTS}/{made}")
    assert "Yes, for four years." in page.text
    page = await visit.send(f"{TRANSCRIPTS}/{made}/delete")
    assert "No conversations yet" in page.text
    assert await table(services, "SELECT id FROM conversations") == []


async def test_conversations_and_figures_are_taken_along(
    visit: Visit, services: Services, paying: Person
) -> None:
    await conversation(services, paying, question="What pay?")
    file = await visit.open("/audience/transcripts.csv")
    assert "What pay?" in file.text
    file = await visit.open("/audience/insights.json?period=7d")
    assert file.status_code == 200


async def test_a_conversation_with_somebody_else_is_not_found(
    visit: Visit, services: Services, paying: Person
) -> None:
    bob = await Person(services).signed_in("bob")
    made = await conversation(services, bob)
    await visit.open(f"{TRANSCRIPTS}/{await conversation(services, paying)}")
    for other in (made, "no-id"):
        assert (await visit.open(f"{TRANSCRIPTS}/{other}")).status_code == 404
    assert len(await table(services, "SELECT id FROM conversations")) == 2
