"""The OpenAPI 3.1 document, generated from the same walk as the routes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from graphql import GraphQLNonNull, GraphQLObjectType

from app import __version__
from app.settings import Settings
from rest_compat import beacons, retired, system, webhooks
from rest_compat.bodies import request_body, without_null
from rest_compat.codec import Argument, WireOperation, parameters, wire_operations
from rest_compat.components import ENVELOPE, SERVICE_SCHEME, components, error_codes, limit_headers
from rest_compat.event_stream import SCHEMA as EVENTS
from rest_compat.json_schema import SchemaBook
from rest_compat.mcp import routes as mcp_routes
from rest_compat.oauth import openapi as oauth
from rest_compat.openapi_tags import TAGS, tag_of
from rest_compat.public import routes as public
from rest_compat.routes import etag_reader, is_shared
from schema.types.access import CredentialKind

_SENTENCE_END = re.compile(r"\.(?:\s+(?=[^a-z])|\s*$)")

_SECURITY = {
    CredentialKind.SESSION: "session",
    CredentialKind.API_KEY: "apiKey",
    CredentialKind.PERSONAL_TOKEN: "personalToken",
}

_BINARY = {"type": "string", "format": "binary"}
_INTRODUCTION = Path(__file__).with_name("introduction.md")


def openapi(settings: Settings) -> dict[str, Any]:
    """The whole document."""
    book = SchemaBook()
    wires = wire_operations()
    paths: dict[str, dict[str, Any]] = {}
    for wire in wires:
        item = paths.setdefault(wire.rest.path, {})
        item[wire.rest.method.value.lower()] = _operation(wire, wires, book)
    paths.update(mcp_routes.OPENAPI_PATHS)
    paths.update(oauth.OPENAPI_PATHS)
    paths.update(webhooks.OPENAPI_PATHS)
    paths.update(public.OPENAPI_PATHS)
    paths.update(beacons.OPENAPI_PATHS)
    paths.update(retired.OPENAPI_PATHS)
    paths.update(system.OPENAPI_PATHS)
    shared = components(book.named, used=_used_statuses(paths))
    shared["responses"].update(mcp_routes.OPENAPI_RESPONSES)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vitae",
            "version": __version__,
            "summary": "Profiles that become résumés.",
            "description": _INTRODUCTION.read_text(),
            "license": {"name": "MIT", "identifier": "MIT"},
            "contact": {"name": "Vitae", "url": settings.public_url},
        },
        "servers": [{"url": settings.public_url, "description": "This server."}],
        "tags": TAGS,
        "security": [],
        "paths": paths,
        "components": shared,
        "x-errors": {str(status): codes for status, codes in error_codes().items()},
    }


def _used_statuses(paths: dict[str, dict[str, Any]]) -> set[str]:
    """Statuses whose shared response some operation refers to."""
    return {
        status
        for item in paths.values()
        for operation in item.values()
        for status, response in operation["responses"].items()
        if "$ref" in response
    }


def _operation(wire: WireOperation, wires: list[WireOperation], book: SchemaBook) -> dict[str, Any]:
    rest, requires = wire.rest, wire.operation.requires
    description = _description(wire)
    described: dict[str, Any] = {
        "operationId": wire.name,
        "tags": [tag_of(rest.path)],
        "summary": first_sentence(description),
        "description": description,
        "security": _security(wire),
        "parameters": _parameters(wire, book),
        "responses": _responses(wire, wires, book),
    }
    if requires.scope is not None:
        described["x-scope"] = requires.scope.value
    if wire.takes_body:
        described["requestBody"] = request_body(wire, book)
    return described


def first_sentence(text: str) -> str:
    """The first sentence of a description, without its full stop."""
    return _SENTENCE_END.split(text, maxsplit=1)[0]


def scope_note(scope: str) -> str:
    """How a description tells of the scope; also in `x-scope`."""
    return f"A personal token needs the scope `{scope}`."


def _description(wire: WireOperation) -> str:
    requires = wire.operation.requires
    parts = [" ".join(part.split()) for part in wire.description.split("\n\n")]
    if requires.scope is not None:
        parts.append(scope_note(requires.scope.value))
    return "\n\n".join(parts)


def _security(wire: WireOperation) -> list[dict[str, list[str]]]:
    requires = wire.operation.requires
    if requires.service:
        return [{SERVICE_SCHEME: []}]
    allowed: list[dict[str, list[str]]] = [{_SECURITY[kind]: []} for kind in requires.credentials]
    return [{}, *allowed] if requires.optional else allowed


# Requests


def _parameters(wire: WireOperation, book: SchemaBook) -> list[dict[str, Any]]:
    rest = wire.rest
    found = []
    for argument in wire.arguments.values():
        if argument.name in wire.path_arguments:
            found.append(_parameter(argument, argument.name, "path", book))
        elif argument.header == "If-Match":
            found.append({"$ref": "#/components/parameters/IfMatch"})
        elif argument.header:
            found.append(_parameter(argument, argument.header, "header", book))
        elif not wire.takes_body:
            found.append(_parameter(argument, argument.name, "query", book))
    if _takes_idempotency_key(wire):
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if rest.method.value == "GET" and _has_etag(wire):
        found.append({"$ref": "#/components/parameters/IfNoneMatch"})
    found.append({"$ref": "#/components/parameters/RequestId"})
    return found


def _parameter(argument: Argument, name: str, place: str, book: SchemaBook) -> dict[str, Any]:
    schema = {k: v for k, v in book.property(argument).items() if k != "description"}
    if not argument.required:
        schema = without_null(schema)  # absence says it; a query can't hold null
    return {
        "name": name,
        "in": place,
        "required": place == "path" or argument.required,
        "description": argument.description or f"Id of the {name.removesuffix('_id')}.",
        # Several are separated by commas.
        **({"style": "form", "explode": False} if schema.get("type") == "array" else {}),
        "schema": schema,
    }


# Responses


def _responses(
    wire: WireOperation, wires: list[WireOperation], book: SchemaBook
) -> dict[str, dict[str, Any]]:
    rest = wire.rest
    success = _success(wire, wires, book)
    found: dict[str, dict[str, Any]] = {str(rest.status): success}
    if rest.location is not None and rest.status == 202:
        found["200"] = {**success, "description": "The same request again: the same answer."}
    if rest.method.value == "GET" and _is_tagged(wire):
        found["304"] = {"description": "Not changed since the version named by If-None-Match."}
    for status in _failures(wire):
        found[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return found


def _success(wire: WireOperation, wires: list[WireOperation], book: SchemaBook) -> dict[str, Any]:
    rest = wire.rest
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    headers.update(limit_headers(wire.operation.requires.credentials))
    answer: dict[str, Any] = {"description": _success_text(rest.status), "headers": headers}
    if _is_tagged(wire):
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    if rest.location is not None:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    if links := _links(wire, wires):
        answer["links"] = links
    if rest.status == 204 or wire.result is None:
        return answer
    if rest.produces != "application/json":
        answer["content"] = {
            media_type: {"schema": _file_schema(media_type)}
            for media_type in rest.produces.split(", ")
        }
        return answer
    schema = _enveloped(wire, book) if rest.envelope else book.of(wire.result)
    answer["content"] = {"application/json": {"schema": schema}}
    if rest.events:
        answer["content"]["text/event-stream"] = {"schema": EVENTS}
    return answer


def _file_schema(media_type: str) -> dict[str, Any]:
    if media_type in ("application/json", "application/yaml"):
        return {"type": "object"}
    return {"type": "string"} if media_type.startswith("text/") else _BINARY


def _success_text(status: int) -> str:
    return {200: "Done.", 201: "Created.", 202: "Accepted.", 204: "Done; nothing to say."}[status]


def _enveloped(wire: WireOperation, book: SchemaBook) -> dict[str, Any]:
    """The result's fields beside those of the envelope, under a name of its own."""
    inner = book.object(wire.result)
    schema = {
        "type": "object",
        "properties": {**ENVELOPE, **inner["properties"]},
        "required": list(dict.fromkeys([*ENVELOPE, *inner["required"]])),
    }
    name = "".join(part.title() for part in wire.name.split("_")) + "Envelope"
    return book.reference(name, schema)


