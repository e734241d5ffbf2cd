"""From nothing to a PDF of one's own and a token that works."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess

import pytest
from playwright.async_api import Browser, expect

from tests.people import PASSWORD
from tests.programs import Up, command, environment
from tests.resolvers.test_importing import PDF
from tests.site.browser.hands import Keyboard, Mouse
from tests.site.browser.tab import VIEWS, Tab, tab_of

pytestmark = pytest.mark.whole


async def _begin(hand: Mouse, username: str) -> None:
    """Make an account, and take over a résumé."""
    page = hand.page
    await hand.press(page.get_by_role("link", name="Make an account"))
    await page.wait_for_url("**/sign-up")
    await hand.write(page.get_by_label("Full name"), "Jake Ryan")
    await hand.write(page.get_by_label("Username"), username)
    await hand.write(page.get_by_label("E-mail address"), f"{username}@example.com")
    await hand.write(page.get_by_label("Password"), PASSWORD)
    await hand.press(page.get_by_role("button", name="Make the account"))
    await page.wait_for_url("**/profile")
    await hand.press(page.get_by_role("main").get_by_role("link", name="Import a résumé").last)
    await page.wait_for_url("**/profile/import")
    await hand.give(page.get_by_label("Your résumé"), str(PDF))
    await hand.press(page.get_by_role("button", name="Read it"))
    await expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    await hand.press(page.get_by_role("button", name="See what would change"))
    await expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    await hand.press(page.get_by_role("button", name="Take it over"))
    await page.get_by_text("Imported:").wait_for()


async def _choose_a_look(hand: Mouse) -> None:
    page = hand.page
    await hand.press(page.get_by_role("link", name="Appearance"))
    await page.wait_for_url("**/appearance")
    await hand.choose(page.get_by_role("radio", name="Academic"))
    await hand.press(page.get_by_role("button", name="Save the theme"))
    await expect(page.get_by_role("status").get_by_text("theme")).to_be_visible()
    await expect(page.get_by_role("radio", name="Academic")).to_be_checked()


async def _ask(visitor: Tab, hand: Mouse, username: str) -> None:
    await visitor.open(f"/u/{username}")
    await hand.write(visitor.page.get_by_label("Your question"), "Which school did he go to?")
    await hand.press(visitor.page.get_by_role("button", name="Ask"))
    await expect(visitor.page.locator("#ask")).to_contain_text("Hill Country University")


async def _read_what_was_asked(hand: Mouse) -> None:
    page = hand.page
    await hand.press(page.get_by_role("link", name="Audience"))
    await page.wait_for_url("**/audience")
    await hand.press(page.get_by_role("link", name="Conversations"))
    await hand.press(page.get_by_role("link", name="Which school did he go to?"))
    await expect(page.get_by_role("main")).to_contain_text("Hill Country University")


async def _make_a_resume(hand: Mouse) -> bytes:
    page = hand.page
    await hand.press(page.get_by_role("link", name="Résumés"))
    await page.wait_for_url("**/resumes")
    await hand.press(page.get_by_role("link", name="Make a résumé"))
    await page.wait_for_url("**/resumes/new")
    await hand.press(page.get_by_role("button", name="Make the PDF"))
    link = page.get_by_role("link", name="Download the PDF")
    await link.wait_for()
    async with page.expect_download() as download:
        await hand.press(link)
    pdf = (await (await download.value).path()).read_bytes()
    await hand.press(page.get_by_role("link", name="See the certificate"))
    await page.wait_for_url("**/certificate")
    await expect(page.get_by_role("meter")).to_be_visible()
    return pdf


async def _make_a_token(hand: Mouse) -> str:
    """The line of curl that the page offers, copied from there."""
    page = hand.page
    await hand.press(page.get_by_role("link", name="Account", exact=True))
    await page.wait_for_url("**/account")
    await hand.press(page.get_by_role("link", name="Tokens and keys"))
    await hand.press(page.get_by_role("link", name="New token"))
    await page.wait_for_url("**/tokens/new")
    await hand.write(page.get_by_label("Name"), "laptop")
    await hand.tick(page.get_by_label("resume:generate"))
    await hand.press(page.get_by_role("button", name="Make the token"))
    await page.get_by_text("Copy it now.").wait_for()
    await hand.press(page.get_by_role("button", name=re.compile("^Copy The templates")))
    await page.get_by_text("Copied", exact=True).wait_for()
    line: str = await page.evaluate("navigator.clipboard.readText()")
    return line


@pytest.mark.parametrize(
    ("view", "hands"),
    [("light", Mouse), ("phone", Mouse), ("light", Keyboard)],
    ids=["desk", "phone", "keyboard"],
)
async def test_a_person_comes_with_a_pdf_and_goes_with_a_resume_and_a_token(
    browser: Browser, up: Up, view: str, hands: type[Mouse]
) -> None:
    username = f"jake-{view}-{hands.__name__}".lower()
    own = await tab_of(await browser.new_context(**VIEWS[view]), up.url, view)
    visitor = await tab_of(await browser.new_context(**VIEWS[view]), up.url, view)
    hand = hands(own.page)
    await own.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await own.open("/")
    await _begin(hand, username)
    plan = command("admin", "set-plan", username, "pro", "--reason", "a test", "--data", up.data)
    await asyncio.to_thread(subprocess.run, plan, env=environment(), check=True)
    await _choose_a_look(hand)
    await _ask(visitor, hands(visitor.page), username)
    await _read_what_was_asked(hand)
    assert (await _make_a_resume(hand)).startswith(b"%PDF-1.7")
    line = await _make_a_token(hand)
    told = await asyncio.to_thread(subprocess.check_output, ["bash", "-c", line], text=True)
    assert json.loads(told)["ok"] is True
    assert own.findings + visitor.findings == []
    for tab in (own, visitor):
        await tab.page.context.close()
