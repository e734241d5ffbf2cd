"""The profile in a browser: parts open, are saved and move in their place."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.async_api import expect

from tests.people import Person
from tests.resolvers.test_importing import DOCX, PDF
from tests.site.browser.conftest import Open
from tests.site.browser.tab import VIEWS, Tab
from tests.waiting import until

SKILLS = ("Welding", "Soldering", "Riveting")


@pytest.fixture
async def api(ann: Person, base_url: str) -> Any:
    headers = {"authorization": f"Bearer {ann.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


@pytest.fixture
async def with_rows(api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Ann's profile with three skills and two positions."""
    for name in SKILLS:
        await api.post("/v1/me/skills", json={"name": name})
    for title in ("Smith", "Apprentice"):
        position = {"title": title, "company": "Forge", "bullets": ["Shod horses."]}
        await api.post("/v1/me/experience", json=position)
    return api


async def names(api: httpx.AsyncClient) -> list[str]:
    return [row["name"] for row in (await api.get("/v1/me/skills")).json()["items"]]


async def until_ordered(api: httpx.AsyncClient, *expected: str) -> None:
    """Until the last of what was moved is saved, which the page does in its own time."""

    async def is_ordered() -> bool:
        return await names(api) == list(expected)

    await until(is_ordered)


async def until_files_are_read(api: httpx.AsyncClient) -> None:
    """On a busy machine it takes a while until a process that reads runs."""

    async def is_read() -> bool:
        answer = await api.post("/v1/me/import/parse", json={"basics": {"name": "Ann"}})
        return answer.status_code == 200

    await until(is_read)


async def focused(tab: Tab) -> str:
    label = "document.activeElement.ariaLabel ?? document.activeElement.textContent"
    return str(await tab.page.evaluate(label))


async def test_rows_are_ordered_by_keyboard_and_the_focus_stays(
    own_tab: Tab, with_rows: httpx.AsyncClient
) -> None:
    await own_tab.open("/profile")
    page = own_tab.page
    await page.get_by_role("button", name="Move Riveting up").focus()
    async with page.expect_response("**/profile/order/skills"):
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")  # it is the first already
    await expect(page.locator("[data-said]")).to_have_text("“Riveting” is at place 1 of 3.")
    await expect(page.locator("#skills h3")).to_have_text(["Riveting", "Welding", "Soldering"])
    await until_ordered(with_rows, "Riveting", "Welding", "Soldering")
    assert await focused(own_tab) == "Move Riveting up"


async def test_rows_are_ordered_by_dragging(own_tab: Tab, with_rows: httpx.AsyncClient) -> None:
    await own_tab.open("/profile")
    page = own_tab.page
    await page.locator("#skills").scroll_into_view_if_needed()
    grips = page.locator("#skills .grip")
    last, first = await grips.nth(2).bounding_box(), await grips.nth(0).bounding_box()
    assert last is not None
    assert first is not None
    await page.mouse.move(last["x"] + 8, last["y"] + 8)
    await page.mouse.down()
    async with page.expect_response("**/profile/order/skills"):
        await page.mouse.move(first["x"] + 8, first["y"] + 4, steps=12)
        await page.mouse.up()
    await until_ordered(with_rows, "Riveting", "Welding", "Soldering")


async def test_an_entry_is_edited_where_it_stands(
    own_tab: Tab, with_rows: httpx.AsyncClient
) -> None:
    await own_tab.open("/profile")
    page = own_tab.page
    await page.get_by_role("link", name="Edit Smith, Forge").click()
    await page.get_by_role("link", name="Edit Contact and links").click()
    await page.get_by_label("Telephone").fill("+41 44 668 18 00")
    await page.get_by_label("Position").fill("")
    await page.get_by_label("Employer").fill("")
    smith = page.get_by_role("form", name="Edit Smith, Forge")
    await smith.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await page.get_by_label("Position").fill("Blacksmith")
    await page.locator("#experience").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("link", name="Edit Blacksmith")).to_be_focused()
    # What else is open was not lost, and is no conflict.
    contact = page.get_by_role("form", name="Contact and links")
    await expect(contact.get_by_label("Telephone")).to_have_value("+41 44 668 18 00")
    await contact.get_by_role("button", name="Save").click()
    await expect(page.locator("#contact")).to_contain_text("Only on your résumés")
    row = (await with_rows.get("/v1/me/experience")).json()["items"][0]
    assert (row["title"], row["company"], row["bullets"]) == ("Blacksmith", None, ["Shod horses."])


