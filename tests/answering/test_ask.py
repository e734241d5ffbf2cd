"""Visitors' questions, over REST and GraphQL."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from strawberry import Some

from app.profile.visibility import Visibility
from app.services import Services
from app.settings import Settings
from schema.types.profile import ProfilePatch
from tests.answering.people import ASK, ada
from tests.conftest import serving
from tests.people import Person, table

MUTATION = """
mutation ($username: String!, $input: AskInput!) {
  ask(username: $username, input: $input) {
    conversationId answer answerStatus answerMode confidenceBand
    sources { section itemId title text }
  }
}
"""


async def ask(client: httpx.AsyncClient, question: str, **more: object) -> httpx.Response:
    return await client.post(ASK, json={"question": question, **more})


async def test_a_computed_answer_has_its_sources(
    client: httpx.AsyncClient, services: Services
) -> None:
    await ada(services)
    answer = (await ask(client, "Where does she work now?")).json()
    assert answer["answer_status"] == "answered"
    assert (answer["answer_mode"], answer["confidence_band"]) == ("extractive", "high")
    assert "Staff engineer, Maplebank" in answer["answer"]
    assert [source["section"] for source in answer["sources"]] == ["experience"]
    assert UUID(answer["sources"][0]["item_id"])


async def test_prose_is_quoted(client: httpx.AsyncClient, services: Services) -> None:
    await ada(services)
    answer = (await ask(client, "How did she move a monolith to services?")).json()
    assert answer["answer_status"] == "answered"
    assert "Led the move from a monolith to eleven services" in answer["answer"]


async def test_a_quote_is_no_yes_and_no_no(client: httpx.AsyncClient, services: Services) -> None:
    await ada(services)
    for question in ("Did she move a monolith to services?", "Did she have downtime?"):
        answer = (await ask(client, question)).json()
        assert answer["answer_status"] == "partially_answered"
        assert answer["confidence_band"] in ("medium", "low")
        assert "to eleven services" in answer["answer"]


async def test_what_the_profile_does_not_say_is_not_answered(
    client: httpx.AsyncClient, services: Services
) -> None:
    await ada(services)
    answer = (await ask(client, "Does she know Rust?")).json()
    assert answer["answer_status"] == "insufficient_evidence"
    assert answer["sources"] == []
    rows = await table(services, "SELECT topic FROM questions")
    assert [row["topic"] for row in rows] == ["rust"]


async def test_both_surfaces_answer_alike(client: httpx.AsyncClient, services: Services) -> None:
    await ada(services)
    question = "How many years of experience with PostgreSQL?"
    rest = (await ask(client, question)).json()
    variables = {"username": "ada", "input": {"question": question}}
    told = await client.post("/graphql", json={"query": MUTATION, "variables": variables})
    answer = told.json()["data"]["ask"]
    assert answer["answer"] == rest["answer"]
    assert answer["answerStatus"] == "ANSWERED"


async def test_a_visitor_may_go_on_from_the_answer_before(
    client: httpx.AsyncClient, services: Services
) -> None:
    await ada(services)
    now = (await ask(client, "Where does she work now?")).json()
    conversation = now["conversation_id"]
    before = (await ask(client, "And before that?", conversation_id=conversation)).json()
    assert before["conversation_id"] == conversation
    assert "Parcelwise" in before["answer"]
    long = (await ask(client, "How long was she at Maplebank?")).json()
    more = await ask(client, "And Parcelwise?", conversation_id=long["conversation_id"])
    assert "3 years 8 months" in more.json()["answer"]


async def test_a_conversation_of_somebody_else_is_not_gone_on_with(
    client: httpx.AsyncClient, services: Services
) -> None:
    await ada(services)
    mine = (await ask(client, "Where does she work now?")).json()["conversation_id"]
    other = await client.post(
        ASK,
        json={"question": "And before that?", "conversation_id": mine},
        headers={"user-agent": "another browser"},
    )
    assert other.json()["conversation_id"] != mine
    unknown = await ask(client, "Where does she work now?", conversation_id=str(uuid4()))
    assert unknown.status_code == 200
    rows = await table(services, "SELECT questions FROM conversations WHERE id = $1", UUID(mine))
    assert rows[0]["questions"] == 1


async def test_the_question_is_kept_with_its_answer(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await ada(services)
    await ask(client, "Where does she work now?")
    [row] = await table(services, "SELECT * FROM questions")
    assert row["account_id"] == await person.account_id()
    assert row["question"] == "Where does she work now?"
    assert (row["channel"], row["answer_status"], row["answer_mode"]) == (
        "page",
        "answered",
        "extractive",
    )
    assert row["is_bot"]
    [conversation] = await table(services, "SELECT * FROM conversations")
    assert (conversation["questions"], len(conversation["visitor"])) == (1, 12)


async def test_who_asks_not_to_be_recognised_is_not(
    client: httpx.AsyncClient, services: Services
) -> None:
    await ada(services)
    await client.post(ASK, json={"question": "Where is she based?"}, headers={"dnt": "1"})
    [row] = await table(services, "SELECT visitor FROM conversations")
    assert row["visitor"] is None


async def test_what_is_hidden_is_no_answer(client: httpx.AsyncClient, services: Services) -> None:
    await ada(services, phone="+44 113 496 0101")
    await table(
        services,
        "INSERT INTO presentations (account_id, hidden_sections)"
        " SELECT id, '{experience}' FROM accounts",
    )
    for question in ("Where does she work now?", "Who is Maplebank?", "What is her phone number?"):
        answer = (await ask(client, question)).json()
        assert answer["answer_status"] == "insufficient_evidence", question
        assert "Maplebank" not in answer["answer"]


async def test_nobody_answers_for_a_private_profile(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await ada(services)
    await person.run("update_profile", input=ProfilePatch(visibility=Some(Visibility.PRIVATE)))
    hidden = await ask(client, "Where does she work now?")
    nobody = await client.post("/v1/profiles/nobody/ask", json={"question": "Who is it?"})
    assert (hidden.status_code, nobody.status_code) == (404, 404)
    assert await table(services, "SELECT FROM questions") == []


async def test_an_owner_may_take_no_questions(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await ada(services)
    await person.run("update_profile", input=ProfilePatch(answers_questions=Some(False)))
    answer = await ask(client, "Where does she work now?")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "conflict"
    assert answer.json()["error"]["details"] == {"reason": "questions_off"}


@pytest.mark.parametrize(
    "question",
    ["", "   ", "\u200b", "x" * 501, "nul \0 here"],
    ids=["empty", "blank", "invisible", "too long", "nul"],
)
async def test_what_is_no_question_is_refused(
    client: httpx.AsyncClient, services: Services, question: str
) -> None:
    await ada(services)
    answer = await ask(client, question)
    assert answer.status_code == 422
    assert await table(services, "SELECT FROM questions") == []


@pytest.mark.parametrize(
    "question",
    ["?!", "𝒲𝒽ℴ 𝒾𝓈 𝓈𝒽ℯ?", "🙂" * 100, "a" * 500, "' OR 1=1; --", "{value} {0} %s", "日本語で？"],
    ids=["signs", "fancy", "faces", "long word", "sql", "format", "Japanese"],
)
async def test_odd_questions_get_an_answer_all_the_same(
    client: httpx.AsyncClient, services: Services, question: str
) -> None:
    await ada(services)
    answer = await ask(client, question)
    assert answer.status_code == 200
    assert answer.json()["answer"]


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"questions_per_address": 2}, "questions_from_address"),
        ({"questions_per_profile": 2}, "questions_about_profile"),
    ],
    ids=["of an address", "about a profile"],
)
async def test_questions_are_throttled(
    services: Services, settings: Settings, changes: dict[str, Any], limit: str
) -> None:
    await ada(services)
    async with (
        serving(dataclasses.replace(settings, **changes)) as url,
        httpx.AsyncClient(base_url=url) as client,
    ):
        answers = [await ask(client, "Where is she based?") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["details"]["limit"] == limit
    assert int(answers[2].headers["retry-after"]) > 0


async def test_credentials_are_not_needed_and_not_looked_at(
    client: httpx.AsyncClient, services: Services
) -> None:
    await ada(services)
    answer = await client.post(
        ASK, json={"question": "Where is she based?"}, headers={"authorization": "Bearer nonsense"}
    )
    assert answer.status_code == 200
    assert "Leeds" in answer.json()["answer"]


async def test_a_name_that_was_given_up_still_answers(
    client: httpx.AsyncClient, services: Services
) -> None:
    person: Person = await ada(services)
    await person.run("update_profile", input=ProfilePatch(username=Some("ada-moss")))
    assert (await ask(client, "Where is she based?")).status_code == 200
