"""Importing a résumé by a browser without script."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.people import Person, table
from tests.resolvers.test_importing import DOCX, PDF, RESUME
from tests.site.test_profile_pages import add, owner
from tests.site.visiting import Visit
from tests.waiting import until


async def give(visit: Visit, data: bytes, **fields: str) -> httpx.Response:
    """Send a file by the form; the page that comes of it."""
    await visit.open("/profile/import")
    form = {"form_token": visit.forms()["/profile/import"]["form_token"], **fields}
    file = {"file": ("cv", data)}

    async def is_read() -> bool:
        """Whether it was: on a busy machine it takes a while until a process that reads runs."""
        visit.page = await visit.http.post("/profile/import", data=form, files=file)
        return visit.page.status_code != 503

    await until(is_read)
    return visit.page


async def give_resume(visit: Visit, document: Any = RESUME) -> str:
    """The address of the review of a JSON Resume."""
    page = await give(visit, json.dumps(document).encode())
    assert page.status_code == 200, page.text
    return page.url.path


async def test_nothing_is_written_before_it_is_confirmed(visit: Visit, ann: Person) -> None:
    before = await owner(ann, visit)
    address = await give_resume(visit)
    assert "What was found" in visit.page.text
    assert "Sailing" in visit.page.text  # what no field took
    await visit.send(f"{address}/plan")
    assert "What would change" in visit.page.text
    assert await owner(ann, visit) == before
    await visit.send(f"{address}/commit")
    assert "Imported:" in visit.page.text
    whole = await owner(ann, visit)
    assert whole["experience"][0]["company"] == "Mercy"
    assert whole["profile"]["headline"] == "Nurse"
    assert whole["profile"]["languages"] == [{"name": "English", "level": "native"}]


async def test_what_waits_for_review_is_found_again_until_it_is_taken_over(visit: Visit) -> None:
    assert "Waiting for your review" not in (await visit.open("/profile/import")).text
    address = await give_resume(visit)
    page = await visit.open("/profile/import")
    assert "Waiting for your review" in page.text
    assert f'href="{address}"' in page.text
    await visit.open(address)
    await visit.send(f"{address}/plan")
    await visit.send(f"{address}/commit")
    assert "Waiting for your review" not in (await visit.open("/profile/import")).text


@pytest.mark.parametrize("place", ["list", "review"])
async def test_an_import_is_discarded_from_the_list_or_the_review(
    visit: Visit, ann: Person, place: str
) -> None:
    goes, stays = await give_resume(visit), await give_resume(visit)
    before = await owner(ann, visit)
    page = await visit.open("/profile/import" if place == "list" else goes)
    assert "Your profile stays as it is." in page.text  # it is asked for twice
    await visit.send(f"{goes}/discard")
    assert visit.page.url.path == "/profile/import"
    assert "It is discarded, with its file." in visit.page.text
    assert f'href="{stays}"' in visit.page.text
    assert f'href="{goes}"' not in visit.page.text
    assert (await visit.open(goes)).status_code == 404
    assert await owner(ann, visit) == before


async def test_nothing_is_discarded_without_the_token_of_the_form(visit: Visit) -> None:
    address = await give_resume(visit)
    visit.page = await visit.http.post(f"{address}/discard", data={"form_token": "x"})
    assert visit.page.status_code == 403
    assert (await visit.open(address)).status_code == 200


async def test_a_page_that_was_open_while_its_import_was_taken_over_says_so(visit: Visit) -> None:
    address = await give_resume(visit)
    form = visit.forms()[f"{address}/discard"]
    await visit.send(f"{address}/plan")
    await visit.send(f"{address}/commit")
    visit.page = await visit.http.post(f"{address}/discard", data=form)
    assert visit.page.url.path == "/profile/import"
    assert "This parse was committed already" in visit.page.text


async def test_values_are_corrected_and_entries_dropped(visit: Visit, ann: Person) -> None:
    address = await give_resume(visit)
    form = {**visit.forms()[f"{address}/plan"]}
    del form["keep.skills.1"]
    form |= {"experience.0.title": "Head nurse", "how.education": "leave"}
    visit.page = await visit.http.post(f"{address}/plan", data=form)
    await visit.send(f"{address}/commit")
    whole = await owner(ann, visit)
    assert [row["title"] for row in whole["experience"]] == ["Head nurse"]
    assert [row["name"] for row in whole["skills"]] == ["Triage"]
    assert whole["education"] == []


async def test_a_section_is_replaced_where_it_is_asked_for(visit: Visit, ann: Person) -> None:
    await add(visit, "skills", name="Juggling")
    await add(visit, "education", institution="Elsewhere")
    address = await give_resume(visit)
    await visit.send(f"{address}/plan", **{"how.skills": "replace"})
    assert "To be deleted" in visit.page.text
    assert "Juggling" in visit.page.text
    await visit.send(f"{address}/commit")
    whole = await owner(ann, visit)
    assert {row["name"] for row in whole["skills"]} == {"Triage", "Wounds"}
    assert len(whole["education"]) == 2


async def test_back_from_the_plan_all_is_as_it_was_left(visit: Visit) -> None:
    address = await give_resume(visit)
    await visit.send(f"{address}/plan", **{"experience.0.title": "Head <nurse>"})
    form = visit.forms()[f"{address}/commit"]
    visit.page = await visit.http.post(address, data=form)
    assert visit.forms()[f"{address}/plan"]["experience.0.title"] == "Head <nurse>"


async def test_what_is_wrong_is_told_at_its_field(visit: Visit, ann: Person) -> None:
    address = await give_resume(visit)
    form = {**visit.forms()[f"{address}/plan"], "skills.1.years": "many", "how.profile": "leave"}
    del form["keep.skills.0"]
    visit.page = await visit.http.post(f"{address}/plan", data=form)
    assert visit.page.status_code == 422
    assert 'id="skills.1.years-wrong"' in visit.page.text
    assert visit.forms()[f"{address}/plan"]["skills.1.years"] == "many"
    form |= {"experience.0.start_date": "soon", "skills.1.years": "2"}
    visit.page = await visit.http.post(f"{address}/plan", data=form)
    assert visit.page.status_code == 422
    assert 'id="experience.0.start_date-wrong"' in visit.page.text
    assert visit.forms()[f"{address}/plan"]["experience.0.start_date"] == "soon"


async def test_to_take_nothing_over_is_refused(visit: Visit) -> None:
    address = await give_resume(visit)
    parts = ("profile", "experience", "education", "skills", "languages")
    await visit.send(f"{address}/plan", **{f"how.{part}": "leave" for part in parts})
    assert visit.page.status_code == 422
    assert "choose at least one part" in visit.page.text


async def test_a_pdf_has_its_pages_with_the_places_of_fields(visit: Visit) -> None:
    page = await give(visit, PDF.read_bytes())
    text = page.text
    assert 'alt="Page 1 of the file"' in text
    assert 'data-for="experience.0.title"' in text
    assert 'style="' not in text
    picture = await visit.http.get(f"{page.url.path}/pages/1.png")
    assert picture.headers["content-type"] == "image/png"
    assert (await visit.http.get(f"{page.url.path}/pages/9.png")).status_code == 404


async def test_a_word_document_has_its_texts_instead(visit: Visit) -> None:
    text = (await give(visit, DOCX.read_bytes())).text
    assert "What the file says" in text
    assert '<p data-for="experience.0.company">' in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Choose a file first."),
        (b"hello", "Save an older .doc or .odt as PDF first."),
        (b"%PDF-1.7 and no more", "Open it in the program it was written in"),
    ],
    ids=["none", "unknown", "damaged"],
)
async def test_a_file_that_cant_be_read_is_told_with_what_to_do(
    visit: Visit, data: bytes, told: str
) -> None:
    page = await give(visit, data)
    assert page.status_code == 422
    assert told in page.text


async def test_nobody_elses_import_is_shown(visit: Visit, ann: Person) -> None:
    eve = await Person(ann.services).signed_in("eve")
    headers = {"authorization": f"Bearer {eve.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=visit.http.base_url, headers=headers) as http:
        preview = (await http.post("/v1/me/import/parse", json=RESUME)).json()
    await visit.open(f"/profile/import/{preview['parse_id']}")
    assert visit.page.status_code == 404


async def test_of_an_altered_pdf_of_ours_the_differences_are_shown(
    visit: Visit, ann: Person
) -> None:
    address = await give_resume(visit)
    differences = [
        {"kind": "not_in_text", "text": "Head <nurse>", "path": "skills[0].name", "page": None},
        {"kind": "not_in_data", "text": "Surgeon", "path": None, "page": 2},
    ]
    await table(
        ann.services,
        "UPDATE imports SET preview = preview || $1::JSONB",
        {"tampered": True, "differences": differences},
    )
    text = (await visit.open(address)).text
    assert "This PDF says one thing and encloses another" in text
    assert "Enclosed and on no page: <del>Head &lt;nurse&gt;</del>" in text
    assert "On page 2 and not enclosed: <ins>Surgeon</ins>" in text


async def test_the_review_of_the_longest_import_is_taken(visit: Visit, ann: Person) -> None:
    work = [{"name": f"Firm {index}", "position": "Clerk"} for index in range(100)]
    projects = [{"name": f"Project {index}"} for index in range(100)]
    skills = [{"name": f"Skill {index}"} for index in range(300)]
    address = await give_resume(visit, {"work": work, "projects": projects, "skills": skills})
    await visit.send(f"{address}/plan")
    assert "What would change" in visit.page.text
    await visit.send(f"{address}/commit")
    whole = await owner(ann, visit)
    lengths = [len(whole[section]) for section in ("experience", "projects", "skills")]
    assert lengths == [100, 100, 300]
