"""The monthly quota of an account's API keys, counted without a round trip for each request.

A process takes a lease of some operations from the account's row by one conditional statement,
uses it up by itself and fetches more in the background before it ends. The row counts what is
leased, so all processes together never go over the limit. Leases shrink as the limit nears, and
what is not used is given back after a while, at shutdown at the latest; a crash loses one lease.
"""

from __future__ import annotations

import asyncio
import calendar
import logging
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg

from app.db import Connection, Database, raw_statement
from app.errors import DependencyUnavailable, QuotaExceeded
from app.plans import Entitlements, Facts, Plans, tier_of
from app.standing import facts_of

log = logging.getLogger(__name__)

LEASE = 500  # operations at most
_SHARE_OF_LIMIT = 20  # that one lease may be
_SHARE_OF_REST = 10  # likewise, of what remains
_LOW = 4  # a lease is low when less than one part in so many is left
_IDLE_SECONDS = 60.0  # until a lease that nobody uses is given back
_IDLE_AT_THE_END_SECONDS = 1.0  # likewise, when the last tenth of the quota is begun
_ASK_AGAIN_SECONDS = 1.0  # after the quota was used up: another process may give back

_GRANTED = (
    f"least($4::int, greatest(1, ($3::int - {{taken}}) / {_SHARE_OF_REST}), $3::int - {{taken}})"
)
_LEASE = raw_statement(
    "INSERT INTO api_quotas AS q (account_id, month, taken, last_lease)"  # noqa: S608
    f" SELECT id, $2, {_GRANTED.format(taken='0')}, {_GRANTED.format(taken='0')}"
    " FROM accounts WHERE id = $1 AND $3::int > 0"
    " ON CONFLICT (account_id, month) DO UPDATE SET"
    f" taken = q.taken + {_GRANTED.format(taken='q.taken')},"
    f" last_lease = {_GRANTED.format(taken='q.taken')}"
    " WHERE q.taken < $3::int RETURNING taken, last_lease",
    "account_id",
    "month",
    "limit",
    "wanted",
)
_GIVE_BACK = raw_statement(
    "UPDATE api_quotas SET taken = greatest(0, taken - $3) WHERE account_id = $1 AND month = $2",
    "account_id",
    "month",
    "unused",
)
_TAKEN = raw_statement(
    "SELECT q.account_id, q.taken FROM api_quotas AS q"
    " JOIN unnest($1::uuid[], $2::date[]) AS asked (account_id, month) USING (account_id, month)",
    "account_ids",
    "months",
)


