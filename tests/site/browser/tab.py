"""A tab of the system's Chromium, and what it may not do on any page: complain, or go elsewhere."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.people import PASSWORD

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"}
VIEWS: dict[str, dict[str, Any]] = {
    "light": DESKTOP,
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
}

PATIENCE_MILLISECONDS = 90_000  # with whatever a busy machine is slow at
expect.set_options(timeout=PATIENCE_MILLISECONDS)

# Where axe-core is, and where pictures of pages go; .ci/judges says both.
AXE = os.environ.get("SITE_AXE", "")
PICTURES = os.environ.get("SITE_PICTURES", "")

# A status of 4xx the page tells itself.
_EXPECTED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Tab:
    """`findings` is what the browser complained of; a test with any of them fails."""

    page: Page
    url: str
    view: str = "light"
    findings: list[str] = field(default_factory=list)
    patient_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.findings.append(f"script {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        expected = (_EXPECTED, *self.patient_of)
        if message.type in ("error", "warning") and not message.text.startswith(expected):
            self.findings.append(f"console {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.findings.append(f"outside {request.url}")

    async def open(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def sign_up(self, username: str = "ann") -> None:
        await self.open("/sign-up")
        await self.page.get_by_label("Full name").fill("Ann Lee")
        await self.page.get_by_label("Username").fill(username)
        await self.page.get_by_label("E-mail address").fill(f"{username}@example.com")
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Make the account").click()
        await self.page.wait_for_url("**/profile")

    async def transferred(self) -> int:
        """The bytes that came for this page with all that it needs."""
        found: int = await self.page.evaluate(
            "performance.getEntries().reduce((sum, each) => sum + (each.transferSize ?? 0), 0)"
        )
        return found

    async def send(self, button: Locator) -> None:
        """Press a button that sends a form: it goes once the server has been heard of."""
        async with self.page.expect_navigation():
            await button.click()

    async def judge(self, name: str) -> None:
        """See that what is shown fits the screen, is without fault for axe, and did not move."""
        page = self.page
        inner, scrolled = await page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        if scrolled > inner:
            self.findings.append(f"{name} {self.view}: {scrolled} pixels wide, of {inner}")
        small = await page.evaluate(_SMALL_TARGETS)
        self.findings += [f"{name} {self.view}: small target {each}" for each in small]
        shift = await page.evaluate(_SHIFT)
        if shift > 0.02:
            self.findings.append(f"{name} {self.view}: the layout moved by {shift:.3f}")
        if PICTURES:
            await page.screenshot(path=f"{PICTURES}/{name}-{self.view}.png", full_page=True)
        if AXE:
            # The page's policy allows it no script: axe comes in by the debugger.
            await page.evaluate(_axe())
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            self.findings += [
                f"{name} {self.view}: axe {each['id']}: {each['help']}"
                f" ({len(each['nodes'])}, as {each['nodes'][0]['target'][0]})"
                for each in found["violations"]
            ]


_SMALL_TARGETS = """
[...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .filter((each) => !(each.matches("a") && getComputedStyle(each).display === "inline"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && (box.height < 24 || box.width < 24))
  .filter(([each]) => !each.matches("[type=checkbox], [type=radio]"))
  .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)
"""
_SHIFT = """
new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) moved += each.value;
  }).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(moved), 50));
})
"""


@cache
def _axe() -> str:
    return Path(AXE).read_text()


async def tab_of(context: BrowserContext, url: str, view: str = "light") -> Tab:
    return Tab(await context.new_page(), url, view)
