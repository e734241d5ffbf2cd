"""Searching, the state of the index, and clearing it, as clients see it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.services import Services
from tests.interactive_worker import answering
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.search.profiles import Resident, move_in
from tests.search.score import index_all
from workers.embedding.embedder import Embedder

STATUS = "/v1/me/resume/indexing-status"
RESET = "/v1/me/resume/reset"
SEARCH = "/v1/me/search"


@pytest.fixture
async def nurse(client: httpx.AsyncClient, services: Services) -> Resident:
    """The client, signed in as the nurse."""
    resident = await move_in(services, "nurse")
    client.headers["authorization"] = f"Bearer {resident.person.credentials.bearer}"
    return resident


async def status(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get(STATUS)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def imported(client: httpx.AsyncClient, *names: str) -> None:
    """Import skills of these names."""
    preview = {"profile": {}, "skills": [{"name": name} for name in names]}
    body = {"preview": preview, "mode": "merge"}
    answer = await client.post("/v1/me/import/commit", json=body)
    assert answer.status_code == 200, answer.text


async def test_a_new_account_has_nothing_to_index(session: httpx.AsyncClient) -> None:
    found = await status(session)
    assert (found["status"], found["completeness"]) == ("empty", 1)
    assert all(each["rows"] == each["chunks"] == 0 for each in found["sections"])


async def test_the_state_goes_from_pending_to_ready_to_stale(
    client: httpx.AsyncClient, nurse: Resident, services: Services, embedder: Embedder
) -> None:
    assert ((await status(client))["status"], (await status(client))["completeness"]) == (
        "pending",
        0,
    )
    await index_all(services, embedder)
    ready = await status(client)
    assert (ready["status"], ready["completeness"], ready["last_error"]) == ("ready", 1, None)
    counts = {each["section"]: each for each in ready["sections"]}
    assert counts["skills"]["rows"] == counts["skills"]["embedded"] == 9
    assert counts["experience"]["rows"] == 4
    assert counts["experience"]["embedded"] == counts["experience"]["chunks"] > 8
    await client.put(f"/v1/me/skills/{nurse.ids['skills/Triage']}", json={"name": "Sorting"})
    stale = await status(client)
    rows = sum(each["rows"] for each in stale["sections"])
    assert stale["status"] == "stale"
    assert stale["completeness"] == pytest.approx(1 - 1 / rows)
    await index_all(services, embedder)
    assert (await status(client))["status"] == "ready"


async def test_the_state_is_the_same_over_graphql(
    client: httpx.AsyncClient, nurse: Resident, services: Services, embedder: Embedder
) -> None:
    await index_all(services, embedder)
    query = "{ indexingStatus { status completeness model sections { section rows embedded } } }"
    found = (await client.post("/graphql", json={"query": query})).json()["data"]
    rest = await status(client)
    assert found["indexingStatus"]["status"] == "READY"
    assert found["indexingStatus"]["model"] == rest["model"]
    assert [each["rows"] for each in found["indexingStatus"]["sections"]] == [
        each["rows"] for each in rest["sections"]
    ]


async def test_a_profile_emptied_again_is_empty_and_not_stale_for_ever(
    session: httpx.AsyncClient, services: Services, embedder: Embedder
) -> None:
    row = (await session.post("/v1/me/skills", json={"name": "SQL"})).json()
    await index_all(services, embedder)
    await session.delete(f"/v1/me/skills/{row['id']}")
    assert (await status(session))["status"] == "stale"
    await index_all(services, embedder)
    assert (await status(session))["status"] == "empty"


async def test_a_question_in_other_words_finds_what_answers_it(
    client: httpx.AsyncClient, nurse: Resident, services: Services, embedder: Embedder
) -> None:
    await index_all(services, embedder)
    async with answering(services, embedder=embedder):
        found = (await client.get(SEARCH, params={"q": "unconscious people", "limit": 2})).json()
    assert found["by_meaning"] is True
    assert len(found["passages"]) == 2
    best = found["passages"][0]
    assert best["item_id"] == str(nurse.ids["projects/diary"])
    assert "unconscious patient" in best["statement"]
    assert best["text"].count("\n") == 2


async def test_without_a_worker_words_alone_find(
    client: httpx.AsyncClient, nurse: Resident, services: Services, embedder: Embedder
) -> None:
    await index_all(services, embedder)
    query = 'query { searchProfile(q: "vaccinating children") { byMeaning passages { title } } }'
    found = (await client.post("/graphql", json={"query": query})).json()["data"]["searchProfile"]
    assert found["byMeaning"] is False
    assert [each["title"].split(",")[0] for each in found["passages"]] == ["Volunteer nurse"]


async def test_a_search_keeps_to_the_sections_that_are_asked_for(
    client: httpx.AsyncClient, nurse: Resident, services: Services, embedder: Embedder
) -> None:
    await index_all(services, embedder)
    asked: dict[str, Any] = {"q": "nurse", "sections": "certifications,education", "limit": 20}
    async with answering(services, embedder=embedder):
        found = (await client.get(SEARCH, params=asked)).json()["passages"]
    assert {each["section"] for each in found} == {"certifications", "education"}
    assert_error(
        await client.get(SEARCH, params={"q": "x", "sections": "shoes"}), 422, "validation_failed"
    )


async def test_a_search_finds_nothing_of_anybody_else(
    client: httpx.AsyncClient, nurse: Resident, services: Services, embedder: Embedder
) -> None:
    other = await Person(services).signed_in("other")
    await index_all(services, embedder)
    client.headers["authorization"] = f"Bearer {other.credentials.bearer}"
    async with answering(services, embedder=embedder):
        found = (await client.get(SEARCH, params={"q": "intensive care nurse"})).json()
    assert found == {"passages": [], "by_meaning": True}


@pytest.mark.parametrize(
    "question",
    ["'", "\\", "a & | ! b:*", "ü" * 1000, "\u202e\u0301🙂", "%", "((", "c++ 'x' <-> y"],
    ids=["quote", "backslash", "operators", "long", "marks", "percent", "parentheses", "mixed"],
)
async def test_whatever_is_asked_is_answered(
    client: httpx.AsyncClient,
    nurse: Resident,
    services: Services,
    embedder: Embedder,
    question: str,
) -> None:
    await index_all(services, embedder)
    async with answering(services, embedder=embedder):
        answer = await client.get(SEARCH, params={"q": question})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "asked",
    [{}, {"q": ""}, {"q": "x" * 1001}, {"q": "x", "limit": 0}, {"q": "x", "limit": 21},
     {"q": "a\0b"}],
    ids=["nothing", "empty", "long", "none", "many", "nul"],
)  # fmt: skip
async def test_a_bad_search_is_told_so(session: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    assert_error(await session.get(SEARCH, params=asked), 422, "validation_failed")


async def test_a_reset_clears_what_was_imported_and_keeps_what_was_written(
    session: httpx.AsyncClient, services: Services, embedder: Embedder
) -> None:
    await session.post("/v1/me/skills", json={"name": "Written"})
    await imported(session, "Imported", "Edited")
    rows = (await session.get("/v1/me/skills")).json()["items"]
    edited = next(row for row in rows if row["name"] == "Edited")
    await session.put(f"/v1/me/skills/{edited['id']}", json={"name": "Edited by hand"})
    await index_all(services, embedder)

    reset = (await session.post(RESET)).json()
    assert reset["scope"] == "imported"
    assert reset["chunks"] == 3
    assert [(each["section"], each["rows"]) for each in reset["cleared"]] == [("skills", 1)]
    names = [row["name"] for row in (await session.get("/v1/me/skills")).json()["items"]]
    assert names == ["Written", "Edited by hand"]
    assert await table(services, "SELECT 1 FROM chunks") == []
    assert (await status(session))["status"] == "pending"

    again = (await session.post(RESET)).json()
    assert (again["cleared"], again["chunks"]) == ([], 0)
    await index_all(services, embedder)
    assert (await status(session))["completeness"] == 1

    undo = f"/v1/me/history/{reset['cleared'][0]['revision_id']}/restore"
    assert (await session.post(undo)).json()["changed"]
    rows = (await session.get("/v1/me/skills")).json()["items"]
    assert {row["name"]: row["origin"] for row in rows} == {
        "Written": "hand",
        "Imported": "import",
        "Edited by hand": "hand",
    }


async def test_a_reset_of_all_clears_every_row_and_leaves_the_profile(
    client: httpx.AsyncClient, nurse: Resident
) -> None:
    before = (await client.get("/v1/me/profile")).json()
    reset = (await client.post(RESET, json={"scope": "all"})).json()
    assert {each["section"]: each["rows"] for each in reset["cleared"]} == {
        "skills": 9,
        "experience": 4,
        "education": 2,
        "projects": 2,
        "certifications": 3,
    }
    owner = (await client.get("/v1/me")).json()
    assert owner["experience"] == owner["skills"] == []
    assert owner["profile"] == before


async def test_a_reset_of_something_else_is_refused_and_clears_nothing(
    client: httpx.AsyncClient, nurse: Resident
) -> None:
    assert_error(await client.post(RESET, json={"scope": "everything"}), 422, "validation_failed")
    assert len((await client.get("/v1/me")).json()["skills"]) == 9


async def test_a_repeated_reset_answers_as_the_first(session: httpx.AsyncClient) -> None:
    await imported(session, "Imported")
    first = await session.post(RESET, headers={"idempotency-key": "once"})
    await imported(session, "Imported again")
    second = await session.post(RESET, headers={"idempotency-key": "once"})
    assert first.json() == second.json()
    assert len((await session.get("/v1/me/skills")).json()["items"]) == 1


async def test_a_token_without_the_scope_may_not_search(token: httpx.AsyncClient) -> None:
    for path in (SEARCH, STATUS):
        assert_error(await token.get(path, params={"q": "x"}), 401, "unauthenticated")


async def test_a_reset_during_an_import_clears_all_of_it_or_nothing(
    session: httpx.AsyncClient, services: Services, embedder: Embedder
) -> None:
    for turn in range(4):
        names = [f"Imported {turn}-{number}" for number in range(20)]
        reset, _, again = await asyncio.gather(
            session.post(RESET), imported(session, *names), session.post(RESET)
        )
        assert (reset.status_code, again.status_code) == (200, 200)
        cleared = [each for one in (reset, again) for each in one.json()["cleared"]]
        left = {row["name"] for row in (await session.get("/v1/me/skills")).json()["items"]}
        assert left in (set(), set(names))
        assert sum(each["rows"] for each in cleared) in (0, 20, 40)
        await index_all(services, embedder)
        titles = {row["title"] for row in await table(services, "SELECT title FROM chunks")}
        assert titles == left
        assert (await status(session))["status"] == ("ready" if left else "empty")
        for each in cleared:
            undo = await session.post(f"/v1/me/history/{each['revision_id']}/restore")
            assert undo.status_code == 200, undo.text
        await session.post(RESET)
    assert (await session.get("/v1/me/skills")).json()["items"] == []
