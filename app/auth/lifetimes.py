"""What keys and tokens share: how they are named, and how long they may live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app import accounts
from app.errors import FieldError

LONGEST_LIFE = timedelta(days=3652)

key_name = accounts.line(100)


def read_expiry(fields: accounts.Fields, expires_at: datetime | None) -> datetime | None:
    """`expires_at`; a time that is past or more than ten years ahead is an error of `fields`."""
    if expires_at is None:
        return None
    now = datetime.now(UTC)
    if expires_at <= now:
        fields.errors.append(FieldError("expires_at", "past", "Must be in the future."))
    elif expires_at - now > LONGEST_LIFE:
        message = "Must be within 10 years."
        fields.errors.append(FieldError("expires_at", "too_far", message))
    return expires_at
