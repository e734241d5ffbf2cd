"""Signing in by password.

An account that does not exist takes as long, counts as much and answers the same as a wrong
password does. So failures are counted by what was typed, without asking whose it is: a limit on
accounts would tell of them, and of which address belongs to which username.

Anybody can use up the failures of a name. So that this does not lock its owner out, a network that
the owner signed in from lately has a count of its own. Guessing stays bounded: all other networks
share one count, and only the right password makes a network familiar, with the second factor where
there is one.

Of an account with a second factor the password alone gives a challenge, which a code completes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, update

from app import accounts
from app.auth import challenges, second_factor, throttle
from app.call import Call
from app.db import statement
from app.errors import SecondFactorRequired, Unauthenticated
from app.models import AccountRow, SecondFactorRow
from app.security_events import Action, note_failure

_WINDOW_SECONDS = 15 * 60
_FAMILIAR_SECONDS = 30 * 24 * 60 * 60

_COLUMNS = select(
    AccountRow.id,
    AccountRow.username,
    AccountRow.email,
    AccountRow.password_hash,
    SecondFactorRow.secret,
).outerjoin(
    SecondFactorRow,
    and_(SecondFactorRow.account_id == AccountRow.id, SecondFactorRow.confirmed_at.is_not(None)),
)
_BY_USERNAME = statement(
    _COLUMNS.where(func.lower(AccountRow.username) == func.lower(bindparam("login")))
)
_BY_EMAIL = statement(
    _COLUMNS.where(func.lower(AccountRow.email) == func.lower(bindparam("login")))
)
_BY_ID = statement(_COLUMNS.where(AccountRow.id == bindparam("account")))
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
    call: Call,
    *,
    username: str | None,
    email: str | None,
    password: str,
    code: str | None = None,
) -> UUID:
    """The id of the account; just one of `username` and `email` is given.

    Raises Unauthenticated, one and the same for an unknown account and for a wrong password,
    SecondFactorRequired where a `code` is lacking or wrong, and RateLimited.
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
        if row is not None:
            note_failure(call.context, Action.SIGN_IN, row["id"])
        raise _refused()
    account_id: UUID = row["id"]
    await _hold(call, account_id, stored, password)
    await throttle.clear(redis, by_account)
    await throttle.give_back(redis, by_address)
    await _complete(call, row, code)
    return account_id


async def account_by_challenge(call: Call, challenge: str, code: str) -> UUID:
    """The id of the account whose password gave this challenge.

    Raises Unauthenticated for a challenge that is not good any more, SecondFactorRequired for a
    wrong `code`, and RateLimited.
    """
    claimed = challenges.read(call.services.settings, challenge)
    row = await call.db.row(_BY_ID, account=claimed.account_id) if claimed else None
    if claimed is None or row is None or not claimed.is_of(row["password_hash"]):
        raise Unauthenticated("Sign in again with your password.", reason="challenge")
    if not await call.db.execute(_STILL, account=row["id"], old=row["password_hash"]):
        raise _refused()
    await _complete(call, row, code)
    account_id: UUID = row["id"]
    return account_id


async def _complete(call: Call, row: Any, code: str | None) -> None:
    """Ask for the second factor if there is one; the network is familiar from then on."""
    redis, here = call.services.redis, throttle.network(call.context.address)
    names = _names(row["username"], row["email"])
    if row["secret"] is not None:
        if code is None:
            raise _second_factor(call, row, "missing")
        place = here if await throttle.is_remembered(redis, names[0].subject(here)) else ""
        if not await second_factor.accepts(
            call, Action.SIGN_IN, row["id"], row["secret"], code, place=place
        ):
            raise _second_factor(call, row, "wrong")
    for own in names:
        await throttle.remember(redis, own.subject(here), _FAMILIAR_SECONDS)


def _second_factor(call: Call, row: Any, reason: str) -> SecondFactorRequired:
    challenge = challenges.made(call.services.settings, row["id"], row["password_hash"])
    return SecondFactorRequired(
        None if reason == "missing" else "This code is wrong, or was used before.",
        reason=reason,
        challenge=challenge,
        expires_in=int(challenges.LIFE.total_seconds()),
    )


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
