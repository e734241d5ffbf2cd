"""Where the focus is after something was done, for those who go by it."""

from __future__ import annotations

import pytest

from app.services import Services
from tests.people import table
from tests.site.browser.hands import Keyboard
from tests.site.browser.tab import Tab

FOCUSED = "document.activeElement"


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/profile/import", "Read it"),
        ("/account/tokens/new", "Make the token"),
        ("/account/sign-in", "Use this password"),
    ],
    ids=["import", "token", "password"],
)
async def test_after_a_refusal_the_focus_is_on_what_was_wrong(
    own_tab: Tab, path: str, button: str
) -> None:
    await own_tab.open(path)
    await Keyboard(own_tab.page).press(own_tab.page.get_by_role("button", name=button))
    await own_tab.page.get_by_role("alert").wait_for()
    assert await own_tab.page.evaluate(f"{FOCUSED}.getAttribute('role')") == "alert"
    assert (await own_tab.page.title()).startswith("Error: ")
    assert await own_tab.page.evaluate(f"{FOCUSED}.querySelector('h2').textContent.trim()")


async def test_the_focus_stays_on_a_button_while_a_job_is_looked_at_again(
    own_tab: Tab, services: Services
) -> None:
    await table(services, "UPDATE profiles SET bio = 'Builds bridges.'")
    page = own_tab.page
    own_tab.patient_of = ("Failed to load resource: the server responded with a status of 503",)
    await own_tab.open("/resumes/new")
    await Keyboard(page).press(page.get_by_role("button", name="Make the PDF"))
    stop = page.get_by_role("button", name="Stop it")
    await stop.wait_for()
    await stop.focus()
    here = page.url
    async with page.expect_response(lambda answer: answer.url == here) as looked:
        pass  # it looks by itself, told or not
    await (await looked.value).finished()
    await page.evaluate("new Promise(requestAnimationFrame)")
    assert await stop.evaluate("(each) => each === document.activeElement")
