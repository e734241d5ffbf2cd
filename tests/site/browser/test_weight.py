"""What a first visit has to fetch, with nothing kept from before."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import FilePayload

from app.presentation.themes import THEMES
from app.services import Services
from schema.types.sections import EducationInput, ExperienceInput, ProjectInput, SkillInput
from tests.people import Person, table
from tests.site.browser.conftest import Open
from tests.site.browser.tab import Tab
from tests.site.browser.test_pages import LARGEST_BYTES
from tests.subscribers import make_pro

pytestmark = pytest.mark.whole

FOR_STRANGERS = ["/", "/sign-in", "/sign-up", "/developers", "/developers/errors"]
FOR_STRANGERS += ["/developers/operations/create_resume_job", "/developers/types"]
_DOCUMENT = "performance.getEntriesByType('navigation')[0].transferSize"
# What is set in a weight that no file of its face has, and that would so be drawn otherwise.
_WITHOUT_WEIGHT = """
[...document.querySelectorAll("body *")]
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((each) => getComputedStyle(each))
  .map((style) => [style.fontFamily.split(",")[0], style.fontStyle, Number(style.fontWeight)])
  .filter(([family, slant, weight]) => ![...document.fonts].some((face) => {
    const [least, most = least] = face.weight.split(" ").map(Number);
    return face.family.replaceAll('"', "") === family.replaceAll('"', "") && face.style === slant
      && least <= weight && weight <= most;
  }))
"""
_EACH = 25
_LINE = "Led the migration of payments in country {} with a team of nine, and cut costs by {} %"


@pytest.mark.parametrize("path", FOR_STRANGERS)
async def test_what_a_stranger_opens_first_is_light(open_tab: Open, path: str) -> None:
    tab = await open_tab()
    await tab.open(path)
    await tab.page.wait_for_load_state("load")
    assert await tab.transferred() <= LARGEST_BYTES


async def _enter(ann: Person, entries: int) -> None:
    """As many entries of each of four sections."""
    for n in range(entries):
        lines = [_LINE.format(n, each) for each in range(4)]
        job = ExperienceInput(company=f"Bank {n}", title="Engineer", bullets=lines)
        await ann.run("create_experience", input=job)
        school = EducationInput(institution=f"School {n}", degree="BSc")
        await ann.run("create_education", input=school)
        project = ProjectInput(name=f"Bridge {n}", description=" ".join(lines))
        await ann.run("create_project", input=project)
        await ann.run("create_skill", input=SkillInput(name=f"Language {n}"))


async def _document(tab: Tab, path: str) -> int:
    """The bytes of the page alone."""
    await tab.open(path)
    found: int = await tab.page.evaluate(_DOCUMENT)
    assert found > 1000
    return found


async def test_pages_of_a_very_long_profile_are_light(
    own_tab: Tab, services: Services, ann: Person
) -> None:
    # There is no worker that makes the preview.
    own_tab.patient_of = ("Failed to load resource: the server responded with a status of 503",)
    await _enter(ann, _EACH)
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', visibility = 'public'")
    paths = ["/profile", "/profile/history", "/appearance", "/resumes/new", "/u/ann"]
    weights = {path: await _document(own_tab, path) for path in paths}
    assert {path: weight for path, weight in weights.items() if weight > LARGEST_BYTES} == {}


@pytest.mark.parametrize("theme", THEMES)
async def test_a_theme_has_a_file_of_each_weight_that_it_sets(
    open_tab: Open, services: Services, ann: Person, theme: str
) -> None:
    await make_pro(services)
    await _enter(ann, 2)
    await table(services, "UPDATE profiles SET headline = 'Engineer', visibility = 'public'")
    await table(
        services,
        "INSERT INTO presentations (account_id, theme_id) SELECT account_id, $1 FROM profiles",
        theme,
    )
    tab = await open_tab()
    await tab.open("/u/ann")
    assert await tab.page.evaluate("document.fonts.size") > 0
    assert await tab.page.evaluate(_WITHOUT_WEIGHT) == []


async def test_the_review_of_a_very_long_resume_is_light(own_tab: Tab, ann: Person) -> None:
    work = [
        {"name": f"Bank {n}", "position": "Engineer", "highlights": [_LINE.format(n, 5)] * 4}
        for n in range(2 * _EACH)
    ]
    document = {"basics": {"name": "Ann Lee"}, "work": work}
    await own_tab.open("/profile/import")
    page = own_tab.page
    file: FilePayload = {
        "name": "cv.json",
        "mimeType": "application/json",
        "buffer": json.dumps(document).encode(),
    }
    await page.get_by_label("Your résumé").set_input_files(file)
    await page.get_by_role("button", name="Read it").click()
    await page.get_by_role("heading", name="What was found").wait_for()
    assert await page.evaluate(_DOCUMENT) <= LARGEST_BYTES
