"""A profile as a page: sound, readable by machines, and never broken out of."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from typing import Any

import pytest

from app.presentation.layout import Layout
from app.presentation.themes import THEMES
from app.web.profile.asked import Asked, Source
from app.web.profile.page import absent, render
from tests.public.outline import Outline
from tests.public.people import SOMEONE, published_of

URL = "https://vitae.example"
TODAY = date(2026, 11, 22)
MOST_BYTES = 40_000

HOSTILE = "</script></style></title><script>alert(1)</script>\"' onload='alert(2)' <!-- & ]]>"


def page_of(*given: Any, asked: Asked | None = None, **more: Any) -> str:
    return render(published_of(*given, **more), URL, TODAY, asked).html


def outline_of(*given: Any, **more: Any) -> Outline:
    return Outline(page_of(*given, **more))


def sections(outline: Outline) -> list[str]:
    return [a["data-section"] for a in outline.all("section") if "data-section" in a]


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_is_sound_in_each_theme(theme: str) -> None:
    html = page_of(SOMEONE, theme)
    outline = Outline(html)
    assert outline.faults == []
    assert len(html.encode()) < MOST_BYTES
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert [len(outline.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    named = [a["aria-labelledby"] for _, a in outline.elements if "aria-labelledby" in a]
    assert set(named) <= set(ids)
    assert all(image["alt"] for image in outline.all("img"))
    assert outline.all("html")[0]["lang"] == "en"
    assert outline.all("a")[0]["href"] == "#main"


@pytest.mark.parametrize("theme", THEMES)
def test_everything_that_is_known_is_on_the_page_of_each_theme(theme: str) -> None:
    text = outline_of(SOMEONE, theme).text
    for section, fields in {
        "experience": ("company", "title", "location", "description", "bullets", "technologies"),
        "education": ("institution", "grade", "description"),
        "projects": ("name", "role", "description", "technologies"),
        "certifications": ("name", "issuer", "credential_id"),
        "skills": ("name", "category"),
    }.items():
        for row in SOMEONE[section]:
            for field in fields:
                values = row.get(field) or []
                for value in [values] if isinstance(values, str) else values:
                    assert value in text, (section, field)
    for language in SOMEONE["profile"]["languages"]:
        assert language["name"] in text


def test_nothing_is_asked_of_anybody_else() -> None:
    outline = outline_of()
    loaded = [a["src"] for _, a in outline.elements if "src" in a]
    styles = [a["href"] for a in outline.all("link") if a["rel"] in ("stylesheet", "icon")]
    found = re.findall(r"url\(\"([^\"]+)\"\)", "".join(outline.styles))
    assert found
    assert all(address.startswith("/") for address in (*loaded, *styles, *found))


def test_the_policy_allows_the_style_of_the_page_and_no_other() -> None:
    page = render(published_of(), URL, TODAY)
    (style,) = Outline(page.html).styles
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in page.policy
    assert "unsafe" not in page.policy
    assert all("style" not in attributes for _, attributes in Outline(page.html).elements)


def test_sections_stand_in_the_order_of_the_layout() -> None:
    layout = Layout(section_order=("skills", "education"))
    found = sections(outline_of(layout=layout))
    assert found[:3] == ["skills", "education", "summary"]
    assert len(found) == 7


def test_a_second_column_keeps_the_order_of_the_layout_within_it() -> None:
    layout = Layout(section_order=("languages", "skills", "education", "experience"))
    found = sections(outline_of(SOMEONE, "studio", layout=layout))
    assert found == [
        "education", "experience", "summary", "projects", "languages", "skills", "certifications",
    ]  # fmt: skip


def test_dates_are_times_that_machines_read() -> None:
    times = [a["datetime"] for a in outline_of().all("time")]
    assert {"2021-03", "2016-09", "2009", "2024-02", "2026-02-03"} <= set(times)


def test_search_engines_read_who_it_is() -> None:
    (page,) = outline_of().data
    person = page["mainEntity"]
    assert (page["@type"], person["@type"]) == ("ProfilePage", "Person")
    assert person["name"] == SOMEONE["profile"]["full_name"]
    assert person["url"] == f"{URL}/u/ines"
    assert [firm["name"] for firm in person["worksFor"]] == ["Bise Forecasting"]
    assert person["alumniOf"][0]["name"] == "EPFL"
    assert "Rust" in person["knowsAbout"]
    assert len(person["sameAs"]) == 3
    assert person["image"] == f"{URL}/u/ines/avatar"


def test_previews_elsewhere_are_told_of() -> None:
    outline = outline_of()
    told = {a.get("property", a.get("name")): a.get("content") for a in outline.all("meta")}
    assert told["og:title"] == SOMEONE["profile"]["full_name"]
    assert told["og:url"] == f"{URL}/u/ines"
    assert told["twitter:card"] == "summary"
    assert len(told["description"] or "") <= 200
    links = {a["rel"]: a["href"] for a in outline.all("link")}
    assert links["canonical"] == f"{URL}/u/ines"


@pytest.mark.parametrize(
    ("visibility", "robots"), [("public", []), ("unlisted", ["noindex, nofollow"])]
)
def test_robots_are_turned_away_unless_the_profile_is_public(
    visibility: str, robots: list[str]
) -> None:
    outline = outline_of(visibility=visibility)
    assert [a["content"] for a in outline.all("meta") if a.get("name") == "robots"] == robots


@pytest.mark.parametrize("theme", THEMES)
def test_what_a_person_writes_never_becomes_markup(theme: str) -> None:
    row = dict.fromkeys(("description", "location"), HOSTILE)
    given = {
        "profile": {
            **dict.fromkeys(("full_name", "headline", "bio", "location"), HOSTILE),
            **dict.fromkeys(("email", "phone"), HOSTILE),
            "languages": [{"name": HOSTILE, "level": HOSTILE}],
            "website": "https://a.example/?\"onclick=alert(1)</script>",
        },
        "experience": [
            {**row, "title": HOSTILE, "company": HOSTILE, "employment_type": HOSTILE,
             "start_date": HOSTILE, "bullets": [HOSTILE], "technologies": [HOSTILE]},
        ],
        "education": [{**row, "degree": HOSTILE, "institution": HOSTILE, "grade": HOSTILE}],
        "projects": [{"name": HOSTILE, "role": HOSTILE, "bullets": [HOSTILE]}],
        "certifications": [{"name": HOSTILE, "issuer": HOSTILE, "credential_id": HOSTILE}],
        "skills": [{"name": HOSTILE, "category": HOSTILE, "level": HOSTILE}],
    }  # fmt: skip
    asked = Asked(HOSTILE, HOSTILE, "answered", (Source("summary", HOSTILE, HOSTILE),), HOSTILE)
    outline = outline_of(given, theme, asked=asked)
    assert outline.faults == []
    plain = outline_of(SOMEONE, theme)
    assert {tag for tag, _ in outline.elements} <= {tag for tag, _ in plain.elements} | {
        "q",
        "input",
    }
    assert len(outline.all("script")) == len(plain.all("script"))
    assert not [a for _, a in outline.elements if any(name.startswith("on") for name in a)]
    assert outline.data[0]["mainEntity"]["name"] == HOSTILE
    assert HOSTILE in outline.texts


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//x"])
def test_links_lead_to_web_addresses_only(scheme: str) -> None:
    given = {
        "profile": {"website": scheme, "github_url": scheme, "linkedin_url": scheme},
        "projects": [{"name": "P", "url": scheme, "repository_url": scheme}],
        "certifications": [{"name": "C", "credential_url": scheme}],
    }
    html = page_of(given)
    assert scheme not in html


def test_a_very_full_profile_is_one_sound_page() -> None:
    given = {
        "profile": {"full_name": "\u202eN\u2066", "bio": "word " * 2000},
        "experience": [
            {"title": f"T{n}", "company": "w" * 300, "bullets": ["b" * 200] * 5} for n in range(200)
        ],
    }
    outline = outline_of(given)
    assert outline.faults == []
    assert outline.headings.count(3) == 200


def test_the_least_profile_has_a_page() -> None:
    outline = outline_of({}, avatar_key=None, answers=False)
    assert outline.faults == []
    assert "There is nothing more here yet." in outline.text


def test_a_page_in_hebrew_runs_from_right_to_left() -> None:
    profile = {"full_name": "נועה בן־דוד", "headline": "מהנדסת תוכנה", "bio": "אני בונה מערכות"}
    outline = outline_of({"profile": profile})
    assert outline.all("html")[0] | {"lang": "he", "dir": "rtl"} == outline.all("html")[0]
    assert {"lang": "en", "dir": "ltr"} in outline.all("bdi")


def test_the_page_for_nobody_is_sound_and_names_nobody() -> None:
    outline = Outline(absent().html)
    assert outline.faults == []
    assert outline.headings == [1]
