from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.errors import NotFound, Unauthenticated, ValidationFailed
from app.services import Services
from schema.types.paging import Page
from tests.people import Person, table


@pytest.fixture
async def ann(services: Services) -> Person:
    return await Person(services).signed_in()


async def listed(person: Person, **arguments: Any) -> Page[Any]:
    page: Page[Any] = await person.run("api_keys", **arguments)
    return page


async def test_a_new_key_is_shown_once_and_stored_as_a_digest(ann: Person) -> None:
    created = await ann.new_key("nightly sync")
    assert created.key.startswith("vk_")
    assert created.api_key.hint == f"{created.key[:7]}…{created.key[-4:]}"
    assert created.key not in repr(await listed(ann))
    assert created.key not in repr(await table(ann.services, "SELECT * FROM api_keys"))
    assert created.key not in repr(created)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expires_at"),
        ({"expires_at": datetime(2999, 1, 1, tzinfo=UTC)}, "expires_at"),
    ],
)
async def test_a_key_that_breaks_a_rule_is_not_made(
    ann: Person, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await ann.new_key(**changes)
    assert [error.path for error in refused.value.fields] == [field]
    assert (await listed(ann)).items == []


async def test_a_key_mints_no_other_key(ann: Person) -> None:
    key = ann.with_key((await ann.new_key()).key)
    with pytest.raises(Unauthenticated):
        await key.new_key()
    assert len((await listed(ann)).items) == 1


async def test_a_key_lists_and_revokes_keys_of_its_account(ann: Person) -> None:
    created = await ann.new_key()
    key = ann.with_key(created.key)
    assert [one.id for one in (await listed(key)).items] == [created.api_key.id]
    await key.run("revoke_api_key", key_id=created.api_key.id)
    with pytest.raises(Unauthenticated):
        await listed(key)


async def test_a_personal_token_does_not_manage_keys(ann: Person) -> None:
    created = await ann.new_key()
    token = ann.bearing((await ann.new_token()).token)
    with pytest.raises(Unauthenticated):
        await listed(token)
    with pytest.raises(Unauthenticated):
        await token.run("revoke_api_key", key_id=created.api_key.id)
    assert await ann.with_key(created.key).account_id()


async def test_keys_are_listed_newest_first_in_pages(ann: Person) -> None:
    for number in range(3):
        await ann.new_key(f"key {number}", expires_at=datetime.now(UTC) + timedelta(days=1))
    first = await listed(ann, limit=2)
    second = await listed(ann, limit=2, cursor=first.next_cursor)
    names = [key.name for key in first.items + second.items]
    assert names == ["key 2", "key 1", "key 0"]
    assert second.next_cursor is None


async def test_a_revoked_key_is_refused_at_once_and_listed_no_more(ann: Person) -> None:
    created, other = await ann.new_key(), await ann.new_key()
    await ann.run("revoke_api_key", key_id=created.api_key.id)
    with pytest.raises(Unauthenticated):
        await ann.with_key(created.key).account_id()
    assert await ann.with_key(other.key).account_id()
    assert [key.id for key in (await listed(ann)).items] == [other.api_key.id]
    with pytest.raises(NotFound):
        await ann.run("revoke_api_key", key_id=created.api_key.id)


async def test_another_owners_key_is_not_found_and_stays_good(ann: Person) -> None:
    created = await ann.new_key()
    bob = await Person(ann.services).signed_in("bob")
    for key_id in (created.api_key.id, uuid4()):
        with pytest.raises(NotFound):
            await bob.run("revoke_api_key", key_id=key_id)
    assert (await listed(bob)).items == []
    assert await ann.with_key(created.key).account_id()
