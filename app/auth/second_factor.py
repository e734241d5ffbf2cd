"""A second factor: codes of an authenticator app (TOTP, RFC 6238), or recovery codes.

A code is good for its own half minute and the ones beside it, for clocks differ, and once: taking
it is an update that asks for a later code than the last one taken. So is every other step here one
conditional update.
"""

from __future__ import annotations

import hmac
import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pyotp
import segno
from sqlalchemy import bindparam, delete, func, select, update

from app import mail
from app.auth import letters, recovery_codes, sealed, throttle
from app.call import Call
from app.db import Connection, raw_statement, statement
from app.errors import Conflict, FieldError, NotFound, ValidationFailed
from app.models import AccountRow, SecondFactorRow
from app.security_events import Action, note, note_failure

ISSUER = "Vitae"

_STEP_SECONDS = 30
_WRONG_CODES = 5
_WINDOW_SECONDS = 15 * 60
_TOTP = re.compile(r"[0-9]{6}")

_Row = SecondFactorRow
_BEGIN = raw_statement(
    """
INSERT INTO second_factors AS f (account_id, secret) VALUES ($1, $2)
ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = now(), last_step = 0
WHERE f.confirmed_at IS NULL RETURNING f.account_id
""",
    "account_id",
    "secret",
)
_BEGUN = statement(
    select(_Row.secret).where(
        _Row.account_id == bindparam("account"),
        _Row.confirmed_at.is_(None),
        _Row.created_at > func.now() - func.make_interval(0, 0, 0, 0, 1),
    )
)
_CONFIRM = statement(
    update(_Row)
    .where(
        _Row.account_id == bindparam("account"),
        _Row.secret == bindparam("begun"),
        _Row.confirmed_at.is_(None),
    )
    .values(confirmed_at=func.now(), last_step=bindparam("step"))
)
_TAKE = statement(
    update(_Row)
    .where(_Row.account_id == bindparam("account"), _Row.last_step < bindparam("step"))
    .values(last_step=bindparam("step"))
)
_SECRET = statement(
    select(_Row.secret).where(
        _Row.account_id == bindparam("account"), _Row.confirmed_at.is_not(None)
    )
)
_STATE = statement(select(_Row.confirmed_at).where(_Row.account_id == bindparam("account")))
_REMOVE = statement(
    delete(_Row)
    .where(_Row.account_id == bindparam("account"), _Row.confirmed_at.is_not(None))
    .returning(_Row.account_id)
)
_FORGET = statement(
    delete(_Row).where(_Row.account_id == bindparam("account")).returning(_Row.confirmed_at)
)
_WHO = statement(
    select(AccountRow.username, AccountRow.email).where(AccountRow.id == bindparam("account"))
)


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator app is set up by. Shown once: it makes every code to come."""

    secret: str
    uri: str

    def __repr__(self) -> str:
        return "Setup(…)"

    def svg(self) -> str:
        """The URI as a QR code, a data URL."""
        return str(segno.make(self.uri, micro=False).svg_data_uri(scale=5, border=4))

    def png(self) -> str:
        """The same as PNG."""
        return str(segno.make(self.uri, micro=False).png_data_uri(scale=5, border=4))


@dataclass(frozen=True, slots=True)
class State:
    """Whether an account has a second factor, since when, and how many recovery codes are left."""

    enabled_at: datetime | None
    recovery_codes_left: int


async def state(db: Connection, account_id: UUID) -> State:
    """What there is of a second factor."""
    enabled_at = await db.value(_STATE, account=account_id)
    left = 0 if enabled_at is None else await recovery_codes.left(db, account_id)
    return State(enabled_at, left)


async def begin(call: Call) -> Setup:
    """A new secret of the caller's account, which counts once it is confirmed.

    Raises Conflict where there is a second factor already.
    """
    account_id = call.principal.account_id
    secret = pyotp.random_base32()
    stored = sealed.sealed(call.services.settings, account_id, secret.encode())
    if await call.db.value(_BEGIN, account_id=account_id, secret=stored) is None:
        raise _enabled_already()
    who: Any = await call.db.row(_WHO, account=account_id)
    return Setup(
        secret, pyotp.TOTP(secret).provisioning_uri(name=who["username"], issuer_name=ISSUER)
    )


async def confirm(call: Call, code: str) -> list[str]:
    """Turn the second factor on, since a code of the app is right; the recovery codes.

    Raises ValidationFailed, RateLimited, and Conflict where nothing was begun within the hour.
    """
    account_id = call.principal.account_id
    stored: bytes | None = await call.db.value(_BEGUN, account=account_id)
    if stored is None:
        raise Conflict("Begin with POST /v1/auth/second-factor; a beginning is good for an hour.")
    limit = _limit(str(account_id))
    await throttle.take(call.services.redis, limit)
    step = _step_of(_secret(call, account_id, stored), _plain(code))
    if step is None:
        raise wrong_code()
    await throttle.clear(call.services.redis, limit)
    if not await call.db.execute(_CONFIRM, account=account_id, begun=stored, step=step):
        raise _enabled_already()
    codes = await recovery_codes.renew(call.db, account_id)
    await _tell(call, Action.SECOND_FACTOR_ENABLED, letters.second_factor_on)
    return codes


async def disable(call: Call) -> None:
    """Do without a second factor from now on; raises NotFound where there is none."""
    account_id = call.principal.account_id
    if await call.db.value(_REMOVE, account=account_id) is None:
        raise _none()
    await recovery_codes.remove(call.db, account_id)
    await _tell(call, Action.SECOND_FACTOR_DISABLED, letters.second_factor_off)


async def forget(db: Connection, account_id: UUID) -> bool:
    """Remove what there is of a second factor; whether it was on."""
    await recovery_codes.remove(db, account_id)
    return await db.value(_FORGET, account=account_id) is not None


async def renew_recovery_codes(call: Call) -> list[str]:
    """Other recovery codes in place of those there are; raises NotFound without second factor."""
    account_id = call.principal.account_id
    if await call.db.value(_SECRET, account=account_id) is None:
        raise _none()
    codes = await recovery_codes.renew(call.db, account_id)
    await note(call.db, Action.RECOVERY_CODES_RENEWED, account_id, context=call.context)
    return codes


async def secret_of(db: Connection, account_id: UUID) -> bytes | None:
    """The stored secret of an account's second factor; None where it has none."""
    stored: bytes | None = await db.value(_SECRET, account=account_id)
    return stored


