"""From an ASGI scope to a `Context`: request id, credentials, who is at the other end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import uuid_utils

from app.call import Context, Credentials
from app.errors import AmbiguousCredentials, Unauthenticated

if TYPE_CHECKING:
    from app.services import Services

_REQUEST_ID = re.compile(rb"[\x21-\x7e]{1,128}")


def header(scope: Any, name: bytes) -> bytes | None:
    """The header of that lower-case name; of several the last."""
    state = scope["state"]
    if "headers" not in state:
        state["headers"] = dict(scope["headers"])
    found: bytes | None = state["headers"].get(name)
    return found


def is_known(scope: Any, etag: bytes) -> bool:
    """Whether `If-None-Match` says that the client has what `etag` names (RFC 9110, 13.1.2)."""
    given = header(scope, b"if-none-match")
    if given is None:
        return False
    tags = {tag.strip().removeprefix(b"W/") for tag in given.split(b",")}
    return etag in tags or b"*" in tags


def request_id(scope: Any) -> str:
    """The correlation id: `x-request-id` if it is 1 to 128 visible ASCII characters, or minted."""
    given = header(scope, b"x-request-id")
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode("ascii")
    return f"req_{uuid_utils.uuid7().hex}"


def credentials(scope: Any) -> Credentials:
    """What the request shows of itself; raises AmbiguousCredentials or Unauthenticated."""
    authorization = header(scope, b"authorization")
    api_key = header(scope, b"x-api-key")
    if authorization is not None and api_key is not None:
        raise AmbiguousCredentials
    if api_key is not None:
        return Credentials(api_key=api_key.decode("latin-1").strip())
    if authorization is not None:
        return Credentials(bearer=bearer(authorization.decode("latin-1")))
    return Credentials()


def bearer(authorization: str) -> str:
    """The token of an Authorization value; raises Unauthenticated for any other scheme."""
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Authorization must be: Bearer <token>.", reason="invalid")
    return token.strip()


def wants_privacy(scope: Any) -> bool:
    """Whether the browser asks, by Do Not Track or Global Privacy Control, not to be followed."""
    return header(scope, b"dnt") == b"1" or header(scope, b"sec-gpc") == b"1"


def new_context(services: Services, scope: Any, *, public: bool = False) -> Context:
    """The context of a request; kept in the scope so that the access log can name the principal.

    Of a `public` operation credentials are not looked at. Raises as `credentials` does.
    """
    client = scope.get("client")
    key = header(scope, b"x-service-key")
    context = Context(
        services=services,
        request_id=scope["state"]["request_id"],
        credentials=Credentials() if public else credentials(scope),
        address=client[0] if client else "",
        user_agent=(header(scope, b"user-agent") or b"").decode("latin-1")[:400],
        service_key=None if key is None else key.decode("latin-1"),
        is_private=wants_privacy(scope),
    )
    scope["state"]["context"] = context
    return context
