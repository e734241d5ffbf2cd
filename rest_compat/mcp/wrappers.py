"""MCP's tools over plain REST, for who has no MCP client: the list, and one call at a time.

There is no session here. What a tool answers stands under `result` as MCP has it, `isError`
included; a tool that fails answers its HTTP status with the one error body, as any route does.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import http
from app.bodies import ClientGone
from app.errors import DomainError, FieldError, NotFound, ValidationFailed
from app.services import Services
from rest_compat.components import ENVELOPE
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.gate import CONNECT, Gate
from rest_compat.mcp.tools import Tools
from rest_compat.request import json_body
from schema.types.access import Scope

TAG = "MCP"
LIST_PATH, CALL_PATH = "/v1/mcp/tools", "/v1/mcp/tools/call"

_MAX_BODY = 4 * 1024 * 1024  # as of MCP itself
_MEMBERS = {"name": (str, "Must be a text."), "arguments": (dict, "Must be an object.")}


def wrapper_routes(services: Services) -> list[Route]:
    """GET of the list, POST of a call."""
    tools, gate = Tools(), Gate(services)

    async def list_tools(request: Request) -> Response:
        request.state.route = LIST_PATH
        context = http.new_context(services, request.scope)
        await CONNECT.run(context, dict)
        shown = tools.shown(Caller(context, underscores=_underscores(request)))
        return _answered(context.request_id, tools=shown)

    async def call_tool(request: Request) -> Response:
        request.state.route = CALL_PATH
        scope = request.scope
        context = http.new_context(services, scope)
        admit = partial(CONNECT.owner, context)
        try:
            async with services.bodies.read(scope, request.receive, _MAX_BODY, admit) as body:
                await CONNECT.run_uncounted(context, dict)  # the call itself is counted
                name, arguments = _asked(json_body(scope, body))
            caller = Caller(context)
            if not tools.knows(name):
                tools.note_unknown(caller, name)
                raise NotFound("There is no such tool; GET /v1/mcp/tools tells which there are.")
            with gate.call(caller):  # it may wait
                result = await tools.run(caller, name, arguments)
        except ClientGone:
            return Response()
        except DomainError:
            if context.metered is None:  # it failed before its operation was run
                await CONNECT.run(context, dict)
            raise
        return _answered(context.request_id, result=result)

    return [
        Route(LIST_PATH, list_tools, methods=["GET"]),
        Route(CALL_PATH, call_tool, methods=["POST"]),
    ]


def _underscores(request: Request) -> bool:
    """Whether the query asks for names without dots; raises ValidationFailed."""
    wrong = [
        FieldError(name, "unknown_field", "There is no such parameter.")
        for name in request.query_params
        if name != _NAMES["name"]
    ]
    value = request.query_params.get(_NAMES["name"], "dotted")
    if value not in _SPELLINGS:
        wrong.append(FieldError(_NAMES["name"], "wrong_type", "Must be dotted or underscore."))
    if wrong:
        raise ValidationFailed(wrong)
    return value == "underscore"


def _asked(body: Any) -> tuple[str, dict[str, Any]]:
    """Name and arguments of a call; raises ValidationFailed."""
    if not isinstance(body, dict):
        raise ValidationFailed([FieldError("", "wrong_type", "The body must be an object.")])
    wrong = [
        FieldError(name, "unknown_field", "There is no such field.")
        for name in body
        if name not in _MEMBERS
    ]
    for name, (type_, expected) in _MEMBERS.items():
        if name in body and not isinstance(body[name], type_):
            wrong.append(FieldError(name, "wrong_type", expected))
    if "name" not in body:
        wrong.append(FieldError("name", "required", "Is required."))
    if wrong:
        raise ValidationFailed(wrong)
    return body["name"], body.get("arguments", {})


def _answered(request_id: str, **value: Any) -> Response:
    body = {"ok": True, "request_id": request_id, "warnings": [], **value}
    headers = {"cache-control": "private, no-cache"}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


def _described(
    name: str, summary: str, text: str, properties: dict[str, Any], statuses: tuple[int, ...]
) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {**ENVELOPE, **properties},
        "required": [*ENVELOPE, *properties],
    }
    described: dict[str, Any] = {
        "operationId": name,
        "tags": [TAG],
        "summary": summary,
        "description": f"{summary}. {text}"
        f"\n\nA personal token needs the scope `{Scope.MCP_CONNECT.value}`.",
        "security": [{"session": []}, {"personalToken": []}],
        "x-scope": Scope.MCP_CONNECT.value,
        "parameters": [{"$ref": "#/components/parameters/RequestId"}],
        "responses": {
            "200": {
                "description": "Done.",
                "headers": {"x-request-id": {"$ref": "#/components/headers/RequestId"}},
                "content": {"application/json": {"schema": schema}},
            },
        },
    }
    described["responses"] |= {
        str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses
    }
    return described


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


_OBJECT: dict[str, Any] = {"type": "object"}
_TOOL = {
    "type": "object",
    "properties": {
        "name": _text("Its name, as in `resume.get_job`."),
        "title": _text("Its name for people."),
        "description": _text("What it does, written for a model."),
        "inputSchema": {**_OBJECT, "description": "JSON Schema of its arguments."},
        "outputSchema": {**_OBJECT, "description": "JSON Schema of its structured content."},
        "annotations": {**_OBJECT, "description": "Whether it reads only, removes, may repeat."},
    },
    "required": ["name", "title", "description", "inputSchema", "outputSchema", "annotations"],
}
_RESULT = {
    "type": "object",
    "description": "What the tool answered, as MCP has it.",
    "properties": {
        "content": {
            "type": "array",
            "items": _OBJECT,
            "description": "Blocks of text, links and embedded files.",
        },
        "structuredContent": {**_OBJECT, "description": "The same as one JSON object."},
        "isError": {"type": "boolean", "const": False, "description": "Failures have a status."},
    },
    "required": ["content", "structuredContent", "isError"],
}
_SPELLINGS = ["dotted", "underscore"]
_NAMES: dict[str, Any] = {
    "name": "tool_names",
    "in": "query",
    "required": False,
    "description": "`underscore`: names as `resume_get_job`, for clients that take no dots.",
    "schema": {"type": "string", "enum": _SPELLINGS, "default": _SPELLINGS[0]},
}
_CALL = {
    "type": "object",
    "properties": {
        "name": _text("Which tool; dots and underscores are the same."),
        "arguments": {**_OBJECT, "description": "Its arguments, as its inputSchema says."},
    },
    "required": ["name"],
    "additionalProperties": False,
}
_EXAMPLE = {
    "summary": "An example.",
    "value": {"name": "resume.list_jobs", "arguments": {"limit": 5}},
}


def _list() -> dict[str, Any]:
    tools = {"type": "array", "items": _TOOL, "description": "The tools, in their order."}
    described = _described(
        "list_mcp_tools",
        "List the tools of MCP that the token may call",
        "The same list as `tools/list` of `/v1/mcp` gives.",
        {"tools": tools},
        (400, 401, 403, 422, 429, 500, 503),
    )
    described["parameters"].insert(0, _NAMES)
    return described


def _call() -> dict[str, Any]:
    described = _described(
        "call_mcp_tool",
        "Call a tool of MCP",
        "A tool that fails answers with the status and body that its operation has for the"
        " failure; a tool that is not there is 404. Some tools need a scope of their own.",
        {"result": _RESULT},
        (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503),
    )
    body = {"application/json": {"schema": _CALL, "examples": {"example": _EXAMPLE}}}
    described["requestBody"] = {"required": True, "content": body}
    return described


OPENAPI_PATHS: dict[str, Any] = {LIST_PATH: {"get": _list()}, CALL_PATH: {"post": _call()}}
