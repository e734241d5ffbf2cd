"""Theme and accent colour, by plan, over REST and GraphQL."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.presentation import contrast
from app.presentation.themes import DEFAULT_THEME, THEMES
from app.services import Services
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_flex, make_free, make_pro

PATH = "/v1/me/theme"
FREE = next(theme.id for theme in THEMES.values() if not theme.premium)
PREMIUM = {"theme_id": "terminal", "accent_color": "#00D4FF"}


async def chosen(services: Services) -> list[Any]:
    return await table(services, "SELECT * FROM presentations")


async def test_who_chose_nothing_has_the_default_theme(session: httpx.AsyncClient) -> None:
    answer = await session.get(PATH)
    theme = answer.json()
    assert answer.status_code == 200
    assert (theme["theme_id"], theme["effective_theme_id"]) == (DEFAULT_THEME, DEFAULT_THEME)
    assert (theme["accent_color"], theme["warnings"]) == (None, [])
    assert (theme["available"], theme["effective_plan"]) == (False, "free")
    default = THEMES[DEFAULT_THEME]
    assert theme["effective_accent"] == {
        "light": default.light.accent,
        "dark": default.dark.accent,
    }


@pytest.mark.parametrize("plan", ["free", "flex", "pro"])
async def test_the_catalog_tells_what_the_plan_has(
    session: httpx.AsyncClient, services: Services, plan: str
) -> None:
    await {"free": make_free, "flex": make_flex, "pro": make_pro}[plan](services)
    theme = (await session.get(PATH)).json()
    assert (theme["effective_plan"], theme["available"]) == (plan, plan == "pro")
    assert [entry["id"] for entry in theme["catalog"]] == list(THEMES)
    for entry in theme["catalog"]:
        of = THEMES[entry["id"]]
        assert entry["available"] == (plan == "pro" or not of.premium)
        assert (entry["name"], entry["premium"]) == (of.name, of.premium)
        assert entry["preview"]["dark"]["background"] == of.dark.background
        assert entry["preview"]["heading_font"] == of.heading_font


async def test_the_documented_patch_answers_the_documented_body(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    answer = await session.patch(PATH, json={"theme_id": "terminal", "accent_color": "#00d4ff"})
    assert answer.status_code == 200
    assert (
        answer.json().items()
        >= {
            "theme_id": "terminal",
            "effective_theme_id": "terminal",
            "accent_color": "#00d4ff",
            "available": True,
            "effective_plan": "pro",
        }.items()
    )
    assert answer.json() == (await session.get(PATH)).json()


@pytest.mark.parametrize("plan", ["free", "flex"])
@pytest.mark.parametrize(
    "patch",
    [{"theme_id": "terminal"}, {"accent_color": "#123456"}, {"theme_id": FREE} | PREMIUM,
     {"theme_id": FREE, "accent_color": "#123456"}],
    ids=["theme", "accent", "both", "accent-on-a-free-theme"],
)  # fmt: skip
async def test_what_the_plan_has_not_is_refused_and_nothing_is_written(
    session: httpx.AsyncClient, services: Services, plan: str, patch: dict[str, str]
) -> None:
    if plan == "flex":
        await make_flex(services)
    answer = await session.patch(PATH, json=patch)
    error = assert_error(answer, 403, "plan_required")
    assert error["details"] == {"required_plan": "pro", "effective_plan": plan}
    assert await chosen(services) == []


async def test_a_free_account_may_choose_a_free_theme(session: httpx.AsyncClient) -> None:
    answer = await session.patch(PATH, json={"theme_id": FREE})
    assert (answer.status_code, answer.json()["effective_theme_id"]) == (200, FREE)


async def test_what_was_chosen_outlasts_the_plan_without_effect(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json=PREMIUM)
    await make_free(services)
    theme = (await session.get(PATH)).json()
    assert (theme["theme_id"], theme["accent_color"]) == ("terminal", "#00d4ff")
    assert (theme["effective_theme_id"], theme["available"]) == (DEFAULT_THEME, False)
    assert theme["effective_accent"]["light"] == THEMES[DEFAULT_THEME].light.accent
    await make_pro(services)
    assert (await session.get(PATH)).json()["effective_theme_id"] == "terminal"


async def test_choices_can_be_taken_back_without_the_plan(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json=PREMIUM)
    await make_free(services)
    theme = (await session.patch(PATH, json={"accent_color": None})).json()
    assert (theme["theme_id"], theme["accent_color"]) == ("terminal", None)
    theme = (await session.patch(PATH, json={"theme_id": None})).json()
    assert theme["theme_id"] == DEFAULT_THEME


async def test_absent_leaves_as_it_is(session: httpx.AsyncClient, services: Services) -> None:
    await make_pro(services)
    await session.patch(PATH, json=PREMIUM)
    await session.patch(PATH, json={"theme_id": FREE})
    theme = (await session.patch(PATH, json={})).json()
    assert (theme["theme_id"], theme["accent_color"]) == (FREE, "#00d4ff")


@pytest.mark.parametrize(
    ("patch", "paths"),
    [
        ({"theme_id": "nosuch"}, ["theme_id"]),
        ({"theme_id": ""}, ["theme_id"]),
        ({"theme_id": "a\0b"}, ["theme_id"]),
        ({"theme_id": 7, "accent_color": 7}, ["theme_id", "accent_color"]),
        ({"theme_id": "x" * 10_000}, ["theme_id"]),
        ({"accent_color": "red"}, ["accent_color"]),
        ({"accent_color": "#fff"}, ["accent_color"]),
        ({"accent_color": "#12345g"}, ["accent_color"]),
        ({"accent_color": "#123456\n"}, ["accent_color"]),
        ({"accent_color": "#１２３４５６"}, ["accent_color"]),
        ({"accent_color": "#123456;}body{display:none"}, ["accent_color"]),
        ({"theme_id": "nosuch", "accent_color": ""}, ["theme_id", "accent_color"]),
        ({"color": "#123456"}, ["color"]),
    ],
    ids=["unknown", "empty", "nul", "numbers", "long", "name", "short", "no-hex", "newline",
         "wide", "css", "both", "field"],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_nothing_is_written(
    session: httpx.AsyncClient, services: Services, patch: dict[str, Any], paths: list[str]
) -> None:
    await make_pro(services)
    error = assert_error(await session.patch(PATH, json=patch), 422, "validation_failed")
    assert [field["path"] for field in error["fields"]] == paths
    assert await chosen(services) == []


async def test_an_accent_that_cannot_be_read_is_a_warning_with_one_that_can(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    patch = {"theme_id": "classic", "accent_color": "#FFE08A"}
    theme = (await session.patch(PATH, json=patch)).json()
    assert theme["accent_color"] == "#ffe08a"
    (warning,) = theme["warnings"]
    grounds = THEMES["classic"].light.grounds
    assert (warning["code"], warning["scheme"]) == ("low_contrast", "light")
    assert warning["background"] in grounds
    assert warning["needed"] == contrast.TEXT > warning["ratio"] >= 1
    assert warning["suggestion"] in warning["message"]
    assert contrast.lowest(warning["suggestion"], grounds)[0] >= contrast.TEXT
    assert theme["effective_accent"] == {"light": warning["suggestion"], "dark": "#ffe08a"}


async def test_an_accent_that_can_be_read_is_used_as_it_is(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    theme = (await session.patch(PATH, json=PREMIUM)).json()
    assert theme["warnings"] == []
    assert theme["effective_accent"] == {"light": "#00d4ff", "dark": "#00d4ff"}


async def test_an_accent_that_is_not_in_effect_is_no_warning(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json={"accent_color": "#ffe08a"})
    await make_free(services)
    assert (await session.get(PATH)).json()["warnings"] == []


async def test_a_stale_version_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    etag = (await session.get(PATH)).headers["etag"]
    first = await session.patch(PATH, json=PREMIUM, headers={"if-match": etag})
    assert first.status_code == 200
    second = await session.patch(PATH, json={"theme_id": FREE}, headers={"if-match": etag})
    assert_error(second, 412, "precondition_failed")
    again = await session.patch(
        PATH, json={"theme_id": FREE}, headers={"if-match": first.headers["etag"]}
    )
    assert (again.status_code, again.json()["theme_id"]) == (200, FREE)


async def test_who_never_chose_anything_is_at_a_version_that_can_be_named(
    session: httpx.AsyncClient, services: Services
) -> None:
    wrong = await session.patch(PATH, json={"theme_id": FREE}, headers={"if-match": '"7"'})
    assert_error(wrong, 412, "precondition_failed")
    assert await chosen(services) == []
    right = await session.patch(PATH, json={"theme_id": FREE}, headers={"if-match": '"1"'})
    assert right.status_code == 200


async def test_the_same_again_changes_nothing(session: httpx.AsyncClient) -> None:
    first = (await session.patch(PATH, json={"theme_id": FREE})).json()
    assert (await session.patch(PATH, json={"theme_id": FREE})).json() == first


async def test_what_a_client_knows_is_sent_again_once_the_plan_has_changed(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    etag = (await session.patch(PATH, json=PREMIUM)).headers["etag"]
    known = {"if-none-match": etag}
    assert (await session.get(PATH, headers=known)).status_code == 304
    await make_free(services)
    later = await session.get(PATH, headers=known)
    assert (later.status_code, later.json()["effective_theme_id"]) == (200, DEFAULT_THEME)


async def test_of_two_changes_at_once_neither_is_lost(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    patches = [{"theme_id": "terminal"}, {"accent_color": "#00d4ff"}]
    answers = await asyncio.gather(*(session.patch(PATH, json=patch) for patch in patches * 4))
    assert {answer.status_code for answer in answers} == {200}
    theme = (await session.get(PATH)).json()
    assert (theme["theme_id"], theme["accent_color"]) == ("terminal", "#00d4ff")
    assert theme["version"] == 3


async def test_of_two_changes_of_one_version_only_one_is_made(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    etag = {"if-match": (await session.get(PATH)).headers["etag"]}
    patches = [{"accent_color": f"#00d4f{digit}"} for digit in range(6)]
    answers = await asyncio.gather(*(session.patch(PATH, json=p, headers=etag) for p in patches))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]


async def test_one_owner_knows_nothing_of_another(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json=PREMIUM)
    bob = await Person(services).signed_in("bob")
    theirs = await bob.run("theme")
    assert (theirs.theme_id, theirs.accent_color, theirs.version) == (DEFAULT_THEME, None, 1)


_GRAPHQL = """
mutation ($input: ThemePatch!) { updateTheme(input: $input) {
  themeId effectiveThemeId accentColor available effectivePlan version
  catalog { id premium available } warnings { code scheme ratio suggestion } } }
"""


async def test_graphql_does_the_same(session: httpx.AsyncClient, services: Services) -> None:
    variables = {"input": {"themeId": "terminal", "accentColor": "#00D4FF"}}
    refused = await session.post("/graphql", json={"query": _GRAPHQL, "variables": variables})
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "plan_required"
    assert error["extensions"]["details"]["required_plan"] == "pro"
    await make_pro(services)
    answer = await session.post("/graphql", json={"query": _GRAPHQL, "variables": variables})
    theme = answer.json()["data"]["updateTheme"]
    assert (theme["effectiveThemeId"], theme["accentColor"]) == ("terminal", "#00d4ff")
    await make_free(services)
    query = "{ theme { themeId effectiveThemeId effectivePlan } }"
    asked = await session.post("/graphql", json={"query": query})
    assert asked.json()["data"]["theme"] == {
        "themeId": "terminal",
        "effectiveThemeId": DEFAULT_THEME,
        "effectivePlan": "free",
    }
