"""Theme and layout on a page, beside a preview of the public one."""

from __future__ import annotations

import re
from html import unescape

import pytest

from app.services import Services
from tests.people import Person, table
from tests.site.visiting import Visit
from tests.subscribers import make_free, make_pro

PREVIEW = "/appearance/preview"
ORDER = ["skills", "summary", "experience", "education", "projects", "languages", "certifications"]


def framed(visit: Visit) -> str:
    """The address of the page in the frame."""
    found = re.search(r'<iframe src="([^"]*)"', visit.page.text)
    assert found is not None
    return unescape(found[1])


@pytest.fixture(autouse=True)
async def published(services: Services, ann: Person) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', visibility = 'public'")
    await make_pro(services)


async def test_a_theme_and_an_accent_are_chosen(visit: Visit, services: Services) -> None:
    await visit.open("/appearance")
    page = await visit.send(
        "/appearance/theme", theme_id="terminal", accent="own", own_accent="#f0f0f0"
    )
    assert "Your page has this theme now." in page.text
    (row,) = await table(services, "SELECT theme_id, accent_color FROM presentations")
    assert tuple(row) == ("terminal", "#f0f0f0")


async def test_a_section_is_moved_and_hidden_without_script(
    visit: Visit, services: Services
) -> None:
    await visit.open("/appearance")
    shown = [name for name in ORDER if name != "projects"]
    layout = {"section": ORDER, "shown": shown, "font_preference": "lato"}
    await visit.send("/appearance/layout", **layout, move="up:summary")
    (row,) = await table(services, "SELECT * FROM presentations")
    assert row["section_order"] == ["summary", "skills", *ORDER[2:]]
    assert (row["hidden_sections"], row["font_preference"]) == (["projects"], "lato")
    await visit.send("/appearance/layout/reset")
    (row,) = await table(services, "SELECT * FROM presentations")
    assert (row["section_order"], row["hidden_sections"]) == ([], [])


async def test_what_a_plan_has_not_is_told_and_changes_nothing(
    visit: Visit, services: Services
) -> None:
    await make_free(services)
    await visit.open("/appearance")
    page = await visit.send("/appearance/theme", theme_id="terminal", accent="theme")
    assert (page.status_code, 'role="alert"' in page.text) == (403, True)
    assert "<h2>The theme Terminal is part of Pro</h2>" in page.text
    assert "Your plan is Free, so nothing was saved" in page.text
    assert 'href="/account/plan">What Pro has, and how to get it' in page.text
    assert await table(services, "SELECT theme_id FROM presentations") == []


async def test_a_theme_that_a_plan_has_not_stays_chosen_and_is_previewed(
    visit: Visit, services: Services
) -> None:
    await make_free(services)
    await visit.open("/appearance")
    await visit.send("/appearance/theme", theme_id="terminal", accent="theme")
    assert visit.forms()["/appearance/theme"]["theme_id"] == "terminal"
    page = await visit.open(framed(visit))
    assert "/static/profile-terminal." in page.text
    await visit.open("/appearance")
    assert visit.forms()["/appearance/theme"]["theme_id"] != "terminal"
    assert framed(visit) == PREVIEW


async def test_an_accent_that_a_plan_has_not_stays_chosen_and_is_previewed(
    visit: Visit, services: Services
) -> None:
    await make_free(services)
    await visit.open("/appearance")
    theme_id = visit.forms()["/appearance/theme"]["theme_id"]
    own = {"theme_id": theme_id, "accent": "own", "own_accent": "#7a1f5c"}
    page = await visit.send("/appearance/theme", **own)
    assert "<h2>An accent of your own is part of Pro</h2>" in page.text
    assert visit.forms()["/appearance/theme"].items() >= own.items()
    assert "#7a1f5c" in (await visit.open(framed(visit))).text


async def test_a_layout_that_a_plan_has_not_stays_chosen_and_is_previewed(
    visit: Visit, services: Services
) -> None:
    await make_free(services)
    await visit.open("/appearance")
    layout = {"section": ORDER, "shown": ["skills"], "font_preference": "lato"}
    page = await visit.send("/appearance/layout", **layout, move="up:summary")
    assert "<h2>A layout of your own is part of Pro</h2>" in page.text
    order = re.findall(r'name="section" value="(\w+)"', page.text)
    assert order == ["summary", "skills", *ORDER[2:]]
    assert re.findall(r'value="(\w+)" id="f-shown-\w+" checked', page.text) == ["skills"]
    assert '<option value="lato" selected>' in page.text
    assert "<p>Builds bridges." not in (await visit.open(framed(visit))).text
    assert await table(services, "SELECT * FROM presentations") == []


async def test_of_a_layout_that_no_form_of_ours_made_only_what_there_is_is_shown(
    visit: Visit,
) -> None:
    await visit.open("/appearance")
    page = await visit.send("/appearance/layout", section=["<b>", "skills"], font_preference="\0")
    assert page.status_code == 422
    assert sorted(re.findall(r'name="section" value="(.*?)"', page.text)) == sorted(ORDER)
    assert (await visit.open(framed(visit))).status_code == 200


async def test_a_preview_has_what_is_tried_and_stores_nothing(
    visit: Visit, services: Services
) -> None:
    page = await visit.http.get(PREVIEW, params={"theme_id": "terminal"})
    assert "/static/profile-terminal." in page.text
    assert "Builds bridges." in page.text
    tried = {"section": ORDER, "shown": ["skills"], "font_preference": "none\x01"}
    page = await visit.http.get(PREVIEW, params=tried)
    assert "<p>Builds bridges." not in page.text
    assert await table(services, "SELECT * FROM presentations") == []


async def test_a_preview_runs_no_script_and_only_our_pages_may_frame_it(visit: Visit) -> None:
    page = await visit.open(PREVIEW)
    assert "script-src" not in page.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    assert "<script src" not in page.text
    public = await visit.open("/u/ann")
    assert "frame-ancestors 'none'" in public.headers["content-security-policy"]
    assert public.headers["x-frame-options"] == "DENY"


async def test_the_preview_of_a_private_profile_says_that_there_is_no_page(
    visit: Visit, services: Services
) -> None:
    await table(services, "UPDATE profiles SET visibility = 'private'")
    page = await visit.open(PREVIEW)
    assert "there is no page to look at" in page.text
    assert page.headers["x-frame-options"] == "SAMEORIGIN"


async def test_a_stranger_is_asked_to_sign_in(stranger: Visit) -> None:
    for path in ("/appearance", PREVIEW):
        page = await stranger.open(path)
        assert page.url.path == "/sign-in"


async def test_the_address_is_there_as_a_qr_code(visit: Visit) -> None:
    file = await visit.open("/appearance/qr.svg")
    assert (file.headers["content-type"], "<svg" in file.text) == ("image/svg+xml", True)
