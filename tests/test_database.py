"""The pool: who gets which connection, and what becomes of those that come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.db import Connection, Database, raw_statement
from app.errors import DependencyUnavailable
from app.settings import Settings
from tests.waiting import until

_PID = raw_statement("SELECT pg_backend_pid()")
_END = raw_statement("SELECT pg_terminate_backend($1)", "pid")
SIZE = 4


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    made = Database(settings.database_url, size=SIZE, wait_seconds=60, statement_timeout_seconds=60)
    await made.open()
    yield made
    await made.close()


async def pid(connection: Connection) -> int:
    found: int = await connection.value(_PID)
    return found


async def one_pid(database: Database) -> int:
    async with database.connection() as connection:
        return await pid(connection)


def in_use(database: Database) -> int:
    pool = database.raw()
    used: int = pool.get_size() - pool.get_idle_size()
    return used


async def test_a_connection_that_comes_back_is_the_next_ones(database: Database) -> None:
    first = await one_pid(database)
    assert in_use(database) == 1  # at hand, so that the pool need not be asked
    assert await one_pid(database) == first


async def test_no_two_have_the_same_connection(database: Database) -> None:
    await one_pid(database)
    async with database.connection() as one, database.connection() as other:
        assert await pid(one) != await pid(other)


async def test_what_is_at_hand_goes_back_when_it_settles(database: Database) -> None:
    await one_pid(database)
    await database.settle()
    assert in_use(database) == 0
    assert database.raw().get_size() == 1


async def test_what_lies_at_hand_goes_back_by_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db._AT_HAND_SECONDS", 0)
    await one_pid(database)

    async def put_away() -> bool:
        return in_use(database) == 0

    await until(put_away)


async def test_at_most_half_of_the_pool_is_at_hand(database: Database) -> None:
    together = asyncio.Barrier(SIZE)

    async def hold() -> None:
        async with database.connection():
            await together.wait()

    await asyncio.gather(*(hold() for _ in range(SIZE)))
    assert in_use(database) == SIZE // 2


async def test_a_connection_on_which_something_failed_is_not_kept_at_hand(
    database: Database,
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.connection():
            raise ZeroDivisionError
    assert in_use(database) == 0


async def test_a_connection_that_has_died_at_hand_is_replaced(database: Database) -> None:
    dead = await one_pid(database)
    pool = database.raw()
    async with pool.acquire() as other:
        await other.execute(_END.sql, dead)

    async def noticed() -> bool:
        return bool(pool.get_size() == 1)

    await until(noticed)
    assert await one_pid(database) != dead


async def test_who_waits_gets_the_one_that_comes_back(database: Database) -> None:
    held = [database.connection() for _ in range(SIZE)]
    for connection in held:
        await connection.__aenter__()
    waiting = asyncio.create_task(one_pid(database))
    await asyncio.sleep(0)
    await held[0].__aexit__(None, None, None)
    assert await waiting
    for connection in held[1:]:
        await connection.__aexit__(None, None, None)


async def test_who_waits_for_too_long_is_told_that_it_is_unavailable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [database.connection() for _ in range(SIZE)]
    for connection in held:
        await connection.__aenter__()
    monkeypatch.setattr(database, "_wait_seconds", 0.1)
    with pytest.raises(DependencyUnavailable):
        await one_pid(database)
    for connection in held:
        await connection.__aexit__(None, None, None)
    assert await one_pid(database)
