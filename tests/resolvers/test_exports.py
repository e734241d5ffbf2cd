"""Profiles as files, over real HTTP and GraphQL."""

from __future__ import annotations

import io
from typing import Any

import docx
import httpx
import pytest
import yaml

from app.exporting.formats import FORMATS
from app.services import Services
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_free, make_pro

PATH = "/v1/me/exports/profile"
HOSTILE = {
    "full_name": '=HYPERLINK("x") \u202eee\r\nEMAIL:x@example.org',
    "headline": "<script>alert(1)</script>",
    "bio": "# Heading\n\n[link](javascript:alert(1))\n" + "x" * 4000,
}


async def fill(client: httpx.AsyncClient) -> None:
    """Give the owner something to take along."""
    profile = {"headline": "Nurse", "bio": "On nights.", "phone": "+41 79 123 45 67"}
    assert (await client.patch("/v1/me/profile", json=profile)).status_code == 200
    for path, body in {
        "experience": {
            "company": "Lindenhof",
            "title": "Nurse",
            "start_date": "2020-03",
            "is_current": True,
        },
        "skills": {"name": "Triage", "level": "expert", "years": 4},
    }.items():
        assert (await client.post(f"/v1/me/{path}", json=body)).status_code == 201


async def graphql(client: httpx.AsyncClient, document: str) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": document})
    found: dict[str, Any] = answer.json()
    return found


async def events(services: Services) -> list[tuple[str, str, Any]]:
    rows = await table(
        services,
        "SELECT target_id, actor_kind, metadata FROM security_events"
        " WHERE action = 'exported' ORDER BY id",
    )
    return [(row["target_id"], row["actor_kind"], row["metadata"]) for row in rows]


