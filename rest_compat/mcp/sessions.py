"""MCP sessions, kept in Redis: any process can go on with any session.

A session is who began it, what was negotiated, and nothing that would be lost with a process. Its
id is 256 random bits; Redis knows only a digest of it. A session that nobody uses expires.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from app.errors import NotFound, RateLimited
from app.mcp_sessions import BEGUN, OF_ACCOUNT
from rest_compat.mcp.redis_errors import available

_LONGEST_ID = 128
_RETRY_SECONDS = 60
_MOST_RENEWED = 10_000


class Session(msgspec.Struct, frozen=True):
    """`key` names it in Redis. `version` is None until a legacy SSE session is initialised."""

    key: str
    account_id: UUID
    version: str | None
    client: dict[str, Any] | None = None
    capabilities: dict[str, Any] | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Session)

# An account's sessions are counted when one more begins; only when there seem to be too many, those
# that have expired are looked for. KEYS: the account's, the new one. ARGV: seconds until it
# expires, how many there may be, the session, its key, the prefix of keys of sessions.
_BEGIN_SCRIPT = """
local most = tonumber(ARGV[2])
if redis.call('SCARD', KEYS[1]) >= most then
    for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
        if redis.call('EXISTS', ARGV[5] .. key) == 0 then redis.call('SREM', KEYS[1], key) end
    end
    if redis.call('SCARD', KEYS[1]) >= most then return 0 end
end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[1])
redis.call('SADD', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], 2 * ARGV[1])
return 1
"""


class Sessions:
    """The sessions of all accounts. `most_each`: open ones that an account may have."""

    def __init__(self, redis: Redis, *, idle_seconds: int, most_each: int) -> None:
        self._redis = redis
        self._idle_seconds = idle_seconds
        self._most_each = most_each
        self._begin = redis.register_script(_BEGIN_SCRIPT)
        self._renewed: OrderedDict[UUID, float] = OrderedDict()

    async def begin(
        self,
        account_id: UUID,
        version: str | None,
        client: dict[str, Any] | None = None,
        capabilities: dict[str, Any] | None = None,
    ) -> tuple[str, Session]:
        """A new session and its id; raises RateLimited, DependencyUnavailable."""
        session_id = secrets.token_urlsafe(32)
        session = Session(_key_of(session_id), account_id, version, client, capabilities)
        with available():
            begun = await self._begin(
                keys=[f"{OF_ACCOUNT}{account_id}", BEGUN + session.key],
                args=[
                    self._idle_seconds,
                    self._most_each,
                    _ENCODER.encode(session),
                    session.key,
                    BEGUN,
                ],
            )
        if not begun:
            raise RateLimited(
                "This account has too many open MCP sessions; end one or let it expire.",
                retry_after=_RETRY_SECONDS,
                limit=self._most_each,
            )
        return session_id, session

    async def find(self, session_id: str, account_id: UUID) -> Session:
        """The session, whose time begins anew; raises NotFound, with one answer for every why."""
        if 0 < len(session_id) <= _LONGEST_ID:
            with available():
                kept = await self._used(BEGUN + _key_of(session_id), account_id)
            if kept is not None:
                session = _DECODER.decode(kept)
                if session.account_id == account_id:
                    return session
        raise NotFound("There is no such MCP session; begin one with initialize.")

    async def negotiated(self, session: Session, version: str, client: Any, able: Any) -> Session:
        """A legacy SSE session once it has been initialised."""
        known = Session(session.key, session.account_id, version, client, able)
        with available():
            await self._redis.set(
                place_of(session), _ENCODER.encode(known), ex=self._idle_seconds, xx=True
            )
        return known

    async def stands(self, session: Session) -> bool:
        """Whether nobody has ended it, and keep it from expiring: a stream of it is open."""
        with available():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.expire(place_of(session), self._idle_seconds)
                pipe.expire(f"{OF_ACCOUNT}{session.account_id}", 2 * self._idle_seconds)
                stands, _ = await pipe.execute()
        return bool(stands)

    async def end(self, session: Session) -> None:
        """Forget it; a second time changes nothing."""
        with available():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.delete(place_of(session))
                pipe.srem(f"{OF_ACCOUNT}{session.account_id}", session.key)
                await pipe.execute()

    async def _used(self, key: str, account_id: UUID) -> Any:
        """What is kept at `key`, whose time begins anew.

        The list of the account's sessions outlives each of them: it lasts twice as long as one,
        so that it is enough to begin its time anew once in half of that.
        """
        now = time.monotonic()
        renewed = self._renewed.get(account_id)
        if renewed is not None and now - renewed < self._idle_seconds / 2:
            return await self._redis.getex(key, ex=self._idle_seconds)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.getex(key, ex=self._idle_seconds)
            pipe.expire(f"{OF_ACCOUNT}{account_id}", 2 * self._idle_seconds)
            kept, _ = await pipe.execute()
        self._renewed[account_id] = now
        self._renewed.move_to_end(account_id)
        if len(self._renewed) > _MOST_RENEWED:
            self._renewed.popitem(last=False)
        return kept


def place_of(session: Session) -> str:
    """The key at which Redis has a session."""
    return BEGUN + session.key


def _key_of(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()[:43]
