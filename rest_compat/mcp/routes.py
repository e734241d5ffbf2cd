"""The MCP paths, and what the OpenAPI document says of them."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp

from app.call import Scope
from app.services import Services
from rest_compat.mcp import wrappers
from rest_compat.mcp.calls import ToolCalls
from rest_compat.mcp.endpoint import PATH, McpEndpoint
from rest_compat.mcp.legacy_sse import MESSAGES_PATH, SSE_PATH, LegacyMessages, LegacyStream
from rest_compat.mcp.server import mcp_server
from rest_compat.mcp.tools import Tools


def mcp_endpoint(services: Services) -> McpEndpoint:
    """Our own server at the Streamable HTTP path."""
    tools = Tools()
    calls = ToolCalls(tools)
    return McpEndpoint(services, mcp_server(services, tools, calls), calls)


def mcp_paths(endpoint: McpEndpoint) -> dict[str, ASGIApp]:
    """The Streamable HTTP path, and the two of the legacy transport."""
    return {
        PATH: endpoint,
        SSE_PATH: LegacyStream(endpoint.hub),
        MESSAGES_PATH: LegacyMessages(endpoint.hub),
    }


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


_OBJECT: dict[str, Any] = {"type": "object"}
_ID = {"type": ["string", "integer"], "description": "Names a request; its answer has it too."}
_VERSION_2 = {"type": "string", "const": "2.0", "description": "Of JSON-RPC."}
_MESSAGE = {
    "type": "object",
    "description": "A JSON-RPC message: a request with an `id`, or a notification without one.",
    "properties": {
        "jsonrpc": _VERSION_2,
        "id": _ID,
        "method": _text("What is asked, as in `tools/call`."),
        "params": {**_OBJECT, "description": "Its parameters."},
    },
    "required": ["jsonrpc", "method"],
}
_ANSWER = {
    "type": "object",
    "description": "A JSON-RPC response. What a tool fails with is a result with `isError`.",
    "properties": {
        "jsonrpc": _VERSION_2,
        "id": {**_ID, "type": ["string", "integer", "null"]},
        "result": {**_OBJECT, "description": "What was asked for."},
        "error": {
            "type": "object",
            "description": "Why there is no result.",
            "properties": {
                "code": {"type": "integer", "description": "As JSON-RPC and MCP number errors."},
                "message": _text("The same in words."),
                "data": {"description": "More about it."},
            },
            "required": ["code", "message"],
        },
    },
    "required": ["jsonrpc", "id"],
}
_STREAM = {"text/event-stream": {"schema": _text("Server-Sent Events with a message each.")}}
_NOT_A_MESSAGE: dict[str, Any] = {
    "description": "No message that this server takes, no session where one is needed, or more"
    " than one credential.",
    "content": {
        "application/json": {"schema": {"anyOf": [_ANSWER, {"$ref": "#/components/schemas/Error"}]}}
    },
}
_TAKEN = {"description": "Taken; nothing is owed in return."}


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", "maxLength": 200},
    }


_SESSION = "The session that initialize began."
_PROTOCOL = _header("MCP-Protocol-Version", "The version that client and server agreed on.")
_LAST_EVENT = _header("Last-Event-ID", "Go on after this event, of whichever stream it was.")


def _described(
    name: str,
    summary: str,
    text: str,
    answers: dict[str, Any],
    parameters: list[dict[str, Any]],
    *,
    sends: bool = False,
) -> dict[str, Any]:
    refused = [401, 403, 404, *([413, 415] if sends else [405]), 406, 429, 500, 503]
    described: dict[str, Any] = {
        "operationId": name,
        "tags": [wrappers.TAG],
        "summary": summary,
        "description": f"{summary}. {text}"
        f"\n\nA personal token needs the scope `{Scope.MCP_CONNECT.value}`.",
        "security": [{"session": []}, {"personalToken": []}],
        "x-scope": Scope.MCP_CONNECT.value,
        "parameters": [*parameters, {"$ref": "#/components/parameters/RequestId"}],
        "responses": {
            **answers,
            "400": {"$ref": "#/components/responses/NotAMessage"},
            **{str(code): {"$ref": f"#/components/responses/{code}"} for code in sorted(refused)},
        },
    }
    if sends:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        example = {"example": {"summary": "An example.", "value": ping}}
        body = {"application/json": {"schema": _MESSAGE, "examples": example}}
        described["requestBody"] = {"required": True, "content": body}
    return described


OPENAPI_RESPONSES: dict[str, Any] = {"NotAMessage": _NOT_A_MESSAGE}
OPENAPI_PATHS: dict[str, Any] = {
    PATH: {
        "post": _described(
            "mcp",
            "Send a message to the MCP server",
            "Send `initialize` first; its answer has the header `Mcp-Session-Id`, which every"
            " further request needs. With `MCP-Protocol-Version: 2026-07-28` there are no"
            " sessions. A client that accepts `text/event-stream` is told of progress by one;"
            " any other gets JSON.",
            {
                "200": {
                    "description": "The response.",
                    "content": {"application/json": {"schema": _ANSWER}, **_STREAM},
                },
                "202": _TAKEN,
            },
            [_header("Mcp-Session-Id", _SESSION), _PROTOCOL],
            sends=True,
        ),
        "get": _described(
            "mcp_stream",
            "Attach an event stream to an MCP session",
            "What the server tells a session by itself comes here. With `Last-Event-ID` a client"
            " that was cut off gets what it has missed, from any process.",
            {"200": {"description": "The stream.", "content": _STREAM}},
            [_header("Mcp-Session-Id", _SESSION), _PROTOCOL, _LAST_EVENT],
        ),
        "delete": _described(
            "end_mcp_session",
            "Close an MCP session",
            "Its streams end, and its id is good no more.",
            {"204": {"description": "Closed."}},
            [_header("Mcp-Session-Id", _SESSION), _PROTOCOL],
        ),
    },
    SSE_PATH: {
        "get": _described(
            "mcp_legacy_stream",
            "Open a session of the legacy SSE transport",
            "The first event says where messages are to be sent; answers come on this stream.",
            {"200": {"description": "The stream.", "content": _STREAM}},
            [],
        )
    },
    MESSAGES_PATH: {
        "post": _described(
            "mcp_legacy_message",
            "Send a message to a session of the legacy SSE transport",
            "Its answer comes on the session's stream.",
            {"202": _TAKEN},
            [
                {
                    "name": "session_id",
                    "in": "query",
                    "required": True,
                    "description": "As the stream's first event has it.",
                    "schema": {"type": "string", "maxLength": 200},
                }
            ],
            sends=True,
        )
    },
    **wrappers.OPENAPI_PATHS,
}
