"""A profile as strangers see it, over REST and GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.cv.from_profile import SECTIONS
from app.services import Services
from tests.profile.rows import FAMILIES
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_free, make_pro

PATH = "/v1/profiles/ann"
PROFILE = "/v1/me/profile"
LAYOUT = "/v1/me/layout"
ROWS = {family.section for family in FAMILIES}
PLACES = {"summary": "bio"} | {name: name for name in SECTIONS if name != "summary"}


@pytest.fixture
async def stranger(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without credentials, beside the owner who is the `session`."""
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:
        yield http


@pytest.fixture
async def owner(session: httpx.AsyncClient) -> httpx.AsyncClient:
    """Ann, with something in every section."""
    for family in FAMILIES:
        assert (await session.post(family.path, json=family.full)).status_code == 201
    profile = {
        "headline": "Engineer",
        "bio": "About.",
        "phone": "+41 79 123 45 67",
        "languages": [{"name": "French", "level": "C1"}],
    }
    assert (await session.patch(PROFILE, json=profile)).status_code == 200
    return session


async def graphql(client: httpx.AsyncClient, username: str = "ann") -> Any:
    query = """query ($u: String!) { publicProfile(username: $u) {
        username moved visibility fullName bio email phone url
        languages { name } skills { name } experience { title } education { degree }
        projects { name } certifications { name } presentation { themeId sections } } }"""
    body = {"query": query, "variables": {"u": username}}
    return (await client.post("/graphql", json=body)).json()


