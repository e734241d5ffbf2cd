"""Every page that has an address of its own, in light, in the dark and on a phone."""

from __future__ import annotations

import pytest

from rest_compat.site.routes import AREAS
from tests.people import Person
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS

PAGES = sorted({path for area in AREAS for path in area.pages if "{" not in path})
LARGEST_BYTES = 60_000


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_without_fault(open_tab: Open, ann: Person, path: str, view: str) -> None:
    is_for_strangers = any(path in area.pages and area.public for area in AREAS)
    tab = await open_tab(view, None if is_for_strangers else ann)
    await tab.open(path)
    await tab.judge(path.strip("/").replace("/", "-") or "front")


@pytest.mark.whole
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_with_all_it_needs_is_light(open_tab: Open, ann: Person, path: str) -> None:
    is_for_strangers = any(path in area.pages and area.public for area in AREAS)
    tab = await open_tab(person=None if is_for_strangers else ann)
    await tab.open(path)
    await tab.page.wait_for_load_state("load")
    assert await tab.transferred() <= LARGEST_BYTES
