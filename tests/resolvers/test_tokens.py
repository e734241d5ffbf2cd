from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.errors import Conflict, NotFound, Unauthenticated, ValidationFailed
from app.services import Services
from schema.types.access import Scope
from schema.types.credentials import CreatedToken
from schema.types.paging import Page
from tests.people import Person, table

DAY = timedelta(days=1)


@pytest.fixture
async def ann(services: Services) -> Person:
    return await Person(services).signed_in()


async def rotate(person: Person, token_id: UUID, overlap: int | None = None) -> CreatedToken:
    created: CreatedToken = await person.run(
        "rotate_token", token_id=token_id, overlap_minutes=overlap
    )
    return created


async def listed(person: Person, **arguments: Any) -> Page[Any]:
    page: Page[Any] = await person.run("tokens", **arguments)
    return page


async def is_good(person: Person, token: str) -> bool:
    try:
        await person.bearing(token).account_id()
    except Unauthenticated:
        return False
    return True


async def test_a_new_token_is_shown_once_and_stored_as_a_digest(ann: Person) -> None:
    created = await ann.new_token(Scope.RESUME_GENERATE, name="  my cli ")
    assert created.token.startswith("vt_")
    assert created.personal_token.name == "my cli"
    assert created.personal_token.scopes == [Scope.RESUME_GENERATE]
    assert created.token not in repr(await listed(ann))
    assert created.token not in repr(await table(ann.services, "SELECT * FROM personal_tokens"))
    assert created.token not in repr(created)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"expires_at": datetime.now(UTC) - DAY}, "expires_at"),
        ({"expires_at": datetime.now(UTC) + 3654 * DAY}, "expires_at"),
    ],
)
async def test_a_token_that_breaks_a_rule_is_not_made(
    ann: Person, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await ann.new_token(**changes)
    assert [error.path for error in refused.value.fields] == [field]
    assert (await listed(ann)).items == []


async def test_a_token_needs_a_scope_and_has_each_once(ann: Person) -> None:
    from schema.types.credentials import CreateTokenInput

    with pytest.raises(ValidationFailed):
        await ann.run("create_token", input=CreateTokenInput(name="none", scopes=[]))
    created = await ann.new_token(Scope.CHAT_RUN, Scope.CHAT_RUN)
    assert created.personal_token.scopes == [Scope.CHAT_RUN]


async def test_neither_a_key_nor_a_token_mints_another(ann: Person) -> None:
    token = ann.bearing((await ann.new_token()).token)
    key = ann.with_key((await ann.new_key()).key)
    before = await table(ann.services, "SELECT id FROM personal_tokens")
    for other in (token, key, Person(ann.services)):
        with pytest.raises(Unauthenticated):
            await other.new_token()
        with pytest.raises(Unauthenticated):
            await rotate(other, before[0]["id"])
    assert await table(ann.services, "SELECT id FROM personal_tokens") == before


async def test_tokens_are_listed_newest_first_in_pages(ann: Person) -> None:
    names = [f"token {number}" for number in range(5)]
    for name in names:
        await ann.new_token(name=name)
    seen, cursor = [], None
    while True:
        page = await listed(ann, limit=2, cursor=cursor)
        assert len(page.items) <= 2
        seen += [token.name for token in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == names[::-1]


async def test_a_full_last_page_has_no_cursor(ann: Person) -> None:
    for _ in range(2):
        await ann.new_token()
    assert (await listed(ann, limit=2)).next_cursor is None


async def test_a_list_holds_only_ones_own_tokens(ann: Person) -> None:
    await ann.new_token()
    bob = await Person(ann.services).signed_in("bob")
    assert (await listed(bob)).items == []


async def test_a_revoked_token_is_refused_at_once_and_listed_no_more(ann: Person) -> None:
    created, other = await ann.new_token(), await ann.new_token()
    await ann.run("revoke_token", token_id=created.personal_token.id)
    assert not await is_good(ann, created.token)
    assert await is_good(ann, other.token)
    assert [token.id for token in (await listed(ann)).items] == [other.personal_token.id]
    with pytest.raises(NotFound):
        await ann.run("revoke_token", token_id=created.personal_token.id)


async def test_another_owners_token_is_not_found_and_stays_as_it_is(ann: Person) -> None:
    created = await ann.new_token()
    bob = await Person(ann.services).signed_in("bob")
    before = await table(ann.services, "SELECT * FROM personal_tokens")
    for token_id in (created.personal_token.id, uuid4()):
        with pytest.raises(NotFound):
            await bob.run("revoke_token", token_id=token_id)
        with pytest.raises(NotFound):
            await rotate(bob, token_id)
    assert await table(ann.services, "SELECT * FROM personal_tokens") == before


async def test_a_rotated_token_goes_on_for_the_overlap_beside_its_successor(ann: Person) -> None:
    old = await ann.new_token(Scope.CHAT_RUN, name="cli")
    new = await rotate(ann, old.personal_token.id, 30)
    assert new.token != old.token
    assert (new.personal_token.name, new.personal_token.scopes) == ("cli", [Scope.CHAT_RUN])
    assert await is_good(ann, old.token)
    assert await is_good(ann, new.token)
    newest, replaced = (await listed(ann)).items
    assert newest.expires_at is None
    assert replaced.replaced_by == newest.id
    left = replaced.expires_at - datetime.now(UTC)
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)


async def test_a_rotation_without_overlap_ends_the_old_token_at_once(ann: Person) -> None:
    old = await ann.new_token()
    new = await rotate(ann, old.personal_token.id, 0)
    assert not await is_good(ann, old.token)
    assert [token.id for token in (await listed(ann)).items] == [new.personal_token.id]


async def test_the_overlap_is_the_settings_unless_told(ann: Person) -> None:
    old = await ann.new_token()
    await rotate(ann, old.personal_token.id)
    replaced = (await listed(ann)).items[1]
    minutes = ann.services.settings.token_rotation_overlap_minutes
    assert replaced.expires_at - datetime.now(UTC) > timedelta(minutes=minutes - 1)


async def test_a_rotated_token_never_outlives_its_own_expiry(ann: Person) -> None:
    ends = datetime.now(UTC) + timedelta(minutes=10)
    old = await ann.new_token(expires_at=ends)
    new = await rotate(ann, old.personal_token.id, 60)
    replaced = (await listed(ann)).items[1]
    assert replaced.expires_at == ends
    assert new.personal_token.expires_at is not None
    life = new.personal_token.expires_at - new.personal_token.created_at
    assert abs(life - (ends - old.personal_token.created_at)) < timedelta(minutes=1)


@pytest.mark.parametrize("overlap", [-1, 10081])
async def test_an_overlap_out_of_range_is_refused(ann: Person, overlap: int) -> None:
    old = await ann.new_token()
    with pytest.raises(ValidationFailed) as refused:
        await rotate(ann, old.personal_token.id, overlap)
    assert [error.path for error in refused.value.fields] == ["overlap_minutes"]
    assert len((await listed(ann)).items) == 1


async def test_a_token_is_rotated_once_and_its_successor_next(ann: Person) -> None:
    old = await ann.new_token()
    new = await rotate(ann, old.personal_token.id)
    with pytest.raises(Conflict):
        await rotate(ann, old.personal_token.id)
    await rotate(ann, new.personal_token.id)
    assert len((await listed(ann)).items) == 3


async def test_of_two_rotations_at_once_one_wins(ann: Person) -> None:
    old = await ann.new_token()
    results = await asyncio.gather(
        *(rotate(ann, old.personal_token.id) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(result, CreatedToken) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 4
    assert len((await listed(ann)).items) == 2


async def test_an_expired_token_is_still_listed_but_not_rotated(ann: Person) -> None:
    old = await ann.new_token(expires_at=datetime.now(UTC) + DAY)
    await table(ann.services, "UPDATE personal_tokens SET expires_at = now() - interval '1 s'")
    with pytest.raises(Conflict):
        await rotate(ann, old.personal_token.id)
    assert [token.id for token in (await listed(ann)).items] == [old.personal_token.id]


async def test_a_revoked_token_is_not_rotated(ann: Person) -> None:
    old = await ann.new_token()
    await ann.run("revoke_token", token_id=old.personal_token.id)
    with pytest.raises(NotFound):
        await rotate(ann, old.personal_token.id)
    assert (await listed(ann)).items == []
