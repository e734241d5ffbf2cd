"""The way in, as somebody with a browser goes it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.people import PASSWORD
from tests.site.browser.conftest import Open
from tests.site.browser.tab import Tab


async def test_somebody_signs_up_out_and_in_by_keyboard_alone(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    await tab.open("/sign-up")
    for text in ("Ann Lee", "ann", "ann@example.com", PASSWORD):
        await keyboard.press("Tab")
        while await tab.page.evaluate("document.activeElement.tagName") != "INPUT":
            await keyboard.press("Tab")
        await keyboard.type(text)
    await keyboard.press("Enter")
    await tab.page.wait_for_url("**/profile")
    await tab.page.get_by_text("Welcome.").wait_for()
    await tab.page.get_by_role("button", name="Sign out").press("Enter")
    await tab.page.wait_for_url("**/sign-in")
    await tab.page.get_by_label("Username").fill("ann")
    await tab.page.get_by_label("Password").fill("wrong")
    await keyboard.press("Enter")
    await tab.page.get_by_role("alert").wait_for()
    focused = await tab.page.evaluate("document.activeElement.getAttribute('role')")
    assert focused == "alert"
    assert await tab.page.title() == "Error: Sign in · Vitae"
    await tab.page.get_by_label("Password").fill(PASSWORD)
    await keyboard.press("Enter")
    await tab.page.wait_for_url("**/profile")


async def test_the_first_page_is_light(own_tab: Tab) -> None:
    await own_tab.open("/account")
    assert await own_tab.transferred() <= 60_000


async def test_all_of_it_works_without_script(open_tab: Open) -> None:
    tab = await open_tab(script=False)
    await tab.sign_up()
    await tab.page.get_by_role("button", name="Sign out").click()
    await tab.page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("page", ["", "/errors"], ids=["overview", "errors"])
async def test_on_a_phone_the_place_of_the_developer_pages_is_seen(
    open_tab: Open, language: str, page: str
) -> None:
    tab = await open_tab("phone")
    await tab.open(f"/{language}/developers{page}")
    place = tab.page.locator(".places [aria-current]")
    await expect(place).to_be_in_viewport(ratio=1)


async def test_a_lost_connection_is_told(own_tab: Tab) -> None:
    await own_tab.open("/account")
    told = own_tab.page.get_by_text("There is no connection.")
    assert not await told.is_visible()
    await own_tab.page.context.set_offline(True)
    await told.wait_for()
    await own_tab.page.context.set_offline(False)
    await told.wait_for(state="hidden")
