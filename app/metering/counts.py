"""How often what was done, by account, day, credential and outcome: kept in the process and
written once a second by one statement. A process that is killed loses the last second."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import asyncpg

from app.db import Database, raw_statement
from app.errors import DependencyUnavailable, DomainError, Kind
from app.metering.callers import Caller

log = logging.getLogger(__name__)

_Line = tuple[Any, ...]

_MOST = 50_000  # lines kept while the database is away
_DAY_SECONDS = 86_400
_FIRST_DAY = date(1970, 1, 1).toordinal()

# The flush gives way to whoever waits for a row: it can come again, sooner than a deadlock is seen.
_GIVE_WAY = raw_statement("SET LOCAL lock_timeout = '300ms'")
_WRITE = raw_statement(
    "INSERT INTO usage AS u"
    " (account_id, day, credential_id, operation, outcome, kind, method, path, count)"
    " SELECT n.* FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::text[], $5::text[],"
    " $6::text[], $7::text[], $8::text[], $9::bigint[]) AS"
    " n (account_id, day, credential_id, operation, outcome, kind, method, path, count)"
    " JOIN accounts ON accounts.id = n.account_id"
    # Ordered, so that two processes lock rows in the same order.
    " ORDER BY n.account_id, n.day, n.credential_id, n.operation, n.outcome"
    " ON CONFLICT (account_id, day, credential_id, operation, outcome)"
    " DO UPDATE SET count = u.count + excluded.count",
    "account_ids", "days", "credential_ids", "operations", "outcomes", "kinds", "methods",
    "paths", "counts",
)  # fmt: skip


class Outcome(Enum):
    """How an operation ended, told apart as far as its owner needs."""

    OK = "ok"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    OVER_LIMIT = "over_limit"

    @classmethod
    def of(cls, error: BaseException | None) -> Outcome:
        if error is None:
            return cls.OK
        if not isinstance(error, DomainError) or error.kind in (Kind.INTERNAL, Kind.UNAVAILABLE):
            return cls.SERVER_ERROR
        return cls.OVER_LIMIT if error.kind is Kind.RATE_LIMITED else cls.CLIENT_ERROR


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation as it is listed: its name, and its REST route where it has one."""

    operation: str
    method: str = ""
    path: str = ""


class Counts:
    """What was counted since the last write."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._counts: dict[_Line, list[int]] = {}  # lists of one: looked up once, raised in place

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._counts)

    def add(self, caller: Caller, endpoint: Endpoint, outcome: Outcome) -> None:
        """Count one run of an operation."""
        key = (
            caller.account_id, int(self._clock() // _DAY_SECONDS), caller.credential_id,
            endpoint.operation, outcome._value_, caller.kind._value_, endpoint.method,
            endpoint.path,
        )  # fmt: skip
        if (count := self._counts.get(key)) is None:
            self._counts[key] = [1]
        else:
            count[0] += 1

    async def write(self) -> None:
        """Write all that was counted; what can't be written stays for the next time."""
        counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            await self._write(counts)
        except (
            DependencyUnavailable,
            asyncpg.ForeignKeyViolationError,  # an account was removed this moment
            asyncpg.LockNotAvailableError,
            asyncpg.DeadlockDetectedError,
        ) as error:
            self._put_back(counts)
            fields = {"error": type(error).__name__, "lines": len(self._counts)}
            log.warning("usage not written yet", extra={"fields": fields})
        except BaseException:
            self._put_back(counts)
            raise

    async def _write(self, counts: dict[_Line, list[int]]) -> None:
        accounts, days, credentials, operations, outcomes, kinds, methods, paths = zip(
            *counts, strict=True
        )
        async with self._database.transaction() as db:
            await db.execute(_GIVE_WAY)
            await db.execute(
                _WRITE,
                account_ids=accounts,
                days=[date.fromordinal(_FIRST_DAY + day) for day in days],
                credential_ids=credentials,
                operations=operations,
                outcomes=outcomes,
                kinds=kinds,
                methods=methods,
                paths=paths,
                counts=[count for (count,) in counts.values()],
            )

    def _put_back(self, counts: dict[_Line, list[int]]) -> None:
        for key, (count,) in counts.items():
            if key not in self._counts and len(self._counts) >= _MOST:
                log.error("usage lost: the database is away for too long")
                return
            self._counts.setdefault(key, [0])[0] += count
