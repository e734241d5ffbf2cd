"""The question box of a page: a plain form, answered on the page."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.auth import throttle
from app.services import Services
from tests.people import table
from tests.public.outline import Outline

ASK = "/u/ann/ask"
PROFILE = "/v1/me/profile"


async def ask(session: httpx.AsyncClient, path: str = ASK, **form: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=session.base_url, timeout=60) as stranger:
        return await stranger.post(path, data=form)


@pytest.fixture
async def ann(session: httpx.AsyncClient) -> httpx.AsyncClient:
    row = {"name": "Rust", "level": "expert", "years": 7}
    assert (await session.post("/v1/me/skills", json=row)).status_code == 201
    await session.patch(PROFILE, json={"languages": [{"name": "French", "level": "C2"}]})
    return session


def said(answer: httpx.Response) -> str:
    return Outline(answer.text).text


async def test_a_question_is_answered_on_the_page_with_its_sources(
    ann: httpx.AsyncClient, services: Services
) -> None:
    answer = await ask(ann, question="Which languages does she speak?")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    outline = Outline(answer.text)
    assert outline.faults == []
    assert "Which languages does she speak?" in outline.texts
    assert any("French" in a for a in outline.texts)
    assert "#languages" in [a["href"] for a in outline.all("a")]
    (row,) = await table(services, "SELECT question, channel FROM questions")
    assert (row["question"], row["channel"]) == ("Which languages does she speak?", "page")


async def test_the_next_question_goes_on_with_the_conversation(
    ann: httpx.AsyncClient, services: Services
) -> None:
    first = Outline((await ask(ann, question="Does she know Rust?")).text)
    hidden = {a["name"]: a["value"] for a in first.all("input") if a["type"] == "hidden"}
    assert (await ask(ann, question="For how long?", **hidden)).status_code == 200
    (row,) = await table(services, "SELECT count(*) AS n FROM conversations")
    assert row["n"] == 1


async def test_a_conversation_that_is_none_begins_a_new_one(ann: httpx.AsyncClient) -> None:
    answer = await ask(ann, question="Does she know Rust?", conversation_id="'; --")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "form", [{}, {"question": "  "}, {"question": "x" * 501}, {"question": "a\x00b"}],
    ids=["nothing", "blank", "long", "nul"],
)  # fmt: skip
async def test_what_is_no_question_is_said_on_the_page(
    ann: httpx.AsyncClient, services: Services, form: dict[str, str]
) -> None:
    answer = await ask(ann, **form)
    assert answer.status_code == 422
    outline = Outline(answer.text)
    assert outline.faults == []
    assert {"id": "ask-problem", "class": "problem", "role": "alert"} in outline.all("p")
    assert await table(services, "SELECT id FROM questions") == []


async def test_an_owner_who_takes_no_questions_has_no_box_and_answers_none(
    ann: httpx.AsyncClient, services: Services
) -> None:
    assert Outline((await ann.get("/u/ann")).text).all("form")
    await ann.patch(PROFILE, json={"answers_questions": False})
    assert not Outline((await ann.get("/u/ann")).text).all("form")
    answer = await ask(ann, question="Does she know Rust?")
    assert answer.status_code == 409
    assert await table(services, "SELECT id FROM questions") == []


async def test_nobody_and_who_is_private_are_not_asked(ann: httpx.AsyncClient) -> None:
    await ann.patch(PROFILE, json={"visibility": "private"})
    private = await ask(ann, question="Does she know Rust?")
    nobody = await ask(ann, "/u/nobody-at-all/ask", question="Does she know Rust?")
    assert private.status_code == nobody.status_code == 404
    assert private.text == nobody.text


async def test_a_question_to_a_former_name_goes_to_the_present_one(
    ann: httpx.AsyncClient,
) -> None:
    await ann.patch(PROFILE, json={"username": "anna"})
    answer = await ask(ann, question="Does she know Rust?")
    assert (answer.status_code, answer.headers["location"]) == (308, "/u/anna/ask")


async def test_a_page_of_somebody_else_has_nobody_ask(
    ann: httpx.AsyncClient, services: Services
) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    answer = await ann.post(ASK, data={"question": "Does she know Rust?"}, headers=headers)
    assert answer.status_code == 403
    assert await table(services, "SELECT id FROM questions") == []


async def test_too_many_questions_are_answered_with_when_to_ask_again(
    ann: httpx.AsyncClient, services: Services
) -> None:
    most = services.settings.questions_per_address
    limit = throttle.Limit("questions_from_address", "127.0.0.1", most, 3600)
    for _ in range(most):
        await throttle.take(services.redis, limit)
    answer = await ask(ann, question="Does she know Rust?")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "Ask again in" in said(answer)


async def test_a_form_that_is_too_large_is_refused(ann: httpx.AsyncClient) -> None:
    assert (await ask(ann, question="x" * 10_000)).status_code == 413
