"""Signing in by an OpenID provider (OpenID Connect Core 1.0: the code flow, with PKCE and a nonce).

What the provider says of itself is found by its issuer, and kept for a while. Whom its ID token
names is one of our accounts by the same rules as a JWT of the outside issuer (linking.py); the
session that begins is our own.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt

from app.auth import linking, sessions
from app.auth.outside import KeySet, OutsideClaims, OutsideIssuer
from app.auth.sessions import Grant
from app.call import Call
from app.cv import text
from app.errors import DependencyUnavailable, Unauthenticated
from app.outgoing import LIMITS
from app.settings import InvalidSetting, Settings

_TIMEOUT_SECONDS = 5.0
_KEPT_SECONDS = 3600.0
_LARGEST_ANSWER = 200_000
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back. All of it stays in the browser that began it."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """The one provider that people may sign in by. `name` is what they know it as."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.oidc_name
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self._back = settings.public_url + "/sign-in/outside/back"
        self._client: httpx.AsyncClient | None = None
        self._found: dict[str, Any] = {}
        self._found_at = float("-inf")
        self._tokens: OutsideIssuer | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Provider | None:
        """None without OIDC_ISSUER; raises InvalidSetting for half a configuration."""
        if not settings.oidc_issuer:
            return None
        if not settings.oidc_client_id:
            raise InvalidSetting("OIDC_ISSUER needs OIDC_CLIENT_ID beside it.")
        if settings.oidc_issuer == settings.public_url:
            raise InvalidSetting("OIDC_ISSUER must differ from PUBLIC_URL, our own issuer.")
        return cls(settings)

    async def address(self, attempt: Attempt) -> str:
        """Where to send the browser; raises DependencyUnavailable."""
        endpoint: str = (await self._document())["authorization_endpoint"]
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def claims(self, attempt: Attempt, code: str, issuer: str | None) -> OutsideClaims:
        """Whom the provider names for `code`; `issuer` is what the way back said (RFC 9207).

        Raises Unauthenticated and DependencyUnavailable.
        """
        document = await self._document()
        if issuer is not None and issuer != self._issuer:
            raise _unreliable()
        given = await self._exchange(document, attempt, code)
        token = given.get("id_token")
        if not isinstance(token, str) or self._tokens is None:
            raise _unreliable()
        try:
            claims = await self._tokens.verify(token)
        except Unauthenticated:
            raise _unreliable() from None
        # Verified just now; read again for what only this flow asks about (Core, 3.1.3.7).
        said = jwt.decode(token, options={"verify_signature": False})
        if not secrets.compare_digest(str(said.get("nonce", "")).encode(), attempt.nonce.encode()):
            raise _unreliable()
        if said.get("azp", self._client_id) != self._client_id:
            raise _unreliable()
        return claims if claims.email else await self._with_email(document, given, claims)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
        if self._tokens is not None:
            await self._tokens.close()

    async def _document(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        if time.monotonic() - self._found_at < _KEPT_SECONDS:
            return self._found
        address = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = await self._ask("GET", address)
        if found.get("issuer") != self._issuer or not all(
            isinstance(found.get(name), str) for name in _NEEDED
        ):
            raise DependencyUnavailable("The sign-in service does not say what it should.")
        if self._tokens is None or found["jwks_uri"] != self._found.get("jwks_uri"):
            keys = KeySet(found["jwks_uri"])
            self._tokens = OutsideIssuer(keys, self._issuer, self._client_id)
        self._found, self._found_at = found, time.monotonic()
        return found

    async def _exchange(
        self, document: dict[str, Any], attempt: Attempt, code: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": attempt.verifier,
        }
        methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers = {}
        if self._secret and "client_secret_basic" in methods:
            both = f"{quote(self._client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        else:
            form["client_id"] = self._client_id
            if self._secret:
                form["client_secret"] = self._secret
        return await self._ask("POST", document["token_endpoint"], headers=headers, data=form)

    async def _with_email(
        self, document: dict[str, Any], given: dict[str, Any], claims: OutsideClaims
    ) -> OutsideClaims:
        """Some providers tell the address only where it is asked for (Core, 5.3)."""
        endpoint, token = document.get("userinfo_endpoint"), given.get("access_token")
        if not isinstance(endpoint, str) or not isinstance(token, str):
            return claims
        told = await self._ask("GET", endpoint, headers={"authorization": f"Bearer {token}"})
        if told.get("sub") != claims.subject:
            raise _unreliable()
        email = told.get("email")
        return dataclasses.replace(
            claims,
            email=email if isinstance(email, str) and not text.refused(email) else "",
            email_verified=told.get("email_verified") is True,
        )

    async def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        """The JSON object of an answer; raises Unauthenticated for a refusal."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, limits=LIMITS)
        try:
            answer = await self._client.request(method, address, **more)
            if len(answer.content) > _LARGEST_ANSWER or answer.status_code >= 500:
                raise DependencyUnavailable("The sign-in service can't be reached.")
            if answer.status_code >= 400:
                raise Unauthenticated("The sign-in service refused. Try again.", reason="outside")
            found = answer.json()
        except (httpx.HTTPError, ValueError):
            raise DependencyUnavailable("The sign-in service can't be reached.") from None
        if not isinstance(found, dict):
            raise DependencyUnavailable("The sign-in service does not say what it should.")
        return found


async def sign_in(call: Call, claims: OutsideClaims) -> Grant:
    """Begin a session of whom the provider names; at first use the account is made or linked.

    Raises Unauthenticated where it can't be told whose account it is.
    """
    principal = await linking.sign_in(call, claims)
    return await sessions.sign_in(call, principal.account_id)


def _unreliable() -> Unauthenticated:
    message = "What the sign-in service said can't be relied on. Try again."
    return Unauthenticated(message, reason="invalid")
