"""The database: SQLAlchemy Core as the language, asyncpg as the engine.

A statement is written with Core, compiled once at import by `statement()`, and run on an
asyncpg connection by name of its parameters. There is no session and no unit of work.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import asyncpg
import orjson
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.expression import Executable
from uuid_utils.compat import uuid7

from app.errors import DependencyUnavailable

__all__ = [
    "Connection",
    "Database",
    "Statement",
    "raw_statement",
    "statement",
    "stepwise",
    "uuid7",
]

_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]

# What says that the server is away, full or at odds with itself, not that the statement is wrong.
_AWAY = (
    OSError,
    asyncio.TimeoutError,  # of the pool, or of a command on a connection that hangs
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InterfaceError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InternalClientError,  # the server has just said that it ends, and has not hung up yet
)

_SHARE_AT_HAND = 2  # that is kept at hand at most, one part in so many of the pool
_AT_HAND_SECONDS = 1.0


class Statement:
    """SQL text and the order of its parameters. Made by `statement()` at import, never later.

    `steps` are its common table expressions, where the last thing it does is to select all of the
    one that is called `own`.
    """

    __slots__ = ("defaults", "names", "sql", "steps")

    def __init__(
        self, sql: str, names: tuple[str, ...], defaults: dict[str, Any], steps: str = ""
    ) -> None:
        self.sql = sql
        self.names = names
        self.defaults = defaults
        self.steps = steps

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        """`values` in the statement's order; raises KeyError for a missing one."""
        defaults = self.defaults
        return [values[name] if name in values else defaults[name] for name in self.names]


def statement(query: Executable) -> Statement:
    """Compile a Core statement whose `bindparam`s are its parameters."""
    compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    names = tuple(compiled.positiontup or ())
    defaults = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return Statement(str(compiled), names, defaults)


def raw_statement(sql: str, *names: str) -> Statement:
    """A statement that Core can't say well, with `$1` … standing for `names` in order."""
    return Statement(sql, names, {})


def stepwise(
    steps: str, *names: str, defaults: Mapping[str, Any] = MappingProxyType({})
) -> Statement:
    """A raw statement of several steps, `own AS (…)` among them, whose rows it answers.

    PostgreSQL takes steps that write at the outermost level only, so who adds a step of its own
    (`app.auth.own`) must be able to tell them from the rest. `defaults` are of parameters.
    """
    return Statement(f"WITH {steps} SELECT own.* FROM own", names, dict(defaults), steps)  # noqa: S608


