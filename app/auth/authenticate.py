"""From the credential of a request to its principal: one statement by a unique index.

Whether a session, key or token still stands is part of that statement, so a logout or a
revocation is felt by the very next request.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.auth import linking, raw_keys
from app.auth.raw_keys import Prefix
from app.auth.sessions import SessionClaims
from app.call import ALL_SCOPES, Call, Context, CredentialKind, Principal, Scope
from app.db import Statement, statement
from app.errors import Unauthenticated
from app.models import ApiKeyRow, PersonalTokenRow, SessionRow

_LONGEST_BEARER = 8192


def _unexpired(expires_at: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(expires_at.is_(None), expires_at > func.now())


_SESSION = statement(
    select(
        SessionRow.id.label("caller_id"), SessionRow.account_id.label("caller_account_id")
    ).where(
        SessionRow.id == bindparam("session_id"),
        SessionRow.account_id == bindparam("account"),
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > func.now(),
    )
)
_API_KEY = statement(
    select(ApiKeyRow.id.label("caller_id"), ApiKeyRow.account_id.label("caller_account_id")).where(
        ApiKeyRow.digest == bindparam("key"),
        ApiKeyRow.revoked_at.is_(None),
        _unexpired(ApiKeyRow.expires_at),
    )
)
_PERSONAL_TOKEN = statement(
    select(
        PersonalTokenRow.id.label("caller_id"),
        PersonalTokenRow.account_id.label("caller_account_id"),
        PersonalTokenRow.scopes.label("caller_scopes"),
    ).where(
        PersonalTokenRow.digest == bindparam("token"),
        PersonalTokenRow.revoked_at.is_(None),
        _unexpired(PersonalTokenRow.expires_at),
        PersonalTokenRow.scopes.contains(bindparam("scopes", type_=ARRAY(Text))),
    )
)


@dataclass(slots=True)
class Presented:
    """A credential as a request shows it, of the right form and, of a session, rightly signed.

    Whether it still stands, only the database knows. `digest` is that of a key or token.
    """

    kind: CredentialKind
    digest: bytes = b""
    claims: SessionClaims | None = None


@dataclass(slots=True)
class Lookup:
    """How the credential of a request is found: one row while it stands, none otherwise.

    A `statement` about a personal token finds it only if it has all of the `scopes`, a parameter
    of its own; `principal` makes of the row who the request acts as.
    """

    kind: CredentialKind
    statement: Statement
    values: dict[str, Any]

    def principal(self, row: Any) -> Principal:
        match self.kind:
            case CredentialKind.PERSONAL_TOKEN:
                scopes = frozenset(Scope(scope) for scope in row["caller_scopes"])
            case CredentialKind.SESSION:
                scopes = ALL_SCOPES
            case CredentialKind.API_KEY:
                scopes = frozenset()
        return Principal(row["caller_account_id"], self.kind, row["caller_id"], scopes)


async def authenticate(call: Call) -> Principal:
    """The principal of the request's credential; raises Unauthenticated for one not good now.

    A JWT of the configured outside issuer signs in the account that it belongs to, and makes one
    at its first use. Raises DependencyUnavailable when the issuer's keys can't be had.
    """
    outside = call.services.outside
    found = lookup(call)
    if found is None:
        assert outside is not None
        assert call.context.credentials.bearer is not None
        return await linking.sign_in(call, await outside.verify(call.context.credentials.bearer))
    row = await call.db.row(found.statement, **found.values)
    if row is None:
        raise _refused()
    return noted(call, found.principal(row))


def lookup(call: Call, scopes: Collection[Scope] = ()) -> Lookup | None:
    """What finds the request's credential; None for a JWT of the outside issuer.

    Raises Unauthenticated where there is none, or one that can't be ours.
    """
    shown = presented(call.context)
    if shown is None:
        return None
    match shown.kind:
        case CredentialKind.API_KEY:
            return Lookup(shown.kind, _API_KEY, {"key": shown.digest})
        case CredentialKind.PERSONAL_TOKEN:
            wanted = [scope.value for scope in scopes]
            values = {"token": shown.digest, "scopes": wanted}
            return Lookup(shown.kind, _PERSONAL_TOKEN, values)
        case CredentialKind.SESSION:
            assert shown.claims is not None
            session = {"session_id": shown.claims.session_id, "account": shown.claims.account_id}
            return Lookup(shown.kind, _SESSION, session)


def presented(context: Context) -> Presented | None:
    """The request's credential, read once; None for a JWT of the outside issuer.

    Raises as `lookup` does.
    """
    if context.presented is None:
        context.presented = _read(context)
    return context.presented


def _read(context: Context) -> Presented | None:
    credentials, services = context.credentials, context.services
    if credentials.api_key is not None:
        return _raw_key(CredentialKind.API_KEY, credentials.api_key, Prefix.API_KEY)
    bearer = credentials.bearer
    if bearer is None:
        raise Unauthenticated(reason="missing")
    if bearer.startswith(Prefix.PERSONAL_TOKEN.value):
        return _raw_key(CredentialKind.PERSONAL_TOKEN, bearer, Prefix.PERSONAL_TOKEN)
    if len(bearer) > _LONGEST_BEARER:
        raise _refused()
    if services.outside is not None and not services.sessions.is_ours(bearer):
        return None
    return Presented(CredentialKind.SESSION, claims=services.sessions.verify(bearer))


def _raw_key(kind: CredentialKind, raw: str, prefix: Prefix) -> Presented:
    digest = raw_keys.digest_of(raw, prefix)
    if digest is None:
        raise _refused()
    return Presented(kind, digest)


def noted(call: Call, principal: Principal) -> Principal:
    """`principal`, whose key or token has been used now."""
    if principal.kind is not CredentialKind.SESSION:
        services = call.services
        services.last_use.note(
            services.database, principal.kind, principal.credential_id, call.context
        )
    return principal


def _refused() -> Unauthenticated:
    return Unauthenticated(reason="invalid")
