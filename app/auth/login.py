"""Signing in by password.

An account that does not exist takes as long, counts as much and answers the same as a wrong
password does. So failures are counted by what was typed, without asking whose it is: a limit on
accounts would tell of them, and of which address belongs to which username.

Anybody can use up the failures of a name. So that this does not lock its owner out, a network that
the owner signed in from lately has a count of its own. Guessing stays bounded: all other networks
share one count, and only the right password makes a network familiar.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from app import accounts
from app.auth import throttle
from app.call import Call
from app.db import statement
from app.errors import Unauthenticated
from app.models import AccountRow

_WINDOW_SECONDS = 15 * 60
_FAMILIAR_SECONDS = 30 * 24 * 60 * 60

_COLUMNS = select(AccountRow.id, AccountRow.username, AccountRow.email, AccountRow.password_hash)
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


@dataclass(frozen=True, slots=True)
class _Name:
    """What somebody signs in by: a username or an e-mail address, in lower case."""

    field: str
    text: str

    def subject(self, network: str | None) -> str:
        """What failures are counted by, from one network or from all that have no own count."""
        # The network first: what is typed can't then pass for a name of another network.
        return f"{network or '*'} {self.field} {self.text}"


async def account_by_password(
    call: Call, *, username: str | None, email: str | None, password: str
) -> UUID:
    """The id of the account; just one of `username` and `email` is given.

    Raises Unauthenticated, one and the same for an unknown account and for a wrong password, and
    RateLimited.
    """
    if username is not None:
        query, name = _BY_USERNAME, _Name("username", username.strip().lower())
    else:
        query, name = _BY_EMAIL, _Name("email", accounts.one_spelling(email or ""))
    row = await call.db.row(query, login=name.text) if name.text.isascii() else None
    stored: str | None = row["password_hash"] if row is not None else None

    redis, here = call.services.redis, throttle.network(call.context.address)
    familiar = await throttle.is_remembered(redis, name.subject(here))
    by_account = _account_limit(call, name.subject(here if familiar else None))
    by_address = throttle.Limit(
        "failed_logins_per_address",
        here,
        call.services.settings.login_attempts_per_address,
        _WINDOW_SECONDS,
    )
    await throttle.take(redis, by_address, by_account)
    matches = await call.services.passwords.verify(stored, password)
    if row is None or stored is None or not matches:
        raise _refused()
    account_id: UUID = row["id"]
    await _hold(call, account_id, stored, password)
    await throttle.clear(redis, by_account)
    await throttle.give_back(redis, by_address)
    for own in _names(row["username"], row["email"]):
        await throttle.remember(redis, own.subject(here), _FAMILIAR_SECONDS)
    return account_id


async def forgive_failures(call: Call, username: str, email: str) -> None:
    """Let an account be tried anew, since its owner has shown to be there."""
    here = throttle.network(call.context.address)
    for name in _names(username, email):
        for network in (None, here):
            limit = _account_limit(call, name.subject(network))
            await throttle.clear(call.services.redis, limit)


async def _hold(call: Call, account_id: UUID, stored: str, password: str) -> None:
    """Keep the password as it was verified until the transaction ends.

    Otherwise a reset meanwhile would revoke all sessions but the one that is about to begin.
    """
    passwords = call.services.passwords
    if passwords.is_outdated(stored):
        new = await passwords.hash(password)
        held = await call.db.execute(_RENEW, account=account_id, old=stored, new=new)
    else:
        held = await call.db.execute(_STILL, account=account_id, old=stored)
    if not held:
        raise _refused()


def _names(username: str, email: str) -> tuple[_Name, _Name]:
    return _Name("username", username.lower()), _Name("email", email.lower())


def _account_limit(call: Call, subject: str) -> throttle.Limit:
    most = call.services.settings.login_attempts_per_account
    return throttle.Limit("failed_logins_per_account", subject, most, _WINDOW_SECONDS)


def _refused() -> Unauthenticated:
    return Unauthenticated("The name or the password is wrong.", reason="login")