async def accepts(
    call: Call, action: Action, account_id: UUID, stored: bytes, code: str, *, place: str = ""
) -> bool:
    """Whether `code` is right, which is used up by that; a wrong one is told as failed `action`.

    `stored` is the account's secret as its row has it. Wrong codes are counted by account and
    `place`, where one may have a count of its own. Raises RateLimited, and DependencyUnavailable
    for a code of an app while wrong ones can't be counted; recovery codes are past guessing.
    """
    limit, plain = _limit(f"{account_id} {place}"), _plain(code)
    is_guessable = _TOTP.fullmatch(plain) is not None
    await throttle.take(call.services.redis, limit, must_count=is_guessable)
    if is_guessable:
        step = _step_of(_secret(call, account_id, stored), plain)
        right = step is not None and bool(
            await call.db.execute(_TAKE, account=account_id, step=step)
        )
    else:
        right = await _recovered(call, account_id, code)
    if right:
        await throttle.clear(call.services.redis, limit)
    else:
        note_failure(call.context, action, account_id, metadata={"second_factor": "wrong"})
    return right


def wrong_code() -> ValidationFailed:
    """That a code typed into a field is not right."""
    message = "This code is wrong, or was used before; wait for the next one."
    return ValidationFailed([FieldError("code", "wrong", message)])


async def _recovered(call: Call, account_id: UUID, code: str) -> bool:
    if not await recovery_codes.use(call.db, account_id, code):
        return False
    left = await recovery_codes.left(call.db, account_id)
    await note(
        call.db,
        Action.RECOVERY_CODE_USED,
        account_id,
        context=call.context,
        metadata={"left": left},
    )
    who: Any = await call.db.row(_WHO, account=account_id)
    letter = letters.recovery_code_used(call.services.settings.public_url, who["username"], left)
    await mail.post(call.db, account_id, who["email"], letter)
    mail.wake_after_commit(call)
    return True


async def _tell(call: Call, action: Action, letter: Any) -> None:
    account_id = call.principal.account_id
    await note(call.db, action, account_id, context=call.context)
    who: Any = await call.db.row(_WHO, account=account_id)
    written = letter(call.services.settings.public_url, who["username"])
    await mail.post(call.db, account_id, who["email"], written)
    mail.wake_after_commit(call)


def _secret(call: Call, account_id: UUID, stored: bytes) -> str | None:
    """The secret; None where the key it was sealed by is gone: recovery codes are still good."""
    try:
        return sealed.opened(call.services.settings, account_id, stored).decode()
    except sealed.Unreadable:
        return None


def _step_of(secret: str | None, code: str) -> int | None:
    """The time step that a code is of, the newest first; None for a wrong one."""
    if secret is None:
        return None
    totp, now = pyotp.TOTP(secret, interval=_STEP_SECONDS), int(time.time()) // _STEP_SECONDS
    found = None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code)[:100]


def _limit(subject: str) -> throttle.Limit:
    return throttle.Limit("wrong_codes_per_account", subject, _WRONG_CODES, _WINDOW_SECONDS)


def _enabled_already() -> Conflict:
    return Conflict("There is a second factor already; remove it first.")


def _none() -> NotFound:
    return NotFound("There is no second factor.")
