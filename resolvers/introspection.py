"""Who a request acts as and what it may do: `/v1/auth/me`, the scope probes, the scopes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, null, select

from app.call import Call, CredentialKind
from app.db import statement
from app.models import AccountRow, ApiKeyRow, PersonalTokenRow, SessionRow
from app.plans import tier_of
from app.standing import facts_of
from schema.types.access import Scope
from schema.types.identity import AuthMe, AuthPrincipal, ScopeCheck, ScopeInfo
from schema.types.paging import Page


def _principal(table: Any, name: Any) -> Select[Any]:
    # An outer join: a session of an outside issuer has no row.
    return (
        select(
            AccountRow.username,
            AccountRow.email_verified_at,
            name.label("name"),
            table.expires_at,
        )
        .outerjoin(table, table.id == bindparam("credential_id"))
        .where(AccountRow.id == bindparam("account"))
    )


_PRINCIPAL = {
    CredentialKind.SESSION: statement(_principal(SessionRow, null())),
    CredentialKind.API_KEY: statement(_principal(ApiKeyRow, ApiKeyRow.name)),
    CredentialKind.PERSONAL_TOKEN: statement(_principal(PersonalTokenRow, PersonalTokenRow.name)),
}

_SCOPES = {
    Scope.CHAT_RUN: "Ask questions, list models, and read your balance and usage.",
    Scope.RESUME_GENERATE: "Make résumé jobs, follow them and fetch their PDFs.",
    Scope.TOOLS_INVOKE: "Call tools that read and change your profile.",
    Scope.MCP_CONNECT: "Connect to the MCP server.",
}


async def auth_me(call: Call) -> AuthMe:
    """Tell who this request acts as, what it may do and which plan its account has.

    Without credentials the answer is `authenticated: false`; with bad ones it is an error.
    """
    principal = call.context.principal
    if principal is None:
        return AuthMe(authenticated=False, principal=None, scopes=[], tier=None, tier_label=None)
    row: Any = await call.db.row(
        _PRINCIPAL[principal.kind],
        account=principal.account_id,
        credential_id=principal.credential_id,
    )
    tier = tier_of(await facts_of(call.db, principal.account_id))
    return AuthMe(
        authenticated=True,
        principal=AuthPrincipal(
            account_id=principal.account_id,
            username=row["username"],
            email_verified=row["email_verified_at"] is not None,
            credential=principal.kind,
            credential_id=principal.credential_id,
            credential_name=row["name"],
            expires_at=row["expires_at"],
        ),
        scopes=_sorted(principal.scopes),
        tier=tier,
        tier_label=tier.label,
    )


async def check_chat(call: Call) -> ScopeCheck:
    """Probe for the scope `chat:run`; 403 `insufficient_scope` where it is lacking."""
    return _probed(call)


async def check_resume(call: Call) -> ScopeCheck:
    """Probe for the scope `resume:generate`; 403 `insufficient_scope` where it is lacking."""
    return _probed(call)


async def check_tools(call: Call) -> ScopeCheck:
    """Probe for the scope `tools:invoke`; 403 `insufficient_scope` where it is lacking."""
    return _probed(call)


async def check_mcp(call: Call) -> ScopeCheck:
    """Probe for the scope `mcp:connect`; 403 `insufficient_scope` where it is lacking."""
    return _probed(call)


def _probed(call: Call) -> ScopeCheck:
    """That the caller was let in, which a caller without the scope is not."""
    return ScopeCheck(allowed=True, scopes=_sorted(call.principal.scopes))


async def list_scopes(call: Call) -> Page[ScopeInfo]:
    """List the scopes that a personal token may have, with what each allows."""
    items = [ScopeInfo(name=scope, description=text) for scope, text in _SCOPES.items()]
    return Page(items=items, next_cursor=None)


def _sorted(scopes: frozenset[Scope]) -> list[Scope]:
    return [scope for scope in Scope if scope in scopes]