class Connection:
    """One connection for one operation. `spoiled`: it has failed under a statement."""

    __slots__ = ("_connection", "spoiled")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.spoiled = False

    async def row(self, query: Statement, **values: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        found: asyncpg.Record | None = await self._run(self._connection.fetchrow, query, values)
        return found

    async def rows(self, query: Statement, **values: Any) -> list[asyncpg.Record]:
        """All rows."""
        found: list[asyncpg.Record] = await self._run(self._connection.fetch, query, values)
        return found

    async def value(self, query: Statement, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return await self._run(self._connection.fetchval, query, values)

    async def execute(self, query: Statement, **values: Any) -> int:
        """Run it; the number of rows it touched."""
        done: str = await self._run(self._connection.execute, query, values)
        count = done.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    async def _run(self, method: Any, query: Statement, values: dict[str, Any]) -> Any:
        try:
            return await method(query.sql, *query.arguments(values))
        except asyncpg.DataError:
            raise  # an InterfaceError by class, but the fault is ours
        except _AWAY as error:
            self.spoiled = True
            raise DependencyUnavailable from error

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All or nothing; a second one inside is a savepoint."""
        transaction = self._connection.transaction()
        with _away_is_unavailable():
            await transaction.start()
        try:
            yield
        except BaseException:
            # A connection that is gone has rolled back by itself; the first error tells why.
            with contextlib.suppress(*_AWAY):
                await transaction.rollback()
            raise
        with _away_is_unavailable():
            await transaction.commit()


class Database:
    """The pool. Waiting for a connection is bounded; a server that is away is a clear 503.

    asyncpg's own pool makes a task and a timer each time that a connection comes back. So a few
    that come back are kept at hand for whoever is next, and go back to it a moment later.
    """

    def __init__(
        self,
        url: str,
        *,
        size: int,
        wait_seconds: float,
        statement_timeout_seconds: float,
        parameters: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`parameters`: what statements may read by `current_setting`."""
        self._size = size
        self._wait_seconds = wait_seconds
        self._pool: Any = None
        self._taken = 0  # connections, and those who wait for one
        self._at_hand: list[Any] = []
        self._tidying: asyncio.Task[None] | None = None
        self._options: dict[str, Any] = {
            "dsn": url,
            "min_size": 0,
            "max_size": size,
            "init": _prepare,
            "reset": _keep,
            "timeout": wait_seconds,
            "command_timeout": statement_timeout_seconds + 1,
            "server_settings": {
                "application_name": "vitae",
                "statement_timeout": str(int(statement_timeout_seconds * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
                **parameters,
            },
        }

    async def open(self) -> None:
        """Ready the pool, which belongs to the running loop; connects to nothing yet."""
        self._pool = await asyncpg.create_pool(**self._options)

    async def close(self) -> None:
        if self._pool is not None:
            await self.settle()
            await self._pool.close()

    def terminate(self) -> None:
        """Close at once, without waiting for what is running."""
        self._at_hand.clear()
        if self._tidying is not None:
            self._tidying.cancel()
        self._pool.terminate()

    def connection(self) -> contextlib.AbstractAsyncContextManager[Connection]:
        """A connection in autocommit; raises DependencyUnavailable."""
        return _Taken(self)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in one transaction; raises DependencyUnavailable."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    def raw(self) -> Any:
        """The asyncpg pool itself, for LISTEN and COPY."""
        return self._pool

    async def settle(self) -> None:
        """Give what is at hand back to the pool."""
        if self._tidying is not None:
            self._tidying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._tidying
        await self._put_away()

    async def _take(self) -> Any:
        self._taken += 1
        try:
            while self._at_hand:
                connection = self._at_hand.pop()
                if _is_open(connection):
                    return connection
                await self._pool.release(connection)
            # A time limit costs as much as the rest of taking a connection, and only who finds
            # all of them taken has to wait. That a new one is opened in time, asyncpg sees to.
            wait = None if self._taken <= self._size else self._wait_seconds
            return await self._pool.acquire(timeout=wait)
        except BaseException as error:
            self._taken -= 1
            if isinstance(error, _AWAY):
                raise DependencyUnavailable from error
            raise

    async def _give_back(self, connection: Any, *, clean: bool) -> None:
        """`clean`: nothing has gone wrong with it. Nobody waits but on the pool itself."""
        try:
            some_wait = self._taken > self._size
            if clean and not some_wait and len(self._at_hand) < self._size // _SHARE_AT_HAND:
                self._at_hand.append(connection)
                if self._tidying is None or self._tidying.done():
                    self._tidying = asyncio.create_task(self._tidy())
            else:
                await self._pool.release(connection)
        finally:
            self._taken -= 1

    async def _tidy(self) -> None:
        while self._at_hand:
            await asyncio.sleep(_AT_HAND_SECONDS)
            await self._put_away()

    async def _put_away(self) -> None:
        while self._at_hand:
            await self._pool.release(self._at_hand.pop())


class _Taken:
    """A connection of the database for as long as a block lasts.

    Every request takes one, and a generator would cost more than the connection does.
    """

    __slots__ = ("_connection", "_database", "_lent")

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __aenter__(self) -> Connection:
        self._connection = await self._database._take()
        self._lent = Connection(self._connection)
        return self._lent

    async def __aexit__(self, error: object, *_: object) -> None:
        clean = error is None and not self._lent.spoiled  # a block may have kept an error to itself
        await self._database._give_back(self._connection, clean=clean)


@contextlib.contextmanager
def _away_is_unavailable() -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise DependencyUnavailable from error


def _is_open(connection: Any) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has noticed first, and taken it back
        return False


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )


async def _keep(connection: Any) -> None:
    """Statements leave no session state behind, so asyncpg's reset (a round trip) is not needed."""
