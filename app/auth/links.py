"""Single-use links by mail: to verify or change an address, to reset a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from uuid import UUID

from sqlalchemy import bindparam, func, insert, update

from app.auth import raw_keys
from app.auth.raw_keys import Prefix
from app.db import Connection, statement
from app.errors import FieldError, ValidationFailed
from app.models import OneTimeLinkRow


class Purpose(Enum):
    """What a link is for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    UNDO_EMAIL_CHANGE = "undo_email_change"


LIFE = {
    Purpose.VERIFY_EMAIL: timedelta(hours=48),
    Purpose.RESET_PASSWORD: timedelta(hours=1),
    Purpose.CHANGE_EMAIL: timedelta(hours=24),
    Purpose.UNDO_EMAIL_CHANGE: timedelta(days=7),
}

_INSERT = statement(
    insert(OneTimeLinkRow).values(
        digest=bindparam("digest"),
        account_id=bindparam("account_id"),
        purpose=bindparam("purpose"),
        email=bindparam("email"),
        expires_at=bindparam("expires_at"),
    )
)
_USE = statement(
    update(OneTimeLinkRow)
    .where(
        OneTimeLinkRow.digest == bindparam("token"),
        OneTimeLinkRow.purpose == bindparam("meant"),
        OneTimeLinkRow.used_at.is_(None),
        OneTimeLinkRow.expires_at > func.now(),
    )
    .values(used_at=func.now())
    .returning(OneTimeLinkRow.account_id, OneTimeLinkRow.email, OneTimeLinkRow.created_at)
)
_USE_UP = statement(
    update(OneTimeLinkRow)
    .where(
        OneTimeLinkRow.account_id == bindparam("account"),
        OneTimeLinkRow.purpose == bindparam("meant"),
        OneTimeLinkRow.used_at.is_(None),
        OneTimeLinkRow.created_at >= bindparam("since"),
    )
    .values(used_at=func.now())
)
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class UsedLink:
    """Whose link it was, the address it had been sent to, and when it was made."""

    account_id: UUID
    email: str
    made_at: datetime


async def make(db: Connection, account_id: UUID, email: str, purpose: Purpose) -> str:
    """The raw token of a new link for `email`, to be mailed there and shown nowhere else."""
    raw = raw_keys.mint(Prefix.LINK)
    await db.execute(
        _INSERT,
        digest=raw.digest,
        account_id=account_id,
        purpose=purpose.value,
        email=email,
        expires_at=datetime.now(UTC) + LIFE[purpose],
    )
    return raw.text


async def use(db: Connection, token: str, purpose: Purpose) -> UsedLink:
    """Use a link up; raises ValidationFailed for one unknown, used, expired or meant otherwise."""
    digest = raw_keys.digest_of(token, Prefix.LINK)
    row = await db.row(_USE, token=digest, meant=purpose.value) if digest is not None else None
    if row is None:
        raise not_valid()
    return UsedLink(row["account_id"], row["email"], row["created_at"])


async def use_up(
    db: Connection, account_id: UUID, purpose: Purpose, since: datetime = _EVER
) -> None:
    """Use up all that an account still has of a kind, or all that was made `since` then."""
    await db.execute(_USE_UP, account=account_id, meant=purpose.value, since=since)


async def use_up_with_password(db: Connection, account_id: UUID) -> None:
    """Use up what a new password ends: who asked for it may have known the one before."""
    for purpose in (Purpose.RESET_PASSWORD, Purpose.CHANGE_EMAIL):
        await use_up(db, account_id, purpose)


def not_valid() -> ValidationFailed:
    """The one refusal of a link, whatever is wrong with it."""
    message = "This link is not valid any more; ask for a new one."
    return ValidationFailed([FieldError("token", "invalid", message)])
