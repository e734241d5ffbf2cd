"""Events are kept as they were written, in the transaction of what they tell."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.errors import Conflict
from app.security_events import (
    FAILURES_AN_HOUR,
    Action,
    Actor,
    ActorKind,
    Target,
    network_of,
    note,
    note_failure,
)
from app.services import Services
from tests.owners import Owner
from tests.people import table

_OLD = "SET LOCAL vitae.clear_security_events_before = '2030-01-01'"


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


async def events(owner: Owner) -> list[Any]:
    return await table(
        owner.services, "SELECT * FROM security_events WHERE account_id = $1 ORDER BY id", owner.id
    )


async def exported(owner: Owner) -> None:
    async with owner.services.database.connection() as db:
        await note(
            db,
            Action.EXPORTED,
            owner.id,
            context=owner.context(),
            target=Target("export", "profile"),
            metadata={"format": "json"},
        )


async def test_an_event_says_who_did_what_to_what(owner: Owner) -> None:
    await exported(owner)
    (event,) = await events(owner)
    assert (event["action"], event["outcome"]) == ("exported", "success")
    assert event["actor_kind"] == "session"
    assert event["actor_id"] is not None
    assert (event["target_kind"], event["target_id"]) == ("export", "profile")
    assert event["request_id"] == "req_test"
    assert event["metadata"] == {"format": "json"}


async def test_an_operator_can_be_the_actor(owner: Owner) -> None:
    async with owner.services.database.connection() as db:
        await note(db, Action.PLAN_CHANGED, owner.id, actor=Actor(ActorKind.OPERATOR, "kim\0berly"))
    (event,) = await events(owner)
    assert (event["actor_kind"], event["actor_id"], event["ip"]) == ("operator", "kimberly", "")


async def test_a_transaction_that_fails_leaves_no_event(owner: Owner) -> None:
    async def fail() -> None:
        async with owner.services.database.transaction() as db:
            await note(db, Action.EXPORTED, owner.id, context=owner.context())
            raise Conflict

    with pytest.raises(Conflict):
        await fail()
    assert await events(owner) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE security_events SET outcome = 'failure'",
        "DELETE FROM security_events",
        "TRUNCATE security_events",
        "TRUNCATE accounts CASCADE",
    ],
)
async def test_events_can_neither_be_changed_nor_removed(owner: Owner, statement: str) -> None:
    await exported(owner)
    with pytest.raises(asyncpg.RaiseError, match="neither changed nor deleted"):
        await table(owner.services, statement)
    assert len(await events(owner)) == 1


async def test_events_go_with_their_account(owner: Owner) -> None:
    await exported(owner)
    await table(owner.services, "DELETE FROM accounts WHERE id = $1", owner.id)
    assert await events(owner) == []


@pytest.mark.parametrize(
    ("age", "goes"), [("31 days", True), ("29 days", False)], ids=["old", "young"]
)
async def test_only_old_events_can_be_cleared(owner: Owner, age: str, goes: bool) -> None:
    await table(
        owner.services,
        "INSERT INTO security_events (account_id, occurred_at, action, actor_kind)"
        " VALUES ($1, now() - $2::text::interval, 'sign_in', 'session')",
        owner.id,
        age,
    )
    async with owner.services.database.raw().acquire() as connection, connection.transaction():
        await connection.execute(_OLD)
        try:
            async with connection.transaction():
                await connection.execute("DELETE FROM security_events")
            went = True
        except asyncpg.RaiseError:
            went = False
    assert went is goes


async def test_a_flood_of_failures_is_cut_short_and_says_so(owner: Owner) -> None:
    for _ in range(FAILURES_AN_HOUR + 5):
        note_failure(owner.context(), Action.SIGN_IN, owner.id)
        await owner.services.chores.finish()
    found = await events(owner)
    assert [event["metadata"] for event in found] == [
        *[{}] * (FAILURES_AN_HOUR - 1),
        {"more_not_listed": True},
    ]


async def test_a_failure_of_an_account_that_is_gone_is_nobodys(owner: Owner) -> None:
    await table(owner.services, "DELETE FROM accounts WHERE id = $1", owner.id)
    note_failure(owner.context(), Action.SIGN_IN, owner.id)
    await owner.services.chores.finish()
    assert await events(owner) == []


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("a socket", "a socket"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_owner_moves_in(address: str, network: str) -> None:
    assert network_of(address) == network
