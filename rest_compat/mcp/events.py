"""What was sent to a session, kept for a while in Redis Streams.

A client that was cut off comes back to any process and asks for what followed the last event that
it has seen; what a process has to tell a session reaches whichever process holds its stream.

What is kept is bounded in bytes: of an event, of a session and of an account. An event that does
not fit is sent to who is there, and who comes back for it is told that it is not kept.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import orjson
from mcp_types import INTERNAL_ERROR, ErrorData, RequestId
from redis.asyncio import Redis

from rest_compat.mcp import messages
from rest_compat.mcp.redis_errors import available
from rest_compat.mcp.sessions import Session

STANDALONE = "standalone"

MOST_EVENT_BYTES = 256 * 1024
SESSION_BYTES = 4 * 1024 * 1024  # begun in `_KEPT_SECONDS`; at most twice as much is kept at once
ACCOUNT_BYTES = 16 * 1024 * 1024

_OVERHEAD = 256  # bytes that Redis takes for an event beside its data, at the least
_STREAM_OVERHEAD = 4096  # of a stream besides, however little is in it
_KEPT_SECONDS = 600
_ENDED_SECONDS = 120  # of a stream after its last event
LEASE_SECONDS = 15  # for which a process is believed to be at a reply without renewing it
_MOST_KEPT = 500  # events of one stream
_READ_AT_ONCE = 10
_WAIT_MILLISECONDS = 2000  # below the socket's timeout
_ID = re.compile(r"([A-Za-z0-9_-]{1,24})\.([0-9]{1,20})-([0-9]{1,20})")
_BEYOND_REDIS = 2**64
_END = b"end"
_DATA = b"data"
_NOT_KEPT = ErrorData(
    code=INTERNAL_ERROR,
    message="The answer is not kept any more, or its process ended before it was made. Look at"
    " what the request has done before it is repeated.",
)

# KEYS: the stream, the bytes of its session, those of its account, the record of its reply.
# ARGV: the data, what stands for it where it does not fit (none: nothing), whether it is the last,
# the id of the request (none: no reply), then the bounds as Events._bounds has them.
# A record holds the id of the request that is answered, and lives for as long as events are kept;
# while its process is at it, by a lease longer.
_APPEND_SCRIPT = """
local data, instead, last, request = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]
local overhead, most = tonumber(ARGV[5]), tonumber(ARGV[6])
local kept_seconds, ended_seconds = tonumber(ARGV[9]), tonumber(ARGV[10])
local lease, count = tonumber(ARGV[11]), ARGV[12]
if redis.call('EXISTS', KEYS[1]) == 0 then overhead = overhead + tonumber(ARGV[13]) end
local function fits(text, beyond)
    for i = 2, 3 do
        local used = tonumber(redis.call('GET', KEYS[i]) or '0')
        if used + #text + overhead > tonumber(ARGV[5 + i]) * beyond then return false end
    end
    return #text <= most
end
if not fits(data, 1) then
    data = instead
    if data == '' or not fits(data, 1.25) then
        if last then redis.call('EXPIRE', KEYS[4], kept_seconds) end
        return false
    end
end
for i = 2, 3 do
    local size = #data + overhead
    if redis.call('INCRBY', KEYS[i], size) == size then
        redis.call('EXPIRE', KEYS[i], kept_seconds)
    end
end
local since = (redis.call('TIME')[1] - kept_seconds) .. '000-0'
local entry
if last then
    entry = redis.call('XADD', KEYS[1], 'MINID', since, '*', 'data', data, 'end', '1')
else
    entry = redis.call('XADD', KEYS[1], 'MINID', since, '*', 'data', data)
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', count)
redis.call('EXPIRE', KEYS[1], last and ended_seconds or kept_seconds + lease)
if request ~= '' then
    redis.call('SET', KEYS[4], request, 'EX', last and kept_seconds or kept_seconds + lease)
end
return entry
"""


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is what the client names to go on after it; empty where it is not kept. `data` is a
    JSON-RPC message, or nothing."""

    id: str
    data: bytes


