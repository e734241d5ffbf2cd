"""From the credential of a request to its principal: one statement by a unique index.

Whether a session, key or token still stands is part of that statement, so a logout or a
revocation is felt by the very next request.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.auth import linking, raw_keys
from app.auth.raw_keys import Prefix
from app.call import ALL_SCOPES, Call, CredentialKind, Principal, Scope
from app.db import statement
from app.errors import Unauthenticated
from app.models import ApiKeyRow, PersonalTokenRow, SessionRow

_LONGEST_BEARER = 8192


def _unexpired(expires_at: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(expires_at.is_(None), expires_at > func.now())


_SESSION = statement(
    select(SessionRow.account_id).where(
        SessionRow.id == bindparam("session_id"),
        SessionRow.account_id == bindparam("account"),
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > func.now(),
    )
)
_API_KEY = statement(
    select(ApiKeyRow.id, ApiKeyRow.account_id).where(
        ApiKeyRow.digest == bindparam("key"),
        ApiKeyRow.revoked_at.is_(None),
        _unexpired(ApiKeyRow.expires_at),
    )
)
_PERSONAL_TOKEN = statement(
    select(PersonalTokenRow.id, PersonalTokenRow.account_id, PersonalTokenRow.scopes).where(
        PersonalTokenRow.digest == bindparam("token"),
        PersonalTokenRow.revoked_at.is_(None),
        _unexpired(PersonalTokenRow.expires_at),
    )
)


async def authenticate(call: Call) -> Principal:
    """The principal of the request's credential; raises Unauthenticated for one not good now.

    A JWT of the configured outside issuer signs in the account that it belongs to, and makes one
    at its first use. Raises DependencyUnavailable when the issuer's keys can't be had.
    """
    credentials = call.context.credentials
    if credentials.api_key is not None:
        return await _by_api_key(call, credentials.api_key)
    bearer = credentials.bearer
    if bearer is None:
        raise Unauthenticated(reason="missing")
    if bearer.startswith(Prefix.PERSONAL_TOKEN.value):
        return await _by_personal_token(call, bearer)
    if len(bearer) > _LONGEST_BEARER:
        raise _refused()
    sessions = call.services.sessions
    if sessions.outside is not None and not sessions.is_ours(bearer):
        return await linking.sign_in(call, await sessions.outside.verify(bearer))
    return await _by_session(call, bearer)


async def _by_session(call: Call, bearer: str) -> Principal:
    claims = call.services.sessions.verify(bearer)
    account_id = await call.db.value(
        _SESSION, session_id=claims.session_id, account=claims.account_id
    )
    if account_id is None:
        raise _refused()
    return Principal(account_id, CredentialKind.SESSION, claims.session_id, ALL_SCOPES)


async def _by_api_key(call: Call, raw: str) -> Principal:
    digest = raw_keys.digest_of(raw, Prefix.API_KEY)
    row = await call.db.row(_API_KEY, key=digest) if digest is not None else None
    if row is None:
        raise _refused()
    return _noted(
        call, Principal(row["account_id"], CredentialKind.API_KEY, row["id"], frozenset())
    )


async def _by_personal_token(call: Call, raw: str) -> Principal:
    digest = raw_keys.digest_of(raw, Prefix.PERSONAL_TOKEN)
    row = await call.db.row(_PERSONAL_TOKEN, token=digest) if digest is not None else None
    if row is None:
        raise _refused()
    scopes = frozenset(Scope(scope) for scope in row["scopes"])
    return _noted(
        call, Principal(row["account_id"], CredentialKind.PERSONAL_TOKEN, row["id"], scopes)
    )


def _noted(call: Call, principal: Principal) -> Principal:
    services = call.services
    services.sessions.last_use.note(services.database, principal.kind, principal.credential_id)
    return principal


def _refused() -> Unauthenticated:
    return Unauthenticated(reason="invalid")
