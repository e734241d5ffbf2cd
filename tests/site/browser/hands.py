"""Two ways to use a page: with a mouse, and with a keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

_MOST_STOPS = 250

_HAS_FOCUS = "(each) => each === document.activeElement"
_IN_GROUP = """(each) => {
  const on = document.activeElement;
  return on.type === "radio" && on.name === each.name && on.form === each.form;
}"""
# From where nothing has the focus everything is ahead.
_IS_AHEAD = """(each) => {
  const on = document.activeElement;
  return on === document.body || on.contains(each)
    || Boolean(on.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
_FOLLOWS = """(before) => {
  const on = document.activeElement;
  return before === document.body || on === document.body || before.contains(on)
    || Boolean(before.compareDocumentPosition(on) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
_PRECEDES = """(before) => {
  const on = document.activeElement;
  return Boolean(before.compareDocumentPosition(on) & Node.DOCUMENT_POSITION_PRECEDING);
}"""
_IS_FRESH = """
document.activeElement === document.body && document.querySelector(".skip") !== null
  && !window.metByKeyboard && (window.metByKeyboard = true)
"""
# What has the focus may be so small that its label shows it: a hidden radio button of a picture.
_STOP = """
(() => {
  const on = document.activeElement;
  const shapes = [on, ...(on.labels ?? [])];
  const isMarked = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && !/, 0\\)$/.test(style.outlineColor);
  };
  const over = (each) => {
    const box = each.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, innerHeight / 2)];
    return document.elementFromPoint(x, y);
  };
  const isSeen = (each) => {
    const [box, top] = [each.getBoundingClientRect(), over(each)];
    return box.width > 1 && box.height > 1 && top !== null
      && (each.contains(top) || top.contains(each) || shapes.some((one) => one.contains(top)));
  };
  return {
    tag: on.tagName, class: on.className, text: on.textContent.trim().slice(0, 60),
    name: on.name ?? "", id: on.id, at: location.pathname,
    beneath: over(on)?.outerHTML.slice(0, 80),
    seen: on === document.body || shapes.some(isSeen),
    marked: on === document.body || shapes.some(isMarked),
  };
})()
"""


@dataclass
class Mouse:
    """Points at what it wants."""

    page: Page

    async def press(self, what: Locator) -> None:
        await what.click()

    async def write(self, what: Locator, text: str) -> None:
        await what.fill(text)

    async def tick(self, what: Locator) -> None:
        await what.check()

    async def choose(self, what: Locator) -> None:
        await what.check()

    async def give(self, what: Locator, file: str) -> None:
        await what.set_input_files(file)


class Keyboard(Mouse):
    """Goes by Tab from one thing to the next, as somebody does who can point at nothing.

    Each stop on the way must be seen, be seen to have the focus, and come after the one before.
    """

    async def press(self, what: Locator) -> None:
        await self._reach(what)
        await self.page.keyboard.press("Enter")

    async def write(self, what: Locator, text: str) -> None:
        await self._reach(what)
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    async def tick(self, what: Locator) -> None:
        await self._reach(what)
        if not await what.is_checked():
            await self.page.keyboard.press("Space")
        assert await what.is_checked()

    async def choose(self, what: Locator) -> None:
        """Of a group of radio buttons Tab reaches one; arrows go from that to the others."""
        await self._reach(what, _IN_GROUP)
        for _ in range(_MOST_STOPS):
            if await what.is_checked():
                return
            await self.page.keyboard.press("ArrowDown")
            await self._look()
        raise AssertionError(f"arrows do not lead to {what}")

    async def give(self, what: Locator, file: str) -> None:
        # Expected from the start of the way: a browser is told late that a chooser is not to open.
        async with self.page.expect_file_chooser() as chooser:
            await self._reach(what)
            await self.page.keyboard.press("Enter")
        await (await chooser.value).set_files(file)

    async def _reach(self, what: Locator, arrived: str = _HAS_FOCUS) -> None:
        await what.wait_for(state="attached")
        await self._skip(what)
        for _ in range(_MOST_STOPS):
            if await what.evaluate(arrived):
                return
            key = "Tab" if await what.evaluate(_IS_AHEAD) else "Shift+Tab"
            before = await self.page.evaluate_handle("document.activeElement")
            await self.page.keyboard.press(key)
            await self._look()
            moved = await before.evaluate(_FOLLOWS if key == "Tab" else _PRECEDES)
            assert moved, f"{key} stays, or leads the wrong way, at {await self._stop()}"
        raise AssertionError(f"Tab does not lead to {what}")

    async def _skip(self, what: Locator) -> None:
        """On a page that has just been opened the first stop leads over its head to what it is
        about."""
        if not await self.page.evaluate(_IS_FRESH):
            return
        await self.page.keyboard.press("Tab")
        await self._look()
        assert "skip" in (await self._stop())["class"]
        if await what.evaluate("(each) => document.getElementById('main').contains(each)"):
            await self.page.keyboard.press("Enter")
            await self.page.wait_for_function("document.activeElement.id === 'main'")

    async def _stop(self) -> dict[str, Any]:
        stop: dict[str, Any] = await self.page.evaluate(_STOP)
        return stop

    async def _look(self) -> None:
        stop = await self._stop()
        assert stop["seen"], f"what has the focus is not seen: {stop}"
        assert stop["marked"], f"it is not seen to have the focus: {stop}"
