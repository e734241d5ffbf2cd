"""Forms as OAuth and its pages send them: each parameter once, and not many of them."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request

from app import http
from app.oauth.errors import OAuthError
from app.services import Services

LARGEST_BYTES = 32_000

_MOST_FIELDS = 50


async def body_of(request: Request, services: Services) -> bytes:
    """The body; raises what `Bodies.read` does."""

    async def admit() -> UUID:
        raise AssertionError("for a body of this size nobody is asked who sends it")

    async with services.bodies.read(request.scope, request.receive, LARGEST_BYTES, admit) as body:
        return body


async def form_of(request: Request, services: Services) -> dict[str, str]:
    """The parameters of a body; raises OAuthError, and what `Bodies.read` does."""
    media = (http.header(request.scope, b"content-type") or b"").partition(b";")[0]
    body = await body_of(request, services)
    if media.strip().lower() != b"application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "Send application/x-www-form-urlencoded.")
    return parameters(body)


def parameters(encoded: bytes) -> dict[str, str]:
    """The parameters of a query or body; raises OAuthError for one given twice (RFC 6749, 3.1).

    One without a value counts as left out.
    """
    try:
        pairs = parse_qsl(encoded.decode("ascii"), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise OAuthError("invalid_request", "The parameters can't be read.") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise OAuthError("invalid_request", "A parameter is given twice.")
    if any("\0" in value for value in found.values()):
        raise OAuthError("invalid_request", "A parameter holds a NUL.")
    return found


def needed(form: dict[str, str], *names: str) -> list[str]:
    """The values of these parameters; raises OAuthError for one that is missing."""
    for name in names:
        if name not in form:
            raise OAuthError("invalid_request", f"{name} is missing.")
    return [form[name] for name in names]
