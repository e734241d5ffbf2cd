"""GraphQL over HTTP, server-sent events and WebSocket.

HTTP follows the GraphQL-over-HTTP specification: `application/graphql-response+json` where the
client accepts it, with status 400 and no `data` when the document never ran; plain
`application/json` with status 200 for that otherwise. Subscriptions go over graphql-transport-ws
or `text/event-stream`, never over a plain POST.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from types import NoneType
from typing import Any
from uuid import UUID

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET

from app import http, multipart
from app.bodies import ClientGone
from app.call import Context, Credentials
from app.errors import (
    DomainError,
    MalformedJSON,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    UnsupportedMediaType,
    ValidationFailed,
    docs_url,
)
from app.services import Services
from schema.graphql import describe, schema
from schema.operation import anybody
from schema.uploads import read_request

JSON = "application/json; charset=utf-8"
RESPONSE_JSON = "application/graphql-response+json; charset=utf-8"
MAX_BODY = 4_500_000  # cv_data and its document
MAX_UPLOAD_BODY = 11_000_000  # a file of 10 MB, and the document
MAX_SUBSCRIPTIONS = 20
METHODS = "GET, HEAD, OPTIONS, POST"
_ANYBODY = anybody()


@dataclass(slots=True)
class SocketContext(Context):
    """The context of a WebSocket. `connection_params`: the payload of connection_init, where
    browsers, which can't set headers, send `{"Authorization": "Bearer …"}`."""

    connection_params: dict[str, Any] | None = None

    def for_operation(self) -> Context:
        """A context of its own: a socket outlives logouts, so each operation authenticates."""
        return self.anew()


