"""Between the password and the second factor: what says that the password was right.

A challenge is signed, short-lived and good for one thing: a code completes it. It is bound to the
password as it was, so a new password ends all that were given for the old one.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from app.settings import Settings

LIFE = timedelta(minutes=5)

_ALGORITHM, _AUDIENCE = "HS256", "second factor"


@dataclass(frozen=True, slots=True)
class Challenge:
    """Whose password was right, and which password that was."""

    account_id: UUID
    password: str

    def is_of(self, password_hash: str | None) -> bool:
        """Whether the account's password is still the same."""
        return hmac.compare_digest(self.password, _fingerprint(password_hash))


def made(settings: Settings, account_id: UUID, password_hash: str) -> str:
    """The challenge for who has shown the password of this hash."""
    claims = {
        "aud": _AUDIENCE,
        "sub": str(account_id),
        "pwd": _fingerprint(password_hash),
        "exp": datetime.now(UTC) + LIFE,
    }
    return jwt.encode(claims, _key(settings), algorithm=_ALGORITHM)


def read(settings: Settings, text: str) -> Challenge | None:
    """What a challenge of ours says; None for anything else, and for one that is over."""
    try:
        claims = jwt.decode(
            text,
            _key(settings),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["exp", "aud", "sub", "pwd"]},
        )
        return Challenge(UUID(claims["sub"]), claims["pwd"])
    except (jwt.InvalidTokenError, ValueError):
        return None


def _key(settings: Settings) -> bytes:
    # Another than that of sessions: what is signed here is no session.
    return hmac.digest(settings.signing_key(), b"challenges", "sha256")


def _fingerprint(password_hash: str | None) -> str:
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:24]
