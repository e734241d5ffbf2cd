"""A first visit to a page, with style, script and typefaces, is light."""

from __future__ import annotations

import pytest

from app.presentation.themes import THEMES
from app.services import Services
from rest_compat.site.routes import AREAS
from schema.types.sections import EducationInput, ExperienceInput, SkillInput
from tests.people import Person, table
from tests.site.visiting import Visit
from tests.site.weighing import LARGEST_BYTES, weights_of
from tests.subscribers import make_pro

FOR_STRANGERS = sorted({path for area in AREAS if area.public for path in area.pages})
FOR_STRANGERS += ["/developers", "/developers/errors", "/developers/types", "/u/nobody"]
FOR_STRANGERS += ["/developers/operations/create_resume_job"]
OWN = sorted({path for area in AREAS if not area.public for path in area.pages})
_LINES = [f"Cut the cost of bridge number {n} by a third in a year" for n in range(4)]


@pytest.fixture
async def published(services: Services, ann: Person) -> None:
    """Somebody with something to say, and with a plan that allows each look."""
    await make_pro(services)
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', visibility = 'public'")
    for n in range(3):
        job = ExperienceInput(company=f"Bank {n}", title="Engineer", bullets=_LINES)
        await ann.run("create_experience", input=job)
        await ann.run("create_skill", input=SkillInput(name=f"Language {n}"))
    school = EducationInput(institution="School", degree="BSc")
    await ann.run("create_education", input=school)


async def heavy(visit: Visit, paths: list[str]) -> dict[str, dict[str, int]]:
    """What those of the pages with an address of their own are made of that are too much."""
    found = {path: await weights_of(visit.http, path) for path in paths if "{" not in path}
    assert all(any(".woff2" in address for address in made) for made in found.values())
    return {path: made for path, made in found.items() if sum(made.values()) > LARGEST_BYTES}


async def test_what_a_stranger_opens_is_light(stranger: Visit) -> None:
    assert await heavy(stranger, FOR_STRANGERS) == {}


async def test_pages_of_one_s_own_are_light(visit: Visit, published: None) -> None:
    assert await heavy(visit, OWN) == {}


@pytest.mark.parametrize("theme", THEMES)
async def test_the_public_page_is_light_in_each_theme(
    visit: Visit, services: Services, published: None, theme: str
) -> None:
    await table(
        services,
        "INSERT INTO presentations (account_id, theme_id) SELECT account_id, $1 FROM profiles",
        theme,
    )
    assert await heavy(visit, ["/u/ann", "/appearance/preview"]) == {}
