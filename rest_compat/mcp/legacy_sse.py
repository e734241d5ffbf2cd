"""The SSE transport of 2024-11-05, for clients that know no other.

`GET /v1/mcp/sse` opens a stream and says where messages go; `POST /v1/mcp/messages?session_id=…`
brings them, to any process, and their answers come on the stream. A session lives no longer than
its stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator
from functools import partial
from urllib.parse import parse_qs

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_REQUEST, ErrorData
from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from app.bodies import ClientGone
from app.errors import MethodNotAllowed
from rest_compat.mcp import clients, following, messages, responses
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.endpoint import MAX_BODY, PATH, check_content_type
from rest_compat.mcp.hub import Hub
from rest_compat.mcp.sessions import Session

SSE_PATH = f"{PATH}/sse"
MESSAGES_PATH = f"{PATH}/messages"

_BEFORE_INITIALIZE = ("initialize", "ping")


class LegacyStream:
    """`GET /v1/mcp/sse`: opens a session, and carries what is sent to it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = SSE_PATH
        gate = self._hub.gate
        gate.check_origin(scope)
        if scope["method"] != "GET":
            raise MethodNotAllowed(allow="GET, OPTIONS")
        caller = await gate.admitted(scope)
        await gate.prove(caller)
        with gate.stream(caller):
            session_id, session = await self._hub.sessions.begin(caller.account_id, None)
            left = asyncio.Event()
            try:
                frames = self._frames(caller, session_id, session, left)
                async with contextlib.aclosing(frames):
                    with self._hub.switchboard.displaceable(
                        session, secrets.token_hex(8), left.set
                    ):
                        await responses.send_stream(receive, send, frames)
            finally:
                await asyncio.shield(self._end(session))

    async def _frames(
        self, caller: Caller, session_id: str, session: Session, left: asyncio.Event
    ) -> AsyncGenerator[bytes, None]:
        spelling = "&tool_names=underscore" if caller.underscores else ""
        place = f"{MESSAGES_PATH}?session_id={session_id}{spelling}"
        yield f"event: endpoint\ndata: {place}\n\n".encode()
        events = self._hub.legacy_events.all(session)
        held = following.frames(self._hub, caller, session, events, left)
        async with contextlib.aclosing(held):
            async for frame in held:
                yield frame

    async def _end(self, session: Session) -> None:
        await self._hub.sessions.end(session)
        await self._hub.legacy_events.forget(session)


class LegacyMessages:
    """`POST /v1/mcp/messages`: one message to a session whose stream is open somewhere."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = MESSAGES_PATH
        gate = self._hub.gate
        gate.check_origin(scope)
        if scope["method"] != "POST":
            raise MethodNotAllowed(allow="POST, OPTIONS")
        bodies = self._hub.services.bodies
        with contextlib.suppress(ClientGone):
            async with bodies.read(scope, receive, MAX_BODY, partial(gate.owner, scope)) as body:
                caller = await gate.admitted(scope)
                check_content_type(scope)
                query = parse_qs(scope["query_string"].decode("latin-1"))
                named = query.get("session_id", [""])[0]
                session = await self._hub.sessions.find(named, caller.account_id)
                try:
                    message = messages.read(messages.decoded(body))
                except messages.NotAMessage as error:
                    told = messages.error(error.id, error.error)
                    await responses.send_json(send, told, status=400)
                    return
                if messages.method_of(message) != "tools/call":
                    await gate.prove(caller)
                if isinstance(message, messages.Request):
                    self._hub.spawn(self._answer(HttpRequest(scope), caller, session, message))
                else:
                    await self._hub.take(session, message)
        await responses.send_nothing(send, status=202)

    async def _answer(
        self, http: HttpRequest, caller: Caller, session: Session, request: messages.Request
    ) -> bytes:
        async def tell(data: bytes) -> None:
            await self._hub.legacy_events.deliver(session, data)

        try:
            if request.method == "initialize":
                answer = await self._initialized(http, session, request)
            elif session.version is None and request.method not in _BEFORE_INITIALIZE:
                early = ErrorData(code=INVALID_REQUEST, message="Send initialize first.")
                answer = messages.error(request.id, early)
            else:
                with self._hub.gate.call(caller):
                    answer = await self._hub.exchanges.answer(http, session, request, tell)
                await self._hub.gate.prove(caller)
        except Exception as failure:
            answer = messages.error(request.id, self._hub.exchanges.told(failure, http))
        await self._hub.legacy_events.deliver(session, answer, request_id=request.id)
        return answer

    async def _initialized(
        self, http: HttpRequest, session: Session, request: messages.Request
    ) -> bytes:
        params = request.params
        try:
            clients.check_size(params)
            result = await self._hub.exchanges.initialize(http, session.account_id, request)
        except MCPError as error:
            return messages.error(request.id, error.error)
        await self._hub.sessions.negotiated(
            session,
            str(result["protocolVersion"]),
            clients.client_of(params),
            clients.capabilities_of(params),
        )
        return messages.result(request.id, result)
