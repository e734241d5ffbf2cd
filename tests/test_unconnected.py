"""An operation that works long holds no connection, and is admitted and repeated like any other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app.call import Call, Context
from app.errors import IdempotencyConflict, Unauthenticated
from app.services import Services
from app.unconnected import unconnected
from rest_compat.idempotency import IdempotentOnce, KeptAnswer
from schema.operation import Operation, Requires
from schema.types.access import CredentialKind
from tests.people import Person, table

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
    pool = ann.services.database.raw()

    @unconnected
    async def look(call: Call) -> int:
        taken: int = pool.get_size() - pool.get_idle_size()
        return taken

    assert await run(ann, look) == 0
    assert await run(ann, look, once=IdempotentOnce("k", "shout", b"", lambda _: b"")) == 0


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


async def test_of_two_at_once_the_first_to_end_is_kept(ann: Person) -> None:
    one_works, both_work = asyncio.Event(), asyncio.Barrier(2)
    number = iter("12")

    @unconnected
    async def meet(call: Call) -> str:
        one_works.set()
        await both_work.wait()
        return next(number)

    first = asyncio.create_task(run(ann, meet, once()))
    await one_works.wait()  # while the first is looked for, a second is told that it is in flight
    answers = [await run(ann, meet, once()), await first]
    assert sorted(answers) == ["1", "2"]
    kept = await run(ann, meet, once())
    assert kept.data.decode() in answers
    assert len(await table(ann.services, "SELECT 1 FROM idempotency_keys")) == 1
