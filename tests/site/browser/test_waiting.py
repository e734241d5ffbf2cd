"""The page of imports while some wait for review."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import FilePayload, expect

from tests.people import Person
from tests.resolvers.test_importing import RESUME
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS

LONG = {"basics": {"name": "Maximiliane von Hohenlohe-Waldenburg-Schillingsfürst " * 2}}


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
async def test_imports_that_wait_are_told_without_fault(
    open_tab: Open, ann: Person, view: str
) -> None:
    tab = await open_tab(view, ann)
    for document in (RESUME, LONG):
        await tab.open("/profile/import")
        file: FilePayload = {
            "name": "cv.json",
            "mimeType": "application/json",
            "buffer": json.dumps(document).encode(),
        }
        await tab.page.get_by_label("Your résumé").set_input_files(file)
        await tab.page.get_by_role("button", name="Read it").click()
        await tab.page.get_by_role("heading", name="What was found").wait_for()
    await tab.page.get_by_role("link", name="Import another file").click()
    await tab.page.get_by_role("heading", name="Waiting for your review").wait_for()
    await tab.judge("import-waiting")
    long = tab.page.get_by_role("listitem").filter(has_text="Maximiliane")
    await long.get_by_text("Discard", exact=False).first.click()
    await tab.judge("import-discarding")
    await tab.send(long.get_by_role("button", name="Discard it"))
    await tab.page.get_by_text("It is discarded, with its file.").wait_for()
    await expect(long).to_have_count(0)
    await tab.page.get_by_role("link", name="Rae Holt").click()
    await tab.page.get_by_role("heading", name="What was found").wait_for()
