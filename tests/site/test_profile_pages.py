"""The profile, edited by a browser without script."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.people import Person
from tests.site.visiting import Visit

POSITION = {
    "title": "Engineer",
    "company": "Acme",
    "start_date": "2020-03",
    "bullets": "Built a bridge\nPainted it\n\n",
    "technologies": "Steel, Paint",
}


async def owner(ann: Person, visit: Visit) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {ann.credentials.bearer}"}
    whole: dict[str, Any] = (await visit.http.get("/v1/me", headers=headers)).json()
    return whole


async def add(visit: Visit, section: str, **fields: Any) -> str:
    """The id of a row that is added by the form."""
    await visit.open(f"/profile?edit={section}/new")
    await visit.send(f"/profile/sections/{section}", **fields)
    assert visit.page.status_code == 200, visit.page.text
    return visit.page.url.params["shown"].removeprefix(f"{section}-")


async def test_the_page_shows_the_whole_profile_as_it_reads(visit: Visit) -> None:
    await visit.open("/profile")
    assert "Ann Lee" in visit.page.text
    assert "Nothing yet. Where have you worked" in visit.page.text
    await add(visit, "experience", **POSITION)
    text = visit.page.text
    for said in ("<h3>Engineer</h3>", "Acme", "Mar 2020", "<li>Built a bridge</li>", "Added."):
        assert said in text


async def test_a_row_is_added_edited_and_deleted(visit: Visit, ann: Person) -> None:
    row_id = await add(visit, "experience", **POSITION)
    (row,) = (await owner(ann, visit))["experience"]
    assert row["bullets"] == ["Built a bridge", "Painted it"]
    assert row["technologies"] == ["Steel", "Paint"]
    await visit.open(f"/profile?edit=experience/{row_id}")
    action = f"/profile/sections/experience/{row_id}"
    await visit.send(action, title="Head engineer", is_current="yes")
    (row,) = (await owner(ann, visit))["experience"]
    assert (row["title"], row["company"], row["is_current"]) == ("Head engineer", "Acme", True)
    await visit.open(f"/profile?edit=experience/{row_id}")
    form = visit.forms()[action]
    visit.page = await visit.http.post(action + "/delete", data=form)
    assert "“Head engineer, Acme” is deleted." in visit.page.text
    assert (await owner(ann, visit))["experience"] == []
    (undo,) = (each for each in visit.forms() if each.startswith("/profile/undo/"))
    await visit.send(undo)
    assert "It is back." in visit.page.text
    assert [row["id"] for row in (await owner(ann, visit))["experience"]] == [row_id]


@pytest.mark.parametrize("section", ["education", "projects", "skills", "certifications"])
async def test_each_section_has_its_form(visit: Visit, ann: Person, section: str) -> None:
    name = "institution" if section == "education" else "name"
    await add(visit, section, **{name: "Something <b>good</b>"})
    assert "Something &lt;b&gt;good&lt;/b&gt;" in visit.page.text
    (row,) = (await owner(ann, visit))[section]
    assert row[name] == "Something <b>good</b>"


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    visit: Visit, ann: Person
) -> None:
    await visit.open("/profile?edit=experience/new")
    given = {**POSITION, "end_date": "2019", "bullets": "Good\n" + "x" * 5001}
    await visit.send("/profile/sections/experience", **given)
    text = visit.page.text
    assert visit.page.status_code == 422
    assert 'id="experience-new-bullets-wrong">Line 2: May have 5,000 characters.' in text
    assert "Painted" not in text
    assert visit.forms()["/profile/sections/experience"]["company"] == "Acme"
    await visit.send("/profile/sections/experience", bullets="Good")
    assert "Is before “From”." in visit.page.text
    assert (await owner(ann, visit))["experience"] == []


async def test_the_head_is_saved_and_says_what_is_wrong(visit: Visit, ann: Person) -> None:
    await visit.open("/profile?edit=head")
    await visit.send("/profile/parts/head", headline="Engineer", bio="One.\r\n\r\nTwo.")
    profile = (await owner(ann, visit))["profile"]
    assert (profile["headline"], profile["bio"]) == ("Engineer", "One.\n\nTwo.")
    await visit.open("/profile?edit=contact")
    await visit.send("/profile/parts/contact", github_url="https://example.com/ann", phone="x")
    assert visit.page.status_code == 422
    assert "Must be an address at github.com." in visit.page.text
    assert (await owner(ann, visit))["profile"]["github_url"] is None


async def test_who_may_see_the_page_is_chosen(visit: Visit, ann: Person) -> None:
    await visit.open("/profile?edit=audience")
    await visit.send("/profile/parts/audience", visibility="private", username="anna")
    profile = (await owner(ann, visit))["profile"]
    assert (profile["visibility"], profile["username"]) == ("private", "anna")


async def test_languages_are_pairs_and_an_emptied_one_goes(visit: Visit, ann: Person) -> None:
    await visit.open("/profile?edit=languages")
    spoken = {"languages.0.name": "German", "languages.0.level": "native", "languages.1.name": "Ba"}
    await visit.send("/profile/parts/languages", **spoken)
    await visit.open("/profile?edit=languages")
    await visit.send("/profile/parts/languages", **{"languages.1.name": ""})
    languages = (await owner(ann, visit))["profile"]["languages"]
    assert languages == [{"name": "German", "level": "native"}]
    await visit.open("/profile?edit=languages")
    await visit.send("/profile/parts/languages", **{"languages.1.level": "C1"})
    assert visit.page.status_code == 422
    assert (await owner(ann, visit))["profile"]["languages"] == languages


async def test_of_two_versions_both_are_shown_and_one_is_chosen(visit: Visit, ann: Person) -> None:
    row_id = await add(visit, "experience", **POSITION)
    action = f"/profile/sections/experience/{row_id}"
    await visit.open(f"/profile?edit=experience/{row_id}")
    stale = visit.forms()[action]
    await visit.send(action, title="Architect")
    visit.page = await visit.http.post(action, data={**stale, "title": "Plumber"})
    assert visit.page.status_code == 412
    assert "changed elsewhere while you wrote" in visit.page.text
    assert "<td>Architect</td><td>Plumber</td>" in visit.page.text
    assert (await owner(ann, visit))["experience"][0]["title"] == "Architect"
    await visit.send(action)
    assert (await owner(ann, visit))["experience"][0]["title"] == "Plumber"


async def test_a_row_that_was_deleted_meanwhile_can_be_saved_as_a_new_one(
    visit: Visit, ann: Person
) -> None:
    row_id = await add(visit, "skills", name="Welding")
    action = f"/profile/sections/skills/{row_id}"
    await visit.open(f"/profile?edit=skills/{row_id}")
    form = visit.forms()[action]
    await visit.http.post(action + "/delete", data=form)
    visit.page = await visit.http.post(action, data={**form, "name": "Soldering"})
    assert "It was deleted meanwhile." in visit.page.text
    await visit.send("/profile/sections/skills")
    assert [row["name"] for row in (await owner(ann, visit))["skills"]] == ["Soldering"]


async def test_rows_are_put_in_order_by_buttons(visit: Visit, ann: Person) -> None:
    ids = [await add(visit, "skills", name=name) for name in ("One", "Two", "Three")]
    await visit.open("/profile")
    await visit.send("/profile/order/skills", up=ids[2])
    await visit.send("/profile/order/skills", down=ids[0])
    assert [row["name"] for row in (await owner(ann, visit))["skills"]] == ["Three", "One", "Two"]
    await visit.send("/profile/order/skills", up=ids[2])
    assert [row["name"] for row in (await owner(ann, visit))["skills"]] == ["Three", "One", "Two"]


async def test_a_stale_order_moves_nothing(visit: Visit, ann: Person) -> None:
    ids = [await add(visit, "skills", name=name) for name in ("One", "Two")]
    await visit.open("/profile")
    await visit.send("/profile/order/skills", ids=[ids[1]])
    assert "nothing was moved" in visit.page.text
    assert [row["name"] for row in (await owner(ann, visit))["skills"]] == ["One", "Two"]


async def test_a_portrait_is_given_shown_and_removed(visit: Visit, ann: Person) -> None:
    await visit.open("/profile/portrait")
    token = visit.forms()["/profile/portrait"]["form_token"]
    picture = io.BytesIO()
    Image.new("RGB", (120, 90), "teal").save(picture, "png")
    for data, status in ((b"no picture", 422), (picture.getvalue(), 200)):
        visit.page = await visit.http.post(
            "/profile/portrait", data={"form_token": token}, files={"file": ("me.png", data)}
        )
        assert visit.page.status_code == status
    version = (await owner(ann, visit))["profile"]["version"]
    shown = await visit.http.get(f"/profile/portrait/{version}.jpg")
    assert shown.headers["content-type"] == "image/jpeg"
    await visit.open("/profile/portrait")
    await visit.send("/profile/portrait/remove")
    assert (await owner(ann, visit))["profile"]["avatar_url"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/profile?edit=nothing",
        "/profile?edit=skills/one",
        "/profile?edit=skills/01a200c1-0660-72cb-b725-729e3666a2d1",
        "/profile/history/01a200c1-0660-72cb-b725-729e3666a2d1",
        "/profile/import/01a200c1-0660-72cb-b725-729e3666a2d1",
        "/profile/import/nothing",
    ],
)
async def test_what_is_not_there_is_a_page_that_says_so(visit: Visit, path: str) -> None:
    await visit.open(path)
    assert visit.page.status_code == 404
    assert "There is nothing here" in visit.page.text


async def test_an_undo_of_nothing_shows_the_profile(visit: Visit) -> None:
    await visit.open("/profile?undo=01a200c1-0660-72cb-b725-729e3666a2d1&shown=%22%3E%3Cb%3E")
    assert visit.page.status_code == 200
    assert "<b>" not in visit.page.text.replace("<b>ann</b>", "")


async def test_the_history_shows_what_differs_and_takes_it_back(visit: Visit, ann: Person) -> None:
    row_id = await add(visit, "experience", **POSITION)
    await visit.open(f"/profile?edit=experience/{row_id}")
    await visit.send(f"/profile/sections/experience/{row_id}", title="Head engineer")
    await visit.open("/profile/history")
    text = visit.page.text
    assert "Position changed: Head engineer, Acme" in text
    assert "<del>Engineer</del>" in text
    assert "<ins>Head engineer</ins>" in text
    assert "by this browser" in text
    await visit.open(
        text.split('href="/profile/history/')[1].split('"')[0].join(["/profile/history/", ""])
    )
    assert "This would happen now:" in visit.page.text
    action = visit.page.url.path
    visit.page = await visit.http.post(
        action, data={"form_token": visit.forms()[action]["form_token"], "scope": "change"}
    )
    assert "It is as it was." in visit.page.text
    assert (await owner(ann, visit))["experience"][0]["title"] == "Engineer"


async def test_the_history_of_one_section_is_shown_alone(visit: Visit) -> None:
    await add(visit, "skills", name="Welding")
    await add(visit, "education", institution="Empa School")
    await visit.open("/profile/history?section=skills")
    assert "Skill added: Welding" in visit.page.text
    assert "Empa School" not in visit.page.text
