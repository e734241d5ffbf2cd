"""What operations of the OpenAPI document share: errors, headers, parameters, security schemes."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from app.errors import DomainError
from rest_compat.errors import STATUS
from rest_compat.idempotency import MAX_KEY
from schema.types.access import CredentialKind

SERVICE_SCHEME = "serviceKey"

_TEXT = {"type": "string"}


ENVELOPE: dict[str, Any] = {
    "ok": {"type": "boolean", "const": True, "description": "That the request was done."},
    "request_id": {
        **_TEXT,
        "description": "Correlation id of this request, as in `x-request-id`.",
    },
    "warnings": {
        "type": "array",
        "items": {"type": "object"},
        "description": "What was done otherwise than asked.",
    },
}


def components(schemas: dict[str, dict[str, Any]], *, used: set[str]) -> dict[str, Any]:
    """`components` of the document: `schemas` beside that of errors, the statuses in `used`."""
    return {
        "schemas": dict(sorted({**schemas, "Error": _ERROR}.items())),
        "responses": {
            str(status): _error_response(status) for status in error_codes() if str(status) in used
        },
        "headers": _HEADERS,
        "parameters": _PARAMETERS,
        "securitySchemes": _SECURITY_SCHEMES,
    }


@cache
def error_codes() -> dict[int, dict[str, str]]:
    """By status, every code there is with what it means."""
    found: dict[int, dict[str, str]] = {}
    pending = list(DomainError.__subclasses__())
    while pending:
        error = pending.pop()
        pending.extend(error.__subclasses__())
        found.setdefault(STATUS[error.kind], {}).setdefault(error.code, error.default_message)
    return {status: dict(sorted(codes.items())) for status, codes in sorted(found.items())}


def _error_response(status: int) -> dict[str, Any]:
    codes = error_codes()[status]
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/Error"},
            {"properties": {"error": {"properties": {"code": {"enum": list(codes)}}}}},
        ]
    }
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    if status == 429:
        headers.update(limit_headers([CredentialKind.API_KEY]))
    if status == 410:
        for name in ("Sunset", "Deprecation", "Link"):
            headers[name] = {"$ref": f"#/components/headers/{name}"}
    if status in (429, 503):
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    if status in (401, 403):
        headers["WWW-Authenticate"] = {"$ref": "#/components/headers/WWWAuthenticate"}
    return {
        "description": "\n\n".join(f"`{code}`: {meaning}" for code, meaning in codes.items()),
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    }


def limit_headers(credentials: Collection[CredentialKind]) -> dict[str, dict[str, str]]:
    """The headers of an answer that say what limits one of these credentials."""
    names = ["RateLimit-Policy", "RateLimit"] if credentials else []
    if CredentialKind.API_KEY in credentials:
        names += ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


_FIELD_ERROR = {
    "type": "object",
    "properties": {
        "path": {**_TEXT, "description": "Where, as in `cv_data.sections.work.items[0].start`."},
        "code": {**_TEXT, "description": "What is wrong there; stable."},
        "message": {**_TEXT, "description": "The same in words."},
    },
    "required": ["path", "code", "message"],
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "The body of every failure.",
    "properties": {
        "ok": {"type": "boolean", "const": False, "description": "That it was not."},
        "request_id": {**_TEXT, "description": "Correlation id, as in `x-request-id`."},
        "error": {
            "type": "object",
            "description": "What went wrong.",
            "properties": {
                "code": {**_TEXT, "description": "What went wrong; stable."},
                "message": {**_TEXT, "description": "The same in words, for people."},
                "retryable": {"type": "boolean", "description": "Whether a repeat may succeed."},
                "docs_url": {
                    **_TEXT,
                    "format": "uri-reference",
                    "description": "Where the code is explained, on this server.",
                },
                "details": {"type": "object", "description": "More, depending on the code."},
                "fields": {
                    "type": "array",
                    "items": _FIELD_ERROR,
                    "description": "What is wrong where.",
                },
            },
            "required": ["code", "message", "retryable", "docs_url", "details", "fields"],
        },
    },
    "required": ["ok", "request_id", "error"],
}

_HEADERS: dict[str, Any] = {
    "RequestId": {"description": "Correlation id of the request.", "schema": _TEXT},
    "ETag": {"description": "Version of what is answered.", "schema": _TEXT},
    "Location": {"description": "Where it is found.", "schema": _TEXT},
    "Sunset": {
        "description": "Since when it is gone, as an HTTP date (RFC 8594).",
        "schema": _TEXT,
    },
    "Deprecation": {
        "description": "The same as `@` and seconds since 1970 (RFC 9745).",
        "schema": _TEXT,
    },
    "Link": {
        "description": "Where to read of it (`deprecation`) and what to use instead"
        " (`successor-version`).",
        "schema": _TEXT,
    },
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "RateLimit-Policy": {
        "description": "What is allowed: `q` operations in `w` seconds; `burst` of a credential,"
        " `month` of all API keys of the account. A list of structured fields (RFC 9651).",
        "schema": _TEXT,
        "example": '"burst";q=50;w=5, "month";q=1000;w=2592000',
    },
    "RateLimit": {
        "description": "What remains of it: `r` operations; in `t` seconds all of them again.",
        "schema": _TEXT,
        "example": '"burst";r=49;t=1, "month";r=996;t=864000',
    },
    "x-ratelimit-limit": {
        "description": "The month's quota of API keys.",
        "schema": {"type": "integer"},
    },
    "x-ratelimit-remaining": {
        "description": "What is left of it.",
        "schema": {"type": "integer"},
    },
    "x-ratelimit-reset": {
        "description": "When it is reset, in seconds since 1970 (UTC).",
        "schema": {"type": "integer"},
    },
    "WWWAuthenticate": {"description": "What is needed.", "schema": _TEXT},
}

_PARAMETERS: dict[str, Any] = {
    "RequestId": {
        "name": "x-request-id",
        "in": "header",
        "description": "Correlation id, 1 to 128 visible ASCII characters; minted when absent.",
        "schema": _TEXT,
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes a repeat of this request answer as the first time, for 24 hours.",
        # HTTP drops blanks at both ends, so that a key of blanks alone would arrive as none.
        "schema": {"type": "string", "maxLength": MAX_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag that was read; 412 when it is no longer the present one.",
        "schema": _TEXT,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag that is known; 304 when it is still the present one.",
        "schema": _TEXT,
    },
}

_SECURITY_SCHEMES: dict[str, Any] = {
    "session": {
        "x-displayName": "Session",
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of a login. Has all scopes.",
    },
    "personalToken": {
        "x-displayName": "Personal token",
        "type": "http",
        "scheme": "bearer",
        "description": "A personal token with scopes, for scripts and gateway clients.",
    },
    "apiKey": {
        "x-displayName": "API key",
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "An API key of the owner, for owner routes.",
    },
    SERVICE_SCHEME: {
        "x-displayName": "Service key",
        "type": "apiKey",
        "in": "header",
        "name": "X-Service-Key",
        "description": "The key of another service of this installation, `STUDIO_KEY`.",
    },
}
