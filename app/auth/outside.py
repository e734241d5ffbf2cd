"""JWTs of an outside issuer (Supabase or any OIDC provider), verified by its published keys.

Keys are fetched without blocking, one fetch at a time, and kept: the last good ones go on working
while the issuer is away. A token with an unknown key id makes us ask again, but not often, so
that made-up ids can't be used to flood the issuer.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.cv import text
from app.errors import DependencyUnavailable, Unauthenticated
from app.outgoing import LIMITS
from app.settings import InvalidSetting, Settings

_log = logging.getLogger(__name__)

# One algorithm per type of key, never what the token says it wants.
_ALGORITHMS = {("RSA", None): "RS256", ("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
_SMALLEST_RSA_BITS = 2048
_FRESH_SECONDS = 600.0
_REFETCH_SECONDS = 30.0
_FIRST_FETCH_SECONDS = 2.0
_FETCH_TIMEOUT_SECONDS = 3.0
_LARGEST_KEY_SET = 1_000_000
_CLOCK_SKEW_SECONDS = 10
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class OutsideClaims:
    """What a verified token says. `session_id` is ours, derived from the issuer's session.

    `signed_in_at`: when its owner showed who they are, where the token says so.
    """

    issuer: str
    subject: str
    session_id: UUID
    email: str
    email_verified: bool
    name: str
    username: str
    signed_in_at: datetime | None = None


class KeySet:
    """The keys that a JWKS address publishes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: httpx.AsyncClient | None = None
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def key(self, key_id: str | None) -> jwt.PyJWK:
        """The key of that id, or the only key for a token that names none.

        Raises Unauthenticated for an unknown id, DependencyUnavailable when no keys could ever
        be fetched.
        """
        found = self._find(key_id)
        fresh = time.monotonic() - self._fetched < _FRESH_SECONDS
        if found is not None and (fresh or self._one_at_a_time.locked()):
            return found
        async with self._one_at_a_time:
            pause = _REFETCH_SECONDS if self._keys else _FIRST_FETCH_SECONDS
            if time.monotonic() - self._tried >= pause:
                await self._fetch()
        found = self._find(key_id)
        if found is not None:
            return found
        if not self._keys:
            raise DependencyUnavailable("The keys of the token's issuer can't be fetched.")
        raise Unauthenticated(reason="invalid")

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _find(self, key_id: str | None) -> jwt.PyJWK | None:
        if key_id is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(key_id)

    async def _fetch(self) -> None:
        self._tried = time.monotonic()
        try:
            async with asyncio.timeout(_FETCH_TIMEOUT_SECONDS):
                keys = _usable_keys(await self._download())
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            _log.warning("keys of the outside issuer not fetched: %s", type(error).__name__)
            return
        if keys:
            self._keys, self._fetched = keys, time.monotonic()
        else:
            _log.warning("the outside issuer publishes no key that can be used")

    async def _download(self) -> bytes:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_FETCH_TIMEOUT_SECONDS, limits=LIMITS)
        body = bytearray()
        async with self._client.stream("GET", self._url) as response:
            response.raise_for_status()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _LARGEST_KEY_SET:
                    raise ValueError("key set too large")
        return bytes(body)


class OutsideIssuer:
    """The one outside issuer whose tokens are accepted."""

    def __init__(self, keys: KeySet, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience

    @classmethod
    def from_settings(cls, settings: Settings) -> OutsideIssuer | None:
        """None when no JWKS_URL is set; raises InvalidSetting for half a configuration."""
        if not settings.jwks_url:
            return None
        if not settings.jwt_issuer or not settings.jwt_audience:
            raise InvalidSetting("JWKS_URL needs JWT_ISSUER and JWT_AUDIENCE beside it.")
        if settings.jwt_issuer == settings.public_url:
            raise InvalidSetting("JWT_ISSUER must differ from PUBLIC_URL, our own issuer.")
        return cls(KeySet(settings.jwks_url), settings.jwt_issuer, settings.jwt_audience)

    async def verify(self, token: str) -> OutsideClaims:
        """The claims of a token; raises Unauthenticated, or DependencyUnavailable without keys."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in _ALGORITHMS.values():
                raise Unauthenticated(reason="invalid")
            key = await self._keys.key(header.get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                leeway=_CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError:
            raise Unauthenticated(reason="invalid") from None
        return self._read(claims, token)

    async def close(self) -> None:
        await self._keys.close()

    def _read(self, claims: dict[str, Any], token: str) -> OutsideClaims:
        subject = _text(claims, "sub")
        if not subject or len(subject) > _LONGEST_SUBJECT:
            raise Unauthenticated(reason="invalid")
        # Supabase says session_id, OIDC says sid. A token with neither is a session by itself.
        session = _text(claims, "session_id") or _text(claims, "sid") or token
        return OutsideClaims(
            issuer=self._issuer,
            subject=subject,
            session_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{self._issuer}\n{subject}\n{session}"),
            email=_text(claims, "email"),
            # Only the issuer's own claim: Supabase's user_metadata is written by the user.
            email_verified=claims.get("email_verified") is True,
            name=_text(claims, "name"),
            username=_text(claims, "preferred_username"),
            signed_in_at=_signed_in_at(claims),
        )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) and not text.refused(value) else ""


def _signed_in_at(claims: dict[str, Any]) -> datetime | None:
    """OIDC says auth_time; Supabase lists in amr by which methods and when. A refresh is none."""
    methods = claims.get("amr")
    said: list[Any] = [
        entry.get("timestamp")
        for entry in (methods if isinstance(methods, list) else [])
        if isinstance(entry, dict) and entry.get("method") != "token_refresh"
    ]
    said.append(claims.get("auth_time"))
    times = [time for time in said if isinstance(time, int | float) and time == time]
    try:
        return datetime.fromtimestamp(max(times), UTC) if times else None
    except (ValueError, OverflowError, OSError):
        return None


def _usable_keys(body: bytes) -> dict[str, jwt.PyJWK]:
    """The keys for signatures of the types we take, by id; raises ValueError for no JWKS."""
    document = orjson.loads(body)
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("not a JWKS")
    keys = {}
    for entry in listed:
        key = _usable_key(entry) if isinstance(entry, dict) else None
        if key is not None:
            keys[key.key_id or ""] = key
    return keys


def _usable_key(entry: dict[str, Any]) -> jwt.PyJWK | None:
    curve = entry.get("crv") if entry.get("kty") in ("EC", "OKP") else None
    algorithm = _ALGORITHMS.get((str(entry.get("kty")), curve))
    if algorithm is None or entry.get("alg", algorithm) != algorithm:
        return None
    if entry.get("use", "sig") != "sig" or "d" in entry:
        return None
    try:
        key = jwt.PyJWK(entry, algorithm=algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < _SMALLEST_RSA_BITS:
        return None
    return key
