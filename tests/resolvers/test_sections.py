"""The five sections of a profile, over HTTP and GraphQL, with a session and with an API key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.services import Services
from tests.people import Person, table
from tests.profile.rows import FAMILIES, Family
from tests.rest_compat.test_errors import assert_error

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.section)
NOWHERE = "01a200c1-0660-72cb-b725-729e3666a2d1"


@pytest.fixture(params=["session", "api key"])
async def owner(
    request: pytest.FixtureRequest, base_url: str, services: Services
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one owner, by either kind of credential."""
    person = await Person(services).signed_in()
    if request.param == "session":
        headers = {"authorization": f"Bearer {person.credentials.bearer}"}
    else:
        headers = {"x-api-key": (await person.new_key()).key}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


@pytest.fixture
async def stranger(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    person = await Person(services).signed_in("stranger")
    headers = {"authorization": f"Bearer {person.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


async def made(client: httpx.AsyncClient, family: Family, **values: Any) -> dict[str, Any]:
    answer = await client.post(family.path, json=values or family.full)
    assert answer.status_code == 201, answer.text
    row: dict[str, Any] = answer.json()
    return row


async def listed(client: httpx.AsyncClient, family: Family) -> list[dict[str, Any]]:
    answer = await client.get(family.path)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def everything(services: Services, family: Family) -> list[Any]:
    rows = await table(services, f"SELECT * FROM {family.section} ORDER BY id")
    revisions = await table(services, "SELECT id FROM revisions ORDER BY id")
    return [*map(tuple, rows), *map(tuple, revisions)]


@each_family
async def test_a_row_is_created_read_replaced_and_deleted(
    owner: httpx.AsyncClient, family: Family
) -> None:
    created = await owner.post(family.path, json=family.full)
    assert created.status_code == 201
    row = created.json()
    assert row.items() >= family.full.items()
    assert row["id"] == str(UUID(row["id"]))
    assert UUID(row["id"]).version == 7
    assert created.headers["etag"] == '"1"'
    found = await owner.get(created.headers["location"])
    assert (found.status_code, found.json()) == (200, row)
    assert await listed(owner, family) == [row]

    path = f"{family.path}/{row['id']}"
    replaced = await owner.put(path, json=family.least)
    assert replaced.status_code == 200
    left = replaced.json()
    cleared = {name: left[name] for name in family.full.keys() - family.least.keys()}
    assert not any(cleared.values())
    assert left.items() >= family.least.items()
    assert (left["version"], left["position"], left["created_at"]) == (2, 0, row["created_at"])
    assert left["updated_at"] > row["updated_at"]

    deleted = await owner.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert_error(await owner.get(path), 404, "not_found")
    assert_error(await owner.delete(path), 404, "not_found")
    assert await listed(owner, family) == []


@each_family
async def test_the_same_operations_run_over_graphql(
    owner: httpx.AsyncClient, family: Family
) -> None:
    async def ask(document: str, **variables: Any) -> Any:
        asked = await owner.post("/graphql", json={"query": document, "variables": variables})
        assert "errors" not in asked.json(), asked.text
        return asked.json()["data"]

    one, kind = family.one, family.type
    row = await made(owner, family)
    data = await ask(f"{{ {family.listed} {{ items {{ id version }} }} }}")
    assert data[family.listed]["items"] == [{"id": row["id"], "version": 1}]
    data = await ask(f"query($id: UUID!) {{ {one}({one}Id: $id) {{ id }} }}", id=row["id"])
    assert data == {one: {"id": row["id"]}}
    least = {"input": family.least}
    data = await ask(
        f"mutation($input: {kind}Input!) {{ create{kind}(input: $input) {{ id position }} }}",
        **least,
    )
    second = data[f"create{kind}"]
    assert second["position"] == 1
    data = await ask(
        f"mutation($id: UUID!, $input: {kind}Input!)"
        f" {{ update{kind}({one}Id: $id, input: $input, expectedVersion: 1) {{ version }} }}",
        id=row["id"],
        **least,
    )
    assert data == {f"update{kind}": {"version": 2}}
    await ask(f"mutation($id: UUID!) {{ delete{kind}({one}Id: $id) }}", id=row["id"])
    assert [row["id"] for row in await listed(owner, family)] == [second["id"]]
    data = await ask(
        f"mutation($items: [{kind}ItemInput!]!)"
        f" {{ {family.replaced}(items: $items) {{ items {{ id }} }} }}",
        items=[family.least, {"id": second["id"], **family.least}],
    )
    assert data[family.replaced]["items"][1] == {"id": second["id"]}


@each_family
@pytest.mark.parametrize("who", ["stranger", "nobody", "token"])
async def test_who_does_not_own_a_row_can_neither_see_nor_change_it(
    session: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    token: httpx.AsyncClient,
    base_url: str,
    services: Services,
    family: Family,
    who: str,
) -> None:
    row = await made(session, family)
    before = await everything(services, family)
    path = f"{family.path}/{row['id']}"
    async with httpx.AsyncClient(base_url=base_url) as nobody:
        other = {"stranger": stranger, "nobody": nobody, "token": token}[who]
        status, code = (404, "not_found") if who == "stranger" else (401, "unauthenticated")
        assert_error(await other.get(path), status, code)
        assert_error(await other.put(path, json=family.full), status, code)
        assert_error(await other.delete(path), status, code)
        if who == "stranger":
            assert await listed(other, family) == []
            items = [{"id": row["id"], **family.least}]
            theirs = await other.put(family.path, json={"items": items})
            assert_error(theirs, 422, "validation_failed")
        else:
            assert_error(await other.post(family.path, json=family.full), status, code)
            assert_error(await other.put(family.path, json={"items": []}), status, code)
    assert await everything(services, family) == before


@each_family
async def test_a_version_that_is_past_changes_nothing(
    session: httpx.AsyncClient, services: Services, family: Family
) -> None:
    row = await made(session, family)
    path = f"{family.path}/{row['id']}"
    changed = await session.put(path, json=family.least, headers={"if-match": '"1"'})
    assert changed.headers["etag"] == '"2"'
    before = await everything(services, family)
    stale = {"if-match": '"1"'}
    assert_error(
        await session.put(path, json=family.full, headers=stale), 412, "precondition_failed"
    )
    assert_error(await session.delete(path, headers=stale), 412, "precondition_failed")
    assert await everything(services, family) == before
    known = await session.get(path, headers={"if-none-match": '"2"'})
    assert known.status_code == 304
    assert (await session.delete(path, headers={"if-match": '"2"'})).status_code == 204


@each_family
async def test_the_same_value_again_is_no_change(
    session: httpx.AsyncClient, services: Services, family: Family
) -> None:
    row = await made(session, family)
    before = await everything(services, family)
    again = await session.put(f"{family.path}/{row['id']}", json=family.full)
    assert (again.status_code, again.json()) == (200, row)
    assert await everything(services, family) == before


@each_family
async def test_what_is_wrong_with_a_row_is_named_field_by_field(
    session: httpx.AsyncClient, services: Services, family: Family
) -> None:
    wrong = {name: {"no": "such"} for name in family.full} | {"colour": "red", "version": 3}
    answer = assert_error(await session.post(family.path, json=wrong), 422, "validation_failed")
    named = {field["path"] for field in answer["fields"]}
    assert named >= {*family.full, "colour", "version"}
    empty = assert_error(await session.post(family.path, json={}), 422, "validation_failed")
    assert [field["code"] for field in empty["fields"]] == ["required"]
    blank = {name: " " for name, value in family.least.items() if isinstance(value, str)}
    assert_error(await session.post(family.path, json=blank), 422, "validation_failed")
    assert await everything(services, family) == []


_DATES = [
    ({"start_date": "2020-13"}, "start_date", "date"),
    ({"start_date": "last summer"}, "start_date", "date"),
    ({"start_date": "2021-02-29"}, "start_date", "date"),
    ({"start_date": "2020-05", "end_date": "2020-04"}, "end_date", "before_start"),
    ({"start_date": "2020-05", "end_date": "2019"}, "end_date", "before_start"),
    ({"end_date": "2020", "is_current": True}, "end_date", "contradiction"),
    ({"title": "x" * 501}, "title", "too_long"),
    ({"bullets": ["ok", "x" * 5001]}, "bullets[1]", "too_long"),
    ({"bullets": ["x"] * 51}, "bullets", "too_many"),
    ({"technologies": ["x" * 101]}, "technologies[0]", "too_long"),
    ({"location": "a\0b"}, "location", "invalid_text"),
]


@pytest.mark.parametrize(
    ("values", "path", "code"), _DATES, ids=[f"{p}-{c}-{i}" for i, (_, p, c) in enumerate(_DATES)]
)
async def test_a_position_that_can_not_be_is_refused(
    session: httpx.AsyncClient, values: dict[str, Any], path: str, code: str
) -> None:
    answer = await session.post("/v1/me/experience", json={"company": "A"} | values)
    fields = assert_error(answer, 422, "validation_failed")["fields"]
    assert [(field["path"], field["code"]) for field in fields] == [(path, code)]


@pytest.mark.parametrize("date", ["2020", "2020-05", "2020-05-09"])
async def test_a_date_keeps_its_precision(session: httpx.AsyncClient, date: str) -> None:
    row = (await session.post("/v1/me/projects", json={"name": "A", "start_date": date})).json()
    assert row["start_date"] == date
    shown = await session.get(f"/v1/me/projects/{row['id']}")
    assert shown.json()["start_date"] == date


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example", "no address", "//a@b.c"])
async def test_what_is_no_web_address_is_refused(session: httpx.AsyncClient, url: str) -> None:
    answer = await session.post("/v1/me/projects", json={"name": "A", "url": url})
    assert assert_error(answer, 422, "validation_failed")["fields"][0]["path"] == "url"


@pytest.mark.parametrize("years", [-1, 81, 1e300])
async def test_years_that_nobody_has_are_refused(session: httpx.AsyncClient, years: float) -> None:
    answer = await session.post("/v1/me/skills", json={"name": "Go", "years": years})
    assert_error(answer, 422, "validation_failed")


async def test_a_section_is_paged_in_its_order(session: httpx.AsyncClient) -> None:
    names = [f"skill {number:02}" for number in range(7)]
    for name in names:
        await made(session, FAMILIES[0], name=name)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await session.get("/v1/me/skills", params={"limit": 3, "cursor": cursor} if cursor
                                  else {"limit": 3})).json()  # fmt: skip
        assert len(page["items"]) <= 3
        found += [row["name"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert found == names
    for wrong in ({"cursor": "x"}, {"limit": 0}, {"limit": 101}):
        answer = await session.get("/v1/me/skills", params=wrong)
        assert_error(answer, 422, "validation_failed")


async def test_a_section_is_put_in_another_order_in_one_call(
    session: httpx.AsyncClient, services: Services
) -> None:
    rows = [await made(session, FAMILIES[0], name=name) for name in "abc"]
    ids = [row["id"] for row in rows]
    wanted = [ids[2], ids[0], ids[1]]
    path = "/v1/me/sections/skills/order"
    answer = await session.put(path, json={"ids": wanted})
    assert answer.json() == {"section": "skills", "ids": wanted}
    assert [row["id"] for row in await listed(session, FAMILIES[0])] == wanted
    before = await everything(services, FAMILIES[0])
    for ids_given, code in (
        (wanted[:2], "missing"),
        ([*wanted, NOWHERE], "unknown"),
        ([*wanted, ids[0]], "doubled"),
    ):
        refused = assert_error(
            await session.put(path, json={"ids": ids_given}), 422, "validation_failed"
        )
        assert [field["code"] for field in refused["fields"]] == [code]
    assert await everything(services, FAMILIES[0]) == before
    assert_error(
        await session.put("/v1/me/sections/hobbies/order", json={"ids": []}), 404, "not_found"
    )


@each_family
async def test_a_section_is_replaced_as_a_whole(session: httpx.AsyncClient, family: Family) -> None:
    kept = await made(session, family)
    await made(session, family, **family.least)
    items = [family.least, {"id": kept["id"], **family.full}]
    answer = await session.put(family.path, json={"items": items})
    rows = answer.json()["items"]
    assert [row["position"] for row in rows] == [0, 1]
    assert rows[1]["id"] == kept["id"]
    assert rows[0].items() >= family.least.items()
    assert await listed(session, family) == rows
    emptied = await session.put(family.path, json={"items": []})
    assert emptied.json() == {"items": [], "next_cursor": None}


async def test_a_replacement_with_anything_wrong_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    family = FAMILIES[0]
    row = await made(session, family)
    before = await everything(services, family)
    items = [
        {"name": "ok"},
        {"name": " "},
        {"id": NOWHERE, "name": "x"},
        {"name": "y", "years": 99},
    ]
    twice = [{"id": row["id"], "name": "x"}, {"id": row["id"], "name": "y"}]
    wrong = assert_error(
        await session.put(family.path, json={"items": items}), 422, "validation_failed"
    )
    paths = [field["path"] for field in wrong["fields"]]
    assert paths == ["items[1].name", "items[2].id", "items[3].years"]
    assert_error(await session.put(family.path, json={"items": twice}), 422, "validation_failed")
    many = [{"name": "x"}] * 301
    assert_error(await session.put(family.path, json={"items": many}), 422, "validation_failed")
    assert await everything(services, family) == before


async def test_a_section_that_is_full_takes_no_more(
    session: httpx.AsyncClient, services: Services
) -> None:
    items = [{"name": f"p{number}"} for number in range(100)]
    assert (await session.put("/v1/me/projects", json={"items": items})).status_code == 200
    assert_error(await session.post("/v1/me/projects", json={"name": "more"}), 409, "conflict")
    assert len(await table(services, "SELECT id FROM projects")) == 100


async def test_writers_at_once_lose_nothing(session: httpx.AsyncClient, services: Services) -> None:
    row = await made(session, FAMILIES[0], name="start")
    path = f"/v1/me/skills/{row['id']}"
    answers = await asyncio.gather(
        *(session.put(path, json={"name": f"n{number}"}) for number in range(12))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 14))
    revisions = await table(
        services, "SELECT before, after FROM revisions WHERE action = 'update' ORDER BY sequence"
    )
    chain = [revisions[0]["before"], *(revision["after"] for revision in revisions)]
    assert [state["version"] for state in chain] == list(range(1, 14))
    assert [r["before"] for r in revisions[1:]] == [r["after"] for r in revisions[:-1]]


async def test_of_many_with_one_version_one_wins(session: httpx.AsyncClient) -> None:
    row = await made(session, FAMILIES[0], name="start")
    answers = await asyncio.gather(
        *(
            session.put(
                f"/v1/me/skills/{row['id']}",
                json={"name": f"n{number}"},
                headers={"if-match": '"1"'},
            )
            for number in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_a_repeated_creation_makes_one_row(session: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "once"}
    first = await session.post("/v1/me/skills", json={"name": "Go"}, headers=key)
    again = await session.post("/v1/me/skills", json={"name": "Go"}, headers=key)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    other = await session.post("/v1/me/skills", json={"name": "C"}, headers=key)
    assert_error(other, 409, "idempotency_conflict")
    assert len(await listed(session, FAMILIES[0])) == 1


async def test_a_row_that_is_made_while_its_section_is_changed_is_not_lost(
    session: httpx.AsyncClient,
) -> None:
    skills = FAMILIES[0]

    async def reorder() -> int:
        ids = [row["id"] for row in await listed(session, skills)]
        answer = await session.put("/v1/me/sections/skills/order", json={"ids": ids[::-1]})
        return answer.status_code

    async def replace_projects(number: int) -> int:
        items = [{"name": f"bulk {number}"}]
        return (await session.put("/v1/me/projects", json={"items": items})).status_code

    async def create(number: int) -> int:
        return (await session.post("/v1/me/skills", json={"name": f"s{number}"})).status_code

    created = [create(number) for number in range(30)]
    changes = [reorder() for _ in range(10)] + [replace_projects(n) for n in range(10)]
    answers = await asyncio.gather(*created, *changes)
    assert set(answers[:30]) == {201}
    assert set(answers[30:]) <= {200, 422}  # 422: a row was added meanwhile
    assert len(await listed(session, skills)) == 30


async def test_an_entry_has_a_bound_of_text_in_all(session: httpx.AsyncClient) -> None:
    bullets = ["x" * 4000] * 3
    answer = await session.post("/v1/me/experience", json={"title": "Cook", "bullets": bullets})
    [field] = assert_error(answer, 422, "validation_failed")["fields"]
    assert (field["path"], field["code"]) == ("bullets[2]", "too_much_text")
