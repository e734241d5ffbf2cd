"""The OpenAPI 3.1 document, generated from the same walk as the routes."""

from __future__ import annotations

import re
from typing import Any

from app.cv.schema import example

from app import __version__
from app.errors import DomainError
from app.settings import Settings
from rest_compat import system
from rest_compat.codec import Argument, WireOperation, wire_operations
from rest_compat.errors import STATUS
from rest_compat.examples import EXAMPLES
from rest_compat.json_schema import SchemaBook
from rest_compat.request import takes_body
from rest_compat.routes import version_reader
from schema.types.access import CredentialKind

_PARAMETER = re.compile(r"\{(\w+)\}")

_TAGS = {
    "auth": ("Identity", "Accounts, sessions, API keys and personal tokens."),
    "resume": ("Résumé jobs", "From cv_data to a PDF, asynchronously."),
    "system": ("System", "About the server itself."),
}

_SECURITY = {
    CredentialKind.SESSION: "session",
    CredentialKind.API_KEY: "apiKey",
    CredentialKind.PERSONAL_TOKEN: "personalToken",
}

_ABOUT = """\
One professional profile that becomes résumés. Every route runs the same operation as the GraphQL
field of its name at `/graphql`.

Gateway routes answer `{"ok": true, "request_id": …, "warnings": […], …}`; owner routes answer the
bare object; lists answer `{"items": […], "next_cursor": …}`. Every failure has one body, `Error`,
with a stable `code`.
"""


def openapi(settings: Settings) -> dict[str, Any]:
    """The whole document."""
    book = SchemaBook()
    wires = [wire for wire in wire_operations() if wire.operation.rest is not None]
    paths: dict[str, dict[str, Any]] = {}
    for wire in wires:
        rest = wire.operation.rest
        assert rest is not None
        paths.setdefault(rest.path, {})[rest.method.value.lower()] = _operation(wire, wires, book)
    paths.update(system.OPENAPI_PATHS)
    book.named["Error"] = _error_schema()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vitae",
            "version": __version__,
            "summary": "Profiles that become résumés.",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
            "contact": {"name": "Vitae", "url": settings.public_url},
        },
        "servers": [{"url": settings.public_url, "description": "This server."}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.values()],
        "security": [],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(book.named.items())),
            "responses": {str(status): _error_response(status) for status in _codes()},
            "headers": _HEADERS,
            "parameters": _PARAMETERS,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def _operation(wire: WireOperation, wires: list[WireOperation], book: SchemaBook) -> dict[str, Any]:
    rest, requires = wire.operation.rest, wire.operation.requires
    assert rest is not None
    summary, _, rest_of_text = wire.description.partition("\n\n")
    described: dict[str, Any] = {
        "operationId": wire.name,
        "tags": [_TAGS[rest.path.split("/")[2]][0]],
        "summary": " ".join(summary.split()).rstrip("."),
        "description": _description(wire, summary, rest_of_text),
        "security": _security(wire),
        "parameters": _parameters(wire, book),
        "responses": _responses(wire, wires, book),
    }
    if requires.scope is not None:
        described["x-scope"] = requires.scope.value
    if takes_body(wire):
        described["requestBody"] = _request_body(wire, book)
    return described


def _description(wire: WireOperation, summary: str, more: str) -> str:
    requires = wire.operation.requires
    parts = [" ".join(summary.split())]
    if more:
        parts.append(more)
    if requires.scope is not None:
        parts.append(f"A personal token needs the scope `{requires.scope.value}`.")
    return "\n\n".join(parts)


def _security(wire: WireOperation) -> list[dict[str, list[str]]]:
    requires = wire.operation.requires
    allowed: list[dict[str, list[str]]] = [{_SECURITY[kind]: []} for kind in requires.credentials]
    return [{}, *allowed] if requires.optional else allowed


# Requests


