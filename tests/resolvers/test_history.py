"""Every change is kept, and can be had back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.services import Services
from tests.people import Person, table
from tests.profile.rows import FAMILIES, Family
from tests.rest_compat.test_errors import assert_error

PATH = "/v1/me/history"
SKILLS = FAMILIES[0]
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.section)


async def history(client: httpx.AsyncClient, **only: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(PATH, params=only)).json()["items"]
    return items


async def restore(client: httpx.AsyncClient, revision: dict[str, Any], **body: Any) -> Any:
    answer = await client.post(f"{PATH}/{revision['id']}/restore", json=body or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def content(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if name not in ("version", "updated_at")}


@each_family
async def test_each_change_is_kept_with_who_and_what(
    session: httpx.AsyncClient, family: Family
) -> None:
    row = (await session.post(family.path, json=family.full)).json()
    path = f"{family.path}/{row['id']}"
    await session.put(path, json=family.least)
    await session.delete(path)
    deleted, updated, created = await history(session)
    me = (await session.get("/v1/auth/me")).json()["principal"]
    for revision in (deleted, updated, created):
        assert (revision["section"], revision["item_id"]) == (family.section, row["id"])
        assert revision["credential"] == "session"
        assert revision["credential_id"] == me["credential_id"]
    assert [r["action"] for r in (deleted, updated, created)] == ["delete", "update", "create"]
    assert created["before"] is None
    assert created["after"].items() >= family.full.items()
    assert updated["before"] == created["after"]
    assert deleted["before"] == updated["after"]
    assert deleted["after"] is None
    assert set(updated["fields"]) == {
        name for name in family.full if family.full[name] != family.least.get(name) and (
            family.full[name] or family.least.get(name))
    }  # fmt: skip
    assert "account_id" not in created["after"]


@each_family
async def test_a_deleted_row_comes_back_under_its_id(
    session: httpx.AsyncClient, services: Services, family: Family
) -> None:
    first = (await session.post(family.path, json=family.full)).json()
    await session.post(family.path, json=family.least)
    await session.delete(f"{family.path}/{first['id']}")
    [deletion] = [r for r in await history(session) if r["action"] == "delete"]
    restored = await restore(session, deletion)
    assert restored["changed"]
    back = (await session.get(f"{family.path}/{first['id']}")).json()
    assert content(back) == content(first)
    assert back["version"] == 2
    order = [row["id"] for row in (await session.get(family.path)).json()["items"]]
    assert order[0] == first["id"]
    assert (await restore(session, deletion)) == {"changed": False, "revision": None}
    # A restoration is a change like any other, and so can be undone.
    await restore(session, restored["revision"])
    assert_error(await session.get(f"{family.path}/{first['id']}"), 404, "not_found")


async def test_an_edit_is_undone_and_later_edits_of_others_stay(session: httpx.AsyncClient) -> None:
    one = (await session.post("/v1/me/skills", json={"name": "one"})).json()
    two = (await session.post("/v1/me/skills", json={"name": "two"})).json()
    await session.put(f"/v1/me/skills/{one['id']}", json={"name": "uno"})
    await session.put(f"/v1/me/skills/{two['id']}", json={"name": "due"})
    edits = await history(session, item_id=one["id"])
    assert [r["action"] for r in edits] == ["update", "create"]
    await restore(session, edits[0])
    names = [row["name"] for row in (await session.get("/v1/me/skills")).json()["items"]]
    assert names == ["one", "due"]


async def test_a_section_goes_back_to_before_any_change(session: httpx.AsyncClient) -> None:
    states: list[list[dict[str, Any]]] = [[]]
    ids = []
    for name in "abc":
        ids.append((await session.post("/v1/me/skills", json={"name": name})).json()["id"])
        states.append((await session.get("/v1/me/skills")).json()["items"])

    async def note() -> None:
        states.append((await session.get("/v1/me/skills")).json()["items"])

    await session.put("/v1/me/sections/skills/order", json={"ids": ids[::-1]})
    await note()
    await session.put(f"/v1/me/skills/{ids[0]}", json={"name": "A", "level": "good"})
    await note()
    await session.delete(f"/v1/me/skills/{ids[1]}")
    await note()
    await session.put("/v1/me/skills", json={"items": [{"name": "new"}]})
    revisions = (await history(session, section="skills"))[::-1]
    assert len(revisions) == len(states)
    for revision, state in reversed(list(zip(revisions, states, strict=True))):
        await restore(session, revision, scope="section")
        rows = (await session.get("/v1/me/skills")).json()["items"]
        assert list(map(content, rows)) == list(map(content, state))


async def test_the_profile_goes_back_field_by_field_or_whole(session: httpx.AsyncClient) -> None:
    await session.patch("/v1/me/profile", json={"bio": "one", "location": "here"})
    await session.patch("/v1/me/profile", json={"bio": "two", "username": "ann-two"})
    await session.patch("/v1/me/profile", json={"location": "there"})
    _, second, first = await history(session, section="profile")
    assert set(second["fields"]) == {"bio", "username"}
    await restore(session, second)
    profile = (await session.get("/v1/me/profile")).json()
    assert (profile["bio"], profile["location"]) == ("one", "there")
    assert profile["username"] == "ann-two"  # not given back
    await restore(session, first, scope="section")
    profile = (await session.get("/v1/me/profile")).json()
    assert (profile["bio"], profile["location"]) == (None, None)
    assert (await history(session))[0]["action"] == "restore"


async def test_history_is_paged_and_told_apart(session: httpx.AsyncClient) -> None:
    for number in range(5):
        await session.post("/v1/me/skills", json={"name": f"s{number}"})
    await session.patch("/v1/me/profile", json={"bio": "x"})
    page = (await session.get(PATH, params={"limit": 4})).json()
    assert [r["section"] for r in page["items"]] == ["profile", *["skills"] * 3]
    rest = (await session.get(PATH, params={"cursor": page["next_cursor"]})).json()
    assert len(rest["items"]) == 2
    assert rest["next_cursor"] is None
    assert len(await history(session, section="skills")) == 5
    assert await history(session, section="projects") == []


async def test_a_row_is_found_in_changes_of_its_whole_section(session: httpx.AsyncClient) -> None:
    one = (await session.post("/v1/me/skills", json={"name": "a"})).json()["id"]
    await session.put("/v1/me/skills", json={"items": []})
    actions = [r["action"] for r in await history(session, item_id=one)]
    assert actions == ["replace", "create"]


async def test_the_history_of_another_is_not_there(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.post("/v1/me/skills", json={"name": "mine"})
    [revision] = await history(session)
    tom = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {tom.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as other:
        assert await history(other) == []
        answer = await other.post(f"{PATH}/{revision['id']}/restore")
        assert_error(answer, 404, "not_found")
    assert len((await session.get("/v1/me/skills")).json()["items"]) == 1


async def test_a_refused_write_leaves_no_revision(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.post("/v1/me/skills", json={"name": ""})
    await session.patch("/v1/me/profile", json={"website": "x y"})
    await session.put(f"/v1/me/skills/{UUID(int=1)}", json={"name": "x"})
    await session.delete(f"/v1/me/skills/{UUID(int=1)}")
    assert await table(services, "SELECT id FROM revisions") == []


async def test_a_key_is_named_in_the_history(session: httpx.AsyncClient) -> None:
    created = (await session.post("/v1/auth/api-keys", json={"name": "k"})).json()
    headers = {"x-api-key": created["key"]}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as script:
        await script.post("/v1/me/skills", json={"name": "by key"})
        await script.put("/v1/me/skills", json={"items": []})
    replaced, made = await history(session)
    for revision in (made, replaced):
        assert revision["credential"] == "api_key"
        assert revision["credential_id"] == created["api_key"]["id"]


async def test_undoing_a_change_of_the_whole_section_leaves_what_came_after(
    session: httpx.AsyncClient,
) -> None:
    ids = [
        (await session.post("/v1/me/skills", json={"name": name})).json()["id"] for name in "abc"
    ]
    await session.put("/v1/me/sections/skills/order", json={"ids": ids[::-1]})
    await session.put(f"/v1/me/skills/{ids[0]}", json={"name": "A"})
    await session.post("/v1/me/skills", json={"name": "later"})
    [reorder] = [r for r in await history(session) if r["action"] == "reorder"]
    assert set(reorder["before"][0]) == {"id", "position", "version"}
    await restore(session, reorder)
    names = [row["name"] for row in (await session.get("/v1/me/skills")).json()["items"]]
    assert names == ["A", "b", "c", "later"]


async def test_a_revision_of_a_section_holds_what_it_touched_alone(
    session: httpx.AsyncClient,
) -> None:
    rows = [(await session.post("/v1/me/skills", json={"name": n})).json() for n in "ab"]
    items = [{"id": rows[0]["id"], "name": "a"}, {"id": rows[1]["id"], "name": "B"}]
    await session.put("/v1/me/skills", json={"items": items})
    replaced = (await history(session))[0]
    assert replaced["item_ids"] == [rows[1]["id"]]
    assert [row["name"] for row in replaced["before"]] == ["b"]
    assert [row["name"] for row in replaced["after"]] == ["B"]


async def test_a_row_that_comes_back_has_a_version_it_never_had(
    session: httpx.AsyncClient,
) -> None:
    row = (await session.post("/v1/me/skills", json={"name": "one"})).json()
    path = f"/v1/me/skills/{row['id']}"
    for name in ("two", "three"):
        await session.put(path, json={"name": name})
    await session.put("/v1/me/sections/skills/order", json={"ids": [row["id"]]})
    await session.delete(path)
    first_edit = (await history(session, item_id=row["id"]))[-2]
    await restore(session, first_edit)
    back = await session.get(path, headers={"if-none-match": '"2"'})
    assert back.json()["name"] == "one"
    assert back.json()["version"] == 4


async def test_a_list_leaves_out_states_that_are_long(session: httpx.AsyncClient) -> None:
    items = [{"name": f"p{n}", "description": "x" * 4000} for n in range(20)]
    await session.put("/v1/me/projects", json={"items": items})
    [listed] = await history(session)
    assert (listed["whole"], listed["before"], listed["after"]) == (False, None, None)
    assert len(listed["item_ids"]) == 20
    one = (await session.get(f"{PATH}/{listed['id']}")).json()
    assert one["whole"]
    assert len(one["after"]) == 20


async def test_changes_at_once_are_listed_as_they_came(session: httpx.AsyncClient) -> None:
    row = (await session.post("/v1/me/skills", json={"name": "one"})).json()
    path = f"/v1/me/skills/{row['id']}"
    await asyncio.gather(*(session.put(path, json={"name": f"n{n}"}) for n in range(12)))
    pages: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"limit": 5}
    while True:
        page = (await session.get(PATH, params=asked)).json()
        pages += page["items"]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert [r["after"]["version"] for r in pages] == list(range(13, 0, -1))


async def test_a_restore_never_changes_who_may_see_the_profile(session: httpx.AsyncClient) -> None:
    profile = "/v1/me/profile"
    wide = {"visibility": "public", "email_public": True, "phone_public": True, "bio": "Old."}
    narrow = {"visibility": "private", "email_public": False, "phone_public": False, "bio": "New."}
    await session.patch(profile, json=wide | {"answers_questions": True})
    await session.patch(profile, json=narrow | {"answers_questions": False})
    (latest, *_) = await history(session)
    assert {"visibility", "answers_questions"} < set(latest["fields"])
    await restore(session, latest)
    await restore(session, latest, scope="section")
    after = (await session.get(profile)).json()
    assert after.items() >= (narrow | {"answers_questions": False, "bio": "Old."}).items()


async def test_a_revision_older_than_visibility_restores_without_it(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch("/v1/me/profile", json={"bio": "Old.", "visibility": "private"})
    await session.patch("/v1/me/profile", json={"bio": "New."})
    await table(
        services,
        "UPDATE revisions SET before = before - 'visibility' - 'answers_questions',"
        " after = after - 'visibility' - 'answers_questions'",
    )
    (latest, *_) = await history(session)
    await restore(session, latest, scope="section")
    after = (await session.get("/v1/me/profile")).json()
    assert (after["bio"], after["visibility"]) == ("Old.", "private")


@pytest.mark.parametrize("scope", ["change", "section"])
@each_family
async def test_what_a_restoration_would_do_is_what_it_does(
    session: httpx.AsyncClient, family: Family, scope: str
) -> None:
    row = (await session.post(family.path, json=family.full)).json()
    other = (await session.post(family.path, json=family.least)).json()
    await session.delete(f"{family.path}/{row['id']}")
    await session.delete(f"{family.path}/{other['id']}")
    deleted = (await history(session, item_id=row["id"]))[0]
    path = f"{PATH}/{deleted['id']}/restoration"
    told = (await session.get(path, params={"scope": scope})).json()
    assert (told["changed"], told["section"], told["before"]) == (True, family.section, [])
    wanted = [row] if scope == "change" else [row, other]
    assert [each["id"] for each in told["after"]] == [each["id"] for each in wanted]
    assert (await session.get(family.path)).json()["items"] == []
    done = await restore(session, deleted, scope=scope)
    assert [each["id"] for each in done["revision"]["after"]] == [each["id"] for each in wanted]
    told = (await session.get(path, params={"scope": scope})).json()
    assert (told["changed"], told["before"], told["after"]) == (False, [], [])


async def test_what_a_restoration_of_the_profile_would_do_names_its_fields(
    session: httpx.AsyncClient,
) -> None:
    await session.patch("/v1/me/profile", json={"headline": "First", "visibility": "public"})
    await session.patch("/v1/me/profile", json={"headline": "Second", "bio": "Long"})
    revision = (await history(session))[0]
    told = (await session.get(f"{PATH}/{revision['id']}/restoration")).json()
    assert told["before"] == {"headline": "Second", "bio": "Long"}
    assert told["after"] == {"headline": "First", "bio": None}


async def test_what_a_restoration_would_do_is_nobody_elses_business(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch("/v1/me/profile", json={"headline": "First"})
    revision = (await history(session))[0]
    eve = await Person(services).signed_in("eve")
    headers = {"authorization": f"Bearer {eve.credentials.bearer}"}
    answer = await session.get(f"{PATH}/{revision['id']}/restoration", headers=headers)
    assert_error(answer, 404, "not_found")
