"""Where a browser may be sent back to: an address of the client, and of nobody else.

An address is https, or http to this very computer (RFC 8252, 7.3), or has a scheme that an app of
the device has taken for itself (7.1): a domain of its maker in reverse order, or one of the few
without a dot that clients of MCP are known to use. It must be one that the client has declared,
character by character, but for the port of this computer, which a program learns only when it
begins to listen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

LONGEST = 2000

_PLAIN = re.compile(r"[!-~]+")
_NEVER = re.compile(r"[\\\"<>^`{|}#*]")
# Nothing else: the host is written into a policy, where a semicolon would begin another rule.
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[::1\])(?::[0-9]{1,5})?")
_APP = re.compile(r"[a-z][a-z0-9+.-]*:/")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Any other scheme without a dot may be one that the system behind a browser acts on by itself.
_KNOWN = """
    claude cursor goose kiro raycast vscode vscode-insiders vscodium warp windsurf zed
"""
_KNOWN_SCHEMES = frozenset(_KNOWN.split())
_DOMAIN = re.compile(r"[a-z]{2,63}(?:\.[a-z0-9][a-z0-9-]*)+")
# Dotted ones that are the system's own.
_OF_SYSTEMS = ("com.apple.", "com.microsoft.", "microsoft.")


@dataclass(frozen=True, slots=True)
class Destination:
    """A redirect address as the owner is to see it, and as a policy names it."""

    host: str
    is_this_computer: bool
    is_app: bool
    policy_source: str


def is_acceptable(uri: str) -> bool:
    """Whether a client may declare `uri` as an address of its own."""
    if len(uri) > LONGEST or not _PLAIN.fullmatch(uri) or _NEVER.search(uri):
        return False
    parts = _split(uri)
    if parts is None:
        return False
    if parts.scheme in ("http", "https"):
        is_secure = parts.scheme == "https" or parts.hostname in _LOOPBACK
        return is_secure and _HOST.fullmatch(parts.netloc) is not None
    return _APP.match(uri) is not None and _is_of_an_app(parts.scheme)


def _is_of_an_app(scheme: str) -> bool:
    if scheme in _KNOWN_SCHEMES:
        return True
    return _DOMAIN.fullmatch(scheme) is not None and not scheme.startswith(_OF_SYSTEMS)


def is_declared(uri: str, declared: list[str]) -> bool:
    """Whether `uri` is one of those that a client has declared."""
    if uri in declared:
        return is_acceptable(uri)  # what is, may have become stricter since
    given = _without_port(uri)
    return given is not None and any(given == _without_port(one) for one in declared)


def destination(uri: str) -> Destination:
    """What `uri`, which is acceptable, leads to."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        return Destination(f"{parts.scheme}:", False, True, f"{parts.scheme}:")
    # A policy has no way to write an IPv6 address.
    source = f"{parts.scheme}:" if ":" in host else f"{parts.scheme}://{parts.netloc}"
    return Destination(host, host in _LOOPBACK, False, source)


def with_answer(uri: str, answer: dict[str, str]) -> str:
    """`uri` with `answer` after whatever query it has (RFC 6749, 3.1.2)."""
    joint = "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(answer)}"


def _without_port(uri: str) -> tuple[str, str, str] | None:
    """What of an address of this computer must be the same; None for any other address."""
    parts = _split(uri)
    if parts is None or parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return None
    if not is_acceptable(uri):
        return None
    return parts.hostname, parts.path, parts.query


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts
