"""What a request tells of who makes it, as far as it is looked at at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app import http
from app.audience.machines import Machine, machine_of

_LONGEST_AGENT = 400
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_-]+)*")
_PURPOSES = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
_REFERRING = ("http", "https", "android-app")


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch of what an owner has published.

    `address` and `user_agent` are held until the digest of the visitor is made, and are None for
    machines and for who asks not to be recognised (`private`).
    """

    address: str | None = None
    user_agent: str | None = None
    machine: Machine | None = None
    private: bool = False
    referrer: str | None = None


def visit_of(scope: Any, own_host: str) -> Visit:
    """The visit that an HTTP request is. `own_host`: where this server is reached."""
    user_agent = _text(scope, b"user-agent")[:_LONGEST_AGENT]
    machine = machine_of(user_agent)
    if machine is None and _is_ahead_of_time(scope):
        machine = Machine.PREFETCH
    elif machine in (None, Machine.TOOL) and scope["method"] == "HEAD":
        machine = Machine.MONITOR  # who only asks whether it is there takes nothing along
    if machine is not None:
        return Visit(machine=machine)
    if http.wants_privacy(scope):
        return Visit(private=True)
    client = scope.get("client")
    referrer = host_of(_text(scope, b"referer"))
    is_own = referrer is not None and referrer in (own_host, bare_host(_text(scope, b"host")))
    return Visit(
        address=client[0] if client else "",
        user_agent=user_agent,
        referrer=None if is_own else referrer,
    )


def _is_ahead_of_time(scope: Any) -> bool:
    """Whether a browser fetches what its user might look at, and has not asked for."""
    purposes = {_text(scope, name).lower().partition(";")[0] for name in _PURPOSES}
    return not purposes.isdisjoint(("prefetch", "preview"))


def host_of(referrer: str) -> str | None:
    """The host of a referring page, without its path and its `www.`; None where it is none."""
    try:
        parts = urlsplit(referrer)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _REFERRING or not host:
        return None
    host = host.rstrip(".").removeprefix("www.")
    return host if _HOST.fullmatch(host) else None


def bare_host(netloc: str) -> str | None:
    """The host of `host:port`, as `host_of` writes it."""
    return host_of(f"http://{netloc}")


def _text(scope: Any, name: bytes) -> str:
    return (http.header(scope, name) or b"").decode("latin-1")