class Refusal(HTTPException):
    """A request that is not GraphQL at all, with the stable code of the failure."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, message)
        self.code = code


class SocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """graphql-transport-ws; a message of another form closes the socket, as the protocol asks."""

    async def handle_message(self, message: Any) -> None:
        if _is_message(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Not a message of graphql-transport-ws.")


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] == "complete":
        return isinstance(message.get("id"), str)
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(message.get("id"), str)
        and isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("operationName"), (str, NoneType))
        and isinstance(payload.get("variables"), (dict, NoneType))
    )


class GraphQLEndpoint(GraphQL[Context, None]):
    """The ASGI app at /graphql."""

    graphql_transport_ws_handler_class = SocketHandler

    def __init__(self, services: Services) -> None:
        development = services.settings.environment == "development"
        super().__init__(
            schema,
            graphql_ide="graphiql" if development else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            max_subscriptions_per_connection=MAX_SUBSCRIPTIONS,
            multipart_uploads_enabled=True,
            allowed_origins=services.settings.allowed_origins,
        )
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = "/graphql"
        if scope["type"] != "http":
            await self._serve_socket(scope, receive, send)
            return
        try:
            async with self._whole_request(scope, receive) as request:
                response = await self._responded(request)
        except ClientGone:
            return
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _whole_request(self, scope: Scope, receive: Receive) -> AsyncIterator[Request]:
        """The request with its body read; HEAD is a GET whose answer's body is not sent."""
        if scope["method"] == "HEAD":
            yield Request({**scope, "method": "GET"}, receive)
        elif scope["method"] != "POST":
            yield Request(scope, receive)
        else:
            is_form = multipart.is_multipart(http.header(scope, b"content-type"))
            limit = MAX_UPLOAD_BODY if is_form else MAX_BODY
            admit = partial(self._sender, scope)
            async with self._services.bodies.read(scope, receive, limit, admit) as body:
                yield Request(scope, _replay(body, receive))

    async def _sender(self, scope: Scope) -> UUID:
        """Whose account sends a document that is not small."""
        return await _ANYBODY.owner(http.new_context(self._services, scope))

    async def _responded(self, request: Request) -> Response:
        try:
            return await self._respond(request)
        except HTTPException as error:
            return _refusal(request, error)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except DomainError:  # by its headers: of two credentials, or of none that we know
            await send({"type": "websocket.close", "code": 4403, "reason": "Forbidden"})

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": METHODS})
        if request.method not in ("GET", "POST"):
            raise Refusal(405, MethodNotAllowed.code, "GraphQL takes GET and POST.")
        if not self.should_render_graphql_ide(self.request_adapter_class(request)):
            media_type(request)
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "POST" and sent not in ("application/json", "multipart/form-data"):
            message = "Send the body as application/json or multipart/form-data."
            raise Refusal(415, UnsupportedMediaType.code, message)
        answered: Response = await self.run(request)
        return answered

    def should_render_graphql_ide(self, request: Any) -> bool:
        return (
            self.graphql_ide is not None
            and request.method == "GET"
            and request.query_params.get("query") is None
            and "text/html" in request.headers.get("accept", "")
        )

    async def render_graphql_ide(self, request: Request) -> Response:
        response = await super().render_graphql_ide(request)
        # In development only: the page loads GraphiQL from a public CDN.
        response.headers["content-security-policy"] = "frame-ancestors 'none'"
        return response

    async def get_context(self, request: Request | WebSocket, response: Any) -> Context:
        context = http.new_context(self._services, request.scope)
        if request.scope["type"] == "websocket":
            fields = {f.name: getattr(context, f.name) for f in dataclasses.fields(Context)}
            return SocketContext(**fields)
        return context

    async def on_ws_connect(self, context: Context) -> Any:
        if isinstance(context, SocketContext) and context.connection_params:
            given = {str(k).lower(): v for k, v in context.connection_params.items()}
            try:
                context.credentials = _socket_credentials(given) or context.credentials
            except DomainError:
                raise ConnectionRejectionError from None
        return UNSET

    async def execute_single(
        self,
        request: Request,
        request_adapter: Any,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        allowed = {OperationType.QUERY}
        if request.method == "POST":
            allowed.add(OperationType.MUTATION)
        if not request_data.query:
            raise Refusal(400, ValidationFailed.code, "The request has no query.")
        try:
            return await self.schema.execute(
                request_data.query,
                root_value=root_value,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=allowed,
                operation_extensions=request_data.extensions,
            )
        except CannotGetOperationTypeError as error:
            message = error.as_http_error_reason()
            raise Refusal(400, ValidationFailed.code, message) from error
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                message = "Subscriptions go over graphql-transport-ws or text/event-stream."
                raise Refusal(400, ValidationFailed.code, message) from error
            raise Refusal(405, MethodNotAllowed.code, "Mutations go by POST.") from error

    async def process_result(
        self, request: Request | WebSocket, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        if result.errors:  # those of a document that could not be read have no code yet
            context = request.scope["state"].get("context")
            result.errors = [describe(error, context) for error in result.errors]
        data = await super().process_result(request, result)  # type: ignore[arg-type]
        request.state.never_ran = result.data is None and all(
            error.path is None for error in result.errors or ()
        )
        if request.state.never_ran:
            data.pop("data", None)
        return data

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        # The request is not at hand here; `run` below finishes the response with it.
        return Response(self.encode_json(response_data))

    async def run(self, request: Any, context: Any = UNSET, root_value: Any = UNSET) -> Any:
        response = await super().run(request, context, root_value)
        if isinstance(response, Response) and "content-type" not in response.headers:
            response.headers["content-type"] = media_type(request)
            never_ran = getattr(request.state, "never_ran", False)
            if never_ran and media_type(request) == RESPONSE_JSON:
                response.status_code = 400
            response.headers["cache-control"] = "no-store"
        return response

    def parse_json(self, data: str | bytes) -> Any:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            message = f"The request is not valid JSON: {error.msg}."
            raise Refusal(400, MalformedJSON.code, message) from None
        if not isinstance(value, (dict, list)):
            raise Refusal(400, ValidationFailed.code, "A request is an object.")
        return value

    async def parse_multipart(self, request: Any) -> Any:
        """The request with its files in memory, where Strawberry would write files on disk."""
        content_type = request.headers["content-type"].encode("latin-1")
        try:
            return read_request(content_type, await request.get_body())
        except UnsupportedMediaType as error:
            raise Refusal(415, error.code, error.message) from None
        except DomainError as error:
            told = [f"{wrong.path}: {wrong.message}".removeprefix(": ") for wrong in error.fields]
            raise Refusal(400, error.code, " ".join(told) or error.message) from None

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data, default=str).decode()  # of bytes a socket makes a binary frame


def media_type(request: Request) -> str:
    """The media type to answer in; raises HTTPException 406."""
    accept = request.headers.get("accept", "*/*").lower()
    accepted = [part.partition(";")[0].strip() for part in accept.split(",")]
    for part in accepted:
        if part == "application/graphql-response+json":
            return RESPONSE_JSON
        if part in ("application/json", "application/*", "*/*", ""):
            return JSON
    if "text/event-stream" in accepted:
        return JSON
    message = "Accept application/graphql-response+json or application/json."
    raise Refusal(406, NotAcceptable.code, message)


def _refusal(request: Request, error: HTTPException) -> Response:
    # What Strawberry itself refuses is the form of the request, but for a page it has not.
    of_strawberry = NotFound.code if error.status_code == 404 else ValidationFailed.code
    code = error.code if isinstance(error, Refusal) else of_strawberry
    extensions = {"code": code, "retryable": False, "docs_url": docs_url(code)}
    told = GraphQLError(error.reason, extensions=extensions)
    try:
        kind = media_type(request)
    except Refusal:
        kind = JSON
    headers = {"content-type": kind, "cache-control": "no-store"}
    if error.status_code == 405:
        headers["allow"] = METHODS
    return Response(orjson.dumps({"errors": [told.formatted]}), error.status_code, headers)


def _socket_credentials(given: dict[str, Any]) -> Credentials:
    authorization, api_key = given.get("authorization"), given.get("x-api-key")
    if isinstance(authorization, str):
        return Credentials(bearer=http.bearer(authorization))
    if isinstance(api_key, str):
        return Credentials(api_key=api_key)
    return Credentials()


def _replay(body: bytes, receive: Receive) -> Receive:
    """`receive` as if `body` had not been read yet."""
    unread = True

    async def again() -> Any:
        nonlocal unread
        if unread:
            unread = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again
