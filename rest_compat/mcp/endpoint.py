"""`/v1/mcp`: the Streamable HTTP transport, over any number of processes.

Who calls is known before anything is read. Requests of the handshake eras belong to a session in
Redis and run through the SDK's kernel; those of 2026-07-28 carry all they need, and go to the
SDK's own entry as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, is_version_at_least
from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from app import http
from app.bodies import ClientGone
from app.call import Context, CredentialKind
from app.call import Scope as TokenScope
from app.errors import (
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    OriginNotAllowed,
    RateLimited,
    UnsupportedMediaType,
)
from app.services import Services
from app.settings import Settings
from rest_compat.mcp import messages, responses
from rest_compat.mcp.caller import Caller, set_caller
from rest_compat.mcp.events import STANDALONE, Event, Events, parse_id
from rest_compat.mcp.exchange import Exchanges
from rest_compat.mcp.sessions import Session, Sessions
from rest_compat.mcp.switchboard import Switchboard
from schema.operation import Operation, Requires

PATH = "/v1/mcp"
MAX_BODY = 4 * 1024 * 1024

_JSON_WITHIN_SECONDS = 0.5  # what is answered so soon needs no event stream
_PING_SECONDS = 15.0
_LOOK_SECONDS = 30.0  # whether a credential still stands while its stream is open
_RETRY_MILLISECONDS = 1000
_BATCHES = "2025-03-26"  # the only version that has them
_PRIMED = "2025-11-25"  # the first whose clients take an event without data


async def _connect(call: Any) -> None:
    """Connect to the MCP server."""


CONNECT = Operation(
    "mcp_connect",
    _connect,
    Requires(
        credentials=[CredentialKind.SESSION, CredentialKind.PERSONAL_TOKEN],
        scope=TokenScope.MCP_CONNECT,
    ),
    None,
    None,
    writes=False,
)
"""What everything at these paths asks first: a credential that may connect."""


class McpEndpoint:
    """An SDK server behind our authentication and sessions: an ASGI application for one path.

    `run` is to be entered for as long as the process serves.
    """

    def __init__(self, services: Services, server: Server[Any]) -> None:
        settings = services.settings
        self._services = services
        self._sessions = Sessions(
            services.redis,
            idle_seconds=settings.mcp_session_minutes * 60,
            most_each=settings.mcp_sessions_per_account,
        )
        self._events = Events(services.redis)
        self._switchboard = Switchboard(services.redis)
        self._exchanges = Exchanges(server, self._events, self._switchboard)
        self._modern = {
            as_json: StreamableHTTPSessionManager(
                server, json_response=as_json, stateless=True, max_request_body_size=MAX_BODY
            )
            for as_json in (True, False)
        }
        self._origins = _origins(settings)
        self._calls: dict[UUID, int] = {}
        self._streams: dict[UUID, int] = {}
        self._running: set[asyncio.Task[Any]] = set()

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        self._switchboard.open()
        async with contextlib.AsyncExitStack() as stack:
            for manager in self._modern.values():
                await stack.enter_async_context(manager.run())
            try:
                yield
            finally:
                for task in list(self._running):
                    task.cancel()
                await asyncio.gather(*self._running, return_exceptions=True)
                await self._switchboard.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = PATH
        self._check_origin(scope)
        with contextlib.suppress(ClientGone):
            match scope["method"]:
                case "POST":
                    await self._post(scope, receive, send)
                case "GET":
                    await self._get(scope, receive, send)
                case "DELETE":
                    await self._delete(scope, receive, send)
                case _:
                    raise MethodNotAllowed(allow="GET, POST, DELETE, OPTIONS")

    # Who calls

    async def admitted(self, scope: Scope) -> Caller:
        """The caller, whose credential is good and may connect; raises as operations do."""
        context = scope["state"].get("context") or http.new_context(self._services, scope)
        await CONNECT.run_uncounted(context, dict)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        caller = Caller(context, underscores=query.get("tool_names") == ["underscore"])
        set_caller(scope, caller)
        return caller

    async def count(self, caller: Caller, method: str = "") -> None:
        """Count a message against the caller's rate; a call of a tool is counted where it runs."""
        if method != "tools/call":
            await CONNECT.run(caller.context, dict)

    def _check_origin(self, scope: Scope) -> None:
        """Raise OriginNotAllowed for a page of somebody else's (DNS rebinding)."""
        origin = http.header(scope, b"origin")
        if origin is not None and "*" not in self._origins:
            given = origin.decode("latin-1").lower()
            if given not in self._origins:
                raise OriginNotAllowed

    # POST

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        context = http.new_context(self._services, scope)
        admit = partial(CONNECT.owner, context)
        async with self._services.bodies.read(scope, receive, MAX_BODY, admit) as body:
            if _is_modern(scope):
                await self._post_modern(scope, receive, send, body)
                return
            caller = await self.admitted(scope)
            _check_content_type(scope)
            accepts = _Accepts(scope)
            if not (accepts.json or accepts.stream):
                raise NotAcceptable(accepted=["application/json", "text/event-stream"])
            try:
                value = messages.decoded(body)
                if isinstance(value, list):
                    await self._batch(scope, send, caller, value)
                    return
                message = messages.read(value)
                await self.count(caller, messages.method_of(message))
                if isinstance(message, messages.Request) and message.method == "initialize":
                    await self._initialize(scope, send, caller, message)
                    return
                session = await self._session(scope, caller, _id_in(message))
                await self._message(scope, receive, send, caller, session, message, accepts)
            except messages.NotAMessage as error:
                await responses.send_json(send, messages.error(error.id, error.error), status=400)

    async def _post_modern(self, scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        caller = await self.admitted(scope)
        # That the header says what the body does, the SDK makes sure of.
        method = http.header(scope, b"mcp-method") or b""
        await self.count(caller, method.decode("latin-1"))
        _check_content_type(scope)
        manager = self._modern[not _Accepts(scope).stream]
        replayed = False

        async def again() -> Any:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": body, "more_body": False}

        with self._one_more(self._calls, caller, self._services.settings.mcp_calls_per_account):
            await manager.handle_request(scope, again, send)

    async def _initialize(
        self, scope: Scope, send: Send, caller: Caller, request: messages.Request
    ) -> None:
        account_id = caller.account_id
        try:
            result = await self._exchanges.initialize(HttpRequest(scope), account_id, request)
        except MCPError as error:
            await responses.send_json(send, messages.error(request.id, error.error))
            return
        params = request.params or {}
        session_id, _ = await self._sessions.begin(
            account_id,
            str(result["protocolVersion"]),
            params.get("clientInfo"),
            params.get("capabilities"),
        )
        headers = [(b"mcp-session-id", session_id.encode())]
        await responses.send_json(send, messages.result(request.id, result), headers=headers)

    async def _session(self, scope: Scope, caller: Caller, request_id: Any = None) -> Session:
        """The session that a request names; raises NotAMessage without one, and NotFound."""
        named = http.header(scope, b"mcp-session-id")
        if named is None:
            told = "Send initialize first, then every request with its Mcp-Session-Id."
            raise messages.NotAMessage(told, id=request_id)
        return await self._sessions.find(named.decode("latin-1"), caller.account_id)

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
            await self._take(session, message)
            await responses.send_nothing(send, status=202)
            return
        with self._one_more(self._calls, caller, self._services.settings.mcp_calls_per_account):
            request = HttpRequest(scope)
            if not accepts.stream:
                answer = await self._exchanges.answer(request, session, message)
                await responses.send_json(send, answer)
                return
            reply = _Reply(self._events, session)
            task = asyncio.create_task(self._reply(reply, request, session, message))
            self._running.add(task)
            task.add_done_callback(self._ended)
            if await reply.is_plain(task, 0 if not accepts.json else _JSON_WITHIN_SECONDS):
                await responses.send_json(send, task.result())
            else:
                await responses.send_stream(receive, send, reply.frames())

    async def _reply(
        self, reply: _Reply, http: HttpRequest, session: Session, request: messages.Request
    ) -> bytes:
        try:
            answer = await self._exchanges.answer(http, session, request, reply.tell, reply.close)
            await reply.finish(answer)
            return answer
        finally:
            reply.settle()

    def _ended(self, task: asyncio.Task[bytes]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # told already, if there was anybody left to tell

    async def _take(
        self, session: Session, message: messages.Notification | messages.Response
    ) -> None:
        """Act on what is owed no response."""
        if isinstance(message, messages.Response):
            await self._switchboard.answer(session, message)
        elif message.method == "notifications/cancelled":
            request_id = (message.params or {}).get("requestId")
            if isinstance(request_id, (str, int)):
                await self._switchboard.cancel(session, request_id)

    async def _batch(self, scope: Scope, send: Send, caller: Caller, values: list[Any]) -> None:
        session = await self._session(scope, caller)
        if session.version != _BATCHES:
            raise messages.NotAMessage(f"Only protocol version {_BATCHES} has batches.")
        if not 0 < len(values) <= messages.MOST_IN_BATCH:
            raise messages.NotAMessage(f"A batch has 1 to {messages.MOST_IN_BATCH} messages.")
        http = HttpRequest(scope)
        answers: list[bytes] = []
        for value in values:
            try:
                message = messages.read(value)
                await self.count(caller, messages.method_of(message))
                if not isinstance(message, messages.Request):
                    await self._take(session, message)
                elif message.method == "initialize":
                    raise messages.NotAMessage("initialize is sent alone.", id=message.id)
                else:
                    answers.append(await self._exchanges.answer(http, session, message))
            except messages.NotAMessage as error:
                answers.append(messages.error(error.id, error.error))
        if answers:
            await responses.send_json(send, b"[" + b",".join(answers) + b"]")
        else:
            await responses.send_nothing(send, status=202)

    # GET

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self.admitted(scope)
        await self.count(caller)
        if _is_modern(scope):
            raise MethodNotAllowed(allow="POST, OPTIONS")
        if not _Accepts(scope).stream_or_anything:
            raise NotAcceptable(accepted=["text/event-stream"])
        try:
            session = await self._session(scope, caller)
        except messages.NotAMessage as error:
            await responses.send_json(send, messages.error(None, error.error), status=400)
            return
        most = self._services.settings.mcp_streams_per_account
        with self._one_more(self._streams, caller, most):
            last = http.header(scope, b"last-event-id")
            stream, entry = STANDALONE, "$"
            if last is not None:
                found = parse_id(last.decode("latin-1"))
                if found is None:
                    raise NotFound("There is no such event.")
                stream, entry = found
            frames = self._followed(scope, session, stream, entry)
            await responses.send_stream(receive, send, frames)

    async def _followed(
        self, scope: Scope, session: Session, stream: str, entry: str
    ) -> AsyncIterator[bytes]:
        """The frames of a stream from `entry` on; the standalone one is one client's at a time."""
        holder, left = secrets.token_hex(8), asyncio.Event()
        with self._switchboard.displaceable(session, holder, left.set):
            if stream == STANDALONE:
                await self._switchboard.take_stream(session, holder)
            clock = asyncio.get_running_loop().time
            pinged = looked = clock()
            async with contextlib.aclosing(self._events.after(session, stream, entry)) as events:
                async for event in events:
                    if left.is_set():
                        return
                    if event is not None:
                        yield responses.frame(event)
                        continue
                    now = clock()
                    if now - pinged >= _PING_SECONDS:
                        pinged = now
                        yield responses.PING
                    if now - looked >= _LOOK_SECONDS:
                        looked = now
                        await self.look_again(scope)
                        if not await self._sessions.stands(session):
                            return

    async def look_again(self, scope: Scope) -> None:
        """Raise Unauthenticated or InsufficientScope once a credential is good no more."""
        context: Context = scope["state"]["context"]
        await CONNECT.run_uncounted(context.anew(), dict)

    # DELETE

    async def _delete(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self.admitted(scope)
        await self.count(caller)
        if _is_modern(scope):
            raise MethodNotAllowed(allow="POST, OPTIONS")
        try:
            session = await self._session(scope, caller)
        except messages.NotAMessage as error:
            await responses.send_json(send, messages.error(None, error.error), status=400)
            return
        await self._sessions.end(session)
        await self._switchboard.take_stream(session, "")
        await self._events.forget(session, STANDALONE)
        await responses.send_nothing(send, status=204)

    @contextlib.contextmanager
    def _one_more(self, counts: dict[UUID, int], caller: Caller, most: int) -> Iterator[None]:
        """Count one more that the account has running here; raises RateLimited over `most`."""
        who = caller.account_id
        if counts.get(who, 0) >= most:
            raise RateLimited("Too many at once for this account.", retry_after=1, limit=most)
        counts[who] = counts.get(who, 0) + 1
        try:
            yield
        finally:
            counts[who] -= 1
            if not counts[who]:
                del counts[who]


class _Reply:
    """The answer to one request: a single JSON message if it can be, else a stream of events.

    Once it is a stream, all that is told is kept in Redis too: a client that is cut off comes
    back for the rest, and the handler goes on without it.
    """

    def __init__(self, events: Events, session: Session) -> None:
        self._events = events
        self._session = session
        self._stream = secrets.token_urlsafe(9)
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._is_stream = False
        self._changed = asyncio.Event()
        self._order = asyncio.Lock()

    async def is_plain(self, task: asyncio.Task[bytes], seconds: float) -> bool:
        """Wait until the request is answered, tells something or takes long: whether it is
        answered and nothing was told. Raises what `task` does in that time."""
        if seconds:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            if not self._is_stream and task.done():
                task.result()
                return True
            if not self._is_stream and self._changed.is_set():
                await asyncio.wait((task,))
                return True
        await self._begin_stream()
        return False

    async def tell(self, data: bytes) -> None:
        await self._begin_stream()
        await self._put(data)

    async def finish(self, data: bytes) -> None:
        if self._is_stream:
            await self._put(data, last=True)

    async def close(self) -> None:
        """Let the client go; it comes back for the rest."""
        await self._begin_stream()
        self._queue.put_nowait(None)

    def settle(self) -> None:
        """Nothing more comes, however it ended."""
        self._changed.set()
        self._queue.put_nowait(None)

    async def frames(self) -> AsyncIterator[bytes]:
        while True:
            try:
                async with asyncio.timeout(_PING_SECONDS):
                    event = await self._queue.get()
            except TimeoutError:
                yield responses.PING
                continue
            if event is None:
                return
            retry = None if event.data else _RETRY_MILLISECONDS
            yield responses.frame(event, retry_milliseconds=retry)

    async def _begin_stream(self) -> None:
        if self._is_stream:
            return
        self._is_stream = True
        self._changed.set()
        if self._session.version and is_version_at_least(self._session.version, _PRIMED):
            await self._put(b"")

    async def _put(self, data: bytes, *, last: bool = False) -> None:
        async with self._order:
            event = await self._events.append(self._session, self._stream, data, last=last)
            self._queue.put_nowait(event)


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


def _check_content_type(scope: Scope) -> None:
    given = (http.header(scope, b"content-type") or b"").decode("latin-1")
    if given.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(content_type=given)


def _id_in(message: messages.Message) -> Any:
    return message.id if isinstance(message, messages.Request) else None


def _origins(settings: Settings) -> frozenset[str]:
    """Origins of pages that may call, in lower case; `*` for any."""
    own = urlsplit(settings.public_url)
    return frozenset(
        origin.lower().rstrip("/")
        for origin in (f"{own.scheme}://{own.netloc}", *settings.allowed_origins)
    )
