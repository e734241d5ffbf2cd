"""The one error body, and the one table from a kind of failure to its HTTP status."""

from __future__ import annotations

from typing import Any

import orjson

from app.bodies import BodyTooSlow
from app.errors import DomainError, InsufficientScope, Kind, Unauthenticated, docs_url
from rest_compat.oauth.metadata import CHALLENGE_SCOPE

STATUS: dict[Kind, int] = {
    Kind.MALFORMED: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.PAYMENT_REQUIRED: 402,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.METHOD_NOT_ALLOWED: 405,
    Kind.NOT_ACCEPTABLE: 406,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.PRECONDITION_FAILED: 412,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED_MEDIA_TYPE: 415,
    Kind.INVALID: 422,
    Kind.RATE_LIMITED: 429,
    Kind.INTERNAL: 500,
    Kind.UNAVAILABLE: 503,
}

Headers = list[tuple[bytes, bytes]]


def body(error: DomainError, request_id: str) -> dict[str, Any]:
    """`error` as clients see it, on every surface."""
    return {
        "ok": False,
        "request_id": request_id,
        "error": {
            "code": error.code,
            "message": error.message,
            "retryable": error.retryable,
            "docs_url": docs_url(error.code),
            "details": error.details,
            "fields": [
                {"path": field.path, "code": field.code, "message": field.message}
                for field in error.fields
            ],
        },
    }


def challenge(error: DomainError, resource_metadata: str | None = None) -> bytes | None:
    """`WWW-Authenticate` (RFC 6750): no error code without credentials, one with bad ones.

    `resource_metadata` is where a client finds out by itself how to be let in (RFC 9728, 5.1).
    """
    said = {"realm": "vitae"}
    if isinstance(error, Unauthenticated):
        if error.details.get("reason") in ("invalid", "wrong_kind"):
            said["error"] = "invalid_token"
        scope = CHALLENGE_SCOPE if resource_metadata else None
    elif isinstance(error, InsufficientScope):
        said["error"] = "insufficient_scope"
        scope = str(error.details.get("required", ""))
    else:
        return None
    if scope is not None:
        said["scope"] = scope
    if resource_metadata is not None:
        said["resource_metadata"] = resource_metadata
    return ("Bearer " + ", ".join(f'{name}="{value}"' for name, value in said.items())).encode()


def response(
    error: DomainError, request_id: str, resource_metadata: str | None = None
) -> tuple[int, Headers, bytes]:
    """Status, headers and body that answer `error`; `resource_metadata` as in `challenge`."""
    headers: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if (value := challenge(error, resource_metadata)) is not None:
        headers.append((b"www-authenticate", value))
    if error.retry_after is not None:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    if isinstance(error, BodyTooSlow):
        headers.append((b"connection", b"close"))  # or it would be kept open for the rest
    return STATUS[error.kind], headers, orjson.dumps(body(error, request_id), default=str)