async def test_anybody_sees_what_the_owner_shows(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answer = await stranger.get(PATH)
    assert answer.status_code == 200
    profile = answer.json()
    assert (
        profile.items()
        >= {
            "username": "ann",
            "moved": False,
            "full_name": "Ann Lee",
            "headline": "Engineer",
            "bio": "About.",
            "visibility": "unlisted",
            "answers_questions": True,
            "avatar_url": None,
            "languages": [{"name": "French", "level": "C1"}],
        }.items()
    )
    assert profile["url"] == (await owner.get(PROFILE)).json()["public_url"]
    for family in FAMILIES:
        (row,) = profile[family.section]
        assert row == {"id": row["id"], **family.full}
    assert profile["presentation"]["sections"] == list(SECTIONS)


async def test_graphql_shows_the_same(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    shown = (await graphql(stranger))["data"]["publicProfile"]
    profile = (await stranger.get(PATH)).json()
    assert (shown["fullName"], shown["bio"]) == (profile["full_name"], profile["bio"])
    assert shown["skills"] == [{"name": profile["skills"][0]["name"]}]
    assert (shown["visibility"], shown["moved"]) == ("UNLISTED", False)


async def test_nothing_of_the_account_is_told(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient, services: Services
) -> None:
    me = (await owner.get("/v1/auth/me")).json()["principal"]
    told = (await stranger.get(PATH)).text + str(await graphql(stranger))
    for secret in ("ann@example.com", "123 45 67", me["account_id"], "origin", "parse_id"):
        assert secret not in told


async def test_an_address_that_is_public_is_told(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await owner.patch(PROFILE, json={"email_public": True, "phone_public": True})
    profile = (await stranger.get(PATH)).json()
    assert (profile["email"], profile["phone"]) == ("ann@example.com", "+41 79 123 45 67")


async def test_a_private_profile_and_nobody_are_answered_alike(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await owner.patch(PROFILE, json={"visibility": "private"})
    answers = [await stranger.get(f"/v1/profiles/{name}") for name in ("ann", "nobody")]
    ann, nobody = (assert_error(answer, 404, "not_found") for answer in answers)
    assert ann == nobody
    assert answers[0].headers.keys() == answers[1].headers.keys()
    for name in ("ann", "nobody"):
        (error,) = (await graphql(stranger, name))["errors"]
        assert error["extensions"]["code"] == "not_found"


@pytest.mark.parametrize(
    "name",
    ["%00", "a%00b", "%ff", "%e2%80%ae", "x" * 5000, "a%2Fb", "%F0%9F%92%A9", "ann%20"],
    ids=["nul", "nul-inside", "no-utf8", "override", "long", "slash", "emoji", "blank"],
)
async def test_what_can_be_no_username_is_nobody(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient, name: str
) -> None:
    assert_error(await stranger.get(f"/v1/profiles/{name}"), 404, "not_found")


async def test_a_former_name_leads_to_the_present_one(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await owner.patch(PROFILE, json={"username": "annabel"})
    profile = (await stranger.get(PATH)).json()
    assert (profile["username"], profile["moved"]) == ("annabel", True)
    assert profile["url"].endswith("/u/annabel")
    assert (await stranger.get("/v1/profiles/annabel")).json()["moved"] is False
    await owner.patch(PROFILE, json={"visibility": "private"})
    assert_error(await stranger.get(PATH), 404, "not_found")


@pytest.mark.parametrize("section", SECTIONS)
async def test_a_hidden_section_is_hidden_here_whatever_the_plan(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient, services: Services, section: str
) -> None:
    shown = (await stranger.get(PATH)).json()[PLACES[section]]
    assert shown
    await make_pro(services)
    await owner.patch(LAYOUT, json={"hidden_sections": [section]})
    for _ in ("pro", "free"):
        profile = (await stranger.get(PATH)).json()
        assert not profile[PLACES[section]]
        assert section not in profile["presentation"]["sections"]
        assert all(profile[place] for name, place in PLACES.items() if name != section)
        shown = (await graphql(stranger))["data"]["publicProfile"]
        assert not shown[PLACES[section]]
        await make_free(services)


async def test_a_hidden_section_looks_like_one_with_nothing_in_it(
    session: httpx.AsyncClient, stranger: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PROFILE, json={"bio": "About."})
    empty = await stranger.get(PATH)
    assert empty.json()["presentation"]["sections"] == ["summary"]
    await session.post("/v1/me/skills", json={"name": "Go"})
    await make_pro(services)
    await session.patch(LAYOUT, json={"hidden_sections": ["skills", "projects"]})
    assert (await stranger.get(PATH)).content == empty.content


async def test_theme_and_order_are_those_of_the_plan(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    patch = {"theme_id": "terminal", "accent_color": "#00d4ff"}
    await owner.patch("/v1/me/theme", json=patch)
    await owner.patch(LAYOUT, json={"section_order": ["skills"], "font_preference": "lato"})
    shown = (await stranger.get(PATH)).json()["presentation"]
    assert (shown["theme_id"], shown["accent"]["dark"]) == ("terminal", "#00d4ff")
    assert (shown["sections"][0], shown["font_preference"]) == ("skills", "lato")
    await make_free(services)
    shown = (await stranger.get(PATH)).json()["presentation"]
    assert (shown["theme_id"], shown["font_preference"]) == ("classic", "theme")
    assert shown["sections"] == list(SECTIONS)


async def test_caches_may_keep_it_and_must_ask_whether_it_is_new(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient, services: Services
) -> None:
    first = await stranger.get(PATH)
    assert first.headers["cache-control"] == "public, no-cache"
    known = {"if-none-match": first.headers["etag"]}
    assert (await stranger.get(PATH, headers=known)).status_code == 304
    head = await stranger.head(PATH)
    assert (head.headers["etag"], head.content) == (first.headers["etag"], b"")
    await make_pro(services)
    await owner.patch(LAYOUT, json={"hidden_sections": ["skills"]})
    later = await stranger.get(PATH, headers=known)
    assert (later.status_code, later.json()["skills"]) == (200, [])


async def test_credentials_make_no_difference(
    owner: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    assert (await owner.get(PATH)).json() == (await stranger.get(PATH)).json()
    bad = {"authorization": "Bearer nonsense"}
    assert (await stranger.get(PATH, headers=bad)).status_code == 200
