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
from rest_compat.mcp import wrappers
from rest_compat.oauth import openapi as oauth
from rest_compat.public import routes as public
from rest_compat.routes import etag_reader, is_shared
from schema.types.access import CredentialKind

_SENTENCE_END = re.compile(r"\.(?:\s+(?=[^a-z])|\s*$)")

# By tag: what it is about, and how its paths begin. The longest beginning that fits counts.
_TAGS = {
    "Profile": (
        "Who you are, your portrait, the order of your entries, and all of it in one answer.",
        ["/v1/me"],
    ),
    "Skills": ("What you can do, and how well.", ["/v1/me/skills"]),
    "Experience": ("The positions you have held.", ["/v1/me/experience"]),
    "Education": ("Where you learned what.", ["/v1/me/education"]),
    "Projects": ("What you have made.", ["/v1/me/projects"]),
    "Certifications": ("What others have certified of you.", ["/v1/me/certifications"]),
    "Presentation": (
        "How your profile looks to its readers, and what they see of it.",
        ["/v1/me/theme", "/v1/me/layout", "/v1/profiles"],
    ),
    "Search": (
        "What of your profile answers a question, by meaning and by words.",
        ["/v1/me/search", "/v1/me/resume/indexing-status"],
    ),
    "Imports": (
        "From a résumé you have to a profile, by way of a preview.",
        ["/v1/me/import", "/v1/me/resume/reset"],
    ),
    "Exports": (
        "All that you have here, to take along.",
        ["/v1/me/exports"],
    ),
    "History": ("Every change of a profile, and the way back.", ["/v1/me/history"]),
    "Résumé jobs": ("From cv_data to a PDF, asynchronously.", ["/v1/resume"]),
    "Billing": (
        "Plans, credits and what they were used for, and the way to pay.",
        ["/v1/me/billing", "/v1/billing"],
    ),
    "Audience": (
        "Who comes to your public page, and what they read, take along and ask.",
        ["/v1/me/insights", "/v1/me/transcripts"],
    ),
    "Usage": ("What you have used of what your plan allows.", ["/v1/me/usage"]),
    "Security": (
        "Where you are signed in, the second factor, and what happened to your account.",
        ["/v1/me/security-events", "/v1/auth/sessions", "/v1/auth/second-factor"],
    ),
    "Accounts": (
        "Registration, sessions, passwords, e-mail addresses, and the end of an account.",
        ["/v1/auth/", "/v1/me/account", "/v1/me/deletion"],
    ),
    "Keys and tokens": (
        "Credentials for scripts and other clients.",
        ["/v1/auth/api-keys", "/v1/auth/tokens", "/v1/auth/scopes"],
    ),
    "Introspection": (
        "Whom a credential stands for, and what it may do.",
        ["/v1/auth/me", "/v1/auth/check"],
    ),
    "Questions": (
        "Questions about a profile, answered from what is public of it.",
        ["/v1/profiles/{username}/ask", "/v1/studio/"],
    ),
    "Models": ("Which language models there are, and which you may use.", ["/v1/models"]),
    wrappers.TAG: (
        "The server that models talk to, and its tools for who has no MCP client.",
        ["/v1/mcp"],
    ),
    oauth.TAG: (
        "How an application is connected by its owner's click, and no token is copied.",
        ["/oauth/", "/.well-known/oauth-"],
    ),
    retired.TAG: (
        "Chats that this server once ran for API clients, and what to use instead.",
        ["/v1/chat/", "/v1/responses"],
    ),
    public.TAG: (
        "What owners have published, as pages for people and files for machines.",
        ["/u/", "/sitemap", "/robots.txt"],
    ),
    "System": ("About the server itself.", ["/"]),
}
_TAG_OF = {start: name for name, (_, starts) in _TAGS.items() for start in starts}

_SECURITY = {
    CredentialKind.SESSION: "session",
    CredentialKind.API_KEY: "apiKey",
    CredentialKind.PERSONAL_TOKEN: "personalToken",
}

# What an operation itself may refuse with; all else follows from its declaration.
_REPLACED = ("skills", "all_experience", "all_education", "projects", "certifications")
_ROWS = ("skill", "experience", "education", "project", "certification")
_OWN_FAILURES = {
    "register": {409, 429},
    "ask": {409, 429},
    "studio_chat": {404, 409, 429},
    "login": {401, 429},
    "complete_login": {401, 429},
    "reauthenticate": {403},
    "change_password": {403},
    "change_email": {403},
    "delete_account": {403, 409},
    "account_deletion": {404},
    "cancel_account_deletion": {404},
    "begin_second_factor": {403},
    "confirm_second_factor": {403},
    "renew_recovery_codes": {403, 404},
    "disable_second_factor": {403, 404},
    "refresh": {401},
    "request_password_reset": {429},
    "request_email_verification": {429},
    "create_resume_job": {402},
    "delete_resume_job": {409},
    "resume_job_pdf": {409},
    "resume_job_file": {409},
    "resume_job_thumbnail": {409},
    "update_profile": {409},
    "update_theme": {403},
    "update_layout": {403},
    "create_checkout": {409},
    "create_portal_session": {409},
    "billing_invoices": {409},
    "avatar": {404},
    "transcripts": {403},
    "transcript": {403},
    "export_transcripts": {403},
    "export_insights": {403},
    "delete_avatar": {404},
    "plan_import": {404, 409},
    "commit_import": {404, 409},
    **{f"delete_{one}": {409} for one in _ROWS},
    **{f"replace_{rows}": {409} for rows in _REPLACED},
}

_BINARY = {"type": "string", "format": "binary"}
# What is written while it is sent has no tag.
_UNTAGGED = ("export_transcripts", "export_insights", "export_account", "preview_resume")

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
        "tags": [{"name": name, "description": text} for name, (text, _) in _TAGS.items()],
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
        "tags": [_tag(rest.path)],
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


def _tag(path: str) -> str:
    return _TAG_OF[max((start for start in _TAG_OF if path.startswith(start)), key=len)]


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
    return _has_etag(wire) or (is_file and wire.name not in _UNTAGGED)


def _has_etag(wire: WireOperation) -> bool:
    return is_shared(wire) or etag_reader(wire.result) is not None


def _takes_idempotency_key(wire: WireOperation) -> bool:
    rest = wire.rest
    if rest.method.value != "POST" or rest.produces != "application/json":
        return False
    return bool(wire.operation.requires.credentials)


def _failures(wire: WireOperation) -> list[int]:
    rest, requires = wire.rest, wire.operation.requires
    found = {400, 500, 503} | _OWN_FAILURES.get(wire.name, set())
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