async def test_a_deleted_entry_comes_back(own_tab: Tab, with_rows: httpx.AsyncClient) -> None:
    await own_tab.open("/profile")
    page = own_tab.page
    await page.get_by_role("link", name="Edit Soldering").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_focused()
    assert await names(with_rows) == ["Welding", "Riveting"]
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Edit Soldering")).to_be_focused()
    assert await names(with_rows) == list(SKILLS)


async def test_an_edit_in_two_tabs_shows_both_versions(
    open_tab: Open, ann: Person, with_rows: httpx.AsyncClient
) -> None:
    one, other = await open_tab(person=ann), await open_tab(person=ann)
    for tab, title in ((one, "Blacksmith"), (other, "Farrier")):
        await tab.open("/profile")
        await tab.page.get_by_role("link", name="Edit Smith, Forge").click()
        await tab.page.get_by_label("Position").fill(title)
    await one.page.get_by_role("button", name="Save").click()
    await expect(one.page.get_by_role("link", name="Edit Blacksmith")).to_be_focused()
    await other.page.get_by_role("button", name="Save").click()
    alert = other.page.get_by_role("alert")
    await expect(alert).to_contain_text("This was changed elsewhere while you wrote.")
    await expect(alert.get_by_role("row", name="Position")).to_contain_text("Blacksmith")
    await other.judge("profile-conflict")
    await other.page.get_by_role("button", name="Save mine").click()
    await expect(other.page.get_by_role("link", name="Edit Farrier")).to_be_focused()
    row = (await with_rows.get("/v1/me/experience")).json()["items"][0]
    assert row["title"] == "Farrier"


async def test_what_is_not_saved_is_asked_about_before_it_is_lost(
    own_tab: Tab, with_rows: httpx.AsyncClient
) -> None:
    await own_tab.open("/profile?edit=head")
    page = own_tab.page
    asked: list[str] = []

    async def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())

    page.on("dialog", stay)
    await page.get_by_label("Headline").fill("Smith")
    await page.get_by_role("link", name="Cancel").click()
    await expect(page.get_by_label("Headline")).to_have_value("Smith")
    await page.get_by_label("Summary").fill("x" * 4990)
    await expect(page.get_by_text("10 left")).to_be_visible()
    await page.get_by_role("link", name="Account").click()
    await page.wait_for_url("**/account")
    assert asked == ["confirm", "beforeunload"]


async def test_a_lost_connection_loses_nothing_that_was_typed(own_tab: Tab) -> None:
    own_tab.patient_of = ("Failed to load resource: net::ERR_INTERNET_DISCONNECTED",)
    await own_tab.open("/profile")
    page = own_tab.page
    await page.get_by_role("link", name="Edit Who you are").click()
    await page.get_by_label("Headline").fill("Smith")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("[data-notices]")).to_contain_text("There is no connection.")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#head")).to_contain_text("Smith")


