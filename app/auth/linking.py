"""Which account a subject of the outside issuer is.

First use makes an account, or links one that has the same e-mail address. Linking hands an
account over, so it is done only when both sides have verified the address: the issuer, for else
anybody could name another's address there; and we, for else somebody may have registered another's
address here and wait for its owner to come in by the issuer. Where a link is refused, the owner
resets the password by mail; that verifies the address and removes all that another may have
planted (see `app.auth.links`).
"""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app import accounts
from app.auth.outside import OutsideClaims
from app.call import ALL_SCOPES, Call, Context, CredentialKind, Principal
from app.db import Connection, statement, uuid7
from app.errors import Conflict, Unauthenticated
from app.models import AccountRow, OutsideIdentityRow, SessionRow
from app.profile import usernames
from app.profile.made import make_profile
from app.security_events import Action, Actor, ActorKind, note

_ATTEMPTS = 6

_KNOWN = statement(
    select(
        OutsideIdentityRow.account_id,
        exists()
        .where(SessionRow.id == bindparam("session_id"), SessionRow.revoked_at.is_not(None))
        .label("logged_out"),
    ).where(
        OutsideIdentityRow.issuer == bindparam("issuer"),
        OutsideIdentityRow.subject == bindparam("subject"),
    )
)
_BY_EMAIL = statement(
    select(AccountRow.id, AccountRow.email_verified_at).where(
        func.lower(AccountRow.email) == func.lower(bindparam("email"))
    )
)
_CREATE = statement(
    insert(AccountRow)
    .values(
        id=bindparam("id"),
        username=bindparam("username"),
        email=bindparam("email"),
        email_verified_at=bindparam("verified_at"),
    )
    .on_conflict_do_nothing()
    .returning(AccountRow.id)
)
_LINK = statement(
    insert(OutsideIdentityRow)
    .values(
        issuer=bindparam("issuer"),
        subject=bindparam("subject"),
        account_id=bindparam("account_id"),
    )
    .on_conflict_do_nothing()
)
_NOW = statement(select(func.now()))
_ONE_AT_A_TIME = statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("identity"), 0)))
)


async def sign_in(call: Call, claims: OutsideClaims) -> Principal:
    """The principal of a verified token; makes or links its account at first use.

    Raises Unauthenticated when the session was logged out here, or when the account can't be
    told.
    """
    account_id = await _known(call.db, claims)
    if account_id is None:
        async with call.db.transaction():
            account_id = await _first_use(call.db, claims, call.context)
    return Principal(account_id, CredentialKind.SESSION, claims.session_id, ALL_SCOPES)


async def _known(db: Connection, claims: OutsideClaims) -> UUID | None:
    row = await db.row(
        _KNOWN, session_id=claims.session_id, issuer=claims.issuer, subject=claims.subject
    )
    if row is None:
        return None
    if row["logged_out"]:
        raise Unauthenticated(reason="invalid")
    account_id: UUID = row["account_id"]
    return account_id


async def _first_use(db: Connection, claims: OutsideClaims, context: Context) -> UUID:
    # A client's first requests often come together; all but one then find what that one made.
    await db.value(_ONE_AT_A_TIME, identity=f"{claims.issuer}\n{claims.subject}")
    known = await _known(db, claims)
    if known is not None:
        return known
    try:
        email = accounts.email(claims.email)
    except accounts.Refused:
        raise Unauthenticated(
            "The token names no e-mail address to make an account with.", reason="no_email"
        ) from None
    for username in _usernames(claims, email):
        account_id = await _make_or_link(db, claims, email, username)
        if account_id is not None:
            await note(
                db,
                Action.IDENTITY_LINKED,
                account_id,
                context=context,
                actor=Actor(ActorKind.OUTSIDE_ISSUER, claims.issuer),
            )
            return account_id
    raise Unauthenticated("No free username was found; register first.", reason="no_username")


async def _make_or_link(
    db: Connection, claims: OutsideClaims, email: str, username: str
) -> UUID | None:
    """The account; None when the username, or just now the address, is another's."""
    existing = await db.row(_BY_EMAIL, email=email)
    account_id: UUID | None
    if existing is None:
        account_id = await _make(db, claims, email, username)
        if account_id is None:
            return None
    elif claims.email_verified and existing["email_verified_at"] is not None:
        account_id = existing["id"]
    else:
        raise Unauthenticated(
            "An account with this e-mail address exists. Sign in to it and verify the address,"
            " or reset its password; then it can be used with this issuer.",
            reason="unlinked",
        )
    await db.execute(_LINK, issuer=claims.issuer, subject=claims.subject, account_id=account_id)
    return account_id


async def _make(db: Connection, claims: OutsideClaims, email: str, username: str) -> UUID | None:
    """A new account; None when the username, or just now the address, is another's."""
    try:
        async with db.transaction():
            account_id: UUID | None = await db.value(
                _CREATE,
                id=uuid7(),
                username=username,
                email=email,
                verified_at=await db.value(_NOW) if claims.email_verified else None,
            )
            if account_id is not None:
                await usernames.refuse_kept(db, username, account_id)
                full_name = _full_name(claims) or username
                await make_profile(db, account_id, full_name=full_name, email=email)
            return account_id
    except Conflict:
        return None


def _usernames(claims: OutsideClaims, email: str) -> list[str]:
    """Names to try: what the issuer calls the person, then the same with random endings."""
    wanted = claims.username or email.partition("@")[0]
    base = re.sub(r"[^a-z0-9_-]+", "-", wanted.lower()).strip("-_")[:24] or "owner"
    endings = [f"{base}-{secrets.token_hex(3)}" for _ in range(_ATTEMPTS)]
    try:
        return [accounts.username(base), *endings]
    except accounts.Refused:
        return endings


def _full_name(claims: OutsideClaims) -> str:
    try:
        return accounts.full_name(claims.name)
    except accounts.Refused:
        return ""
