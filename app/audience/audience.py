"""Who comes, noted in the process as it happens and written with the rest once a second.

Noting costs a request some microseconds and never fails it. A process that is killed loses what it
noted since its last write; while PostgreSQL or Redis is away, what is noted waits within bounds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from redis.exceptions import RedisError

from app import http
from app.audience.machines import Machine
from app.audience.tally import Metric, Tally
from app.audience.visitors import Visitors, day_of
from app.audience.visits import Visit, bare_host, visit_of
from app.audience.writing import write
from app.db import uuid7
from app.errors import DependencyUnavailable, DomainError

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from app.auth.sessions import Sessions
    from app.db import Database
    from app.settings import Settings

log = logging.getLogger(__name__)

WRITE_SECONDS = 1.0

# What only says: again, later.
_AGAIN = (
    DependencyUnavailable,
    RedisError,
    OSError,
    asyncpg.ForeignKeyViolationError,  # an account was removed this moment
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)


class Whose(Protocol):
    """What is published, as far as it matters here."""

    @property
    def account_id(self) -> UUID: ...


class Audience:
    """The audience of all owners as one process sees it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        redis: Redis,
        sessions: Sessions,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.visitors = Visitors(redis, clock)
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self._own_host = bare_host(urlsplit(settings.public_url).netloc) or ""
        self._tally = Tally()
        self._writer = uuid7()
        self._batch: Tally | None = None  # that is being written
        self._number = 0
        self._writing = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None

    def viewed(self, published: Whose, scope: Any) -> None:
        """Note that the request `scope` is answered with a page of what is `published`."""
        self._note(published, scope)

    def downloaded(self, published: Whose, scope: Any, format: str) -> None:
        """Note that the request `scope` is answered with a file of that format."""
        self._note(published, scope, format)

    def record(
        self,
        account_id: UUID,
        visit: Visit,
        *,
        viewed: bool = False,
        downloaded: str | None = None,
        clicks: Iterable[str] = (),
        sections: Iterable[str] = (),
    ) -> None:
        """Note what a visit did with what the account has published; never raises.

        A crawler's visit is only counted as one; other programs may download. `clicks` and
        `sections` are such as the profile has: whoever calls has seen to that.
        """
        try:
            day = day_of(self._clock())
            if visit.machine is None or (downloaded and visit.machine is Machine.TOOL):
                for metric, name in _happened(visit, viewed, downloaded, clicks, sections):
                    self._tally.add(account_id, day, metric, name)
                if viewed and visit.address is not None:
                    self._tally.arrived(account_id, day, visit.address, visit.user_agent or "")
            elif viewed or downloaded:
                self._tally.add(account_id, day, Metric.MACHINE, visit.machine._value_)
            if self._timer is None or self._timer.done():
                self._timer = asyncio.create_task(self._write_in_turn())
        except Exception:
            log.exception("a visit was not counted")

    async def write(self) -> None:
        """Write all that is noted; what can't be written stays for the next time."""
        async with self._writing:
            if self._batch is None:
                if not self._tally:
                    return
                self._batch, self._tally = self._tally, Tally()
                self._number += 1
            try:
                await self._batch.digest(self.visitors)
                await write(self._database, self._writer, self._number, self._batch)
            except _AGAIN as error:
                log.warning("visits not written yet", extra={"fields": _told(error, self._batch)})
                return
            except Exception:
                log.exception("visits lost")  # those after them must not be
            self._batch = None

    async def close(self) -> None:
        """Write once more, and stop."""
        if self._timer is not None:
            self._timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._timer
        await self.write()  # what an earlier time has left
        if self._batch is None:
            await self.write()

    def _note(self, published: Whose, scope: Any, format: str | None = None) -> None:
        try:
            if self._is_owner(published.account_id, scope):
                return
            visit = visit_of(scope, self._own_host)
        except Exception:
            log.exception("a visit was not counted")
            return
        self.record(published.account_id, visit, viewed=format is None, downloaded=format)

    def _is_owner(self, account_id: UUID, scope: Any) -> bool:
        """Whether an owner, signed in, looks at what is theirs."""
        if http.header(scope, b"authorization") is None:
            return False
        try:
            bearer = http.credentials(scope).bearer
            return bearer is not None and self._sessions.verify(bearer).account_id == account_id
        except DomainError:
            return False

    async def _write_in_turn(self) -> None:
        while self._batch is not None or self._tally:
            await asyncio.sleep(WRITE_SECONDS)
            await self.write()


def _happened(
    visit: Visit,
    viewed: bool,
    downloaded: str | None,
    clicks: Iterable[str],
    sections: Iterable[str],
) -> Iterable[tuple[Metric, str]]:
    if viewed:
        yield Metric.VIEW, ""
        if visit.private:
            yield Metric.PRIVATE_VIEW, ""
        if visit.referrer is not None:
            yield Metric.REFERRER, visit.referrer
    if downloaded is not None:
        yield Metric.DOWNLOAD, downloaded
    for url in clicks:
        yield Metric.CLICK, url
    for section in sections:
        yield Metric.SECTION, section


def _told(error: BaseException, batch: Tally) -> dict[str, Any]:
    return {"error": type(error).__name__, "lines": len(batch.counts)}
