"""Limits on guessing and flooding: logins, registrations and mails.

Counts are fixed windows in Redis. A count is raised before the work and not after it, so that
many attempts at once can't all slip under the limit; a limit that is reached is not raised
further, so it ends when its window does. Without Redis nothing is limited and the log says so:
a lost cache must not lock everybody out, and the bounded hashing of `Passwords` still holds a
guesser to some tens of tries per second. What nothing else would hold, such as codes of six digits,
is refused meanwhile.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.errors import DependencyUnavailable, RateLimited

_log = logging.getLogger(__name__)

# All limits or none: an attempt that one limit refuses does not count against another.
_TAKE = """
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    return {i, redis.call('TTL', key)}
  end
end
for i, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[2 * i]) end
end
return {0, 0}
"""
_GIVE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` of `kind` by `subject` in `seconds`; `kind` is shown to the client."""

    kind: str
    subject: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        return f"throttle:{self.kind}:{_private(self.subject)}"


async def take(redis: Redis, *limits: Limit, must_count: bool = False) -> None:
    """Count one attempt against all `limits`; raises RateLimited, naming the kind reached.

    While nothing can be counted, what `must_count` raises DependencyUnavailable.
    """
    arguments: list[Any] = [part for limit in limits for part in (limit.most, limit.seconds)]
    keys = [limit.key for limit in limits]
    try:
        reached, wait = await redis.eval(_TAKE, len(keys), *keys, *arguments)  # type: ignore[misc]
    except (RedisError, OSError) as error:
        _log.warning("no throttle: redis is away", exc_info=True)
        if must_count:
            raise DependencyUnavailable from error
        return
    if reached:
        raise RateLimited(
            "Too many attempts; try again later.",
            retry_after=max(1, int(wait)),
            limit=limits[reached - 1].kind,
        )


async def give_back(redis: Redis, limit: Limit) -> None:
    """Uncount one attempt, for it turned out to be no failure."""
    try:
        await redis.eval(_GIVE_BACK, 1, limit.key)  # type: ignore[misc]
    except (RedisError, OSError):
        _log.warning("throttle not given back: redis is away")


async def clear(redis: Redis, limit: Limit) -> None:
    """Start a limit anew."""
    try:
        await redis.delete(limit.key)
    except (RedisError, OSError):
        _log.warning("throttle not cleared: redis is away")


async def remember(redis: Redis, subject: str, seconds: int) -> None:
    """Have `is_remembered` know `subject` for so long."""
    try:
        await redis.set(_remembered(subject), 1, ex=seconds)
    except (RedisError, OSError):
        _log.warning("nothing remembered: redis is away")


async def is_remembered(redis: Redis, subject: str) -> bool:
    try:
        return bool(await redis.exists(_remembered(subject)))
    except (RedisError, OSError):
        return False


def _remembered(subject: str) -> str:
    return f"throttle:remembered:{_private(subject)}"


def _private(subject: str) -> str:
    # It may be something typed by anybody: a digest bounds it and keeps it private.
    return hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()[:32]


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that an IPv6 host may roam in."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