@pytest.mark.parametrize("name", FORMATS)
async def test_a_profile_comes_in_every_format(session: httpx.AsyncClient, name: str) -> None:
    await fill(session)
    answer = await session.get(PATH, params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMATS[name].media_type
    assert answer.headers["content-length"] == str(len(answer.content))
    assert b"Lindenhof" in answer.content or name == "docx"
    day = answer.headers["date"]
    assert answer.headers["content-disposition"].startswith(
        f'attachment; filename="ann-{FORMATS[name].content}-20'
    ), day


async def test_json_is_what_the_owner_has_and_the_default(session: httpx.AsyncClient) -> None:
    await fill(session)
    found, whole = (await session.get(PATH)).json(), (await session.get("/v1/me")).json()
    shown = {key: whole["profile"][key] for key in found["profile"]}
    assert found["profile"] == shown
    for section in ("skills", "experience", "education", "projects", "certifications"):
        assert found[section] == whole[section]
    assert (await session.get(PATH, params={"format": "json"})).json() == found
    assert yaml.safe_load((await session.get(PATH, params={"format": "yaml"})).text) == found


async def test_an_unchanged_profile_is_not_sent_again(
    session: httpx.AsyncClient, services: Services
) -> None:
    await fill(session)
    tags = {}
    for name in FORMATS:
        tags[name] = (await session.get(PATH, params={"format": name})).headers["etag"]
    assert len(set(tags.values())) == len(FORMATS)
    noted = await events(services)
    for name, tag in tags.items():
        again = await session.get(PATH, params={"format": name}, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert await events(services) == noted
    await session.patch("/v1/me/profile", json={"headline": "Charge nurse"})
    for name, tag in tags.items():
        again = await session.get(PATH, params={"format": name}, headers={"if-none-match": tag})
        assert (again.status_code, again.headers["etag"] != tag) == (200, True)


async def test_head_tells_what_get_would_and_takes_nothing_along(
    session: httpx.AsyncClient, services: Services
) -> None:
    head = await session.head(PATH, params={"format": "docx"})
    assert await events(services) == []
    got = await session.get(PATH, params={"format": "docx"})
    for name in ("etag", "content-type", "content-disposition", "cache-control"):
        assert head.headers[name] == got.headers[name]
    assert (head.status_code, head.content) == (200, b"")


async def test_graphql_gives_the_address_of_the_same_file(
    session: httpx.AsyncClient, services: Services
) -> None:
    await fill(session)
    found = await graphql(session, "{ exportProfile(format: MARKDOWN, all: true) }")
    url = found["data"]["exportProfile"]
    assert await events(services) == []
    assert url == f"{PATH}?format=markdown&all=true"
    assert "### Lindenhof — Nurse" in (await session.get(url)).text


async def test_each_export_is_a_security_event(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.get(PATH, params={"format": "vcard"})
    key = await Person(services).bearing(session.headers["authorization"][7:]).new_key()
    async with httpx.AsyncClient(
        base_url=session.base_url, headers={"x-api-key": key.key}
    ) as script:
        assert (await script.get(PATH)).status_code == 200
    assert await events(services) == [
        ("profile", "session", {"format": "vcard"}),
        ("profile", "api_key", {"format": "json"}),
    ]


async def test_what_is_for_others_follows_the_layout(
    session: httpx.AsyncClient, services: Services
) -> None:
    await fill(session)
    await make_pro(services)
    layout = {"section_order": ["skills"], "hidden_sections": ["experience"]}
    assert (await session.patch("/v1/me/layout", json=layout)).status_code == 200
    for name in ("jsonresume", "cv_data", "markdown", "html", "vcard"):
        text = (await session.get(PATH, params={"format": name})).text
        assert "Lindenhof" not in text
        assert "Lindenhof" in (await session.get(PATH, params={"format": name, "all": True})).text
    for name in ("json", "yaml"):
        assert "Lindenhof" in (await session.get(PATH, params={"format": name})).text
    markdown = (await session.get(PATH, params={"format": "markdown"})).text
    assert markdown.index("## Skills") < markdown.index("## Summary")
    own = (await session.get(PATH)).json()
    assert own["presentation"]["hidden_sections"] == ["experience"]


async def test_after_a_downgrade_the_order_is_the_usual_and_hidden_stays_hidden(
    session: httpx.AsyncClient, services: Services
) -> None:
    await fill(session)
    await make_pro(services)
    layout = {"section_order": ["skills"], "hidden_sections": ["experience"]}
    await session.patch("/v1/me/layout", json=layout)
    await make_free(services)
    markdown = (await session.get(PATH, params={"format": "markdown"})).text
    assert markdown.index("## Summary") < markdown.index("## Skills")
    assert "Lindenhof" not in markdown


async def test_nothing_typed_breaks_a_format(session: httpx.AsyncClient) -> None:
    assert (await session.patch("/v1/me/profile", json=HOSTILE)).status_code == 200
    found = {name: await session.get(PATH, params={"format": name}) for name in FORMATS}
    assert {answer.status_code for answer in found.values()} == {200}
    assert "<script" not in found["html"].text
    assert "\r\nEMAIL:x@" not in found["vcard"].text
    assert "\n# Heading" not in found["markdown"].text
    assert docx.Document(io.BytesIO(found["docx"].content)).paragraphs
    assert not any("\u202e" in answer.text for name, answer in found.items() if name != "docx")


@pytest.mark.parametrize(
    "asked",
    [{"format": "pdf"}, {"format": ""}, {"format": "JSON"}, {"all": "maybe"}, {"more": "1"}],
    ids=["another", "empty", "capitals", "no-boolean", "unknown"],
)
async def test_what_is_not_offered_is_refused(
    session: httpx.AsyncClient, services: Services, asked: dict[str, str]
) -> None:
    assert_error(await session.get(PATH, params=asked), 422, "validation_failed")
    assert await events(services) == []


async def test_strangers_and_tokens_get_nothing(
    client: httpx.AsyncClient, token: httpx.AsyncClient
) -> None:
    assert_error(await client.get(PATH), 401, "unauthenticated")
    assert_error(await token.get(PATH), 401, "unauthenticated")
