"""What one API process must tell another about a session.

A client's cancellation of a request, its answer to a request of ours and the end of its session
may come to another process than the one that is concerned. They go over one Redis channel that
all processes hear; each acts on what it has itself, and passes over the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from mcp.shared.dispatcher import coerce_request_id
from mcp.shared.exceptions import MCPError
from mcp_types import ErrorData, RequestId
from redis.asyncio import Redis
from redis.exceptions import RedisError

from rest_compat.mcp.messages import Response
from rest_compat.mcp.redis_errors import available
from rest_compat.mcp.sessions import Session

log = logging.getLogger(__name__)

_CHANNEL = "mcp:switchboard"
_AGAIN_SECONDS = 1.0

_Place = tuple[str, str, RequestId]
"""What sort of thing waits, of which session, by which id."""


class Switchboard:
    """This process's end of the channel."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._name = secrets.token_hex(8)
        self._waiting: dict[_Place, list[Callable[[dict[str, Any]], None]]] = {}
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.contextmanager
    def cancelable(
        self, session: Session, request_id: RequestId, cancel: Callable[[], None]
    ) -> Iterator[None]:
        """Have `cancel` called when the client cancels this request while the block runs."""
        with self._place("cancel", session, request_id, lambda told: cancel()):
            yield

    @contextlib.contextmanager
    def displaceable(
        self, session: Session, holder: str, leave: Callable[[], None]
    ) -> Iterator[None]:
        """Have `leave` called when another than `holder` takes the session's standalone stream,
        or the session ends."""

        def told(message: dict[str, Any]) -> None:
            if message.get("holder") != holder:
                leave()

        with self._place("stream", session, holder, told):
            yield

    @contextlib.contextmanager
    def answered(self, session: Session, request_id: RequestId) -> Iterator[asyncio.Future[Any]]:
        """What the client answers to our request of that id; fails with MCPError if it refuses."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def told(message: dict[str, Any]) -> None:
            if future.done():
                return
            if "error" in message:
                future.set_exception(MCPError.from_error_data(ErrorData(**message["error"])))
            else:
                future.set_result(message["result"])

        with self._place("answer", session, request_id, told):
            yield future

    async def cancel(self, session: Session, request_id: RequestId) -> None:
        await self._tell("cancel", session, request_id)

    async def answer(self, session: Session, response: Response) -> None:
        if response.error is None:
            await self._tell("answer", session, response.id, result=response.result)
        else:
            told = response.error.model_dump(mode="json", exclude_none=True)
            await self._tell("answer", session, response.id, error=told)

    async def take_stream(self, session: Session, holder: str) -> None:
        """Let whoever holds the session's standalone stream leave it to `holder`."""
        await self._tell("stream", session, None, holder=holder)

    async def _tell(
        self, kind: str, session: Session, request_id: RequestId | None, **more: Any
    ) -> None:
        message = {
            "kind": kind, "session": session.key, "id": request_id, "from": self._name, **more
        }  # fmt: skip
        if not self._act_on(message):
            with available():
                await self._redis.publish(_CHANNEL, orjson.dumps(message))

    @contextlib.contextmanager
    def _place(
        self, kind: str, session: Session, id: RequestId, told: Callable[[dict[str, Any]], None]
    ) -> Iterator[None]:
        # Clients are known to answer "7" to 7.
        place = (kind, session.key, coerce_request_id(id))
        self._waiting.setdefault(place, []).append(told)
        try:
            yield
        finally:
            self._waiting[place].remove(told)
            if not self._waiting[place]:
                del self._waiting[place]

    def _act_on(self, message: dict[str, Any]) -> bool:
        """Do what `message` asks of this process; whether that was all there is to do."""
        kind, key = message["kind"], message["session"]
        if kind == "stream":
            for place, told in list(self._waiting.items()):
                if place[:2] == (kind, key):
                    for tell in list(told):
                        tell(message)
            return False  # others may hold one too
        told_to = list(self._waiting.get((kind, key, coerce_request_id(message["id"])), ()))
        for tell in told_to:
            tell(message)
        # A client may have two requests of one id under way, at two processes.
        return bool(told_to) and kind != "cancel"

    async def _listen(self) -> None:
        while True:
            pubsub = self._redis.pubsub(ignore_subscribe_messages=True)
            try:
                await pubsub.subscribe(_CHANNEL)
                while True:
                    message = await pubsub.get_message(timeout=4.0)
                    if message is not None:
                        told = orjson.loads(message["data"])
                        if told.get("from") != self._name:
                            self._act_on(told)
            except (RedisError, OSError):
                await asyncio.sleep(_AGAIN_SECONDS)
            except Exception:
                log.exception("the switchboard stumbled")
                await asyncio.sleep(_AGAIN_SECONDS)
            finally:
                await pubsub.aclose()  # type: ignore[no-untyped-call]