class Counter:
    """An account's month as this process knows it: of the `limit`, `taken` is leased by anybody,
    and `left` is what is not used of our own lease; below `low` more is fetched."""

    __slots__ = (
        "account_id", "ask_again_at", "away", "ends_at", "entitlements", "filling", "left",
        "low", "month", "taken", "used_at",
    )  # fmt: skip

    def __init__(self, account_id: UUID, now: float, entitlements: Entitlements) -> None:
        self.account_id = account_id
        self.month, self.ends_at = month_of(now)
        self.entitlements = entitlements
        self.taken = 0
        self.left = 0
        self.low = 0
        self.used_at = now
        self.ask_again_at = 0.0
        self.filling: asyncio.Task[None] | None = None
        self.away: DependencyUnavailable | None = None

    @property
    def limit(self) -> int:
        return self.entitlements.api_quota

    @property
    def lease(self) -> int:
        """What this process should hold at most."""
        rest = self.limit - self.taken
        return max(1, min(LEASE, self.limit // _SHARE_OF_LIMIT, rest // _SHARE_OF_REST))

    @property
    def remaining(self) -> int:
        """What the account may still use, as far as we know."""
        return max(0, self.limit - self.taken + self.left)


class Quota:
    """The counters of the accounts whose API keys this process has served lately."""

    def __init__(
        self,
        database: Database,
        plans: Plans,
        facts: Callable[[Connection, UUID], Awaitable[Facts]] = facts_of,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self._database = database
        self._plans = plans
        self._facts = facts
        self._counters: dict[UUID, Counter] = {}
        self._returning: list[Counter] = []

    def __bool__(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self._counters or self._returning)

    def known(self, account_id: UUID) -> Counter | None:
        """The account's counter of this month, if there is one here."""
        counter = self._counters.get(account_id)
        return counter if counter is not None and self.clock() < counter.ends_at else None

    async def counter(self, account_id: UUID) -> Counter:
        """The account's counter of this month, with a lease if any was to be had."""
        counter = self.known(account_id)
        if counter is None:
            if (last := self._counters.pop(account_id, None)) is not None:
                self._returning.append(last)
            free = self._plans.entitlements(tier_of(Facts()))
            counter = self._counters[account_id] = Counter(account_id, self.clock(), free)
            await self._fill(counter)
        elif counter.taken == 0 and counter.filling is not None:
            await asyncio.shield(counter.filling)  # another request has just made it
        return counter

    async def take(self, counter: Counter) -> None:
        """Use one; raises QuotaExceeded, DependencyUnavailable."""
        while not self.take_at_once(counter):
            if counter.used_at < counter.ask_again_at:
                raise self._exceeded(counter)
            await self._fill(counter)
            if counter.away is not None:
                raise counter.away

    def take_at_once(self, counter: Counter) -> bool:
        """Use one of the lease; False when nothing is left of it."""
        counter.used_at = self.clock()
        if counter.left == 0:
            return False
        counter.left -= 1
        if counter.left < counter.low:
            self._begin_to_fill(counter)
        return True

    def restore(self, counter: Counter) -> None:
        """Undo one `take`."""
        counter.left += 1

    async def tick(self) -> None:
        """Give back leases that lie idle, and learn what other processes have taken."""
        now = self.clock()
        active, idle = [], []
        for counter in self._counters.values():
            patience = (
                _IDLE_AT_THE_END_SECONDS
                if counter.remaining * 10 < counter.limit
                else _IDLE_SECONDS
            )
            if now - counter.used_at >= patience or now >= counter.ends_at:
                idle.append(counter)
            elif now - counter.used_at <= 2 * _ASK_AGAIN_SECONDS:
                active.append(counter)
        for counter in idle:
            if counter.filling is None or counter.filling.done():
                del self._counters[counter.account_id]
                self._returning.append(counter)
        if not active and not self._returning:
            return
        async with self._database.connection() as db:
            await self._give_back(db)
            await self._look(db, active)

    async def close(self) -> None:
        """Give back every lease."""
        for counter in self._counters.values():
            if counter.filling is not None:
                await counter.filling
        self._returning += self._counters.values()
        self._counters = {}
        if any(counter.left for counter in self._returning):
            try:
                async with self._database.connection() as db:
                    await self._give_back(db)
            except DependencyUnavailable:
                log.warning("leases of quotas are lost: the database is away")

    async def _fill(self, counter: Counter) -> None:
        """Top the lease up, once for all who wait."""
        self._begin_to_fill(counter)
        assert counter.filling is not None
        await asyncio.shield(counter.filling)

    def _begin_to_fill(self, counter: Counter) -> None:
        if counter.filling is None or counter.filling.done():
            counter.filling = asyncio.create_task(self._lease(counter))

    async def _lease(self, counter: Counter) -> None:
        counter.away = None
        try:
            async with self._database.connection() as db:
                facts = await self._facts(db, counter.account_id)
                counter.entitlements = self._plans.entitlements(tier_of(facts))
                row = await db.row(
                    _LEASE,
                    account_id=counter.account_id,
                    month=counter.month,
                    limit=counter.limit,
                    wanted=max(1, counter.lease - counter.left),
                )
        except asyncpg.ForeignKeyViolationError:
            row = None  # the account was removed this moment; authentication will say so
        except DependencyUnavailable as error:
            counter.away = error
            return
        if row is None:
            counter.taken = max(counter.taken, counter.limit)
            counter.ask_again_at = self.clock() + _ASK_AGAIN_SECONDS
        else:
            counter.taken = row["taken"]
            counter.left += row["last_lease"]
        used_up = counter.taken >= counter.limit
        counter.low = 0 if used_up else math.ceil(counter.lease / _LOW)

    async def _give_back(self, db: Connection) -> None:
        while self._returning:
            counter = self._returning.pop()
            # Given back once at most: what is lost on the way can't be used twice.
            unused, counter.left = counter.left, 0
            if unused:
                await db.execute(
                    _GIVE_BACK, account_id=counter.account_id, month=counter.month, unused=unused
                )

    async def _look(self, db: Connection, active: list[Counter]) -> None:
        if not active:
            return
        rows = await db.rows(
            _TAKEN,
            account_ids=[counter.account_id for counter in active],
            months=[counter.month for counter in active],
        )
        taken = {row["account_id"]: row["taken"] for row in rows}
        for counter in active:
            if counter.filling is None or counter.filling.done():
                counter.taken = taken.get(counter.account_id, counter.taken)

    def _exceeded(self, counter: Counter) -> QuotaExceeded:
        wait = max(1, math.ceil(counter.ends_at - self.clock()))
        return QuotaExceeded(
            retry_after=wait,
            limit=counter.limit,
            resets_at=datetime.fromtimestamp(counter.ends_at, UTC),
            retry_after_seconds=wait,
        )


def month_of(now: float) -> tuple[date, float]:
    """The first day of the calendar month (UTC) of a time, and when that month ends."""
    first = datetime.fromtimestamp(now, UTC).date().replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, float(calendar.timegm(following.timetuple()))
