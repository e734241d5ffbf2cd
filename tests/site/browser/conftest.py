"""Tests in a real browser, where there is one.

Those that are marked `whole` are run by `.ci/judges site` only, which says so by SITE_AXE.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, async_playwright

from app.services import Services
from tests.people import Person
from tests.site.browser.tab import AXE, PATIENCE_MILLISECONDS, VIEWS, Tab, tab_of
from tests.site.visiting import cookie_of

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

Open = Callable[..., Awaitable[Tab]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not AXE:
        skip = pytest.mark.skip(reason="looked at by .ci/judges site")
        for item in items:
            if item.get_closest_marker("whole"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=program, args=_ARGUMENTS, timeout=PATIENCE_MILLISECONDS
        )
        yield chromium
        await chromium.close()


@pytest.fixture
async def open_tab(browser: Browser, base_url: str, services: Services) -> AsyncIterator[Open]:
    """Opens tabs, each in a browser of its own: `await open_tab(view="phone", person=ann)`.

    With a `person` who has a session, as signed in. What the browser complains of fails the test.
    """
    tabs: list[Tab] = []

    async def make(view: str = "light", person: Person | None = None, script: bool = True) -> Tab:
        context = await browser.new_context(**VIEWS[view], java_script_enabled=script)
        if person is not None:
            await context.add_cookies(
                [{"name": "vitae", "value": cookie_of(person), "url": base_url}]
            )
        tabs.append(await tab_of(context, base_url, view))
        return tabs[-1]

    yield make
    for tab in tabs:
        await tab.page.context.close()
    assert [finding for tab in tabs for finding in tab.findings] == []


@pytest.fixture
async def tab(open_tab: Open) -> Tab:
    """A tab in which nobody has signed in."""
    return await open_tab()


@pytest.fixture
async def own_tab(open_tab: Open, ann: Person) -> Tab:
    """A tab in which Ann has signed in."""
    return await open_tab(person=ann)
