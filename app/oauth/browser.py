"""Signing in to consent: a session of its own, for half an hour and for these pages only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from app.auth import login, sessions
from app.call import Call, Context
from app.db import statement, uuid7
from app.models import AccountRow, SessionRow
from app.oauth.seals import VISIT_LIFE, Seals, Visit

# Its name; over https it is one of this host alone.
COOKIE = "vitae-oauth"

_INSERT = statement(
    insert(SessionRow).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        expires_at=bindparam("expires_at"),
        address=bindparam("address"),
        user_agent=bindparam("user_agent"),
    )
)
_WHO = statement(
    select(AccountRow.id, AccountRow.username, AccountRow.email)
    .join(SessionRow, SessionRow.account_id == AccountRow.id)
    .where(
        SessionRow.id == bindparam("session_id"),
        SessionRow.account_id == bindparam("account"),
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > func.now(),
    )
)
_END = statement(
    update(SessionRow)
    .where(SessionRow.id == bindparam("session_id"), SessionRow.revoked_at.is_(None))
    .values(revoked_at=func.now())
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The owner who is signed in, as the consent page names them."""

    account_id: UUID
    session_id: UUID
    username: str
    email: str


async def sign_in(context: Context, seals: Seals, name: str, password: str) -> Visit:
    """The visit of whoever has this name, or e-mail address, and this password.

    It is a new one: what the browser was known by before is known to whoever planted it. Raises
    Unauthenticated, SecondFactorRequired, RateLimited and DependencyUnavailable.
    """
    is_email = "@" in name
    async with context.services.database.transaction() as db:
        call = Call(context, db)
        account_id = await login.account_by_password(
            call,
            username=None if is_email else name,
            email=name if is_email else None,
            password=password,
        )
        return await _begin(call, seals, account_id)


async def complete_sign_in(context: Context, seals: Seals, challenge: str, code: str) -> Visit:
    """The same with a second factor, by the challenge that the password gave."""
    async with context.services.database.transaction() as db:
        call = Call(context, db)
        account_id = await login.account_by_challenge(call, challenge, code)
        return await _begin(call, seals, account_id)


async def _begin(call: Call, seals: Seals, account_id: UUID) -> Visit:
    context, session_id = call.context, uuid7()
    await call.db.execute(
        _INSERT,
        id=session_id,
        account_id=account_id,
        expires_at=datetime.now(UTC) + VISIT_LIFE,
        address=context.address,
        user_agent=context.user_agent,
    )
    await sessions.note_sign_in(call, account_id, session_id, purpose="consent")
    return seals.new_visit(session_id, account_id)


async def end_unless(context: Context, visit: Visit, kept: UUID | None) -> None:
    """`sign_out`, but for a visit whose session is that of our pages, which goes on there."""
    if visit.session_id != kept:
        await sign_out(context, visit)


async def signed_in(context: Context, visit: Visit) -> SignedIn | None:
    """Who is signed in; None once that has ended."""
    if visit.session_id is None:
        return None
    async with context.services.database.connection() as db:
        row = await db.row(_WHO, session_id=visit.session_id, account=visit.account_id)
    if row is None:
        return None
    return SignedIn(row["id"], visit.session_id, row["username"], row["email"])


async def sign_out(context: Context, visit: Visit) -> None:
    """End the sign-in of a visit, if there is one."""
    if visit.session_id is not None:
        async with context.services.database.connection() as db:
            await db.execute(_END, session_id=visit.session_id)
