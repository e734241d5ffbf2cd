"""Who is let in to MCP, and how much of it at a time."""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from starlette.types import Scope

from app import http
from app.at_once import AtOnce
from app.call import Call, Context, CredentialKind
from app.call import Scope as TokenScope
from app.errors import DomainError, OriginNotAllowed, RateLimited
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

_MOST_SEEN = 10_000


class Gate:
    """The gate of one process. Calls and streams are limited at each process by itself."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._origins = _origins(services.settings)
        self._seen_good: OrderedDict[bytes, UUID] = OrderedDict()
        self._calls = AtOnce(services.settings.mcp_calls_per_account)
        self._streams = AtOnce(services.settings.mcp_streams_per_account)

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
        await self._admit(context)
        return _caller(scope, context)

    def recognised(self, scope: Scope) -> Caller | None:
        """The caller, whose credential was good at this process before; without asking anybody.

        Enough to begin a call of a tool, whose operation asks in the round trip that it makes
        anyway. Nothing may be told before `prove`. None for all others, who are to be `admitted`.
        """
        context = self._context(scope)
        account_id = self._seen_good.get(_digest(context))
        return None if account_id is None else _caller(scope, context, account_id)

    def anew(self, scope: Scope, caller: Caller) -> Caller:
        """The caller of one more message in the same HTTP request, recognised only."""
        again = Caller(caller.context.anew(), caller.underscores, caller.account_id)
        set_caller(scope, again)
        return again

    async def prove(self, caller: Caller) -> None:
        """Count a message, and admit its caller, unless what was run has done so.

        A call of a tool is counted and admitted where it runs, and comes here after it, or where
        it failed before; all else comes here first. Raises as `admitted` does, and RateLimited.
        """
        if caller.context.metered is None:
            await self._admit(caller.context, counted=True)
        elif caller.context.principal is None:
            await self._admit(caller.context)

    async def look_again(self, caller: Caller) -> None:
        """Raise Unauthenticated or InsufficientScope once the credential is good no more."""
        await CONNECT.run_uncounted(caller.context.anew(), dict)

    def call(self, caller: Caller) -> contextlib.AbstractContextManager[None]:
        """Count one more request that is being answered; raises RateLimited."""
        return self._calls.one_more(caller.account_id)

    def stream(self, caller: Caller) -> contextlib.AbstractContextManager[None]:
        """Count one more stream that is open; raises RateLimited."""
        return self._streams.one_more(caller.account_id)

    async def _admit(self, context: Context, *, counted: bool = False) -> None:
        credential = _digest(context)
        try:
            await (CONNECT.run if counted else CONNECT.run_uncounted)(context, dict)
        except RateLimited:
            raise
        except DomainError:
            self._seen_good.pop(credential, None)
            raise
        if context.principal is not None:
            self._seen_good[credential] = context.principal.account_id
            if len(self._seen_good) > _MOST_SEEN:
                self._seen_good.popitem(last=False)

    def _context(self, scope: Scope) -> Context:
        kept: Context | None = scope["state"].get("context")
        return kept or http.new_context(self._services, scope)


def _caller(scope: Scope, context: Context, recognised: UUID | None = None) -> Caller:
    query = parse_qs(scope["query_string"].decode("latin-1")) if scope["query_string"] else {}
    caller = Caller(context, query.get("tool_names") == ["underscore"], recognised)
    set_caller(scope, caller)
    return caller


def _digest(context: Context) -> bytes:
    """Of the credential: it is remembered here no more than it is stored anywhere."""
    credentials = context.credentials
    return hashlib.sha256((credentials.bearer or credentials.api_key or "").encode()).digest()


def _origins(settings: Settings) -> frozenset[str]:
    """Origins of pages that may call, in lower case; `*` for any."""
    own = urlsplit(settings.public_url)
    return frozenset(
        origin.lower().rstrip("/")
        for origin in (f"{own.scheme}://{own.netloc}", *settings.allowed_origins)
    )
