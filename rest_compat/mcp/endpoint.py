"""`/v1/mcp`: the Streamable HTTP transport, over any number of processes.

Who calls is known before anything is read. Requests of the handshake eras belong to a session in
Redis and run through the SDK's kernel; those of 2026-07-28 carry all they need, and go to the
SDK's own entry as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from app import http
from app.bodies import ClientGone
from app.errors import DomainError, MethodNotAllowed, NotAcceptable, UnsupportedMediaType
from app.services import Services
from rest_compat.mcp import clients, following, messages, responses
from rest_compat.mcp.batch import Batch
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.calls import ToolCalls
from rest_compat.mcp.events import STANDALONE, parse_id
from rest_compat.mcp.hub import Hub
from rest_compat.mcp.reply import Reply
from rest_compat.mcp.sessions import Session

PATH = "/v1/mcp"
MAX_BODY = 4 * 1024 * 1024

_JSON_WITHIN_SECONDS = 0.5  # what is answered so soon needs no event stream
_TOOL_CALL = "tools/call"


class McpEndpoint:
    """An SDK server behind our authentication and sessions: an ASGI application for one path.

    `calls` answers calls of tools in the server's place. `run` is to be entered for as long as
    the process serves.
    """

    def __init__(
        self, services: Services, server: Server[Any], calls: ToolCalls | None = None
    ) -> None:
        self.hub = Hub(services, server, calls)
        self._gate = self.hub.gate
        self._modern = {
            as_json: StreamableHTTPSessionManager(
                server, json_response=as_json, stateless=True, max_request_body_size=MAX_BODY
            )
            for as_json in (True, False)
        }

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for manager in self._modern.values():
                await stack.enter_async_context(manager.run())
            await stack.enter_async_context(self.hub.run())
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = PATH
        self._gate.check_origin(scope)
        try:
            match scope["method"]:
                case "POST":
                    await self._post(scope, receive, send)
                case "GET":
                    await self._get(scope, receive, send)
                case "DELETE":
                    await self._delete(scope, receive, send)
                case _:
                    raise MethodNotAllowed(allow="GET, POST, DELETE, OPTIONS")
        except messages.NotAMessage as error:
            await responses.send_json(send, messages.error(error.id, error.error), status=400)
        except ClientGone:
            pass

    # POST

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        admit = partial(self._gate.owner, scope)
        async with self.hub.services.bodies.read(scope, receive, MAX_BODY, admit) as body:
            if _is_modern(scope):
                await self._post_modern(scope, receive, send, body)
                return
            caller = self._gate.recognised(scope) or await self._gate.admitted(scope)
            try:
                await self._post_handshake(scope, receive, send, caller, body)
            except (DomainError, messages.NotAMessage):
                await self._gate.prove(caller)
                raise

    async def _post_handshake(
        self, scope: Scope, receive: Receive, send: Send, caller: Caller, body: bytes
    ) -> None:
        check_content_type(scope)
        accepts = _Accepts(scope)
        if not (accepts.json or accepts.stream):
            raise NotAcceptable(accepted=["application/json", "text/event-stream"])
        value = messages.decoded(body)
        if isinstance(value, list):
            await self._gate.prove(caller)
            await self._batch(scope, receive, send, caller, value)
            return
        message = messages.read(value)
        method = messages.method_of(message)
        if method != _TOOL_CALL:
            await self._gate.prove(caller)
        if isinstance(message, messages.Request) and method == "initialize":
            await self._initialize(scope, send, caller, message)
            return
        session = await self._session(scope, caller, _id_in(message))
        await self._message(scope, receive, send, caller, session, message, accepts)

    async def _post_modern(self, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        # That the header says what the body does, the SDK makes sure of.
        method = (http.header(scope, b"mcp-method") or b"").decode("latin-1")
        caller = self._gate.recognised(scope) if method == _TOOL_CALL else None
        caller = caller or await self._gate.admitted(scope)
        if method != _TOOL_CALL:
            await self._gate.prove(caller)
        check_content_type(scope)
        as_json = not _Accepts(scope).stream or (method == _TOOL_CALL and _tells_nothing(body))
        manager = self._modern[as_json]
        replayed = False

        async def again() -> Any:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        refusals: list[DomainError] = []

        async def proven(message: Any) -> None:
            if message["type"] == "http.response.start":
                try:
                    await self._gate.prove(caller)
                except DomainError as refusal:
                    refusals.append(refusal)
                    raise
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                running.close()  # what the SDK does after it is no part of the call

        try:
            with contextlib.ExitStack() as running:
                running.enter_context(self._gate.call(caller))
                await manager.handle_request(scope, again, proven)
        except BaseException:
            if refusals:  # the SDK may have wrapped it
                raise refusals[0] from None
            raise

    async def _initialize(
        self, scope: Scope, send: Send, caller: Caller, request: messages.Request
    ) -> None:
        account_id = caller.account_id
        params = request.params
        try:
            clients.check_size(params)
            result = await self.hub.exchanges.initialize(HttpRequest(scope), account_id, request)
        except MCPError as error:
            await responses.send_json(send, messages.error(request.id, error.error))
            return
        session_id, _ = await self.hub.sessions.begin(
            account_id,
            str(result["protocolVersion"]),
            clients.client_of(params),
            clients.capabilities_of(params),
        )
        headers = [(b"mcp-session-id", session_id.encode())]
        await responses.send_json(send, messages.result(request.id, result), headers=headers)

    async def _session(self, scope: Scope, caller: Caller, request_id: Any = None) -> Session:
        """The session that a request names; raises NotAMessage without one, and NotFound."""
        named = http.header(scope, b"mcp-session-id")
        if named is None:
            told = "Send initialize first, then every request with its Mcp-Session-Id."
            raise messages.NotAMessage(told, id=request_id)
        return await self.hub.sessions.find(named.decode("latin-1"), caller.account_id)

    async def _message(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        caller: Caller,
        session: Session,
        message: messages.Message,
        accepts: _Accepts,
    ) -> None:
        if not isinstance(message, messages.Request):
            await self._gate.prove(caller)
            await self.hub.take(session, message)
            await responses.send_nothing(send, status=202)
            return
        request = HttpRequest(scope)
        if not accepts.stream:
            with self._gate.call(caller):
                answer = await self.hub.exchanges.answer(request, session, message)
            await self._gate.prove(caller)
            await responses.send_json(send, answer)
            return
        reply = Reply(self.hub.events, session, message.id, plain=accepts.json)
        with contextlib.ExitStack() as entered:
            entered.enter_context(self._gate.call(caller))
            task = self.hub.spawn(self._answer(reply, request, session, message))
            counted = entered.pop_all()
        task.add_done_callback(lambda _: counted.close())
        is_plain = await reply.is_plain(task, _JSON_WITHIN_SECONDS)
        await self._gate.prove(caller)
        if is_plain:
            await responses.send_json(send, task.result())
        else:
            await responses.send_stream(receive, send, reply.frames())

    async def _answer(
        self,
        reply: Reply,
        http: HttpRequest,
        session: Session,
        request: messages.Request,
    ) -> bytes:
        """Answer on a stream that may be left and come back to; the client may be gone by then."""
        try:
            try:
                answer = await self.hub.exchanges.answer(
                    http, session, request, reply.tell, reply.close
                )
            except Exception as failure:
                if not reply.is_stream:
                    raise  # it has a status still
                answer = messages.error(request.id, self.hub.exchanges.told(failure, http))
            await reply.finish(answer)
            return answer
        finally:
            reply.settle()

    async def _batch(
        self, scope: Scope, receive: Receive, send: Send, caller: Caller, values: list[Any]
    ) -> None:
        session = await self._session(scope, caller)
        batch = Batch(self.hub, scope, caller, session, values)
        answers = await responses.while_there(receive, batch.answers())
        if answers:
            await responses.send_json(send, b"[" + b",".join(answers) + b"]")
        else:
            await responses.send_nothing(send, status=202)

    # GET

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self._gate.admitted(scope)
        await self._gate.prove(caller)
        if _is_modern(scope):
            raise MethodNotAllowed(allow="POST, OPTIONS")
        if not _Accepts(scope).stream_or_anything:
            raise NotAcceptable(accepted=["text/event-stream"])
        session = await self._session(scope, caller)
        stream, entry = _last_seen(scope)
        switchboard = self.hub.switchboard
        holder, left = secrets.token_hex(8), asyncio.Event()
        with self._gate.stream(caller), switchboard.displaceable(session, holder, left.set):
            if stream == STANDALONE:  # it is one client's at a time
                await switchboard.take_stream(session, holder)
            events = await self.hub.events.after(session, stream, entry)
            frames = following.frames(self.hub, caller, session, events, left)
            await responses.send_stream(receive, send, frames)

    # DELETE

    async def _delete(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self._gate.admitted(scope)
        await self._gate.prove(caller)
        if _is_modern(scope):
            raise MethodNotAllowed(allow="POST, OPTIONS")
        session = await self._session(scope, caller)
        await self.hub.sessions.end(session)
        await self.hub.switchboard.take_stream(session, "")
        await self.hub.events.forget(session, STANDALONE)
        await responses.send_nothing(send, status=204)


class _Accepts:
    """What media types a client takes. One that takes anything gets JSON."""

    def __init__(self, scope: Scope) -> None:
        given = http.header(scope, b"accept")
        kinds = {
            kind.partition(";")[0].strip().lower()
            for kind in ("*/*" if given is None else given.decode("latin-1")).split(",")
        }
        anything = bool(kinds & {"*/*", ""})
        self.json = anything or bool(kinds & {"application/json", "application/*"})
        self.stream = bool(kinds & {"text/event-stream", "text/*"})
        self.stream_or_anything = self.stream or anything


def _is_modern(scope: Scope) -> bool:
    """Whether a request is of the era without sessions, by its version's header."""
    version = http.header(scope, b"mcp-protocol-version")
    return version is not None and version.decode("latin-1") not in HANDSHAKE_PROTOCOL_VERSIONS


def _tells_nothing(body: bytes) -> bool:
    """Whether a call of a tool is answered soon and by nothing else: it asks for no progress and
    no log, and does not wait. A stream is dear, for one message alone."""
    return not any(word in body for word in (b"progressToken", b"logLevel", b'"wait"'))


def check_content_type(scope: Scope) -> None:
    """Raise UnsupportedMediaType for a body that is not said to be JSON."""
    given = (http.header(scope, b"content-type") or b"").decode("latin-1")
    if given.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(content_type=given)


def _last_seen(scope: Scope) -> tuple[str, str]:
    """The stream that a client comes back to, and the entry after which it goes on."""
    last = http.header(scope, b"last-event-id")
    if last is None:
        return STANDALONE, "$"
    found = parse_id(last.decode("latin-1"))
    if found is None:
        raise messages.NotAMessage("Last-Event-ID names no event of this server.")
    return found


def _id_in(message: messages.Message) -> Any:
    return message.id if isinstance(message, messages.Request) else None
