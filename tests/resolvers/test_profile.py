"""The owner's profile, over HTTP and GraphQL."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.services import Services
from tests.people import Person, table
from tests.profile.rows import FAMILIES
from tests.rest_compat.test_errors import assert_error

PATH = "/v1/me/profile"


async def state(services: Services) -> list[Any]:
    rows = await table(services, "SELECT * FROM profiles ORDER BY account_id")
    names = await table(services, "SELECT username FROM accounts ORDER BY id")
    kept = await table(services, "SELECT username FROM former_usernames")
    changes = await table(services, "SELECT id FROM revisions ORDER BY id")
    return [*map(tuple, (*rows, *names, *kept, *changes))]


async def test_a_new_account_has_a_profile_of_its_name_and_address(
    session: httpx.AsyncClient,
) -> None:
    answer = await session.get(PATH)
    profile = answer.json()
    given = ("username", "full_name", "email")
    assert [profile[name] for name in given] == ["ann", "Ann Lee", "ann@example.com"]
    assert (profile["open_to_work"], profile["email_public"], profile["phone_public"]) == (
        (False,) * 3
    )
    assert answer.headers["etag"] == '"1"'
    assert (await session.get(PATH, headers={"if-none-match": '"1"'})).status_code == 304


async def test_the_documented_patch_answers_the_documented_body(session: httpx.AsyncClient) -> None:
    change = {"bio": "Backend engineer building scalable infrastructure.", "open_to_work": True}
    answer = await session.patch(PATH, json=change)
    assert answer.status_code == 200
    assert answer.json().items() >= {"username": "ann", **change}.items()
    assert answer.json() == (await session.get(PATH)).json()


async def test_a_patch_leaves_what_is_absent_and_clears_what_is_null(
    session: httpx.AsyncClient,
) -> None:
    full = {
        "full_name": "Ann B. Lee",
        "headline": "Engineer",
        "bio": "Line one\nline two",
        "location": "Bern",
        "website": "https://ann.example",
        "github_url": "https://github.com/ann",
        "linkedin_url": "https://www.linkedin.com/in/ann",
        "email": "hello@ann.example",
        "phone": "+41 79 123 45 67",
        "languages": [{"name": "French", "level": "C1"}, {"name": "Dari", "level": None}],
        "open_to_work": True,
        "email_public": True,
        "phone_public": True,
        "answers_questions": False,
    }
    assert (await session.patch(PATH, json=full)).json().items() >= full.items()
    after = (await session.patch(PATH, json={"bio": None})).json()
    assert after.items() >= (full | {"bio": None}).items()
    cleared = {name: None for name in full if full[name] and isinstance(full[name], str)}
    del cleared["full_name"]
    after = (await session.patch(PATH, json=cleared | {"languages": None})).json()
    assert after.items() >= (full | cleared | {"languages": []}).items()


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
async def test_the_owner_says_who_may_see_the_page(
    session: httpx.AsyncClient, visibility: str
) -> None:
    before = (await session.get(PATH)).json()
    assert (before["visibility"], before["answers_questions"]) == ("unlisted", True)
    after = (await session.patch(PATH, json={"visibility": visibility})).json()
    assert after["visibility"] == visibility
    assert after["public_url"].endswith("/u/ann")


async def test_who_may_see_the_page_is_changed_with_an_event_for_its_owner(
    session: httpx.AsyncClient, services: Services
) -> None:
    noted = "SELECT metadata FROM security_events WHERE action = 'visibility_changed'"
    await session.patch(PATH, json={"visibility": "unlisted", "bio": "New."})
    assert await table(services, noted) == []
    stale = {"if-match": '"99"'}
    refused = await session.patch(PATH, json={"visibility": "private"}, headers=stale)
    assert refused.status_code == 412
    assert await table(services, noted) == []
    await session.patch(PATH, json={"visibility": "public", "username": "annabel"})
    [event] = await table(services, noted)
    assert event["metadata"] == {"from": "unlisted", "to": "public"}


async def test_a_website_without_a_scheme_gets_one(session: httpx.AsyncClient) -> None:
    answer = await session.patch(PATH, json={"website": "ann.example"})
    assert answer.json()["website"] == "https://ann.example"


_WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"bio": 7, "open_to_work": "yes", "nickname": "x"}, ["bio", "open_to_work", "nickname"]),
    ({"website": "javascript:x", "linkedin_url": "https://evil.example/in/x"},
     ["website", "linkedin_url"]),
    ({"github_url": "https://github.com.evil.example/x"}, ["github_url"]),
    ({"github_url": "https://evil.example?.github.com/"}, ["github_url"]),
    ({"linkedin_url": "https://evil.example#.linkedin.com"}, ["linkedin_url"]),
    ({"email": "not an address"}, ["email"]),
    ({"phone": "call me"}, ["phone"]),
    ({"phone": "text 1 2 3 4 5"}, ["phone"]),
    ({"phone": "xxxxx12345"}, ["phone"]),
    ({"phone": "12345 ext"}, ["phone"]),
    ({"full_name": None}, ["full_name"]),
    ({"full_name": " \t"}, ["full_name"]),
    ({"open_to_work": None}, ["open_to_work"]),
    ({"visibility": None}, ["visibility"]),
    ({"visibility": "everybody", "answers_questions": "no"}, ["visibility", "answers_questions"]),
    ({"username": None}, ["username"]),
    ({"username": "admin"}, ["username"]),
    ({"username": "a b", "website": "x y"}, ["username", "website"]),
    ({"bio": "x" * 5001}, ["bio"]),
    ({"bio": "a\0b"}, ["bio"]),
    ({"languages": [{"name": "French"}, {"level": "C1"}]}, ["languages[1].name"]),
    ({"languages": [{"name": " "}]}, ["languages[0].name"]),
    ({"avatar_url": "https://x.example/me.png"}, ["avatar_url"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("patch", "paths"), _WRONG, ids=["+".join(p) + str(i) for i, (_, p) in enumerate(_WRONG)]
)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    session: httpx.AsyncClient, services: Services, patch: dict[str, Any], paths: list[str]
) -> None:
    before = await state(services)
    answer = await session.patch(PATH, json={"headline": "New", **patch})
    error = assert_error(answer, 422, "validation_failed")
    assert [field["path"] for field in error["fields"]] == paths
    assert await state(services) == before


async def test_without_a_good_credential_nothing_is_read_or_written(
    client: httpx.AsyncClient, token: httpx.AsyncClient, services: Services
) -> None:
    before = await state(services)
    for other in (client, token):
        assert_error(await other.get(PATH), 401, "unauthenticated")
        assert_error(await other.get("/v1/me"), 401, "unauthenticated")
        assert_error(await other.patch(PATH, json={"bio": "x"}), 401, "unauthenticated")
        assert_error(await other.patch(PATH, json={"bio": 1}), 401, "unauthenticated")
        renamed = await other.patch(PATH, json={"username": "mallory"})
        assert_error(renamed, 401, "unauthenticated")
    assert await state(services) == before


async def test_a_key_can_do_what_a_session_can(session: httpx.AsyncClient) -> None:
    key = (await session.post("/v1/auth/api-keys", json={"name": "k"})).json()["key"]
    async with httpx.AsyncClient(base_url=session.base_url, headers={"x-api-key": key}) as script:
        assert (await script.patch(PATH, json={"bio": "by key"})).json()["bio"] == "by key"
        assert (await script.get(PATH)).json() == (await session.get(PATH)).json()


async def test_a_version_that_is_past_changes_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PATH, json={"bio": "one"})
    before = await state(services)
    for patch in ({"bio": "two"}, {"username": "other"}, {"bio": "one"}):
        answer = await session.patch(PATH, json=patch, headers={"if-match": '"1"'})
        assert_error(answer, 412, "precondition_failed")
    assert await state(services) == before


async def test_the_same_value_again_is_no_change(
    session: httpx.AsyncClient, services: Services
) -> None:
    await session.patch(PATH, json={"bio": "one", "username": "ann-two"})
    before = await state(services)
    answer = await session.patch(PATH, json={"bio": "one", "username": "ann-two"})
    assert answer.json()["version"] == 2
    await session.patch(PATH, json={})
    assert await state(services) == before


async def test_patches_at_once_lose_nothing(session: httpx.AsyncClient) -> None:
    fields = ("headline", "bio", "location")
    await asyncio.gather(
        *(session.patch(PATH, json={name: f"{name} {n}"}) for n in range(4) for name in fields)
    )
    profile = (await session.get(PATH)).json()
    assert profile["version"] == 13
    assert all(profile[name].startswith(name) for name in fields)


# Usernames


async def test_a_former_name_is_nobody_elses_for_ninety_days(
    session: httpx.AsyncClient, services: Services
) -> None:
    assert (await session.patch(PATH, json={"username": "Ann-Two"})).json()["username"] == "ann-two"
    other = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {other.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as tom:
        before = await state(services)
        for taken in ("ann", "ann-two"):
            answer = await tom.patch(PATH, json={"username": taken, "bio": "mine"})
            error = assert_error(answer, 409, "conflict")
            assert [(f["path"], f["code"]) for f in error["fields"]] == [("username", "taken")]
        person = {"username": "ann", "email": "x@example.com", "password": "eleven green bottles"}
        registered = await tom.post("/v1/auth/register", json={**person, "full_name": "X"})
        assert_error(registered, 409, "conflict")
        assert await state(services) == before
        await table(services, "UPDATE former_usernames SET kept_until = now()")
        assert (await tom.patch(PATH, json={"username": "ann"})).json()["username"] == "ann"


async def test_an_owner_may_have_a_former_name_back(
    session: httpx.AsyncClient, services: Services
) -> None:
    for name in ("second", "ann", "second", "third"):
        assert (await session.patch(PATH, json={"username": name})).json()["username"] == name
    kept = await table(services, "SELECT username FROM former_usernames ORDER BY username")
    assert [row["username"] for row in kept] == ["ann", "second"]


async def test_of_two_who_want_a_name_one_gets_it(
    session: httpx.AsyncClient, services: Services
) -> None:
    people = [await Person(services).signed_in(f"p{number}") for number in range(5)]

    async def rename(person: Person) -> int:
        headers = {"authorization": f"Bearer {person.credentials.bearer}"}
        async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as http:
            return (await http.patch(PATH, json={"username": "wanted"})).status_code

    assert sorted(await asyncio.gather(*map(rename, people))) == [200, 409, 409, 409, 409]


async def test_a_name_that_is_being_given_up_is_not_taken_meanwhile(
    session: httpx.AsyncClient, services: Services
) -> None:
    tom = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {tom.credentials.bearer}"}
    async with httpx.AsyncClient(base_url=session.base_url, headers=headers) as other:
        for round_ in range(2):
            mine = f"round{round_}"
            await session.patch(PATH, json={"username": mine})
            _, got = await asyncio.gather(
                session.patch(PATH, json={"username": f"{mine}-next"}),
                other.patch(PATH, json={"username": mine}),
            )
            assert got.status_code == 409


async def test_names_are_not_hoarded(session: httpx.AsyncClient, services: Services) -> None:
    for number in range(5):
        answer = await session.patch(PATH, json={"username": f"name-{number}"})
        assert answer.status_code == 200
    before = await state(services)
    refused = await session.patch(PATH, json={"username": "one-more", "bio": "x"})
    assert_error(refused, 429, "rate_limited")
    assert await state(services) == before
    assert (await session.patch(PATH, json={"username": "name-4"})).status_code == 200  # the same


async def test_renaming_and_everything_else_at_once_stop_nobody(
    session: httpx.AsyncClient,
) -> None:
    asked = [
        request
        for number in range(4)
        for request in (
            session.patch(PATH, json={"username": f"name-{number}"}),
            session.patch(PATH, json={"headline": f"h{number}"}),
            session.put("/v1/me/projects", json={"items": [{"name": f"p{number}"}]}),
            session.post("/v1/me/skills", json={"name": f"s{number}"}),
        )
    ]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} <= {200, 201}


# The owner with everything


async def test_an_owner_is_read_whole(session: httpx.AsyncClient) -> None:
    rows = {
        family.section: (await session.post(family.path, json=family.full)).json()
        for family in FAMILIES
    }
    whole = (await session.get("/v1/me")).json()
    assert whole.pop("profile") == (await session.get(PATH)).json()
    assert whole == {section: [row] for section, row in rows.items()}


async def test_an_owner_is_read_over_graphql_as_far_as_asked(session: httpx.AsyncClient) -> None:
    for family in FAMILIES:
        await session.post(family.path, json=family.full)
    document = """
        query { owner { profile { username languages { name } } ...Work ... { projects { url } } } }
        fragment Work on Owner { jobs: experience { company isCurrent createdAt } }
    """
    answer = (await session.post("/graphql", json={"query": document})).json()
    owner = answer["data"]["owner"]
    assert owner["profile"] == {"username": "ann", "languages": []}
    assert owner["projects"] == [{"url": "https://vane.example"}]
    [job] = owner["jobs"]
    assert (job["company"], job["isCurrent"], job["createdAt"][-1]) == ("Acme", False, "Z")


async def test_a_patch_over_graphql_tells_absent_from_null(session: httpx.AsyncClient) -> None:
    await session.patch(PATH, json={"bio": "b", "location": "l"})
    document = "mutation { updateProfile(input: {bio: null}) { bio location version } }"
    answer = (await session.post("/graphql", json={"query": document})).json()
    assert answer["data"]["updateProfile"] == {"bio": None, "location": "l", "version": 3}