async def test_a_resume_is_imported_held_against_its_page_and_taken_over(
    own_tab: Tab, api: httpx.AsyncClient
) -> None:
    await until_files_are_read(api)
    page = own_tab.page
    await own_tab.open("/profile/import")
    await page.get_by_label("Your résumé").set_input_files(PDF)
    await page.get_by_role("button", name="Read it").click()
    await expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    drawn = page.get_by_role("img", name="Page 1 of the file")
    assert await drawn.evaluate("each => each.decode().then(() => each.naturalWidth)") > 1000
    # From the field to its place, and back.
    entry = page.locator("[data-within='experience.0']")
    if not await entry.locator("details").get_attribute("open"):
        await entry.locator("summary").click()
    await page.locator("[id='experience.0.title']").focus()
    lit = page.locator("rect.lit")
    await expect(lit.first).to_have_attribute("data-for", "experience.0.title")
    await page.locator("rect[data-for='profile.full_name']").first.click()
    await expect(page.locator("[id='profile.full_name']")).to_be_focused()
    await page.locator("[id='experience.0.title']").fill("Chief Smith")
    await own_tab.judge("profile-review")
    await page.get_by_role("button", name="See what would change").click()
    await expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    assert (await api.get("/v1/me/experience")).json()["items"] == []
    await own_tab.judge("profile-plan")
    await page.get_by_role("button", name="Take it over").click()
    await expect(page.locator("[data-notices]")).to_contain_text("Imported:")
    rows = (await api.get("/v1/me/experience")).json()["items"]
    assert rows[0]["title"] == "Chief Smith"


async def test_a_file_that_is_no_resume_is_told_in_its_place(
    own_tab: Tab, api: httpx.AsyncClient
) -> None:
    await until_files_are_read(api)
    page = own_tab.page
    await own_tab.open("/profile/import")
    file = {"name": "cv.odt", "mimeType": "text/plain", "buffer": b"hello"}
    await page.get_by_label("Your résumé").set_input_files(file)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Read it").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_role("alert")).to_contain_text("as PDF first")


async def test_a_portrait_is_cut_to_a_square_before_it_is_sent(
    own_tab: Tab, api: httpx.AsyncClient
) -> None:
    picture = Image.new("RGB", (600, 300), "white")
    picture.paste((200, 0, 0), (0, 0, 300, 300))
    file = io.BytesIO()
    picture.save(file, "png")
    page = own_tab.page
    await own_tab.open("/profile/portrait")
    given = {"name": "me.png", "mimeType": "image/png", "buffer": file.getvalue()}
    await page.get_by_label("A new picture").set_input_files(given)  # type: ignore[arg-type]
    await page.get_by_role("img", name="The part that will be seen.").focus()
    for _ in range(10):
        await page.keyboard.press("ArrowLeft")
    await page.get_by_role("button", name="Use it").click()
    await expect(page.get_by_role("img", name="Your portrait")).to_be_visible()
    cut = Image.open(io.BytesIO((await api.get("/v1/me/avatar")).content))
    assert cut.size == (800, 800)
    red, green, _ = cut.getpixel((700, 400))  # type: ignore[misc]
    assert red > 150
    assert green < 50


@pytest.mark.whole
@pytest.mark.parametrize("view", VIEWS)
async def test_forms_reviews_and_revisions_are_without_fault(
    open_tab: Open, ann: Person, with_rows: httpx.AsyncClient, view: str
) -> None:
    tab = await open_tab(view, ann)
    first = (await with_rows.get("/v1/me/experience")).json()["items"][0]["id"]
    newest = (await with_rows.get("/v1/me/history")).json()["items"][0]["id"]
    for part in ("head", "contact", "languages", "audience", f"experience/{first}"):
        await tab.open(f"/profile?edit={part}")
        await tab.judge(f"profile-edit-{part.partition('/')[0]}")
    await tab.open(f"/profile/history/{newest}")
    await tab.judge("profile-revision")
    await until_files_are_read(with_rows)
    for file in (PDF, DOCX):
        await tab.open("/profile/import")
        await tab.page.get_by_label("Your résumé").set_input_files(file)
        await tab.page.get_by_role("button", name="Read it").click()
        await expect(tab.page.get_by_role("heading", name="What was found")).to_be_visible()
        await tab.judge(f"profile-review-{file.suffix[1:]}")
