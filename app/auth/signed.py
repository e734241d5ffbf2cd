"""Claims that we give a browser to bring back: signed, each for one purpose and for a while."""

from __future__ import annotations

import functools
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from app.settings import Settings

_ALGORITHM = "HS256"


class Signer:
    """Signs with a key of its own for `use`, which opens nothing that was signed for another."""

    def __init__(self, settings: Settings, use: str) -> None:
        self._settings = settings
        self._use = use

    @functools.cached_property
    def key(self) -> bytes:
        """Another than that of sessions: what is signed here is no access token."""
        return hmac.digest(self._settings.signing_key(), self._use.encode(), "sha256")

    def sign(self, purpose: str, life: timedelta, claims: dict[str, Any]) -> str:
        until = datetime.now(UTC) + life
        return jwt.encode({**claims, "aud": purpose, "exp": until}, self.key, _ALGORITHM)

    def read(self, purpose: str, text: str) -> dict[str, Any] | None:
        """The claims signed as `text` for `purpose`; None for anything else, or too late."""
        try:
            claims: dict[str, Any] = jwt.decode(
                text,
                self.key,
                algorithms=[_ALGORITHM],
                audience=purpose,
                options={"require": ["exp", "aud"]},
            )
        except jwt.InvalidTokenError:
            return None
        return claims
