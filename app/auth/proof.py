"""Showing again that one is the owner, before what a stolen session must not be enough for.

A sign-in is such proof for ten minutes; later the password is asked for once more, with a code
where there is a second factor. Of a session of the outside issuer it says itself when its owner
signed in there (`auth_time`, or the newest of Supabase's `amr`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from app.auth import second_factor, throttle
from app.call import Call
from app.db import statement
from app.errors import FieldError, ReauthenticationRequired, ValidationFailed
from app.models import AccountRow, SessionRow
from app.security_events import Action, Target, note, note_failure

GOOD_FOR = timedelta(minutes=10)

_WRONG_PASSWORDS = 10
_WINDOW_SECONDS = 15 * 60

_PROVEN = statement(select(SessionRow.proven_at).where(SessionRow.id == bindparam("session_id")))
_PASSWORD = statement(select(AccountRow.password_hash).where(AccountRow.id == bindparam("account")))
# A session of the outside issuer has no row until now.
_PROVE = statement(
    insert(SessionRow)
    .values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        expires_at=bindparam("expires_at"),
        address=bindparam("address"),
        user_agent=bindparam("user_agent"),
    )
    .on_conflict_do_update(index_elements=[SessionRow.id], set_={"proven_at": func.now()})
)


async def require(call: Call) -> None:
    """Raise ReauthenticationRequired unless the owner has shown lately to be there."""
    proven_at = await call.db.value(_PROVEN, session_id=call.principal.credential_id)
    if proven_at is None:
        proven_at = await _signed_in_outside(call)
    if proven_at is None or datetime.now(UTC) - proven_at > GOOD_FOR:
        raise ReauthenticationRequired


async def reauthenticate(call: Call, password: str, code: str | None) -> None:
    """Take the caller's session for its owner's for ten more minutes.

    Raises ValidationFailed for what is wrong, RateLimited, and ReauthenticationRequired for an
    account without a password.
    """
    principal = call.principal
    await check_password(call, Action.REAUTHENTICATED, "password", password)
    stored = await second_factor.secret_of(call.db, principal.account_id)
    if stored is not None:
        await _check_code(call, principal.account_id, stored, code)
    await call.db.execute(
        _PROVE,
        id=principal.credential_id,
        account_id=principal.account_id,
        expires_at=datetime.now(UTC) + call.services.sessions.refresh_life,
        address=call.context.address,
        user_agent=call.context.user_agent,
    )
    await note(
        call.db,
        Action.REAUTHENTICATED,
        principal.account_id,
        context=call.context,
        target=Target("session", str(principal.credential_id)),
    )


async def check_password(call: Call, action: Action, field: str, password: str) -> None:
    """Raise ValidationFailed at `field` unless `password` is the account's.

    A wrong one is told as a failed `action`. Raises RateLimited, and ReauthenticationRequired for
    an account without a password.
    """
    account_id = call.principal.account_id
    stored: str | None = await call.db.value(_PASSWORD, account=account_id)
    if stored is None:
        raise ReauthenticationRequired(
            "This account has no password. Sign in again where you signed in, or choose a password"
            " with POST /v1/auth/password/forgot."
        )
    limit = throttle.Limit(
        "wrong_passwords_of_session", str(account_id), _WRONG_PASSWORDS, _WINDOW_SECONDS
    )
    await throttle.take(call.services.redis, limit)
    if not await call.services.passwords.verify(stored, password):
        note_failure(call.context, action, account_id, metadata={"password": "wrong"})
        raise ValidationFailed([FieldError(field, "wrong", "This is not your password.")])
    await throttle.clear(call.services.redis, limit)


async def _check_code(call: Call, account_id: UUID, stored: bytes, code: str | None) -> None:
    if code is None:
        message = "Send a code of your authenticator app, or a recovery code."
        raise ValidationFailed([FieldError("code", "missing", message)])
    if not await second_factor.accepts(call, Action.REAUTHENTICATED, account_id, stored, code):
        raise second_factor.wrong_code()


async def _signed_in_outside(call: Call) -> datetime | None:
    """When the owner of an outside session signed in there; None where that is not said."""
    outside, bearer = call.services.outside, call.context.credentials.bearer
    if outside is None or bearer is None or call.services.sessions.is_ours(bearer):
        return None
    return (await outside.verify(bearer)).signed_in_at
