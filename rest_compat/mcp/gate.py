"""Who is let in to MCP, and how much of it at a time."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from starlette.types import Scope

from app import http
from app.call import Call, Context, CredentialKind
from app.call import Scope as TokenScope
from app.errors import OriginNotAllowed, RateLimited
from app.services import Services
from app.settings import Settings
from rest_compat.mcp.caller import Caller, set_caller
from schema.operation import Operation, Requires


async def _nothing(call: Call) -> None:
    """Authorise only."""


CONNECT = Operation(
    "mcp_connect",
    _nothing,
    Requires(
        credentials=[CredentialKind.SESSION, CredentialKind.PERSONAL_TOKEN],
        scope=TokenScope.MCP_CONNECT,
    ),
    None,
    None,
    writes=False,
)
"""What every MCP path asks first: a credential that may connect."""


class Gate:
    """The gate of one process. Calls and streams are limited at each process by itself."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._origins = _origins(services.settings)
        self._calls: Counter[UUID] = Counter()
        self._streams: Counter[UUID] = Counter()

    def check_origin(self, scope: Scope) -> None:
        """Raise OriginNotAllowed for a page of somebody else's (DNS rebinding)."""
        origin = http.header(scope, b"origin")
        if origin is None or "*" in self._origins:
            return
        if origin.decode("latin-1").lower() not in self._origins:
            raise OriginNotAllowed

    async def owner(self, scope: Scope) -> UUID:
        """Whose account calls, asked before a large body is read; raises as `admitted` does."""
        return await CONNECT.owner(self._context(scope))

    async def admitted(self, scope: Scope) -> Caller:
        """The caller, whose credential is good and may connect.

        Raises Unauthenticated, InsufficientScope, AmbiguousCredentials, DependencyUnavailable.
        """
        context = self._context(scope)
        await CONNECT.run_uncounted(context, dict)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        caller = Caller(context, underscores=query.get("tool_names") == ["underscore"])
        set_caller(scope, caller)
        return caller

    async def count(self, caller: Caller, method: str = "") -> None:
        """Count a message against the caller's rate; a call of a tool is counted where it runs.

        Raises RateLimited.
        """
        if method != "tools/call":
            await CONNECT.run(caller.context, dict)

    async def look_again(self, caller: Caller) -> None:
        """Raise Unauthenticated or InsufficientScope once the credential is good no more."""
        await CONNECT.run_uncounted(caller.context.anew(), dict)

    def call(self, caller: Caller) -> contextlib.AbstractContextManager[None]:
        """Count one more request that is being answered; raises RateLimited."""
        return _one_more(self._calls, caller, self._services.settings.mcp_calls_per_account)

    def stream(self, caller: Caller) -> contextlib.AbstractContextManager[None]:
        """Count one more stream that is open; raises RateLimited."""
        return _one_more(self._streams, caller, self._services.settings.mcp_streams_per_account)

    def _context(self, scope: Scope) -> Context:
        kept: Context | None = scope["state"].get("context")
        return kept or http.new_context(self._services, scope)


@contextlib.contextmanager
def _one_more(counts: Counter[UUID], caller: Caller, most: int) -> Iterator[None]:
    who = caller.account_id
    if counts[who] >= most:
        raise RateLimited("Too many at once for this account.", retry_after=1, limit=most)
    counts[who] += 1
    try:
        yield
    finally:
        counts[who] -= 1
        if not counts[who]:
            del counts[who]


def _origins(settings: Settings) -> frozenset[str]:
    """Origins of pages that may call, in lower case; `*` for any."""
    own = urlsplit(settings.public_url)
    return frozenset(
        origin.lower().rstrip("/")
        for origin in (f"{own.scheme}://{own.netloc}", *settings.allowed_origins)
    )
