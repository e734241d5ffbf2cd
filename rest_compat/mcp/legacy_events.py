"""What goes to the stream of a legacy session, by way of Redis: it may be open at any process.

Nobody comes back to such a stream, so that what is delivered is dropped; bounded is what waits.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from mcp_types import INTERNAL_ERROR, ErrorData, RequestId
from redis.asyncio import Redis

from rest_compat.mcp import messages
from rest_compat.mcp.events import Event
from rest_compat.mcp.redis_errors import available
from rest_compat.mcp.sessions import Session, place_of

STREAM = "legacy"

SESSION_BYTES = 8 * 1024 * 1024
ACCOUNT_BYTES = 32 * 1024 * 1024

_OVERHEAD = 256
_KEPT_SECONDS = 600
_READ_AT_ONCE = 10
_WAIT_MILLISECONDS = 2000  # below the socket's timeout
_DATA = b"data"
_TOO_MUCH = ErrorData(
    code=INTERNAL_ERROR,
    message="The answer does not fit into the stream, on which too much waits to be read.",
)

# KEYS: the stream, bytes that wait in its session, those of its account, the session.
# ARGV: the data, what stands for it where it does not fit (none: nothing), the bytes that an event
# takes besides, the two bounds, seconds.
_DELIVER_SCRIPT = """
local data, overhead = ARGV[1], tonumber(ARGV[3])
local function fits(text, beyond)
    for i = 2, 3 do
        local waiting = tonumber(redis.call('GET', KEYS[i]) or '0')
        if waiting + #text + overhead > tonumber(ARGV[2 + i]) * beyond then return false end
    end
    return true
end
if redis.call('EXISTS', KEYS[4]) == 0 then return 0 end
if not fits(data, 1) then
    data = ARGV[2]
    if data == '' or not fits(data, 1.25) then return 0 end
end
redis.call('XADD', KEYS[1], '*', 'data', data)
for i = 2, 3 do
    local size = #data + overhead
    if redis.call('INCRBY', KEYS[i], size) == size then redis.call('EXPIRE', KEYS[i], ARGV[6]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[6])
return 1
"""

# KEYS as above without the session. ARGV: the bytes that are dropped, and their entries.
_DROP_SCRIPT = """
if redis.call('XDEL', KEYS[1], unpack(ARGV, 2)) == 0 then return end
for i = 2, 3 do
    local waiting = tonumber(redis.call('GET', KEYS[i]) or '0')
    if waiting > 0 then
        redis.call('SET', KEYS[i], math.max(0, waiting - tonumber(ARGV[1])), 'KEEPTTL')
    end
end
"""


class LegacyEvents:
    """The events of all legacy sessions."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._deliver = redis.register_script(_DELIVER_SCRIPT)
        self._drop = redis.register_script(_DROP_SCRIPT)

    async def deliver(
        self, session: Session, data: bytes, *, request_id: RequestId | None = None
    ) -> None:
        """Have `data` sent, or an error where it is the answer to `request_id` and does not fit;
        nothing once the session has ended. Raises DependencyUnavailable."""
        instead = b"" if request_id is None else messages.error(request_id, _TOO_MUCH)
        if len(data) > SESSION_BYTES:
            if request_id is None:
                return
            data = instead
        with available():
            await self._deliver(
                keys=[*_keys(session), place_of(session)],
                args=[data, instead, _OVERHEAD, SESSION_BYTES, ACCOUNT_BYTES, _KEPT_SECONDS],
            )

    async def all(self, session: Session) -> AsyncGenerator[Event | None, None]:
        """What is delivered, for ever; None now and then. Each is dropped once it was taken."""
        key = _keys(session)[0]
        entry = "0-0"
        while True:
            with available():
                found = await self._redis.xread(
                    {key: entry}, count=_READ_AT_ONCE, block=_WAIT_MILLISECONDS
                )
            entries: list[tuple[bytes, dict[bytes, bytes]]] = found[0][1] if found else []
            for name, fields in entries:
                entry = name.decode()
                yield Event(f"{STREAM}.{entry}", fields[_DATA])
            await self._dropped(session, entries)
            yield None

    async def forget(self, session: Session) -> None:
        """Drop what waits of a session that has ended."""
        key = _keys(session)[0]
        with available():
            entries: list[Any] = await self._redis.xrange(key)
            await self._dropped(session, entries)
            await self._redis.delete(*_keys(session)[:2])

    async def _dropped(self, session: Session, entries: list[Any]) -> None:
        if entries:
            size = sum(len(fields[_DATA]) + _OVERHEAD for _, fields in entries)
            with available():
                await self._drop(keys=_keys(session), args=[size, *(name for name, _ in entries)])


def _keys(session: Session) -> list[str]:
    return [
        f"mcp:legacy:{session.key}",
        f"mcp:waiting:{session.key}",
        f"mcp:waiting:of:{session.account_id}",
    ]