def _parameters(wire: WireOperation, book: SchemaBook) -> list[dict[str, Any]]:
    rest = wire.operation.rest
    assert rest is not None
    in_path = _PARAMETER.findall(rest.path)
    found = []
    for argument in wire.arguments.values():
        if argument.name in in_path:
            found.append(_parameter(argument, argument.name, "path", book))
        elif argument.header == "If-Match":
            found.append({"$ref": "#/components/parameters/IfMatch"})
        elif argument.header:
            found.append(_parameter(argument, argument.header, "header", book))
        elif not takes_body(wire):
            found.append(_parameter(argument, argument.name, "query", book))
    if rest.method.value == "POST" and wire.operation.requires.credentials:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if rest.method.value == "GET" and _has_etag(wire):
        found.append({"$ref": "#/components/parameters/IfNoneMatch"})
    found.append({"$ref": "#/components/parameters/RequestId"})
    return found


def _parameter(argument: Argument, name: str, place: str, book: SchemaBook) -> dict[str, Any]:
    schema = {k: v for k, v in book.property(argument).items() if k != "description"}
    if not argument.required:
        schema = _without_null(schema)  # absence says it; a query can't hold null
    return {
        "name": name,
        "in": place,
        "required": place == "path" or argument.required,
        "description": argument.description or f"Id of the {name.removesuffix('_id')}.",
        "schema": schema,
    }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), list):
        return {**schema, "type": schema["type"][0]}
    if "anyOf" in schema:
        return {**schema["anyOf"][0], **{k: v for k, v in schema.items() if k != "anyOf"}}
    return schema


def _request_body(wire: WireOperation, book: SchemaBook) -> dict[str, Any]:
    rest = wire.operation.rest
    assert rest is not None
    open_arguments = [
        a for a in wire.arguments.values() if f"{{{a.name}}}" not in rest.path and not a.header
    ]
    if [argument.name for argument in open_arguments] == ["input"]:
        schema = _without_null(book.of(open_arguments[0].type))
    else:
        properties = {a.name: book.property(a) for a in open_arguments}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
    content: dict[str, Any] = {"schema": schema}
    body = example() if wire.name == "create_resume_job" else EXAMPLES[wire.name]
    content["examples"] = {"example": {"summary": "An example.", "value": body}}
    required = any(argument.required for argument in open_arguments)
    return {"required": required, "content": {"application/json": content}}


# Responses


def _responses(
    wire: WireOperation, wires: list[WireOperation], book: SchemaBook
) -> dict[str, dict[str, Any]]:
    rest = wire.operation.rest
    assert rest is not None
    success = _success(wire, wires, book)
    found: dict[str, dict[str, Any]] = {str(rest.status): success}
    if rest.location is not None and rest.status == 202:
        found["200"] = {**success, "description": "The same request again: the same answer."}
    if rest.method.value == "GET" and (_has_etag(wire) or rest.produces != "application/json"):
        found["304"] = {"description": "Not changed since the version named by If-None-Match."}
    for status in _failures(wire):
        found[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return found


def _success(wire: WireOperation, wires: list[WireOperation], book: SchemaBook) -> dict[str, Any]:
    rest = wire.operation.rest
    assert rest is not None
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    answer: dict[str, Any] = {"description": _success_text(rest.status), "headers": headers}
    if _has_etag(wire) or rest.produces != "application/json":
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    if rest.location is not None:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
        answer["links"] = _links(rest.location, wires)
    if rest.status == 204 or wire.result is None:
        return answer
    if rest.produces != "application/json":
        answer["content"] = {rest.produces: {"schema": {"type": "string", "format": "binary"}}}
        return answer
    schema = book.of(wire.result)
    if rest.envelope:
        schema = _enveloped(wire, book)
    answer["content"] = {"application/json": {"schema": schema}}
    return answer


def _success_text(status: int) -> str:
    return {200: "Done.", 201: "Created.", 202: "Accepted.", 204: "Done; nothing to say."}[status]


def _enveloped(wire: WireOperation, book: SchemaBook) -> dict[str, Any]:
    """The result's fields beside those of the envelope, under a name of its own."""
    reference = book.of(wire.result)["$ref"]
    inner = book.named[reference.rpartition("/")[2]]
    properties = {
        "ok": {"type": "boolean", "const": True},
        "request_id": {
            "type": "string",
            "description": "Correlation id of this request, as in `x-request-id`.",
        },
        "warnings": {"type": "array", "description": "What was done otherwise than asked."},
        **inner["properties"],
    }
    required = list(dict.fromkeys(["ok", "request_id", "warnings", *inner["required"]]))
    name = "".join(part.title() for part in wire.name.split("_")) + "Envelope"
    schema = {"type": "object", "properties": properties, "required": required}
    return book.reference(name, schema)


def _links(location: str, wires: list[WireOperation]) -> dict[str, Any]:
    """What can be done next with what was made: every operation at or below its location."""
    parameters = {name: f"$response.body#/{name}" for name in _PARAMETER.findall(location)}
    return {
        other.name: {
            "operationId": other.name,
            "parameters": parameters,
            "description": " ".join(other.description.partition("\n\n")[0].split()),
        }
        for other in wires
        if other.operation.rest is not None and other.operation.rest.path.startswith(location)
    }


def _has_etag(wire: WireOperation) -> bool:
    return version_reader(wire.result) is not None


def _failures(wire: WireOperation) -> list[int]:
    rest, requires = wire.operation.rest, wire.operation.requires
    assert rest is not None
    found = {400, 429, 500, 503}
    if requires.credentials:
        found |= {401}
    if requires.scope is not None:
        found |= {403}
    if "{" in rest.path:
        found |= {404}
    if wire.arguments or rest.method.value == "POST":
        found |= {422}
    if takes_body(wire):
        found |= {413, 415}
    if wire.operation.writes or rest.produces != "application/json":
        found |= {409}
    if any(argument.header == "If-Match" for argument in wire.arguments.values()):
        found |= {412}
    if not requires.credentials and rest.method.value == "POST":
        found |= {401}  # wrong password, spent link
    return sorted(found)


def _codes() -> dict[int, list[str]]:
    """Every code there is, by its status."""
    found: dict[int, list[str]] = {}
    pending = list(DomainError.__subclasses__())
    while pending:
        error = pending.pop()
        pending.extend(error.__subclasses__())
        codes = found.setdefault(STATUS[error.kind], [])
        if error.code not in codes:
            codes.append(error.code)
    return dict(sorted(found.items()))


def _error_response(status: int) -> dict[str, Any]:
    codes = sorted(_codes()[status])
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/Error"},
            {"properties": {"error": {"properties": {"code": {"enum": codes}}}}},
        ]
    }
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    if status in (429, 503):
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    if status in (401, 403):
        headers["WWW-Authenticate"] = {"$ref": "#/components/headers/WWWAuthenticate"}
    return {
        "description": f"Failed: {' or '.join(f'`{code}`' for code in codes)}.",
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    }


