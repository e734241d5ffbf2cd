"""What each operation costs its caller, and who has done what.

`admit` is asked before an operation runs: it counts it against the rate of the credential and, of
an API key, against the month's quota of its account, without a round trip but for the first of a
key. `done` notes how it ended. Sessions and personal tokens have a rate and no quota.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from uuid import UUID

from redis.asyncio import Redis

from app.auth import raw_keys
from app.auth.authenticate import authenticate, presented
from app.auth.raw_keys import Prefix
from app.call import Admission, Call, Context, CredentialKind
from app.db import Connection, Database
from app.errors import DependencyUnavailable, QuotaExceeded, Unauthenticated
from app.metering.callers import Caller, Callers
from app.metering.counts import Counts, Endpoint, Outcome
from app.metering.quota import Counter, Quota, month_of
from app.metering.rate import Bucket, Rates
from app.plans import Facts, Plans, Rate
from app.settings import Settings
from app.standing import facts_of

log = logging.getLogger(__name__)

_TICK_SECONDS = 1.0

Header = tuple[bytes, bytes]


class Metered:
    """A request that is counted: its caller, and what limits it."""

    __slots__ = ("_meter", "bucket", "caller", "charged", "counter")

    def __init__(self, meter: Meter, caller: Caller) -> None:
        self.caller = caller
        self.bucket: Bucket | None = None
        self.counter: Counter | None = None
        self.charged = False
        self._meter = meter

    def headers(self) -> list[Header]:
        """What is allowed and what remains of it, as the IETF's draft on RateLimit fields (11)
        has it, and the quota once more in the fields that most clients know."""
        bucket, counter = self.bucket, self.counter
        if bucket is None:
            return []
        now = self._meter.rates.clock()
        burst = bucket.remaining(now), max(0, math.ceil(bucket.full_at - now))
        if counter is None:
            return [_policy(bucket.rate), (b"ratelimit", b'"burst";r=%d;t=%d' % burst)]
        left = counter.remaining
        resets_in = max(0, math.ceil(counter.ends_at - self._meter.quota.clock()))
        state = b'"burst";r=%d;t=%d, "month";r=%d;t=%d' % (*burst, left, resets_in)
        return [
            *_quota_policy(bucket.rate, counter.limit, counter.ends_at),
            (b"ratelimit", state),
            (b"x-ratelimit-remaining", b"%d" % left),
        ]


# Of either there are about as many as there are plans.


@lru_cache(maxsize=16)
def _policy(rate: Rate) -> Header:
    window = max(1, round(rate.burst / rate.per_second))
    return b"ratelimit-policy", b'"burst";q=%d;w=%d' % (rate.burst, window)


@lru_cache(maxsize=16)
def _quota_policy(rate: Rate, quota: int, ends_at: float) -> list[Header]:
    """The headers that stay the same for a month."""
    begins, _ = month_of(ends_at - 1)
    following, _ = month_of(ends_at)
    name, burst = _policy(rate)
    window = (following - begins).days * 86_400
    return [
        (name, b'%b, "month";q=%d;w=%d' % (burst, quota, window)),
        (b"x-ratelimit-limit", b"%d" % quota),
        (b"x-ratelimit-reset", b"%d" % ends_at),
    ]


class Meter:
    """Counts for one process; shared by all its requests."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        redis: Redis,
        plans: Plans,
        facts: Callable[[Connection, UUID], Awaitable[Facts]] = facts_of,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.rates = Rates(redis)
        self.quota = Quota(database, plans, facts, clock)
        self.counts = Counts(database, clock)
        self._callers = Callers()
        self._person_rate = Rate.sustained(settings.request_rate, settings.burst_seconds)
        self._database = database
        self._ticking: asyncio.Task[None] | None = None

    async def admit(
        self, context: Context, admission: Admission, endpoint: Endpoint
    ) -> Metered | None:
        """Count an operation that is about to run; None for one that is nobody's.

        Raises QuotaExceeded and RateLimited, and Unauthenticated for a credential that was never
        good in this process and is not good now, or is of a kind that is not taken.
        """
        if not admission.kinds or (context.principal is None and not context.credentials):
            return None
        caller = self._known(context)
        if caller is None:
            caller = await self._authenticated(context, admission)
        admission.check_kind(caller.kind)
        metered = context.metered = Metered(self, caller)
        try:
            if not self._charge_at_once(metered):
                await self._charge(metered, context, admission)
        except Unauthenticated:
            self._not_good(metered, context)
            raise
        except Exception as error:
            self._count(caller, endpoint, error)
            raise
        return metered

    def done(
        self,
        metered: Metered,
        context: Context,
        endpoint: Endpoint,
        error: Exception | None = None,
    ) -> None:
        """Note how an operation that was admitted has ended."""
        if isinstance(error, Unauthenticated) and context.principal is None:
            self._not_good(metered, context)
        else:
            self._count(metered.caller, endpoint, error)

    def seen(self, api_key: str) -> Metered | None:
        """What limits a key that this process has served lately, for an answer by which nothing
        was counted."""
        digest = raw_keys.digest_of(api_key, Prefix.API_KEY)
        caller = self._callers.find_by_digest(digest) if digest is not None else None
        counter = self.quota.known(caller.account_id) if caller is not None else None
        if caller is None or counter is None:
            return None
        metered = Metered(self, caller)
        metered.counter = counter
        metered.bucket = self.rates.bucket(caller.credential_id, counter.entitlements.api_rate)
        return metered

    async def close(self) -> None:
        """Write what is counted, and give back what is leased."""
        if self._ticking is not None:
            self._ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticking
        await self.rates.settle()
        await self.counts.write()
        await self.quota.close()

    def _known(self, context: Context) -> Caller | None:
        if context.principal is not None:
            return Caller.of(context.principal)
        shown = presented(context)
        return None if shown is None else self._callers.find(shown)

    async def _authenticated(self, context: Context, admission: Admission) -> Caller:
        async with self._database.connection() as db:
            context.principal = await authenticate(Call(context, db, admission))
        shown = presented(context)
        if shown is not None:
            self._callers.remember(shown, context.principal)
        return Caller.of(context.principal)

    def _charge_at_once(self, metered: Metered) -> bool:
        """Charge a caller about whom all is known here; False when more must be known first."""
        caller = metered.caller
        if caller.kind is not CredentialKind.API_KEY:
            metered.bucket = self.rates.bucket(caller.credential_id, self._person_rate)
            self.rates.take(metered.bucket)
            return True
        counter = metered.counter = self.quota.known(caller.account_id)
        if counter is None or counter.left == 0:
            return False
        self._take_rate(metered, counter)
        metered.charged = self.quota.take_at_once(counter)
        return True

    async def _charge(self, metered: Metered, context: Context, admission: Admission) -> None:
        counter = metered.counter = await self.quota.counter(metered.caller.account_id)
        self._take_rate(metered, counter)
        self._keep_ticking()
        try:
            await self.quota.take(counter)
        except QuotaExceeded:
            # Who holds a key that is not good any more is told that, and nothing of the quota.
            if context.principal is None:
                await self._authenticated(context, admission)
            raise
        metered.charged = True

    def _take_rate(self, metered: Metered, counter: Counter) -> None:
        rate = counter.entitlements.api_rate
        metered.bucket = self.rates.bucket(metered.caller.credential_id, rate)
        self.rates.take(metered.bucket)

    def _not_good(self, metered: Metered, context: Context) -> None:
        """The credential was good once and is not now: nothing is counted for its account."""
        if metered.counter is not None and metered.charged:
            self.quota.restore(metered.counter)
        context.metered = None
        if (shown := presented(context)) is not None:
            self._callers.forget(shown)

    def _count(self, caller: Caller, endpoint: Endpoint, error: Exception | None) -> None:
        self.counts.add(caller, endpoint, Outcome.of(error))
        self._keep_ticking()

    def _keep_ticking(self) -> None:
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        while self.counts or self.quota:
            await asyncio.sleep(_TICK_SECONDS)
            try:
                await self.counts.write()
                await self.quota.tick()
            except DependencyUnavailable:
                log.warning("quotas not compared: the database is away")
            except Exception:
                log.exception("metering failed")  # and must go on