def _links(wire: WireOperation, wires: list[WireOperation]) -> dict[str, Any]:
    """What can be done next with what was made: every operation at or below its location."""
    location, pointers = _made(wire, wires)
    return {
        other.name: {
            "operationId": other.name,
            "parameters": {name: f"$response.body#/{place}" for name, place in pointers.items()},
            "description": first_sentence(_description(other)),
        }
        for other in wires
        if location and other.rest.path.startswith(location)
    }


def _made(wire: WireOperation, wires: list[WireOperation]) -> tuple[str, dict[str, str]]:
    """Where what `wire` makes is found, and where in its answer the parameters of that path are.

    That is its `location`, or else the path below its own that takes an id.
    """
    rest = wire.rest
    if rest.location is not None:
        return rest.location, {name: name for name in parameters(rest.location)}
    place = _id_place(wire.result)
    below = re.compile(re.escape(rest.path) + r"/\{(\w+)\}")
    matches = (below.match(other.rest.path) for other in wires)
    child = next(filter(None, matches), None)
    if rest.status != 201 or place is None or child is None:
        return "", {}
    return child[0], {child[1]: place}


def _id_place(result: Any) -> str | None:
    """Where the id in a result is: its own, or that of the one object in it."""
    named = result.of_type if isinstance(result, GraphQLNonNull) else result
    if not isinstance(named, GraphQLObjectType):
        return None
    if "id" in named.fields:
        return "id"
    inner = ((name, _id_place(field.type)) for name, field in named.fields.items())
    return next((f"{name}/{place}" for name, place in inner if place), None)


def _is_tagged(wire: WireOperation) -> bool:
    is_file = wire.rest.produces != "application/json"
    return _has_etag(wire) or (is_file and not wire.rest.streams)


def _has_etag(wire: WireOperation) -> bool:
    return is_shared(wire) or etag_reader(wire.result) is not None


def _takes_idempotency_key(wire: WireOperation) -> bool:
    rest = wire.rest
    if rest.method.value != "POST" or rest.produces != "application/json":
        return False
    return bool(wire.operation.requires.credentials)


def _failures(wire: WireOperation) -> list[int]:
    rest, requires = wire.rest, wire.operation.requires
    found = {400, 500, 503} | set(rest.fails)
    if requires.credentials:
        found |= {401, 429}
    if requires.scope is not None or requires.service:
        found |= {403}
    if "{" in rest.path:
        found |= {404}
    if wire.arguments or rest.method.value == "POST":
        found |= {422}
    if wire.takes_body:
        found |= {413, 415}
    if _takes_idempotency_key(wire):
        found |= {409}
    if rest.method.value in ("PUT", "PATCH", "DELETE") or any(
        argument.header == "If-Match" for argument in wire.arguments.values()
    ):
        found |= {412}
    return sorted(found)
