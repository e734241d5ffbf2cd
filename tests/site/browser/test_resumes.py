"""Résumés and appearance, as somebody with a browser makes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from app.services import Services
from tests.interactive_worker import answering
from tests.people import Person, table
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS, Tab
from tests.site.test_resume_pages import finish
from tests.workers.samples import example
from workers.pictures import PicturePool
from workers.renderer import RenderPool


@pytest.fixture(autouse=True)
async def profile(services: Services, ann: Person) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.', visibility = 'public'")


@pytest.fixture
async def worker(services: Services) -> AsyncIterator[None]:
    renders = RenderPool(1, timeout_seconds=60, memory_limit_mb=1024, recycle_after=100)
    pictures = PicturePool()
    await renders.start()
    await renders.render(example())  # so that it is warm
    turn = asyncio.Semaphore(1)
    async with answering(services, pool=renders, pictures=pictures, preview_turn=turn):
        yield
    await pictures.close()
    await renders.close()


async def test_the_preview_follows_the_template(own_tab: Tab, worker: None) -> None:
    page = own_tab.page
    await own_tab.open("/resumes/new")
    picture = page.get_by_alt_text("The first page as it would be")
    await picture.wait_for()
    before = await picture.get_attribute("src")
    await page.get_by_label("Harvard").check(force=True)
    await page.wait_for_function(
        "before => document.querySelector('[data-sheet] img').src !== before", arg=before
    )
    await page.get_by_label("My own", exact=True).check(force=True)
    await page.get_by_text("to 1 on paper").wait_for()
    await own_tab.judge("resumes-new")


async def test_a_resume_turns_ready_before_ones_eyes(own_tab: Tab, services: Services) -> None:
    page = own_tab.page
    own_tab.patient_of = ("Failed to load resource: the server responded with a status of 503",)
    await own_tab.open("/resumes/new")
    await page.get_by_role("button", name="Make the PDF").click()
    await page.get_by_role("heading", name="It waits for its turn").wait_for()
    (job,) = await table(services, "SELECT id FROM resume_jobs")
    await finish(services, job["id"])
    await page.get_by_role("heading", name="It is ready").wait_for()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the PDF").click()
    assert (await download.value).suggested_filename == "Ann-Lee-CV.pdf"
    await page.get_by_role("link", name="See the certificate").click()
    await page.get_by_role("heading", name="It is being read").wait_for()


async def test_the_page_in_the_frame_follows_the_theme_and_the_order(own_tab: Tab) -> None:
    page = own_tab.page
    await own_tab.open("/appearance")
    frame = page.frame_locator("[data-frame]")
    await frame.get_by_text("Builds bridges.").wait_for()
    await page.get_by_label("Terminal").check(force=True)
    await frame.locator("link[href*='terminal']").wait_for(state="attached")
    down = page.get_by_role("button", name="Move summary down")
    await down.press("Enter")
    assert await page.locator(".order li input[name=section]").nth(1).input_value() == "summary"
    await page.get_by_text("Summary is number 2 of 7.").wait_for(state="attached")
    await own_tab.judge("appearance")


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
async def test_a_theme_that_a_plan_has_not_stays_in_the_frame(
    open_tab: Open, ann: Person, view: str
) -> None:
    tab = await open_tab(view, ann)
    await tab.open("/appearance")
    await tab.page.get_by_label("Terminal").check(force=True)
    await tab.send(tab.page.get_by_role("button", name="Save the theme"))
    told = tab.page.get_by_role("alert")
    await expect(told).to_contain_text("The theme Terminal is part of Pro")
    await expect(told).to_be_focused()
    await expect(tab.page.get_by_label("Terminal")).to_be_checked()
    frame = tab.page.frame_locator("[data-frame]")
    await frame.locator("link[href*='terminal']").wait_for(state="attached")
    await tab.judge("appearance-of-another-plan")
