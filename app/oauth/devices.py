"""Signing in a program that has no browser of its own (RFC 8628).

It shows a short code, which its owner types on a page of ours, where they are signed in and allow
or deny it; meanwhile the program asks again and again. All of it is in Redis for ten minutes: what
is lost there is begun anew. A device code is known to its program alone; here is its digest. It
serves as PKCE's verifier too, so that a code of a grant that somebody reads here is of no use.

Our own command line gets a session. It may do what its owner may, but for what a password is asked
for once more: for that it is as if the sign-in were long ago, since a code is easily begged for.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import bindparam, update

from app.auth import sessions, throttle
from app.auth.sessions import Grant
from app.call import Call, Context
from app.db import statement, uuid7
from app.errors import DependencyUnavailable, NotFound
from app.models import SessionRow
from app.oauth import browser
from app.oauth.browser import SignedIn
from app.oauth.errors import OAuthError
from app.oauth.grants import challenge_of
from app.oauth.seals import Visit

# The command line of this project, which every server knows.
COMMAND_LINE, COMMAND_LINE_NAME = "vitae-cli", "Vitae’s command line"

LIFE = timedelta(minutes=10)
INTERVAL_SECONDS = 5

# No vowels, so that no words appear, and no letters that look like others (RFC 8628, 6.1).
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH = 8
_SLOWER_SECONDS, _SLOWEST_SECONDS = 5, 60
_BEGUN_PER_ADDRESS, _TYPED_PER_ADDRESS = 60, 30
_HOUR_SECONDS, _WINDOW_SECONDS = 3600, 900

_UNPROVEN = statement(
    update(SessionRow)
    .where(SessionRow.id == bindparam("session_id"))
    .values(proven_at=SessionRow.created_at - timedelta(days=1))
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A program that waits. `address` is where it asked from; `scopes` is empty for a session."""

    client_id: str
    client_name: str
    client_host: str | None
    scopes: list[str]
    address: str
    user_code: str
    code_challenge: str

    @property
    def is_session(self) -> bool:
        return self.client_id == COMMAND_LINE


@dataclass(frozen=True, slots=True)
class Begun:
    """What a program is told; `device_code` is its secret."""

    device_code: str
    user_code: str

    def __repr__(self) -> str:
        return "Begun(…)"


class Devices:
    """Programs that wait for their owners."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def begin(
        self, client_id: str, name: str, host: str | None, scopes: list[str], address: str
    ) -> Begun:
        """Have a program wait; raises RateLimited and DependencyUnavailable."""
        network = throttle.network(address)
        limit = throttle.Limit(
            "device_codes_per_address", network, _BEGUN_PER_ADDRESS, _HOUR_SECONDS
        )
        await throttle.take(self._redis, limit)
        device_code = secrets.token_urlsafe(32)
        user_code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        asking = Asking(
            client_id, name, host, scopes, address, user_code, challenge_of(device_code)
        )
        key = _digest(device_code)
        with _reaching():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(_device(key), "asking", orjson.dumps(asdict(asking)).decode())
                pipe.expire(_device(key), LIFE)
                pipe.set(_typed(user_code), key, ex=LIFE)
                await pipe.execute()
        return Begun(device_code, shown(user_code))

    async def find(self, text: str, address: str) -> Asking | None:
        """Who waits for the code that somebody typed; raises RateLimited.

        What is typed in vain is counted, without Redis nobody is found.
        """
        network = throttle.network(address)
        limit = throttle.Limit(
            "user_codes_per_address", network, _TYPED_PER_ADDRESS, _WINDOW_SECONDS
        )
        await throttle.take(self._redis, limit, must_count=True)
        user_code = plain(text)
        with _reaching():
            key = await self._redis.get(_typed(user_code)) if user_code else None
            said = await self._redis.hget(_device(key.decode()), "asking") if key else None  # type: ignore[misc]
        if said is None:
            return None
        await throttle.give_back(self._redis, limit)
        return Asking(**orjson.loads(said))

    async def decide(self, user_code: str, decision: dict[str, Any]) -> None:
        """Keep what the owner decided, once; raises NotFound where nobody waits any more."""
        with _reaching():
            key = await self._redis.getdel(_typed(user_code))
            if key is None:
                raise NotFound("This code has expired, or was used.")
            said = orjson.dumps(decision).decode()
            await self._keep(_device(key.decode()), "decision", said)

    async def decision(self, device_code: str, client_id: str) -> dict[str, Any]:
        """What the owner decided, told once; raises OAuthError where there is nothing to tell."""
        key = _device(_digest(device_code))
        with _reaching():
            said, decided, interval = await self._redis.hmget(
                key, ["asking", "decision", "interval"]
            )  # type: ignore[misc]
            if said is None or orjson.loads(said)["client_id"] != client_id:
                raise OAuthError("expired_token", "The device code is unknown, used or expired.")
            if decided is None:
                await self._hold_back(key, int(interval or INTERVAL_SECONDS))
                raise OAuthError("authorization_pending", "The owner has not decided yet.")
            if not await self._redis.delete(key):
                raise OAuthError("expired_token", "The device code was used.")
        decision: dict[str, Any] = orjson.loads(decided)
        if decision.get("denied"):
            raise OAuthError("access_denied", "The owner said no.")
        return decision

    async def _hold_back(self, key: str, interval: int) -> None:
        """Raise OAuthError for who asks again sooner than told; it is to wait longer then."""
        is_due = await self._redis.set(f"{key}:asked", 1, nx=True, px=interval * 1000 - 500)
        if not is_due:
            slower = min(interval + _SLOWER_SECONDS, _SLOWEST_SECONDS)
            await self._keep(key, "interval", str(slower))
            raise OAuthError("slow_down", f"Ask every {slower} seconds.")

    async def _keep(self, key: str, name: str, value: str) -> None:
        """Add to what is kept of a program; nothing stays for ever of one that went meanwhile."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, name, value)
            pipe.expire(key, LIFE, nx=True)
            await pipe.execute()


async def start_session(context: Context, owner: Visit) -> Grant:
    """A session for the command line of who allowed it; raises OAuthError if they signed out."""
    if await browser.signed_in(context, owner) is None or owner.account_id is None:
        raise OAuthError("access_denied", "The owner has signed out since.")
    session_id = uuid7()
    async with context.services.database.transaction() as db:
        call = Call(context, db)
        await sessions.note_sign_in(call, owner.account_id, session_id, purpose="device")
        grant = await sessions.start(call, owner.account_id, session_id)
        await db.execute(_UNPROVEN, session_id=session_id)
    await call.committed()
    return grant


def allowed_session(owner: SignedIn) -> dict[str, Any]:
    """The decision to give a session."""
    return {"session_id": str(owner.session_id), "account_id": str(owner.account_id)}


def shown(user_code: str) -> str:
    """A code in two parts, which is easier to read."""
    return f"{user_code[:4]}-{user_code[4:]}"


def plain(text: str) -> str | None:
    """The code that somebody typed, however they did; None for what can be none."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    is_code = len(letters) == _LENGTH and set(letters) <= set(_LETTERS)
    return letters if is_code else None


def _digest(device_code: str) -> str:
    return hashlib.sha256(device_code.encode(errors="replace")).hexdigest()


def _device(key: str) -> str:
    return f"oauth:device:{key}"


def _typed(user_code: str) -> str:
    return f"oauth:user-code:{user_code}"


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise DependencyUnavailable from error
