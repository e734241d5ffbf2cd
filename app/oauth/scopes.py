"""The scopes that a client may ask for."""

from __future__ import annotations

from collections.abc import Iterable

from app.call import Scope
from app.oauth.errors import OAuthError

# What the MCP tools need. A client that names no scope gets these.
DEFAULT = (Scope.MCP_CONNECT, Scope.TOOLS_INVOKE, Scope.RESUME_GENERATE)
ALL = (*DEFAULT, Scope.CHAT_RUN)


def asked(text: str | None) -> list[str]:
    """The scopes that `text`, separated by blanks, asks for, in our order; raises OAuthError.

    Names that mean nothing here are passed over (RFC 6749, 3.3): clients ask for `offline_access`
    and the like everywhere. Naming only such is an error.
    """
    if not text or not text.split():
        return written(DEFAULT)
    names = set(text.split())
    known = [scope for scope in ALL if scope.value in names]
    if not known:
        raise OAuthError("invalid_scope", f"Scopes are {' '.join(written(ALL))}.")
    return written(known)


def narrowed(text: str | None, granted: list[str]) -> list[str]:
    """The part of `granted` that a refresh asks for; raises OAuthError for more than that."""
    if not text or not text.split():
        return granted
    wanted = text.split()
    if not set(wanted) <= set(granted):
        raise OAuthError("invalid_scope", "A refresh can't ask for more than was granted.")
    return [name for name in granted if name in wanted]


def written(scopes: Iterable[Scope]) -> list[str]:
    return [scope.value for scope in scopes]