def _error_schema() -> dict[str, Any]:
    text = {"type": "string"}
    field = {
        "type": "object",
        "properties": {"path": text, "code": text, "message": text},
        "required": ["path", "code", "message"],
    }
    error = {
        "type": "object",
        "properties": {
            "code": {**text, "description": "What went wrong; stable."},
            "message": {**text, "description": "The same in words, for people."},
            "retryable": {"type": "boolean", "description": "Whether a repeat may succeed."},
            "details": {"type": "object", "description": "More, depending on the code."},
            "fields": {"type": "array", "items": field, "description": "What is wrong where."},
        },
        "required": ["code", "message", "retryable", "details", "fields"],
    }
    return {
        "type": "object",
        "description": "The body of every failure.",
        "properties": {
            "ok": {"type": "boolean", "const": False},
            "request_id": {**text, "description": "Correlation id, as in `x-request-id`."},
            "error": error,
        },
        "required": ["ok", "request_id", "error"],
    }


_HEADERS: dict[str, Any] = {
    "RequestId": {"description": "Correlation id of the request.", "schema": {"type": "string"}},
    "ETag": {"description": "Version of what is answered.", "schema": {"type": "string"}},
    "Location": {"description": "Where it is found.", "schema": {"type": "string"}},
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWWAuthenticate": {"description": "What is needed.", "schema": {"type": "string"}},
}

_PARAMETERS: dict[str, Any] = {
    "RequestId": {
        "name": "x-request-id",
        "in": "header",
        "description": "Correlation id, 1 to 128 visible ASCII characters; minted when absent.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes a repeat of this request answer as the first time, for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag that was read; 412 when it is no longer the present one.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag that is known; 304 when it is still the present one.",
        "schema": {"type": "string"},
    },
}

_SECURITY_SCHEMES: dict[str, Any] = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of a login. Has all scopes.",
    },
    "personalToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal token with scopes, for scripts and gateway clients.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "An API key of the owner, for owner routes.",
    },
}
