"""Telling visitors of one day apart without knowing who they are.

A visitor is a digest of network and user agent under a salt of the day. The salt is kept where all
processes find it and nothing else is kept, in Redis, which drops it minutes after its day; from
then on nobody can tell whose a digest is, nor whether two days have seen the same visitor.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from datetime import date
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.auth.throttle import network

log = logging.getLogger(__name__)

DAY_SECONDS = 86_400
DIGEST_BYTES = 12
_FIRST_DAY = date(1970, 1, 1).toordinal()
_SALT_BYTES = 32
_GRACE_SECONDS = 600  # after midnight, for what was noted before it and is written after it


def day_of(seconds: float) -> int:
    """The day (UTC) of a moment, both counted since 1970."""
    return int(seconds // DAY_SECONDS)


def date_of(day: int) -> date:
    return date.fromordinal(_FIRST_DAY + day)


def visitor_digest(salt: bytes, account_id: UUID, address: str, user_agent: str) -> bytes:
    """Who comes to one account's profile, under the salt of a day.

    Hosts of one IPv6 network are one. No two accounts see the same visitor as the same.
    """
    parts = (network(address), user_agent)
    who = b"\0".join((account_id.bytes, *(part.encode("utf-8", "replace") for part in parts)))
    return hashlib.blake2b(who, key=salt, digest_size=DIGEST_BYTES).digest()


class Visitors:
    """The salts, of which a process holds those of today and, for minutes, of yesterday."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._clock = clock
        self._salts: dict[int, bytes] = {}

    async def digest(self, account_id: UUID, address: str, user_agent: str) -> bytes | None:
        """Who comes now to this account's profile; None while that can't be told."""
        try:
            salt = await self.salt(day_of(self._clock()))
        except (RedisError, OSError):
            log.warning("visitors are not told apart: redis is away")
            return None
        return None if salt is None else visitor_digest(salt, account_id, address, user_agent)

    async def salt(self, day: int) -> bytes | None:
        """The salt of a day; None once that is over. Raises RedisError and OSError."""
        now = self._clock()
        if day not in self._salts:
            found = await self._shared(day, now)
            if found is None:
                return None
            self._salts[day] = found
            left = (day + 1) * DAY_SECONDS + _GRACE_SECONDS - now
            asyncio.get_running_loop().call_later(max(0.0, left), self._salts.pop, day, None)
        return self._salts[day]

    async def _shared(self, day: int, now: float) -> bytes | None:
        """What all processes have, made by the first that asks before the day is over."""
        key = f"audience:salt:{date_of(day).isoformat()}"
        if day >= day_of(now):
            ends_at = (day + 1) * DAY_SECONDS + _GRACE_SECONDS
            made = secrets.token_hex(_SALT_BYTES)
            await self._redis.set(key, made, nx=True, exat=ends_at)
        found: bytes | str | None = await self._redis.get(key)
        if found is None:
            return None
        return bytes.fromhex(found if isinstance(found, str) else found.decode())
