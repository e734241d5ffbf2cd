"""The rate of one credential: a token bucket that all processes share and nobody waits for.

Each process runs the bucket for itself (GCRA: one number, the time at which the bucket would be
full again) and tells Redis a moment later how much it let through; the answer is how full
the bucket is by the counts of all. So a request never waits for Redis, and what others let
through is felt a moment later: a burst may be exceeded by what other processes let through in
that moment, which the bucket then has to make up for, so the lasting rate is exact. Without Redis
each process limits by itself.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.errors import RateLimited
from app.plans import Rate

log = logging.getLogger(__name__)

_GATHER_SECONDS = 0.1
_REACH_SECONDS = 1.0
_SHARE = 5  # of a burst, that is told at once
_MOST_AT_ONCE = 500  # buckets told of in one call
_KEPT = 10_000  # buckets, before the full ones are forgotten
_ROUNDING = 1e-6  # seconds

# Of each bucket: microseconds that one request costs it, requests let through. Answers the
# microseconds until it is full again. It is forgotten when it is.
_TELL = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answer = {}
for i, key in ipairs(KEYS) do
  local full = math.max(tonumber(redis.call('GET', key) or '0'), now)
  full = full + ARGV[2 * i - 1] * ARGV[2 * i]
  redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
  answer[i] = string.format('%.0f', full - now)
end
return answer
"""


class Bucket:
    """What this process knows of one credential's bucket. Times are seconds of its clock."""

    __slots__ = ("_rate", "cost", "full_at", "holds", "key", "untold")

    def __init__(self, key: str, rate: Rate) -> None:
        self.key = key
        self.full_at = 0.0
        self.untold = 0
        self.rate = rate

    @property
    def rate(self) -> Rate:
        return self._rate

    @rate.setter
    def rate(self, rate: Rate) -> None:
        self._rate = rate
        self.cost = 1 / rate.per_second  # seconds that one request takes from it
        self.holds = rate.burst * self.cost + _ROUNDING

    def remaining(self, now: float) -> int:
        """How many requests it would let through at once."""
        missing = self.full_at - now
        return self._rate.burst if missing <= 0 else max(0, int((self.holds - missing) / self.cost))


class Rates:
    """The buckets of the credentials that this process has seen lately."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._tell = redis.register_script(_TELL)
        self._buckets: dict[UUID, Bucket] = {}
        self._untold: set[Bucket] = set()
        self._telling: asyncio.Task[None] | None = None
        self._at_once = asyncio.Event()
        self._kept = _KEPT
        self._away = False

    def bucket(self, credential_id: UUID, rate: Rate) -> Bucket:
        """The bucket of a credential, which goes by `rate` from now on."""
        bucket = self._buckets.get(credential_id)
        if bucket is None:
            if len(self._buckets) >= self._kept:
                self._forget_full()
            bucket = self._buckets[credential_id] = Bucket(f"rate:{credential_id.hex}", rate)
        elif bucket.rate is not rate:
            bucket.rate = rate
        return bucket

    def take(self, bucket: Bucket) -> None:
        """Let one request through; raises RateLimited."""
        now = self.clock()
        full_at = (bucket.full_at if bucket.full_at > now else now) + bucket.cost
        if full_at - now > bucket.holds:
            wait = max(1, math.ceil(full_at - now - bucket.holds))
            raise RateLimited(
                "Too many requests at once; slow down.",
                retry_after=wait,
                limit="rate",
                retry_after_seconds=wait,
            )
        bucket.full_at = full_at
        if not bucket.untold:
            self._untold.add(bucket)
            if self._telling is None or self._telling.done():
                self._telling = asyncio.create_task(self._tell_soon())
        bucket.untold += 1
        if bucket.untold * _SHARE >= bucket.rate.burst:
            self._at_once.set()

    async def settle(self) -> None:
        """Wait until Redis knows all that was let through, or is away."""
        while self._telling is not None and not self._telling.done():
            self._at_once.set()
            await self._telling

    async def _tell_soon(self) -> None:
        while self._untold:
            try:
                async with asyncio.timeout(_GATHER_SECONDS):
                    await self._at_once.wait()
            except TimeoutError:
                pass
            self._at_once.clear()
            told = [self._untold.pop() for _ in range(min(len(self._untold), _MOST_AT_ONCE))]
            await self._tell_of(told)

    async def _tell_of(self, buckets: list[Bucket]) -> None:
        arguments: list[Any] = []
        for bucket in buckets:
            arguments += [round(1e6 * bucket.cost), bucket.untold]
            bucket.untold = 0
        before = self.clock()
        try:
            async with asyncio.timeout(_REACH_SECONDS):
                fills = await self._tell(keys=[bucket.key for bucket in buckets], args=arguments)
        except (RedisError, OSError) as error:  # TimeoutError is an OSError
            if not self._away:
                fields = {"error": type(error).__name__}
                log.warning("each process limits rates by itself", extra={"fields": fields})
            self._away = True
            return
        self._away = False
        for bucket, fill in zip(buckets, fills, strict=True):
            # What was let through since is in neither number of Redis.
            since = bucket.untold * bucket.cost
            bucket.full_at = max(bucket.full_at, before + int(fill) / 1e6 + since)

    def _forget_full(self) -> None:
        """A full bucket is as good as none."""
        now = self.clock()
        for credential_id, bucket in list(self._buckets.items()):
            if bucket.full_at <= now and not bucket.untold:
                del self._buckets[credential_id]
        self._kept = max(_KEPT, 2 * len(self._buckets))
