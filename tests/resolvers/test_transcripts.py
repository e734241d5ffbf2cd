"""What visitors asked and were answered, as owners read it: by plan, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.db import uuid7
from app.services import Services
from tests.audience.visiting import insert_conversation
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_flex, make_free, make_pro

PATH = "/v1/me/transcripts"
NOW = datetime.now(UTC)


@pytest.fixture
async def ann(services: Services, client: httpx.AsyncClient) -> Person:
    """The owner as whom `client` asks, on the pro plan."""
    ann = await Person(services).signed_in()
    await make_pro(services)
    client.headers["authorization"] = f"Bearer {ann.credentials.bearer}"
    return ann


async def listed(client: httpx.AsyncClient, **asked: Any) -> list[UUID]:
    answer = await client.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    return [UUID(item["id"]) for item in answer.json()["items"]]


async def test_a_conversation_is_told_in_short_and_in_full(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    source = {"section": "skills", "item_id": str(uuid7()), "title": "Rust", "text": "Four years."}
    made = await insert_conversation(
        services,
        await ann.account_id(),
        {"sources": [source]},
        {"answer_status": "insufficient_evidence", "topic": "Salary", "question": "What pay?"},
        at=NOW,
    )
    (item,) = (await client.get(PATH)).json()["items"]
    at = NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert item == {
        "id": str(made), "channel": "page", "started_at": at, "last_at": at, "questions": 2,
        "first_question": "Does she know Rust?", "by_machine": False,
        "answer_statuses": ["answered", "insufficient_evidence"],
    }  # fmt: skip
    transcript = (await client.get(f"{PATH}/{made}")).json()
    assert transcript["questions_count"] == 2
    first, second = transcript["questions"]["items"]
    assert first["sources"] == [source]
    assert (first["answer"], first["answer_mode"]) == ("Yes, for four years.", "extractive")
    assert (second["topic"], second["answer_status"]) == ("Salary", "insufficient_evidence")
    assert transcript["questions"]["next_cursor"] is None


async def test_what_was_asked_on_the_page_is_in_the_transcript(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    await client.patch("/v1/me/profile", json={"visibility": "public"})
    row = {"name": "PostgreSQL", "category": "Databases"}
    assert (await client.post("/v1/me/skills", json=row)).status_code == 201
    question = {"question": "Does she know PostgreSQL?"}
    asked = await client.post("/v1/profiles/ann/ask", json=question)
    assert asked.status_code == 200, asked.text
    (item,) = (await client.get(PATH)).json()["items"]
    assert item["id"] == asked.json()["conversation_id"]
    transcript = (await client.get(f"{PATH}/{item['id']}")).json()
    (told,) = transcript["questions"]["items"]
    assert told["question"] == question["question"]
    assert told["answer"] == asked.json()["answer"]
    assert told["sources"] == asked.json()["sources"]


async def test_without_the_plan_it_is_refused_and_never_empty(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann = await Person(services).signed_in()
    client.headers["authorization"] = f"Bearer {ann.credentials.bearer}"
    made = await insert_conversation(services, await ann.account_id(), {})
    query = "{ transcripts { items { id } } }"
    for plan in ("free", "flex"):
        if plan == "flex":
            await make_flex(services)
        for path in (PATH, f"{PATH}/{made}", f"{PATH}/{uuid7()}"):
            error = assert_error(await client.get(path), 403, "plan_required")
            assert error["details"] == {"required_plan": "pro", "effective_plan": plan}
        answer = (await client.post("/graphql", json={"query": query})).json()
        assert answer["data"] == {"transcripts": None}
        assert answer["errors"][0]["extensions"]["details"]["required_plan"] == "pro"
    await make_pro(services)
    assert await listed(client) == [made]
    await make_free(services)
    assert_error(await client.get(PATH), 403, "plan_required")


async def test_pages_hold_every_conversation_once(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    account_id = await ann.account_id()
    made = [await insert_conversation(services, account_id, {}) for _ in range(5)]
    found, cursor = [], None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = (await client.get(PATH, params=asked)).json()
        found += [UUID(item["id"]) for item in answer["items"]]
        if (cursor := answer["next_cursor"]) is None:
            break
        assert len(answer["items"]) == 2
    assert found == made[::-1]


async def test_a_long_conversation_comes_in_pages(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    asked = [{"question": f"Number {number}?"} for number in range(5)]
    made = await insert_conversation(services, await ann.account_id(), *asked)
    found, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        questions = (await client.get(f"{PATH}/{made}", params=params)).json()["questions"]
        found += [item["question"] for item in questions["items"]]
        if (cursor := questions["next_cursor"]) is None:
            break
    assert found == [each["question"] for each in asked]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "RUST"}, {"rust"}),
        ({"q": "four   years"}, {"rust", "zürich"}),
        ({"q": "ZÜRICH"}, {"zürich"}),
        ({"q": "100%"}, {"percent"}),
        ({"q": "100_"}, set()),
        ({"q": "\\"}, set()),
        ({"q": "  "}, {"rust", "zürich", "percent"}),
        ({"status": "unsupported"}, {"percent"}),
        ({"status": "unsupported", "q": "rust"}, set()),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
async def test_conversations_are_found_by_text_and_by_status(
    client: httpx.AsyncClient,
    services: Services,
    ann: Person,
    asked: dict[str, str],
    found: set[str],
) -> None:
    account_id = await ann.account_id()
    made = {
        "rust": await insert_conversation(services, account_id, {}),
        "zürich": await insert_conversation(services, account_id, {"question": "In Zürich?"}),
        "percent": await insert_conversation(
            services,
            account_id,
            {"question": "Hi", "answer": "No."},
            {"question": "100% sure?", "answer": "No.", "answer_status": "unsupported"},
        ),
    }
    assert set(await listed(client, **asked)) == {made[name] for name in found}


async def test_conversations_are_found_by_their_days(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    account_id, day = await ann.account_id(), timedelta(days=1)
    made = [
        await insert_conversation(services, account_id, {}, at=NOW - age * day) for age in (3, 2, 1)
    ]
    dates = [(NOW - age * day).date().isoformat() for age in (3, 2, 1)]
    assert await listed(client, **{"from": dates[1]}) == made[:0:-1]
    assert await listed(client, to=dates[1]) == made[1::-1]
    assert await listed(client, **{"from": dates[1], "to": dates[1]}) == [made[1]]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"from": "2026-02-02", "to": "2026-02-01"}, "from"),
        ({"q": "a" * 201}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"status": "unsure"}, "status"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
    ],
    ids=["days", "long", "nul", "status", "none", "many", "cursor"],
)
async def test_what_can_not_be_asked_is_refused(
    client: httpx.AsyncClient, ann: Person, asked: dict[str, str], path: str
) -> None:
    error = assert_error(await client.get(PATH, params=asked), 422, "validation_failed")
    assert [field["path"] for field in error["fields"]] == [path]


async def test_another_owners_conversation_is_not_found(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    bob = await Person(services).signed_in("bob")
    made = await insert_conversation(services, await bob.account_id(), {})
    assert await listed(client) == []
    for ask in (client.get, client.delete):
        assert_error(await ask(f"{PATH}/{made}"), 404, "not_found")
        assert_error(await ask(f"{PATH}/nonsense"), 404, "not_found")
    assert len(await table(services, "SELECT 1 FROM questions")) == 1


async def test_a_deleted_conversation_is_gone_with_its_questions(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    account_id = await ann.account_id()
    kept = await insert_conversation(services, account_id, {})
    made = await insert_conversation(services, account_id, {}, {})
    await make_free(services)
    assert (await client.delete(f"{PATH}/{made}")).status_code == 204
    assert_error(await client.delete(f"{PATH}/{made}"), 404, "not_found")
    rows = await table(services, "SELECT conversation_id FROM questions")
    assert [row["conversation_id"] for row in rows] == [kept]
    assert (await client.get("/v1/me/insights")).json()["questions"]["total"] == 1


async def test_graphql_answers_the_same(
    client: httpx.AsyncClient, services: Services, ann: Person
) -> None:
    made = await insert_conversation(services, await ann.account_id(), {}, {})
    query = """query($id: UUID!) {
        transcripts(q: "rust", status: ANSWERED) { items { id questions answerStatuses } }
        transcript(transcriptId: $id, limit: 1) {
            channel questionsCount questions { items { question answerStatus } nextCursor } } }"""
    variables = {"id": str(made)}
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    data = answer.json()["data"]
    assert data["transcripts"]["items"] == [
        {"id": str(made), "questions": 2, "answerStatuses": ["ANSWERED"]}
    ]
    assert data["transcript"]["questionsCount"] == 2
    assert data["transcript"]["questions"]["items"] == [
        {"question": "Does she know Rust?", "answerStatus": "ANSWERED"}
    ]
    assert data["transcript"]["questions"]["nextCursor"]


async def test_strangers_are_told_nothing(client: httpx.AsyncClient) -> None:
    for path in (PATH, f"{PATH}/{uuid7()}"):
        assert_error(await client.get(path), 401, "unauthenticated")
