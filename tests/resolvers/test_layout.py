"""Order of sections, hidden sections and typeface, by plan, over REST and GraphQL."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.cv.from_profile import SECTIONS
from app.presentation.layout import FONT_PREFERENCES
from app.services import Services
from tests.people import Person, table
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_flex, make_free, make_pro

PATH = "/v1/me/layout"
CHOICE = {
    "section_order": ["skills", "summary"],
    "hidden_sections": ["projects", "education"],
    "font_preference": "Georgia",
}
ORDER = ["skills", "summary", *(name for name in SECTIONS if name not in ("skills", "summary"))]
HIDDEN = ["education", "projects"]


async def chosen(services: Services) -> list[Any]:
    return await table(services, "SELECT * FROM presentations")


@pytest.mark.parametrize("plan", ["free", "flex", "pro"])
async def test_a_read_always_answers(
    session: httpx.AsyncClient, services: Services, plan: str
) -> None:
    await {"free": make_free, "flex": make_flex, "pro": make_pro}[plan](services)
    answer = await session.get(PATH)
    assert answer.status_code == 200
    assert answer.json() == {
        "section_order": list(SECTIONS),
        "hidden_sections": [],
        "font_preference": "theme",
        "effective_section_order": list(SECTIONS),
        "effective_hidden_sections": [],
        "effective_font_preference": "theme",
        "available": plan == "pro",
        "effective_plan": plan,
        "fonts": list(FONT_PREFERENCES),
        "version": 1,
    }


async def test_a_choice_is_kept_and_in_effect(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    answer = await session.patch(PATH, json=CHOICE)
    assert answer.status_code == 200
    layout = answer.json()
    for name in ("section_order", "effective_section_order"):
        assert layout[name] == ORDER
    for name in ("hidden_sections", "effective_hidden_sections"):
        assert layout[name] == HIDDEN
    for name in ("font_preference", "effective_font_preference"):
        assert layout[name] == "source-serif-4"
    assert layout == (await session.get(PATH)).json()


@pytest.mark.parametrize("plan", ["free", "flex"])
@pytest.mark.parametrize(
    "patch",
    [CHOICE, {"section_order": ["skills"]}, {"hidden_sections": []}, {"font_preference": "theme"},
     {"hidden_sections": None, "font_preference": "lato"}, {}],
    ids=["all", "order", "hidden", "font", "null-and-more", "nothing"],
)  # fmt: skip
async def test_writing_needs_the_plan(
    session: httpx.AsyncClient, services: Services, plan: str, patch: dict[str, Any]
) -> None:
    if plan == "flex":
        await make_flex(services)
    error = assert_error(await session.patch(PATH, json=patch), 403, "plan_required")
    assert error["details"] == {"required_plan": "pro", "effective_plan": plan}
    assert await chosen(services) == []


async def test_when_the_plan_ends_all_is_kept_and_only_what_is_hidden_stays_in_effect(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json=CHOICE)
    await make_free(services)
    layout = (await session.get(PATH)).json()
    assert (layout["section_order"], layout["font_preference"]) == (ORDER, "source-serif-4")
    assert layout["effective_section_order"] == list(SECTIONS)
    assert layout["effective_font_preference"] == "theme"
    assert layout["hidden_sections"] == layout["effective_hidden_sections"] == HIDDEN
    assert (layout["available"], layout["effective_plan"]) == (False, "free")


async def test_a_choice_can_be_taken_back_without_the_plan(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json=CHOICE)
    await make_free(services)
    layout = (await session.patch(PATH, json={"hidden_sections": None})).json()
    assert layout["effective_hidden_sections"] == []
    assert layout["section_order"] == ORDER
    cleared = dict.fromkeys(CHOICE)
    layout = (await session.patch(PATH, json=cleared)).json()
    assert (layout["section_order"], layout["font_preference"]) == (list(SECTIONS), "theme")


async def test_absent_leaves_as_it_is(session: httpx.AsyncClient, services: Services) -> None:
    await make_pro(services)
    await session.patch(PATH, json=CHOICE)
    layout = (await session.patch(PATH, json={"hidden_sections": ["skills"]})).json()
    assert (layout["section_order"], layout["hidden_sections"]) == (ORDER, ["skills"])
    assert layout["font_preference"] == "source-serif-4"


@pytest.mark.parametrize(
    ("patch", "paths"),
    [
        ({"section_order": ["skills", "hobbies"]}, ["section_order[1]"]),
        ({"section_order": ["skills", "summary", "skills"]}, ["section_order[2]"]),
        ({"hidden_sections": ["a\0b"]}, ["hidden_sections[0]"]),
        ({"hidden_sections": ["skills", "skills"]}, ["hidden_sections[1]"]),
        ({"section_order": {"first": "skills"}}, ["section_order"]),
        ({"section_order": [None, 7]}, ["section_order[0]", "section_order[1]"]),
        ({"section_order": ["skills"] * 5000}, ["section_order"]),
        ({"font_preference": "comic sans"}, ["font_preference"]),
        ({"font_preference": "lato; } body { display: none"}, ["font_preference"]),
        ({"font_preference": "x" * 10_000}, ["font_preference"]),
        ({"font_preference": 7}, ["font_preference"]),
        (
            {"section_order": ["skills"] * 2, "hidden_sections": ["skills"] * 2,
             "font_preference": "x"},
            ["section_order[1]", "hidden_sections[1]", "font_preference"],
        ),
        ({"columns": 2}, ["columns"]),
    ],
    ids=["unknown", "doubled", "nul", "hidden-twice", "object", "types", "many", "font", "css",
         "long", "number", "all", "field"],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_nothing_is_written(
    session: httpx.AsyncClient, services: Services, patch: dict[str, Any], paths: list[str]
) -> None:
    await make_pro(services)
    error = assert_error(await session.patch(PATH, json=patch), 422, "validation_failed")
    assert [field["path"] for field in error["fields"]] == paths
    assert await chosen(services) == []


async def test_theme_and_layout_changed_at_once_are_both_kept(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    answers = await asyncio.gather(
        session.patch(PATH, json={"section_order": ["skills"]}),
        session.patch("/v1/me/theme", json={"theme_id": "terminal"}),
        session.patch(PATH, json={"hidden_sections": ["projects"]}),
        session.patch(PATH, json={"font_preference": "lato"}),
    )
    assert {answer.status_code for answer in answers} == {200}
    layout = (await session.get(PATH)).json()
    assert (layout["section_order"][0], layout["hidden_sections"]) == ("skills", ["projects"])
    assert layout["font_preference"] == "lato"
    assert (await session.get("/v1/me/theme")).json()["theme_id"] == "terminal"


async def test_a_stale_version_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    etag = {"if-match": (await session.get(PATH)).headers["etag"]}
    assert (await session.patch(PATH, json=CHOICE, headers=etag)).status_code == 200
    late = await session.patch(PATH, json={"section_order": []}, headers=etag)
    assert_error(late, 412, "precondition_failed")
    assert (await session.get(PATH)).json()["section_order"] == ORDER


async def test_one_owner_knows_nothing_of_another(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await session.patch(PATH, json=CHOICE)
    bob = await Person(services).signed_in("bob")
    theirs = await bob.run("layout")
    assert (theirs.hidden_sections, theirs.version) == ([], 1)


_GRAPHQL = """
mutation ($input: LayoutPatch!) { updateLayout(input: $input) {
  sectionOrder hiddenSections fontPreference effectiveFontPreference available effectivePlan } }
"""


async def test_graphql_does_the_same(session: httpx.AsyncClient, services: Services) -> None:
    choice = {"sectionOrder": ["SKILLS"], "hiddenSections": ["PROJECTS"], "fontPreference": "lato"}
    body = {"query": _GRAPHQL, "variables": {"input": choice}}
    (error,) = (await session.post("/graphql", json=body)).json()["errors"]
    assert error["extensions"]["code"] == "plan_required"
    await make_pro(services)
    layout = (await session.post("/graphql", json=body)).json()["data"]["updateLayout"]
    assert (layout["sectionOrder"][0], layout["hiddenSections"]) == ("SKILLS", ["PROJECTS"])
    assert (layout["effectiveFontPreference"], layout["effectivePlan"]) == ("lato", "pro")
