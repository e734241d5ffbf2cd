"""What was sent to a session, kept for a while in Redis Streams.

A client that was cut off comes back to any process and asks for what followed the last event that
it has seen; what a process has to tell a session reaches whichever process holds its stream.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from redis.asyncio import Redis

from rest_compat.mcp.redis_errors import available
from rest_compat.mcp.sessions import Session

STANDALONE = "standalone"
LEGACY = "legacy"

_KEPT_SECONDS = 600
_MOST_KEPT = 500  # events of one stream
_WAIT_MILLISECONDS = 2000  # below the socket's timeout
_ID = re.compile(r"([A-Za-z0-9_-]{1,24})\.(\d{1,20}-\d{1,20})")
_END = b"end"
_DATA = b"data"


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is what the client names to go on after it; `data` a JSON-RPC message, or nothing."""

    id: str
    data: bytes


class Events:
    """The events of all sessions."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def append(
        self, session: Session, stream: str, data: bytes, *, last: bool = False
    ) -> Event:
        """Keep `data` as an event of one of the session's streams; `last`: nothing follows it."""
        key = _key(session, stream)
        fields: dict[bytes, bytes] = {_DATA: data, **({_END: b"1"} if last else {})}
        with available():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.xadd(key, fields, maxlen=_MOST_KEPT, approximate=True)  # type: ignore[arg-type]
                pipe.expire(key, _KEPT_SECONDS)
                entry, _ = await pipe.execute()
        return Event(f"{stream}.{entry.decode()}", data)

    async def after(
        self, session: Session, stream: str, entry: str = "0-0"
    ) -> AsyncGenerator[Event | None, None]:
        """The events after `entry` (`$`: from now on) until the stream's last; None now and then.

        The Nones let a caller look after its client while nothing is told.
        """
        key = _key(session, stream)
        if entry == "$":
            with available():
                newest = await self._redis.xrevrange(key, count=1)
            entry = newest[0][0].decode() if newest else "0-0"
        while True:
            with available():
                found = await self._redis.xread({key: entry}, count=50, block=_WAIT_MILLISECONDS)
            for _, entries in found:
                for name, fields in entries:
                    entry = name.decode()
                    yield Event(f"{stream}.{entry}", fields[_DATA])
                    if _END in fields:
                        return
            yield None

    async def knows(self, session: Session, stream: str) -> bool:
        """Whether anything of the stream is kept still."""
        with available():
            return bool(await self._redis.exists(_key(session, stream)))

    async def forget(self, session: Session, *streams: str) -> None:
        """Drop streams of a session that has ended."""
        with available():
            await self._redis.delete(*(_key(session, stream) for stream in streams))


def parse_id(event_id: str) -> tuple[str, str] | None:
    """The stream and entry of an event's id; None for one that is none of ours."""
    match = _ID.fullmatch(event_id)
    return (match[1], match[2]) if match else None


def _key(session: Session, stream: str) -> str:
    return f"mcp:events:{session.key}:{stream}"
