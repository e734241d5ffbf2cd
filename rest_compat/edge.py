"""What every HTTP request gets, whichever route it takes: a request id, an answer to every
failure in the one error body, security headers, a line in the log and a place in the metrics."""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import http, logs
from app.errors import DomainError, Internal, MethodNotAllowed, NotFound
from app.metering.meter import Meter
from rest_compat import errors

log = logging.getLogger("vitae.http")

REQUESTS = Counter("vitae_http_requests", "HTTP requests.", ["route", "method", "status"])
SECONDS = Histogram(
    "vitae_http_request_seconds",
    "Time from a request's headers to the end of its answer.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-site"),
]
# Of pages: in what can't be shown as one, the policy that lets nothing load says it all.
_PAGE_HEADERS = [
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_NO_CONTENT = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Edge:
    """The outermost middleware. `secure`: the public address is https, so promise it (HSTS).
    `meter`: whom to ask about an API key when no operation was run. `discoverable`: the beginning
    of the paths whose clients find out by themselves how to be let in, and where they do so."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        secure: bool,
        meter: Meter | None = None,
        discoverable: tuple[str, str] | None = None,
    ) -> None:
        self._app = app
        self._meter = meter
        self._discoverable = discoverable
        self._headers = list(_SECURITY_HEADERS)
        if secure:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope["state"] = dict(scope.get("state", ()))
        scope["state"]["request_id"] = http.request_id(scope)
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = _Exchange(scope, send, self._headers, self._meter, self._discovery(scope))
        try:
            await self._app(scope, receive, exchange.send)
        except Exception as error:
            await exchange.fail(error)
        finally:
            exchange.record(time.perf_counter() - started)

    def _discovery(self, scope: Scope) -> str | None:
        """Where clients of this path find out how to be let in."""
        if self._discoverable is None:
            return None
        start, where = self._discoverable
        path: str = scope["path"]
        return where if path == start or path.startswith(start + "/") else None


class _Exchange:
    """One request and what has been answered to it."""

    def __init__(
        self,
        scope: Scope,
        send: Send,
        headers: list[tuple[bytes, bytes]],
        meter: Meter | None,
        resource_metadata: str | None = None,
    ) -> None:
        self._resource_metadata = resource_metadata
        self._scope = scope
        self._send = send
        self._headers = headers
        self._meter = meter
        self._request_id: str = scope["state"]["request_id"]
        self._status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = [
                *message["headers"],
                (b"x-request-id", self._request_id.encode()),
                *self._headers,
                *self._limits(),
            ]
            names = [name for name, _ in message["headers"]]
            if b"content-security-policy" in names:
                # A page may say otherwise of itself.
                headers += [header for header in _PAGE_HEADERS if header[0] not in names]
            else:
                headers.append(_NO_CONTENT)
            message = {**message, "headers": headers}
        await self._send(message)

    def _limits(self) -> list[tuple[bytes, bytes]]:
        """What limits the credential of the request, where that is known."""
        context = self._scope["state"].get("context")
        metered = None if context is None else context.metered
        if metered is None and self._meter is not None:
            api_key = http.header(self._scope, b"x-api-key")
            metered = None if api_key is None else self._meter.seen(api_key.decode("latin-1"))
        return [] if metered is None else metered.headers()

    async def fail(self, error: Exception) -> None:
        """Answer `error` if nothing has been answered yet; log it when the fault is ours."""
        told = as_domain_error(error)
        if isinstance(told, Internal):
            fields = {"request_id": self._request_id, "route": self._route()}
            log.error("unhandled error", exc_info=error, extra={"fields": fields})
        if self._status:
            raise error  # half an answer is out: the server cuts the connection
        status, headers, body = errors.response(told, self._request_id, self._resource_metadata)
        if isinstance(told, MethodNotAllowed):
            allow = (b"allow", str(told.details["allow"]).encode())
            headers.append(allow)
            if self._scope["method"] == "OPTIONS":
                status, headers, body = 204, [allow], b""
        if status != 204:
            headers.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if self._scope["method"] == "HEAD" else body
        await self.send({"type": "http.response.body", "body": shown})

    def record(self, seconds: float) -> None:
        """One line in the log, one more in the metrics."""
        route, method = self._route(), self._scope["method"]
        known = method if method in _METHODS else "other"
        requests, latency = _meters(route, known, self._status)
        requests.inc()
        latency.observe(seconds)
        if route in _PROBES and self._status < 400:
            return  # asked for every few seconds by whoever watches over us
        context = self._scope["state"].get("context")
        principal = context.principal if context is not None else None
        fields: dict[str, Any] = {
            "request_id": self._request_id,
            "method": known,
            "route": route,
            "status": self._status,
            "ms": round(seconds * 1000, 2),
            "principal": str(principal.account_id) if principal else None,
            "credential": str(principal.credential_id) if principal else None,
        }
        logs.write("vitae.http", "request", fields)

    def _route(self) -> str:
        """The path as declared, never as asked: it may hold anything."""
        return str(self._scope["state"].get("route", "none"))


@cache
def _meters(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """The two metrics of an outcome; there are only so many, and finding them takes a lock."""
    return REQUESTS.labels(route, method, str(status)), SECONDS.labels(route)


_PROBES = {"/healthz", "/readyz", "/metrics"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def as_domain_error(error: Exception) -> DomainError:
    """`error` as the client may know it; anything unforeseen is Internal, without its text."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return NotFound()
        if error.status_code == 405:
            allow = (error.headers or {}).get("Allow", "")
            return MethodNotAllowed(allow=f"{allow}, OPTIONS")
    return Internal()
