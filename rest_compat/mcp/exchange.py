"""One request of a client, from the message to its response, with what is sent meanwhile.

The SDK's kernel (`serve_one`) runs the handler; here is the channel that the handler speaks
through. What it sends before the response goes to an outlet: the response's own event stream, or
the stream of a legacy session. Without one, what is sent is dropped and nothing can be asked.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

import anyio
from mcp.server.connection import Connection
from mcp.server.lowlevel import Server
from mcp.server.runner import serve_one
from mcp.shared.dispatcher import CallOptions
from mcp.shared.exceptions import MCPError, NoBackChannelError
from mcp.shared.jsonrpc_dispatcher import (
    handler_exception_to_error_data,
    progress_token_from_params,
)
from mcp.shared.message import ServerMessageMetadata
from mcp.shared.transport_context import TransportContext
from mcp_types import (
    DEFAULT_NEGOTIATED_VERSION,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    ErrorData,
    RequestId,
)
from pydantic import ValidationError
from starlette.requests import Request as HttpRequest

from app.errors import DomainError, InsufficientScope, Internal, Unauthenticated
from rest_compat.mcp import messages
from rest_compat.mcp.caller import caller_at
from rest_compat.mcp.calls import ToolCalls
from rest_compat.mcp.events import STANDALONE, Events
from rest_compat.mcp.sessions import Session
from rest_compat.mcp.switchboard import Switchboard
from rest_compat.mcp.waiting import Progress

log = logging.getLogger(__name__)

REQUEST_CANCELED = -32800  # as the SDK answers; MCP itself has no code for it
_ANSWER_SECONDS = 120.0  # for a person at the other end to decide something

Outlet = Callable[[bytes], Awaitable[None]]
"""Takes a message to the client while a request is being answered."""


class Standalone:
    """What the server says to a session by itself: on the stream that the client may hold open."""

    def __init__(self, events: Events, session: Session) -> None:
        self._events = events
        self._session = session

    async def notify(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> None:
        await self._events.append(self._session, STANDALONE, messages.notification(method, params))

    async def send_raw_request(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        raise NoBackChannelError(method)


class Exchange:
    """The SDK's `DispatchContext` of one request of a session."""

    def __init__(
        self,
        http: HttpRequest,
        session: Session,
        request: messages.Request,
        switchboard: Switchboard,
        outlet: Outlet | None,
        close_stream: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.http = http
        self.request_id: RequestId = request.id
        self.can_send_request = outlet is not None
        self._close_stream = close_stream
        self._session = session
        self._switchboard = switchboard
        self._outlet = outlet
        self._progress_token = progress_token_from_params(request.params)

    @property
    def transport(self) -> TransportContext:
        return TransportContext(
            kind="streamable-http",
            can_send_request=self.can_send_request,
            headers=self.http.headers,
        )

    @property
    def message_metadata(self) -> ServerMessageMetadata:
        return ServerMessageMetadata(request_context=self.http, close_sse_stream=self._close_stream)

    @property
    def reporter(self) -> Progress | None:
        """What tells the client of progress; None when it has not asked to be told."""
        return None if self._progress_token is None else self.progress

    @cached_property
    def cancel_requested(self) -> anyio.Event:
        return anyio.Event()

    async def notify(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> None:
        if self._outlet is not None:
            await self._outlet(messages.notification(method, params))

    async def progress(
        self, progress: float, total: float | None = None, message: str | None = None
    ) -> None:
        if self._progress_token is None:
            return
        params = {
            "progressToken": self._progress_token,
            "progress": progress,
            **({} if total is None else {"total": total}),
            **({} if message is None else {"message": message}),
        }
        await self.notify("notifications/progress", params)

    async def send_raw_request(
        self, method: str, params: Mapping[str, Any] | None, opts: CallOptions | None = None
    ) -> dict[str, Any]:
        """Ask the client, on this request's stream; the answer may come to any process."""
        if self._outlet is None:
            raise NoBackChannelError(method)
        asked = f"ask-{secrets.token_urlsafe(9)}"
        seconds = (opts or {}).get("timeout", _ANSWER_SECONDS)
        with self._switchboard.answered(self._session, asked) as answer:
            await self._outlet(messages.request(asked, method, params))
            try:
                async with asyncio.timeout(seconds):
                    found: dict[str, Any] = await answer
            except TimeoutError:
                told = f"The client did not answer {method} in {seconds:g} s."
                raise MCPError(INTERNAL_ERROR, told) from None
        return found


class Exchanges:
    """Runs requests of sessions through the SDK's server, but for what `calls` takes."""

    def __init__(
        self,
        server: Server[Any],
        events: Events,
        switchboard: Switchboard,
        calls: ToolCalls | None,
    ) -> None:
        self._server = server
        self._calls = calls
        self._events = events
        self._switchboard = switchboard

    async def answer(
        self,
        http: HttpRequest,
        session: Session,
        request: messages.Request,
        outlet: Outlet | None = None,
        close_stream: Callable[[], Awaitable[None]] | None = None,
    ) -> bytes:
        """The response to a request, in bytes; a refusal of its credential is raised."""
        exchange = Exchange(http, session, request, self._switchboard, outlet, close_stream)
        scope = asyncio.current_task()
        canceled = False

        def cancel() -> None:
            nonlocal canceled
            canceled = True
            exchange.cancel_requested.set()
            if scope is not None:
                scope.cancel()

        try:
            with self._switchboard.cancelable(session, request.id, cancel):
                found = await self._result(exchange, session, request)
        except asyncio.CancelledError:
            if not canceled:
                raise
            if scope is not None:
                scope.uncancel()
            told = ErrorData(code=REQUEST_CANCELED, message="The request was canceled.")
            return messages.error(request.id, told)
        except (Unauthenticated, InsufficientScope):
            raise
        except Exception as failure:
            return messages.error(request.id, self.told(failure, http))
        return messages.result(request.id, found)

    async def initialize(
        self, http: HttpRequest, account_id: UUID, request: messages.Request
    ) -> dict[str, Any]:
        """The result of `initialize`, before there is a session; raises MCPError."""
        nobody = Session("", account_id, None)
        try:
            return await self._result(
                Exchange(http, nobody, request, self._switchboard, None), nobody, request
            )
        except ValidationError:
            raise MCPError(INVALID_PARAMS, "Invalid request parameters") from None

    async def _result(
        self, exchange: Exchange, session: Session, request: messages.Request
    ) -> dict[str, Any]:
        calls, params = self._calls, request.params
        if calls is not None and params is not None and calls.takes(request.method, params):
            caller = caller_at(exchange.http.scope)
            return await calls.answer(caller, _version(session), params, exchange.reporter)
        connection = Connection.from_envelope(
            _version(session),
            session.client,
            session.capabilities,
            outbound=Standalone(self._events, session),
        )
        connection.session_id = session.key
        return await serve_one(
            self._server,
            exchange,
            request.method,
            request.params,
            connection=connection,
            lifespan_state={},
        )

    @staticmethod
    def told(failure: Exception, http: HttpRequest) -> ErrorData:
        """A failure as JSON-RPC tells it; what was unforeseen is logged and not told."""
        known = handler_exception_to_error_data(failure)
        if known is not None:
            return known
        if not isinstance(failure, DomainError):
            log.error(
                "an MCP request failed",
                exc_info=failure,
                extra={"fields": {"request_id": http.state.request_id}},
            )
            failure = Internal()
        return messages.of_domain_error(failure, http.state.request_id, INTERNAL_ERROR)


def _version(session: Session) -> str:
    return session.version or DEFAULT_NEGOTIATED_VERSION
