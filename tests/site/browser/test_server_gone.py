"""What is seen when the server is gone while a page is open: a sentence, and all that was typed."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Page, Route, expect

from app.services import Services
from app.settings import Settings
from tests.conftest import serving
from tests.people import Person, table
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS, Tab
from tests.site.test_failures import AWAY

GONE = "The server can’t be reached just now."


async def _refuse(route: Route) -> None:
    await route.abort("connectionrefused")


@contextlib.asynccontextmanager
async def nobody_there(page: Page) -> AsyncIterator[None]:
    """There is a network, and nobody answers."""
    await page.route("**/*", _refuse)
    yield
    await page.unroute("**/*", _refuse)


@pytest.fixture
def own_tab(own_tab: Tab) -> Tab:
    own_tab.patient_of = (
        "Failed to load resource: net::ERR_CONNECTION_REFUSED",
        "Failed to load resource: the server responded with a status of 503",
    )
    return own_tab


async def test_a_form_keeps_what_was_typed_and_goes_once_the_server_is_back(own_tab: Tab) -> None:
    page = own_tab.page
    await own_tab.open("/account/tokens/new")
    here = page.url
    await page.get_by_label("Name").fill("laptop")
    await page.get_by_label("resume:generate").check()
    button = page.get_by_role("button", name="Make the token")
    async with nobody_there(page):
        await button.press("Enter")
        told = page.locator("[data-notices]")
        await expect(told).to_contain_text(GONE)
        await expect(told).to_be_in_viewport()
        assert page.url == here
        await expect(page.get_by_label("Name")).to_have_value("laptop")
        await expect(button).to_be_focused()
        assert await button.get_attribute("aria-busy") is None
    await button.press("Enter")
    await page.get_by_text("Copy it now.").wait_for()
    assert await page.get_by_text("laptop").count() > 0


async def test_another_form_of_the_page_is_not_in_the_way_afterwards(own_tab: Tab) -> None:
    page = own_tab.page
    await own_tab.open("/appearance")
    async with nobody_there(page):
        await page.get_by_role("button", name="Save the layout").press("Enter")
        await expect(page.locator("[data-notices]")).to_contain_text(GONE)
    await page.get_by_role("button", name="Save the theme").press("Enter")
    await expect(page.get_by_role("status").get_by_text("theme")).to_be_visible()


async def test_the_page_in_the_frame_stays_and_what_was_chosen_stays_chosen(
    own_tab: Tab, services: Services
) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', visibility = 'public'")
    page = own_tab.page
    await own_tab.open("/appearance")
    frame = page.frame_locator("[data-frame]")
    await frame.get_by_text("Builds bridges.").wait_for()
    async with nobody_there(page):
        await page.get_by_role("radio", name="Terminal").check(force=True)
        await expect(page.locator("[data-offline]")).to_contain_text(GONE)
        await expect(frame.get_by_text("Builds bridges.")).to_be_visible()
    await page.get_by_role("radio", name="Minimal").check(force=True)
    await frame.locator("link[href*='minimal']").wait_for(state="attached")
    await expect(page.locator("[data-offline]")).to_be_hidden()


async def test_a_file_that_was_chosen_stays_chosen(own_tab: Tab) -> None:
    page = own_tab.page
    await own_tab.open("/profile/import")
    field = page.get_by_label("Your résumé")
    await field.set_input_files({"name": "cv.json", "mimeType": "", "buffer": b"{}"})
    async with nobody_there(page):
        await page.get_by_role("button", name="Read it").press("Enter")
        await expect(page.locator("[data-notices]")).to_contain_text("Nothing was sent; try again.")
        assert await field.evaluate("(each) => each.files[0].name") == "cv.json"
        assert await page.locator("form[aria-busy=true]").count() == 0


async def test_a_resume_that_is_being_made_says_that_it_may_be_out_of_date(
    own_tab: Tab, services: Services
) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.'")
    page = own_tab.page
    await own_tab.open("/resumes/new")
    await page.get_by_role("button", name="Make the PDF").click()
    await page.get_by_role("heading", name="It waits for its turn").wait_for()
    told = page.locator("[data-offline]")
    await expect(told).to_be_hidden()
    async with nobody_there(page):
        await expect(told).to_contain_text(GONE)
        await expect(page.get_by_role("heading", name="It waits for its turn")).to_be_visible()
    await expect(told).to_be_hidden()


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
async def test_that_the_database_is_away_is_told_without_fault(
    open_tab: Open, ann: Person, settings: Settings, view: str
) -> None:
    async with serving(replace(settings, database_url=AWAY)) as url:
        tab = await open_tab(view, ann)
        tab.url = url
        tab.patient_of = ("Failed to load resource: the server responded with a status of 503",)
        await tab.open("/account")
        await tab.page.get_by_role("heading", name="Not available right now").wait_for()
        await tab.judge("failure-unavailable")
        await tab.page.get_by_role("link", name="Try again").click()
        await tab.page.get_by_role("heading", name="Not available right now").wait_for()
