"""The public page, looked at with other choices than those that are stored."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services import Services
from tests.people import table
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_free, make_pro

PATH = "/v1/me/page/preview"


@pytest.fixture(autouse=True)
async def published(session: httpx.AsyncClient, services: Services) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', visibility = 'public'")
    await session.post("/v1/me/skills", json={"name": "Welding"})


async def seen(session: httpx.AsyncClient, **tried: Any) -> str:
    answer = await session.post(PATH, json=tried)
    assert answer.status_code == 200, answer.text
    html: str = answer.json()["html"]
    return html


@pytest.mark.parametrize("make", [make_free, make_pro], ids=["free", "pro"])
async def test_what_is_tried_is_seen_under_any_plan_and_not_stored(
    session: httpx.AsyncClient, services: Services, make: Any
) -> None:
    await make(services)
    page = await seen(session, theme={"theme_id": "terminal", "accent_color": "#00D4FF"})
    assert "/static/profile-terminal." in page
    assert "Welding" in page
    page = await seen(session, layout={"hidden_sections": ["skills"]})
    assert ("Welding" in page, "Builds bridges." in page) == (False, True)
    assert await table(services, "SELECT * FROM presentations") == []


async def test_a_section_that_is_hidden_now_is_seen_where_that_is_tried(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch("/v1/me/layout", json={"hidden_sections": ["skills"]})
    assert "Welding" not in await seen(session)
    assert "Welding" in await seen(session, layout={"hidden_sections": []})
    assert "Welding" in await seen(session, layout={"hidden_sections": None})
    assert "Welding" not in (await session.get("/u/ann")).text


async def test_null_is_what_all_begin_with(session: httpx.AsyncClient, services: Services) -> None:
    await make_pro(services)
    await session.patch("/v1/me/theme", json={"theme_id": "terminal"})
    assert "/static/profile-terminal." in await seen(session)
    assert "/static/profile-terminal." not in await seen(session, theme={"theme_id": None})


async def test_a_preview_runs_no_script(session: httpx.AsyncClient) -> None:
    answer = (await session.post(PATH, json={})).json()
    assert "<script src" not in answer["html"]
    assert "script-src" not in answer["content_security_policy"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": {"theme_id": "none\0"}},
        {"theme": {"accent_color": "red"}},
        {"layout": {"section_order": ["skills", "skills"]}},
        {"layout": {"font_preference": "Wingdings"}},
    ],
    ids=["theme", "accent", "order", "font"],
)
async def test_what_is_no_choice_is_refused(session: httpx.AsyncClient, wrong: Any) -> None:
    assert_error(await session.post(PATH, json=wrong), 422, "validation_failed")


async def test_a_private_profile_has_no_page_to_look_at(
    session: httpx.AsyncClient, services: Services
) -> None:
    await table(services, "UPDATE profiles SET visibility = 'private'")
    assert_error(await session.post(PATH, json={}), 404, "not_found")
    async with httpx.AsyncClient(base_url=session.base_url) as stranger:
        assert_error(await stranger.post(PATH, json={}), 401, "unauthenticated")


async def test_graphql_shows_the_same(session: httpx.AsyncClient) -> None:
    query = '{ previewPage(input: {theme: {themeId: "terminal"}}) { html } }'
    answer = (await session.post("/graphql", json={"query": query})).json()
    tried = {"theme": {"theme_id": "terminal"}}
    assert answer["data"]["previewPage"]["html"] == await seen(session, **tried)
