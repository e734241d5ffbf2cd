"""What a browser holds of a visit to our pages: signed by us, and good for these pages only.

A *visit* names the browser, and the session once somebody has signed in there. Whether that session
still stands, only the database knows. A form carries a token of its visit, so that no other site
and no other browser can send it. A *notice* is what the next page tells, once.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.auth.signed import Signer
from app.settings import Settings

_STRANGER_LIFE = timedelta(days=1)
_NOTICE_LIFE = timedelta(minutes=2)
_RENEWED_AFTER = timedelta(days=1)
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser; `session_id` and `account_id` once somebody has signed in, and None before."""

    id: str
    sealed_at: datetime
    session_id: UUID | None = None
    account_id: UUID | None = None

    @property
    def is_to_be_renewed(self) -> bool:
        """Whether it was sealed so long ago that it should be again, to go on."""
        return datetime.now(UTC) - self.sealed_at > _RENEWED_AFTER


@dataclass(frozen=True, slots=True)
class Notice:
    """What the next page tells: how something went."""

    text: str
    kind: str = "done"


class Visits:
    """Seals visits and notices, and opens them."""

    def __init__(self, settings: Settings) -> None:
        self._signer = Signer(settings, "visits")
        self._life = timedelta(days=settings.refresh_days)

    def new(self, session_id: UUID | None = None, account_id: UUID | None = None) -> Visit:
        """A visit under a name of its own, which nobody has seen yet."""
        return Visit(secrets.token_urlsafe(16), datetime.now(UTC), session_id, account_id)

    def life(self, visit: Visit) -> timedelta:
        return _STRANGER_LIFE if visit.session_id is None else self._life

    def sealed(self, visit: Visit) -> str:
        """`visit` as of now."""
        said = {"id": visit.id, "iat": datetime.now(UTC)}
        if visit.session_id is not None:
            said |= {"sid": str(visit.session_id), "sub": str(visit.account_id)}
        return self._signer.sign("visit", self.life(visit), said)

    def opened(self, text: str) -> Visit | None:
        """The visit that was sealed as `text`; None for anything else."""
        claims = self._signer.read("visit", text)
        if claims is None:
            return None
        visit = Visit(claims["id"], datetime.fromtimestamp(claims["iat"], UTC))
        if "sid" not in claims:
            return visit
        return replace(visit, session_id=UUID(claims["sid"]), account_id=UUID(claims["sub"]))

    def form_token(self, visit: Visit) -> str:
        """What the forms of this visit carry: the same under another mask each time.

        Pages are compressed, and by their size a secret that is always alike can be guessed bit by
        bit (BREACH).
        """
        pad = secrets.token_bytes(_TOKEN_BYTES)
        return (pad + _xor(pad, self._form_secret(visit))).hex()

    def is_form_token(self, visit: Visit, text: str) -> bool:
        try:
            shown = bytes.fromhex(text)
        except ValueError:
            return False
        pad, masked = shown[:_TOKEN_BYTES], shown[_TOKEN_BYTES:]
        if len(masked) != _TOKEN_BYTES:
            return False
        return hmac.compare_digest(_xor(pad, masked), self._form_secret(visit))

    def _form_secret(self, visit: Visit) -> bytes:
        return hmac.digest(self._signer.key, f"form {visit.id}".encode(), "sha256")[:_TOKEN_BYTES]

    def sealed_notice(self, visit: Visit, notice: Notice) -> str:
        said = {"visit": visit.id, "kind": notice.kind, "text": notice.text}
        return self._signer.sign("notice", _NOTICE_LIFE, said)

    def notice(self, visit: Visit, text: str) -> Notice | None:
        """The notice that was sealed as `text` for `visit`; None for anything else."""
        claims = self._signer.read("notice", text)
        if claims is None or claims.get("visit") != visit.id:
            return None
        return Notice(claims["text"], claims["kind"])

    def sealed_state(self, visit: Visit, life: timedelta, said: dict[str, Any]) -> str:
        """`said`, for this visit to bring back within `life`."""
        return self._signer.sign("state", life, {**said, "visit": visit.id})

    def state(self, visit: Visit, text: str) -> dict[str, Any] | None:
        """What was sealed as `text` for `visit`; None for anything else."""
        claims = self._signer.read("state", text)
        return claims if claims is not None and claims.get("visit") == visit.id else None


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
