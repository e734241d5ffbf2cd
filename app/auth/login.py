"""Signing in by password.

An account that does not exist takes as long, counts as much and answers the same as a wrong
password does.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from app.auth import throttle
from app.call import Call
from app.db import statement
from app.errors import Unauthenticated
from app.models import AccountRow

_WINDOW_SECONDS = 15 * 60

_COLUMNS = select(AccountRow.id, AccountRow.password_hash)
_BY_USERNAME = statement(
    _COLUMNS.where(func.lower(AccountRow.username) == func.lower(bindparam("login")))
)
_BY_EMAIL = statement(
    _COLUMNS.where(func.lower(AccountRow.email) == func.lower(bindparam("login")))
)
_RENEW = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account"), AccountRow.password_hash == bindparam("old"))
    .values(password_hash=bindparam("new"))
)
_STILL = statement(
    select(AccountRow.id)
    .where(AccountRow.id == bindparam("account"), AccountRow.password_hash == bindparam("old"))
    .with_for_update(read=True)
)


async def account_by_password(
    call: Call, *, username: str | None, email: str | None, password: str
) -> UUID:
    """The id of the account; just one of `username` and `email` is given.

    Raises Unauthenticated, one and the same for an unknown account and for a wrong password, and
    RateLimited.
    """
    query = _BY_USERNAME if username is not None else _BY_EMAIL
    login = (username or email or "").strip()
    row = await call.db.row(query, login=login) if login.isascii() else None
    stored: str | None = row["password_hash"] if row is not None else None

    # Who is unknown is counted by the name typed: a limit that only accounts reach tells of them.
    by_account = _account_limit(call, str(row["id"]) if row is not None else login.lower())
    by_address = throttle.Limit(
        "failed_logins_per_address",
        throttle.network(call.context.address),
        call.services.settings.login_attempts_per_address,
        _WINDOW_SECONDS,
    )
    redis = call.services.redis
    await throttle.take(redis, by_address, by_account)
    matches = await call.services.sessions.passwords.verify(stored, password)
    if row is None or stored is None or not matches:
        raise _refused()
    account_id: UUID = row["id"]
    await _hold(call, account_id, stored, password)
    await throttle.clear(redis, by_account)
    await throttle.give_back(redis, by_address)
    return account_id


async def forgive_failures(call: Call, account_id: UUID) -> None:
    """Let an account be tried anew, since its owner has shown to be there."""
    await throttle.clear(call.services.redis, _account_limit(call, str(account_id)))


async def _hold(call: Call, account_id: UUID, stored: str, password: str) -> None:
    """Keep the password as it was verified until the transaction ends.

    Otherwise a reset meanwhile would revoke all sessions but the one that is about to begin.
    """
    passwords = call.services.sessions.passwords
    if passwords.is_outdated(stored):
        new = await passwords.hash(password)
        held = await call.db.execute(_RENEW, account=account_id, old=stored, new=new)
    else:
        held = await call.db.execute(_STILL, account=account_id, old=stored)
    if not held:
        raise _refused()


def _account_limit(call: Call, subject: str) -> throttle.Limit:
    most = call.services.settings.login_attempts_per_account
    return throttle.Limit("failed_logins_per_account", subject, most, _WINDOW_SECONDS)


def _refused() -> Unauthenticated:
    return Unauthenticated("The name or the password is wrong.", reason="login")
