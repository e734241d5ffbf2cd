"""`grounded_in` over REST and GraphQL: what is not in the cited sources is refused and not kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.db import uuid7
from app.services import Services
from tests.owners import EXAMPLE
from tests.people import Person, table
from tests.profile.rows import FAMILIES, Family
from tests.rest_compat.test_errors import assert_error

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.section)

JOB = {
    "company": "Globex Ltd",
    "title": "Senior Engineer",
    "start_date": "2019-03",
    "end_date": "2021-06",
    "bullets": ["Led 12 engineers.", "Cut the costs of hosting by 40 %."],
}
INVENTED: dict[str, dict[str, Any]] = {
    "skills": {"name": "COBOL", "years": 9},
    "experience": {"company": "Initech", "title": "Director", "start_date": "2001"},
    "education": {"institution": "MIT", "degree": "PhD", "end_date": "2001-05"},
    "projects": {"name": "Skynet", "start_date": "1997-08-29", "bullets": ["4,000 users."]},
    "certifications": {"name": "Diver", "issuer": "PADI", "issued_on": "2001"},
}
CODES = {
    "skills": {"ungrounded_name", "ungrounded_number"},
    "experience": {"ungrounded_employer", "ungrounded_title", "ungrounded_date"},
    "education": {"ungrounded_employer", "ungrounded_title", "ungrounded_date"},
    "projects": {"ungrounded_title", "ungrounded_date", "ungrounded_number"},
    "certifications": {"ungrounded_title", "ungrounded_employer", "ungrounded_date"},
}


@pytest.fixture
async def stranger(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    person = await Person(services).signed_in("stranger")
    headers = {"authorization": f"Bearer {person.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


async def made(client: httpx.AsyncClient, path: str, row: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=row)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def kept(services: Services) -> list[Any]:
    """All that a change of a profile could have changed."""
    found = [tuple(row) for row in await table(services, "SELECT * FROM profiles")]
    for name in (*(family.section for family in FAMILIES), "revisions"):
        found += [tuple(row) for row in await table(services, f"SELECT * FROM {name} ORDER BY id")]
    return found


def complaints(answer: httpx.Response) -> dict[str, str]:
    assert_error(answer, 422, "validation_failed")
    return {field["path"]: field["code"] for field in answer.json()["error"]["fields"]}


@each_family
async def test_what_no_source_says_is_refused_and_nothing_is_written(
    session: httpx.AsyncClient, services: Services, family: Family
) -> None:
    source = await made(session, "/v1/me/experience", JOB)
    row = await made(session, family.path, family.least)
    before = await kept(services)
    invented = {**INVENTED[family.section], "grounded_in": [source["id"]]}
    created = await session.post(family.path, json=invented)
    assert set(complaints(created).values()) == CODES[family.section]
    replaced = await session.put(f"{family.path}/{row['id']}", json=invented)
    assert complaints(replaced) == complaints(created)
    all_of_them = await session.put(family.path, json={"items": [family.least, invented]})
    assert complaints(all_of_them) == {
        f"items[1].{path}": code for path, code in complaints(created).items()
    }
    assert await kept(services) == before


@each_family
async def test_a_row_says_all_that_it_says(session: httpx.AsyncClient, family: Family) -> None:
    row = await made(session, family.path, family.full)
    again = {**family.full, "grounded_in": [row["id"]]}
    assert (await session.put(f"{family.path}/{row['id']}", json=again)).status_code == 200
    copied = await made(session, family.path, again)
    assert "grounded_in" not in copied
    assert copied.items() >= family.full.items()
    both = await session.put(family.path, json={"items": [again, again]})
    assert both.status_code == 200, both.text


async def test_a_paraphrase_stands_and_an_inflation_is_quoted(session: httpx.AsyncClient) -> None:
    source = await made(session, "/v1/me/experience", JOB)
    told = {
        "company": "Globex",
        "title": "Sr. Engineer",
        "start_date": "2019",
        "bullets": ["Headed a team of twelve.", "", "Lowered costs by forty per cent."],
        "grounded_in": [source["id"]],
    }
    await made(session, "/v1/me/experience", told)
    inflated = {**told, "bullets": ["Headed a team of twelve.", "", "Lowered costs by 45%."]}
    answer = await session.post("/v1/me/experience", json=inflated)
    assert complaints(answer) == {"bullets[2]": "ungrounded_number"}
    [field] = answer.json()["error"]["fields"]
    assert "“45%”" in field["message"]
    assert "leave it out" in field["message"]


async def test_several_sources_ground_together(session: httpx.AsyncClient) -> None:
    first = await made(session, "/v1/me/experience", JOB)
    second = await made(session, "/v1/me/certifications", FAMILIES[4].full)
    told = {"title": "Senior Engineer", "bullets": ["Also in first aid since 2024."]}
    cited = {**told, "grounded_in": [first["id"], second["id"]]}
    await made(session, "/v1/me/experience", cited)
    alone = await session.post("/v1/me/experience", json={**told, "grounded_in": [second["id"]]})
    assert complaints(alone) == {"title": "ungrounded_title"}


async def test_a_patch_of_the_profile_is_held_to_its_sources(
    session: httpx.AsyncClient, services: Services
) -> None:
    source = await made(session, "/v1/me/experience", JOB)
    patch: dict[str, Any] = {
        "headline": "Chief Engineer",
        "bio": "For 10 years.",
        "grounded_in": [source["id"]],
    }
    before = await kept(services)
    refused = await session.patch("/v1/me/profile", json=patch)
    assert complaints(refused) == {"headline": "ungrounded_title", "bio": "ungrounded_number"}
    assert await kept(services) == before
    patch |= {"headline": "Senior Engineer", "bio": "Led 12 people.", "location": None}
    assert (await session.patch("/v1/me/profile", json=patch)).status_code == 200


async def test_the_profile_is_a_source_by_the_id_of_the_account(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch("/v1/me/profile", json={"bio": "I led 12 engineers at Globex."})
    [account] = await table(services, "SELECT id FROM accounts")
    told = {"company": "Globex", "bullets": ["Led 12 engineers."]}
    await made(session, "/v1/me/experience", {**told, "grounded_in": [str(account["id"])]})


async def test_null_needs_no_ground(session: httpx.AsyncClient) -> None:
    source = await made(session, "/v1/me/skills", {"name": "Go"})
    patch: dict[str, Any] = {"headline": None, "bio": None, "grounded_in": [source["id"]]}
    assert (await session.patch("/v1/me/profile", json=patch)).status_code == 200


async def test_an_import_is_a_source_with_what_it_could_not_place(
    session: httpx.AsyncClient, services: Services
) -> None:
    [account] = await table(services, "SELECT id FROM accounts")
    parse_id = uuid7()
    preview = {
        "format": "pdf",
        "pages": 7,
        "profile": {"evidence": []},
        "experience": [{"company": "Globex", "title": "Engineer", "evidence": []}],
        "unplaced": [{"text": "Led 12 people since March 2020", "page": 3}],
    }
    await table(
        services,
        "INSERT INTO imports (id, account_id, preview, expires_at)"
        " VALUES ($1, $2, $3, now() + INTERVAL '1 day')",
        parse_id,
        account["id"],
        preview,
    )
    told = {
        "company": "Globex",
        "title": "Engineer",
        "start_date": "2020-03",
        "bullets": ["Led 12 people."],
        "grounded_in": [str(parse_id)],
    }
    await made(session, "/v1/me/experience", told)
    answer = await session.post("/v1/me/experience", json={**told, "bullets": ["Led 7 people."]})
    assert complaints(answer) == {"bullets[0]": "ungrounded_number"}
    await table(services, "UPDATE imports SET expires_at = now()")
    expired = await session.post("/v1/me/experience", json=told)
    assert complaints(expired) == {"grounded_in[0]": "unknown_source"}


async def test_a_resume_job_is_a_source(session: httpx.AsyncClient) -> None:
    asked = {"request_id": "job-1", "cv_data": EXAMPLE}
    job = await session.post("/v1/resume/jobs", json=asked)
    assert job.status_code == 202, job.text
    work = EXAMPLE["sections"]["experience"]["items"][0]
    told = {"title": work["title"], "grounded_in": [job.json()["job_id"]]}
    await made(session, "/v1/me/experience", told)
    refused = await session.post("/v1/me/experience", json={**told, "title": "Archduke"})
    assert complaints(refused) == {"title": "ungrounded_title"}


async def test_a_source_of_somebody_else_is_as_unknown_as_one_that_never_was(
    session: httpx.AsyncClient, stranger: httpx.AsyncClient, services: Services
) -> None:
    mine = await made(session, "/v1/me/skills", {"name": "Go"})
    theirs = await made(stranger, "/v1/me/skills", {"name": "Go"})
    accounts = await table(services, "SELECT id FROM accounts WHERE username = 'stranger'")
    before = await kept(services)
    messages = set()
    for unknown in (theirs["id"], str(accounts[0]["id"]), str(uuid7())):
        cited = [mine["id"], unknown, mine["id"]]
        answer = await session.post("/v1/me/skills", json={"name": "Go", "grounded_in": cited})
        assert complaints(answer) == {"grounded_in[1]": "unknown_source"}
        messages |= {field["message"] for field in answer.json()["error"]["fields"]}
    assert len(messages) == 1
    assert await kept(services) == before


@pytest.mark.parametrize("count", [0, 51])
async def test_one_to_fifty_sources_are_taken(session: httpx.AsyncClient, count: int) -> None:
    source = await made(session, "/v1/me/skills", {"name": "Go"})
    cited = [source["id"]] * count
    answer = await session.post("/v1/me/skills", json={"name": "Go", "grounded_in": cited})
    assert set(complaints(answer)) == {"grounded_in"}


async def test_who_is_nobody_learns_nothing_of_sources(
    client: httpx.AsyncClient, services: Services
) -> None:
    body = {"name": "Go", "grounded_in": [str(uuid7())]}
    assert_error(await client.post("/v1/me/skills", json=body), 401, "unauthenticated")


async def test_an_api_key_is_held_to_sources_too(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await Person(services).signed_in()
    client.headers["x-api-key"] = (await person.new_key()).key
    source = await made(client, "/v1/me/experience", JOB)
    body = {"title": "Director", "grounded_in": [source["id"]]}
    answer = await client.post("/v1/me/experience", json=body)
    assert complaints(answer) == {"title": "ungrounded_title"}


async def test_graphql_refuses_alike(session: httpx.AsyncClient, services: Services) -> None:
    source = await made(session, "/v1/me/experience", JOB)
    before = await kept(services)
    document = (
        "mutation($input: ExperienceInput!, $patch: ProfilePatch!) {"
        " createExperience(input: $input) { id } updateProfile(input: $patch) { bio } }"
    )
    cited = {"groundedIn": [source["id"]]}
    variables = {
        "input": {"title": "Engineer", "bullets": ["Led 13 engineers."], **cited},
        "patch": {"bio": "Led 14 engineers.", **cited},
    }
    asked = await session.post("/graphql", json={"query": document, "variables": variables})
    errors = asked.json()["errors"]
    fields = [error["extensions"]["fields"] for error in errors]
    assert [[field["code"] for field in each] for each in fields] == [["ungrounded_number"]] * 2
    assert await kept(services) == before
    variables = {
        "input": {"title": "Engineer", "bullets": ["Led 12 engineers."], **cited},
        "patch": {"bio": "Led twelve engineers.", **cited},
    }
    asked = await session.post("/graphql", json={"query": document, "variables": variables})
    assert asked.json()["data"]["updateProfile"] == {"bio": "Led twelve engineers."}


async def test_sources_of_too_much_text_are_refused(
    session: httpx.AsyncClient, services: Services
) -> None:
    [account] = await table(services, "SELECT id FROM accounts")
    row_id = uuid7()
    await table(
        services,
        "INSERT INTO imports (id, account_id, preview, expires_at) VALUES ($1, $2,"
        " jsonb_build_object('unplaced', repeat('many words ', 500000)),"
        " now() + INTERVAL '1 day')",
        row_id,
        account["id"],
    )
    body = {"name": "Go", "grounded_in": [str(row_id)]}
    answer = await session.post("/v1/me/skills", json=body)
    assert complaints(answer) == {"grounded_in": "too_much_text"}
