"""An operation that works long holds no connection, and is admitted and repeated like any other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app.call import Call, Context
from app.errors import IdempotencyConflict, NotFound, Unauthenticated
from app.services import Services
from app.unconnected import unconnected
from rest_compat.idempotency import IdempotentOnce, InFlight, KeptAnswer
from schema.operation import Operation, Requires
from schema.types.access import CredentialKind
from tests.people import Person, table
from tests.waiting import until

_RENAME = "UPDATE accounts SET username = username || '2' WHERE id = $1"


@pytest.fixture
async def ann(services: Services) -> Person:
    return await Person(services).signed_in()


def operation(function: Callable[..., Awaitable[Any]]) -> Operation:
    requires = Requires(credentials=[CredentialKind.SESSION])
    return Operation("shout", function, requires, None, None, writes=True)


async def run(
    person: Person, function: Callable[..., Awaitable[Any]], once: IdempotentOnce | None = None
) -> Any:
    context = Context(person.services, "req_test", person.credentials)
    return await operation(function).run(context, dict, once=once)


def once(body: bytes = b"a") -> IdempotentOnce:
    return IdempotentOnce("key", "shout", body, str.encode)


@unconnected
async def shout(call: Call) -> str:
    account_id: UUID = call.principal.account_id
    await call.services.database.raw().execute(_RENAME, account_id)
    return "shouted"


async def name(person: Person) -> str:
    rows = await table(person.services, "SELECT username FROM accounts")
    found: str = rows[0]["username"]
    return found


async def test_it_holds_no_connection_while_it_works(ann: Person) -> None:
    database = ann.services.database
    pool = database.raw()

    async def all_idle() -> bool:
        await database.settle()
        idle: bool = pool.get_size() == pool.get_idle_size()
        return idle

    @unconnected
    async def look(call: Call) -> bool:
        # What is given back a moment ago may still be reset.
        return await until(all_idle)

    assert await run(ann, look)
    assert await run(ann, look, once=IdempotentOnce("k", "shout", b"", lambda _: b""))


async def test_it_has_no_connection_to_use(ann: Person) -> None:
    @unconnected
    async def wrong(call: Call) -> None:
        await call.db.value(None)  # type: ignore[arg-type]

    with pytest.raises(RuntimeError, match="unconnected operation"):
        await run(ann, wrong)


async def test_an_ended_session_does_nothing(ann: Person) -> None:
    await ann.run("logout")
    for repeatable in (None, once()):
        with pytest.raises(Unauthenticated):
            await run(ann, shout, repeatable)
    assert await name(ann) == "ann"
    assert await table(ann.services, "SELECT 1 FROM idempotency_keys") == []


async def test_of_a_key_of_a_kind_not_taken_nothing_is_done(ann: Person) -> None:
    key = await ann.new_key()
    with pytest.raises(Unauthenticated):
        await run(ann.with_key(key.key), shout)
    assert await name(ann) == "ann"


async def test_what_follows_a_commit_follows_it_once(ann: Person) -> None:
    done: list[str] = []

    @unconnected
    async def noting(call: Call) -> str:
        call.after_commit(lambda: done.append("after"))
        return "noted"

    await run(ann, noting, once())
    await run(ann, noting, once())
    assert done == ["after"]


async def test_a_repeat_is_answered_as_the_first_time(ann: Person) -> None:
    assert await run(ann, shout, once()) == "shouted"
    again = await run(ann, shout, once())
    assert again == KeptAnswer(b"shouted")
    assert await name(ann) == "ann2"
    with pytest.raises(IdempotencyConflict):
        await run(ann, shout, once(b"another body"))
    assert await name(ann) == "ann2"


async def test_a_repeat_of_what_is_in_flight_is_told_so(ann: Person) -> None:
    works, may_end = asyncio.Event(), asyncio.Event()

    @unconnected
    async def linger(call: Call) -> str:
        works.set()
        await may_end.wait()
        return await shout(call)

    first = asyncio.create_task(run(ann, linger, once()))
    await works.wait()
    for repeat in (once(), once(b"another body")):
        with pytest.raises(InFlight):
            await run(ann, shout, repeat)
    other = IdempotentOnce("another key", "shout", b"a", str.encode)
    assert await run(ann, shout, other) == "shouted"
    may_end.set()
    assert await first == "shouted"
    assert await name(ann) == "ann22"
    assert await run(ann, shout, once()) == KeptAnswer(b"shouted")
    assert await name(ann) == "ann22"


@pytest.mark.parametrize("end", ["fails", "is cancelled"])
async def test_a_key_is_free_again_when_the_first(ann: Person, end: str) -> None:
    works = asyncio.Event()

    @unconnected
    async def linger(call: Call) -> str:
        works.set()
        if end == "fails":
            raise NotFound
        await asyncio.sleep(600)
        return "never"

    first = asyncio.create_task(run(ann, linger, once()))
    await works.wait()
    if end == "is cancelled":
        first.cancel()
    with pytest.raises((NotFound, asyncio.CancelledError)):
        await first
    assert await run(ann, shout, once()) == "shouted"


async def test_a_key_that_was_never_let_go_is_free_after_a_while(ann: Person) -> None:
    async def held_for(call: Call) -> int:
        (mark,) = await call.services.redis.keys("idempotency:*")
        left: int = await call.services.redis.ttl(mark)
        return left

    assert 0 < await run(ann, unconnected(held_for), IdempotentOnce("k", "a", b"", bytes)) <= 60
    assert await ann.services.redis.keys("idempotency:*") == []
