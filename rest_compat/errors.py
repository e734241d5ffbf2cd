"""The one error body, and the one table from a kind of failure to its HTTP status."""

from __future__ import annotations

from typing import Any

import orjson

from app.bodies import BodyTooSlow
from app.errors import DomainError, InsufficientScope, Kind, Unauthenticated

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
            "details": error.details,
            "fields": [
                {"path": field.path, "code": field.code, "message": field.message}
                for field in error.fields
            ],
        },
    }


def challenge(error: DomainError) -> bytes | None:
    """`WWW-Authenticate` (RFC 6750): no error code without credentials, one with bad ones."""
    if isinstance(error, Unauthenticated):
        refused = error.details.get("reason") in ("invalid", "wrong_kind")
        return b'Bearer realm="vitae"' + (b', error="invalid_token"' if refused else b"")
    if isinstance(error, InsufficientScope):
        scope = str(error.details.get("required", "")).encode()
        return b'Bearer realm="vitae", error="insufficient_scope", scope="' + scope + b'"'
    return None


def response(error: DomainError, request_id: str) -> tuple[int, Headers, bytes]:
    """Status, headers and body that answer `error`."""
    headers: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if (value := challenge(error)) is not None:
        headers.append((b"www-authenticate", value))
    if error.retry_after is not None:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    if isinstance(error, BodyTooSlow):
        headers.append((b"connection", b"close"))  # or it would be kept open for the rest
    return STATUS[error.kind], headers, orjson.dumps(body(error, request_id), default=str)
