"""Imports that wait to be committed: their list, and discarding one."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from app.services import Services
from tests.people import Person, table
from tests.resolvers.test_importing import COMMIT, committed, parsed, written
from tests.rest_compat.test_errors import assert_error
from tests.waiting import until

LIST = "/v1/me/import"
WAITS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND query LIKE '%FROM imports%'"
)
BARE = {"basics": {"name": ""}, "skills": [{"name": "Care"}]}


async def waiting(client: httpx.AsyncClient) -> list[str]:
    return [each["parse_id"] for each in (await client.get(LIST)).json()["items"]]


async def test_what_waits_is_listed_newest_first_and_page_by_page(
    session: httpx.AsyncClient,
) -> None:
    first, second = await parsed(session), await parsed(session, BARE)
    page = (await session.get(LIST, params={"limit": 1})).json()
    (newest,) = page["items"]
    assert newest["parse_id"] == second["parse_id"]
    assert (newest["full_name"], newest["entries"], newest["pages"]) == (None, 1, None)
    page = (await session.get(LIST, params={"limit": 1, "cursor": page["next_cursor"]})).json()
    (oldest,) = page["items"]
    assert (oldest["parse_id"], oldest["expires_at"]) == (first["parse_id"], first["expires_at"])
    assert (oldest["format"], oldest["full_name"]) == ("json_resume", "Rae Holt")
    sections = ("skills", "experience", "education", "projects", "certifications", "languages")
    assert oldest["entries"] == sum(len(first[section]) for section in sections)
    assert page["next_cursor"] is None


async def test_what_was_committed_or_has_expired_waits_no_longer(
    session: httpx.AsyncClient, services: Services
) -> None:
    done, late = await parsed(session), await parsed(session)
    await committed(session, parse_id=done["parse_id"], mode="merge")
    assert [each["parse_id"] for each in (await session.get(LIST)).json()["items"]] == [
        late["parse_id"]
    ]
    await table(services, "UPDATE imports SET expires_at = now()")
    assert (await session.get(LIST)).json() == {"items": [], "next_cursor": None}


async def test_nobody_sees_what_waits_for_another(
    session: httpx.AsyncClient, services: Services
) -> None:
    await parsed(session)
    bob = await Person(services).signed_in("bob")
    headers = {"authorization": f"Bearer {bob.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as other:
        assert (await other.get(LIST)).json()["items"] == []
        assert (await other.get(LIST, params={"cursor": "x"})).status_code == 422
    async with httpx.AsyncClient(base_url=session.base_url) as stranger:
        assert (await stranger.get(LIST)).status_code == 401


async def test_what_is_discarded_is_gone_and_nothing_else_is_changed(
    session: httpx.AsyncClient, services: Services
) -> None:
    goes, stays = await parsed(session), await parsed(session, BARE)
    before = await written(services)
    answer = await session.delete(f"{LIST}/{goes['parse_id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await waiting(session) == [stays["parse_id"]]
    assert_error(await session.get(f"{LIST}/{goes['parse_id']}"), 404, "not_found")
    assert_error(await session.delete(f"{LIST}/{goes['parse_id']}"), 404, "not_found")
    body = {"parse_id": goes["parse_id"]}
    assert_error(await session.post(COMMIT, json=body), 404, "not_found")
    assert await written(services) == before


async def test_graphql_discards_too(session: httpx.AsyncClient) -> None:
    goes = await parsed(session)
    document = "mutation($id: UUID!) { discardImport(parseId: $id) }"
    body = {"query": document, "variables": {"id": goes["parse_id"]}}
    assert "errors" not in (await session.post("/graphql", json=body)).json()
    assert await waiting(session) == []
    (refused,) = (await session.post("/graphql", json=body)).json()["errors"]
    assert refused["extensions"]["code"] == "not_found"


async def test_what_was_committed_is_not_discarded_any_more(
    session: httpx.AsyncClient, services: Services
) -> None:
    body = {"parse_id": (await parsed(session))["parse_id"]}
    summary = await committed(session, **body)
    before = await written(services)
    refused = await session.delete(f"{LIST}/{body['parse_id']}")
    assert_error(refused, 409, "conflict")
    assert await written(services) == before
    assert await committed(session, **body) == summary


async def test_what_has_expired_or_never_was_is_not_there_to_be_discarded(
    session: httpx.AsyncClient, services: Services
) -> None:
    late = (await parsed(session))["parse_id"]
    await table(services, "UPDATE imports SET expires_at = now()")
    for parse_id in (late, uuid4(), "0", "%00", "9" * 40):
        assert_error(await session.delete(f"{LIST}/{parse_id}"), 404, "not_found")


async def test_nobody_discards_what_waits_for_another(
    session: httpx.AsyncClient, client: httpx.AsyncClient, services: Services
) -> None:
    parse_id = (await parsed(session))["parse_id"]
    bob = await Person(services).signed_in("bob")
    other = {"authorization": f"Bearer {bob.credentials.bearer}"}
    refused = await session.delete(f"{LIST}/{parse_id}", headers=other)
    assert_error(refused, 404, "not_found")
    async with httpx.AsyncClient(base_url=session.base_url) as stranger:
        refused = await stranger.delete(f"{LIST}/{parse_id}")
    assert_error(refused, 401, "unauthenticated")
    assert await waiting(session) == [parse_id]


@pytest.mark.parametrize("is_first", [True, False], ids=["discarded first", "committed first"])
async def test_of_a_commit_and_a_discard_at_once_one_wins_and_never_half(
    session: httpx.AsyncClient, services: Services, is_first: bool
) -> None:
    parse_id = (await parsed(session))["parse_id"]
    before = await written(services)
    both = [
        session.delete(f"{LIST}/{parse_id}"),
        session.post(COMMIT, json={"parse_id": parse_id}),
    ]
    answers = await asyncio.gather(*(both if is_first else reversed(both)))
    discarded, taken = answers if is_first else reversed(answers)
    outcomes = (discarded.status_code, taken.status_code)
    assert outcomes in [(204, 404), (409, 200)]
    whole = (await session.get("/v1/me")).json()
    if outcomes == (204, 404):
        assert await written(services) == before
    else:
        assert [row["company"] for row in whole["experience"]] == ["Mercy"]
        assert {row["name"] for row in whole["skills"]} == {"Triage", "Wounds"}
    assert await waiting(session) == []


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        (
            "UPDATE imports SET committed_at = now(), commit_digest = 'x', summary = '{}'",
            ("DELETE", LIST + "/{}"),
            409,
        ),
        ("DELETE FROM imports", ("POST", COMMIT), 404),
    ],
    ids=["discard", "commit"],
)
async def test_who_waits_for_the_other_is_told_what_the_other_did(
    session: httpx.AsyncClient,
    services: Services,
    first: str,
    then: tuple[str, str],
    status: int,
) -> None:
    parse_id = (await parsed(session))["parse_id"]
    before = await written(services)
    method, path = then
    body = {"parse_id": parse_id} if method == "POST" else None
    pool = services.database.raw()
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"{first} WHERE id = $1", UUID(parse_id))
        asking = asyncio.create_task(session.request(method, path.format(parse_id), json=body))
        await until(lambda: table(services, WAITS))
    answer = await asking
    assert_error(answer, status, "conflict" if status == 409 else "not_found")
    assert await written(services) == before