class Events:
    """The events of all sessions."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._append = redis.register_script(_APPEND_SCRIPT)

    async def append(
        self,
        session: Session,
        stream: str,
        data: bytes,
        *,
        last: bool = False,
        request_id: RequestId | None = None,
    ) -> Event:
        """Keep `data` as an event of one of the session's streams, if it fits.

        `last`: nothing follows it. `request_id`: of the request whose reply the stream is.
        """
        instead = messages.error(request_id, _NOT_KEPT) if last else b""
        if len(data) > MOST_EVENT_BYTES:
            if not last:
                return Event("", data)
            kept = instead  # megabytes need not go to Redis to be refused there
        else:
            kept = data
        request = b"" if request_id is None else orjson.dumps(request_id)
        with available():
            entry = await self._append(
                keys=[
                    _key(session, stream),
                    f"mcp:kept:{session.key}",
                    f"mcp:kept:of:{session.account_id}",
                    _record(session, stream),
                ],
                args=[kept, instead, int(last), request, *self._bounds()],
            )
        return Event("" if entry is None else f"{stream}.{entry.decode()}", data)

    async def renew(self, session: Session, stream: str) -> None:
        """Say that the process which answers on this stream is still at it."""
        with available():
            async with self._redis.pipeline(transaction=False) as pipe:
                for key in (_key(session, stream), _record(session, stream)):
                    pipe.expire(key, _KEPT_SECONDS + LEASE_SECONDS)
                await pipe.execute()

    async def after(
        self, session: Session, stream: str, entry: str
    ) -> AsyncGenerator[Event | None, None]:
        """The events after `entry` (`$`: from now on) until the stream's last; None now and then.

        The Nones let a caller look after its client while nothing is told. A reply of which no
        more can come ends with an error for its request. What can be seen at once is looked at
        before this returns: raises DependencyUnavailable.
        """
        if entry == "$":
            with available():
                newest = await self._redis.xrevrange(_key(session, stream), count=1)
            entry = newest[0][0].decode() if newest else "0-0"
        found = await self._read(session, stream, entry, None)
        return self._following(session, stream, entry, found)

    async def forget(self, session: Session, *streams: str) -> None:
        """Drop streams of a session that has ended."""
        with available():
            await self._redis.delete(*(_key(session, stream) for stream in streams))

    async def _following(
        self, session: Session, stream: str, entry: str, found: list[Any]
    ) -> AsyncGenerator[Event | None, None]:
        while True:
            for name, fields in found:
                entry = name.decode()
                yield Event(f"{stream}.{entry}", fields[_DATA])
                if _END in fields:
                    return
            if not found and stream != STANDALONE:
                over, told = await self._ending(session, stream, entry)
                if told is not None:
                    yield Event("", told)
                if over:
                    return
            yield None
            found = await self._read(session, stream, entry, _WAIT_MILLISECONDS)

    async def _read(
        self, session: Session, stream: str, entry: str, block: int | None
    ) -> list[Any]:
        key = _key(session, stream)
        with available():
            found = await self._redis.xread({key: entry}, count=_READ_AT_ONCE, block=block)
        return found[0][1] if found else []

    async def _ending(self, session: Session, stream: str, entry: str) -> tuple[bool, bytes | None]:
        """Whether nothing can follow `entry` any more, and the error that its request ends with."""
        record = _record(session, stream)
        with available():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.get(record)
                pipe.ttl(record)
                pipe.xrevrange(_key(session, stream), count=1)
                request, seconds, newest = await pipe.execute()
        for name, fields in newest:
            if _place(name.decode()) > _place(entry):
                return False, None  # told since
            if _END in fields:
                return True, None  # seen already
            if seconds > _KEPT_SECONDS:
                return False, None
        if request is None:
            return True, None
        return True, messages.error(orjson.loads(request), _NOT_KEPT)

    @staticmethod
    def _bounds() -> tuple[int, ...]:
        return (
            _OVERHEAD,
            MOST_EVENT_BYTES,
            SESSION_BYTES,
            ACCOUNT_BYTES,
            _KEPT_SECONDS,
            _ENDED_SECONDS,
            LEASE_SECONDS,
            _MOST_KEPT,
            _STREAM_OVERHEAD,
        )


def parse_id(event_id: str) -> tuple[str, str] | None:
    """The stream and entry of an event's id; None for one that is none of ours."""
    match = _ID.fullmatch(event_id)
    if match is None or not all(int(part) < _BEYOND_REDIS for part in match.group(2, 3)):
        return None
    return match[1], f"{match[2]}-{match[3]}"


def _place(entry: str) -> tuple[int, int]:
    milliseconds, _, number = entry.partition("-")
    return int(milliseconds), int(number)


def _key(session: Session, stream: str) -> str:
    return f"mcp:events:{session.key}:{stream}"


def _record(session: Session, stream: str) -> str:
    return f"mcp:reply:{session.key}:{stream}"
