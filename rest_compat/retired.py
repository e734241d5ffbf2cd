"""Routes that are retired: chats which this server ran for API clients.

Whoever might have used them is told that they are gone, since when, and what to use instead.
Their bodies are never looked at.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import http
from app.call import Call
from app.errors import ManagedChatRemoved
from app.services import Services
from rest_compat import errors
from schema.operation import HttpMethod, Operation, Rest
from schema.root import gateway
from schema.types.access import Scope

TAG = "Retired"

_RETIRED = {
    "create_chat_completion": ("/v1/chat/completions", "chat completions"),
    "create_response": ("/v1/responses", "responses"),
}
_PAGE = "/developers/reference/retired"
_INSTEAD = {"resume_jobs": "/v1/resume/jobs", "mcp": "/v1/mcp", "documentation": _PAGE}
# When the public runtime became one of tools only.
_SUNSET = "2026-02-01T00:00:00.000Z"
_HEADERS: errors.Headers = [
    (b"sunset", b"Sun, 01 Feb 2026 00:00:00 GMT"),  # RFC 8594
    (b"deprecation", b"@1769904000"),  # RFC 9745
    (
        b"link",
        b'</developers/reference/retired>; rel="deprecation"; type="text/html",'
        b' </v1/resume/jobs>; rel="successor-version", </v1/mcp>; rel="successor-version"',
    ),
]


def retired_routes(services: Services) -> list[Route]:
    """POST of each: 401 and 403 as anywhere, then 410."""
    return [
        Route(path, _endpoint(services, _operation(name, path)), methods=["POST"])
        for name, (path, _) in _RETIRED.items()
    ]


def _operation(name: str, path: str) -> Operation:
    async def removed(call: Call) -> None:
        raise ManagedChatRemoved(sunset=_SUNSET, instead=_INSTEAD)

    rest = Rest(method=HttpMethod.POST, path=path)
    return Operation(name, removed, gateway(Scope.CHAT_RUN), rest, None, writes=False)


def _endpoint(services: Services, operation: Operation) -> Any:
    assert operation.rest is not None
    path = operation.rest.path

    async def endpoint(request: Request) -> Response:
        request.state.route = path
        context = http.new_context(services, request.scope)
        try:
            await operation.run(context, dict)
        except ManagedChatRemoved as error:
            status, headers, body = errors.response(error, context.request_id)
            response = Response(body, status)
            response.raw_headers.extend([*headers, *_HEADERS])
            return response
        raise AssertionError("a retired operation has run")

    return endpoint


def _described(name: str, what: str) -> dict[str, Any]:
    statuses = (400, 401, 403, 410, 429, 500, 503)
    return {
        "operationId": name,
        "tags": [TAG],
        "summary": f"Refuse {what}, which are retired",
        "description": f"Refuse {what}, which are retired: 410 `managed_chat_removed`, whatever is"
        " sent and whatever `x-ai-mode` says. Make résumés with `POST /v1/resume/jobs`, or let a"
        " model of your own call our tools at `/v1/mcp`."
        f"\n\nA personal token needs the scope `{Scope.CHAT_RUN.value}`.",
        "deprecated": True,
        "security": [{"session": []}, {"personalToken": []}],
        "x-scope": Scope.CHAT_RUN.value,
        "parameters": [{"$ref": "#/components/parameters/RequestId"}],
        "responses": {
            str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses
        },
    }


OPENAPI_PATHS: dict[str, Any] = {
    path: {"post": _described(name, what)} for name, (path, what) in _RETIRED.items()
}
