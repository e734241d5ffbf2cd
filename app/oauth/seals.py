"""What the pages of the sign-in give a browser to bring back: signed, for one purpose, short-lived.

A *visit* is the cookie. It names the browser, and the session once its owner has signed in there.
A *request* stands in the forms of a page: what a client asks for, as it was checked, bound to the
visit. So a form can be sent neither from another site nor from another browser, nor be changed.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from app.auth.signed import Signer
from app.settings import Settings

VISIT_LIFE = timedelta(minutes=30)

_REQUEST_LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser; `session_id` and `account_id` once somebody has signed in, and None before."""

    id: str
    session_id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """An authorization request that was found in order. `client_host` as in `Client.host`.

    With a `user_code` it is a program's that waits elsewhere (`app/oauth/devices.py`), and nothing
    is returned to any address.
    """

    client_id: str
    client_name: str
    client_host: str | None
    redirect_uri: str
    code_challenge: str
    scopes: list[str]
    state: str | None
    user_code: str | None = None


class Seals:
    """Signs and reads them, and derives the keys that follow from others."""

    def __init__(self, settings: Settings) -> None:
        self._signer = Signer(settings, "oauth")

    @property
    def key(self) -> bytes:
        return self._signer.key

    def new_visit(self, session_id: UUID | None = None, account_id: UUID | None = None) -> Visit:
        return Visit(secrets.token_urlsafe(16), session_id, account_id)

    def sealed_visit(self, visit: Visit) -> str:
        claims = {"id": visit.id}
        if visit.session_id is not None:
            claims |= {"sid": str(visit.session_id), "sub": str(visit.account_id)}
        return self._signer.sign("visit", VISIT_LIFE, claims)

    def visit(self, text: str) -> Visit | None:
        """The visit that was sealed as `text`; None for anything else."""
        claims = self._signer.read("visit", text)
        if claims is None:
            return None
        if "sid" not in claims:
            return Visit(claims["id"])
        return Visit(claims["id"], UUID(claims["sid"]), UUID(claims["sub"]))

    def sealed_request(self, request: Request, visit: Visit) -> str:
        return self._signer.sign(
            "request", _REQUEST_LIFE, {"visit": visit.id, "asks": asdict(request)}
        )

    def request(self, text: str, visit: Visit) -> Request | None:
        """The request that was sealed as `text` for `visit`; None for anything else."""
        claims = self._signer.read("request", text)
        if claims is None or not hmac.compare_digest(claims["visit"], visit.id):
            return None
        return Request(**claims["asks"])
