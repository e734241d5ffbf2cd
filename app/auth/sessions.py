"""Sessions: a login, its short-lived access tokens (JWT) and its chain of refresh tokens.

A refresh token is used once. A second use means that two hold it, so its session ends there and
then, also for the successor of the token. That is meant strictly, without a period of grace: a
client that refreshes twice at once must sign in again, and nothing but this one session is lost.
"""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import jwt
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.auth import raw_keys
from app.auth.raw_keys import Prefix
from app.db import statement, uuid7
from app.errors import NotFound, Unauthenticated
from app.models import RefreshTokenRow, SessionRow
from app.security_events import Action, Actor, ActorKind, Outcome, Target, note

if TYPE_CHECKING:
    from app.call import Call
    from app.settings import Settings

_ALGORITHM = "HS256"
_LONGEST_OUTSIDE_SESSION = timedelta(days=365)

_INSERT_SESSION = statement(
    insert(SessionRow).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        expires_at=bindparam("expires_at"),
        address=bindparam("address"),
        user_agent=bindparam("user_agent"),
    )
)
_INSERT_REFRESH_TOKEN = statement(
    insert(RefreshTokenRow).values(digest=bindparam("digest"), session_id=bindparam("session_id"))
)
_USE_REFRESH_TOKEN = statement(
    update(RefreshTokenRow)
    .where(RefreshTokenRow.digest == bindparam("token"), RefreshTokenRow.used_at.is_(None))
    .values(used_at=func.now())
    .returning(RefreshTokenRow.session_id)
)
_EXTEND = statement(
    update(SessionRow)
    .where(
        SessionRow.id == bindparam("session_id"),
        SessionRow.revoked_at.is_(None),
        SessionRow.expires_at > func.now(),
    )
    .values(expires_at=bindparam("until"), last_used_at=func.now())
    .returning(SessionRow.account_id)
)
_REVOKE_BY_REFRESH_TOKEN = statement(
    update(SessionRow)
    .where(
        SessionRow.id == RefreshTokenRow.session_id,
        RefreshTokenRow.digest == bindparam("token"),
        SessionRow.revoked_at.is_(None),
    )
    .values(revoked_at=func.now())
    .returning(SessionRow.id, SessionRow.account_id)
)
_END = statement(
    insert(SessionRow)
    .values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        expires_at=bindparam("expires_at"),
        revoked_at=func.now(),
    )
    .on_conflict_do_update(index_elements=[SessionRow.id], set_={"revoked_at": func.now()})
)
_STANDING = (
    SessionRow.account_id == bindparam("account"),
    SessionRow.revoked_at.is_(None),
    SessionRow.expires_at > func.now(),
)
_REVOKE_ALL = statement(
    update(SessionRow)
    .where(SessionRow.account_id == bindparam("account"), SessionRow.revoked_at.is_(None))
    .values(revoked_at=func.now())
)
_REVOKE_OTHERS = statement(
    update(SessionRow)
    .where(*_STANDING, SessionRow.id != bindparam("this"))
    .values(revoked_at=func.now())
)
_REVOKE_ONE = statement(
    update(SessionRow)
    .where(*_STANDING, SessionRow.id == bindparam("session_id"))
    .values(revoked_at=func.now())
)
LIST = statement(
    select(
        SessionRow.id,
        SessionRow.created_at,
        SessionRow.last_used_at,
        SessionRow.expires_at,
        SessionRow.address,
        SessionRow.user_agent,
    )
    .where(*_STANDING, SessionRow.id < bindparam("before"))
    .order_by(SessionRow.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a login or refresh gives its client. `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str

    def __repr__(self) -> str:
        return "Grant(…)"


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What an access token of ours says."""

    account_id: UUID
    session_id: UUID


class Sessions:
    """Mints and reads access tokens."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.life = timedelta(minutes=settings.session_minutes)
        self.refresh_life = timedelta(days=settings.refresh_days)

    @functools.cached_property
    def _key(self) -> bytes:
        return self._settings.signing_key()

    def access_token(self, account_id: UUID, session_id: UUID) -> str:
        """A JWT that is good for `life` or until its session is revoked."""
        now = datetime.now(UTC)
        claims = {
            "iss": self._settings.public_url,
            "aud": self._settings.public_url,
            "sub": str(account_id),
            "sid": str(session_id),
            "jti": secrets.token_urlsafe(12),
            "iat": now,
            "exp": now + self.life,
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def is_ours(self, token: str) -> bool:
        """Whether `token` names us as its issuer; it proves nothing.

        Raises Unauthenticated for what is no JWT.
        """
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            raise Unauthenticated(reason="invalid") from None
        return claims.get("iss") == self._settings.public_url

    def verify(self, token: str) -> SessionClaims:
        """The claims of an access token of ours; raises Unauthenticated.

        Whether its session still stands, only the database knows.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                issuer=self._settings.public_url,
                audience=self._settings.public_url,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "sid", "jti"]},
            )
            return SessionClaims(UUID(claims["sub"]), UUID(claims["sid"]))
        except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
            raise Unauthenticated(reason="invalid") from None


async def sign_in(call: Call, account_id: UUID) -> Grant:
    """Begin a session for who has just shown to be this owner, and tell the owner of it."""
    session_id = uuid7()
    await note_sign_in(call, account_id, session_id)
    return await start(call, account_id, session_id)


async def note_sign_in(call: Call, account_id: UUID, session_id: UUID, **more: Any) -> None:
    """Tell the owner of a session that begins, in the transaction of `call`."""
    session = str(session_id)
    await note(
        call.db,
        Action.SIGN_IN,
        account_id,
        context=call.context,
        actor=Actor(ActorKind.SESSION, session),
        target=Target("session", session),
        metadata=more,
    )


async def start(call: Call, account_id: UUID, session_id: UUID | None = None) -> Grant:
    """Begin a session for `account_id` in the transaction of `call`."""
    sessions, session_id = call.services.sessions, session_id or uuid7()
    await call.db.execute(
        _INSERT_SESSION,
        id=session_id,
        account_id=account_id,
        expires_at=datetime.now(UTC) + sessions.refresh_life,
        address=call.context.address,
        user_agent=call.context.user_agent[:500],
    )
    return await _grant(call, account_id, session_id)


async def refresh(call: Call, refresh_token: str) -> Grant:
    """The next access and refresh token; raises Unauthenticated.

    A token that was used before ends its session.
    """
    digest = raw_keys.digest_of(refresh_token, Prefix.REFRESH_TOKEN)
    if digest is None:
        raise _refresh_refused()
    session_id = await call.db.value(_USE_REFRESH_TOKEN, token=digest)
    if session_id is None:
        return await _end_and_refuse(call, digest)
    account_id = await call.db.value(
        _EXTEND,
        session_id=session_id,
        until=datetime.now(UTC) + call.services.sessions.refresh_life,
    )
    if account_id is None:
        raise _refresh_refused()
    return await _grant(call, account_id, session_id)


async def extend(call: Call, session_id: UUID) -> bool:
    """Have a session that is in use go on for as long as a new one; whether it still stands."""
    until = datetime.now(UTC) + call.services.sessions.refresh_life
    return await call.db.value(_EXTEND, session_id=session_id, until=until) is not None


async def _end_and_refuse(call: Call, digest: bytes) -> Grant:
    """End the session of a refresh token that is not to be used (again), if it is one.

    Raising here would undo that, and a second connection could wait for ever more requests like
    this one to give theirs back; so it is committed first and refused then. Nobody sees the grant.
    """
    ended = await call.db.row(_REVOKE_BY_REFRESH_TOKEN, token=digest)
    if ended is not None:
        await note(
            call.db,
            Action.REFRESH_TOKEN_REUSED,
            ended["account_id"],
            context=call.context,
            outcome=Outcome.FAILURE,
            target=Target("session", str(ended["id"])),
        )

    async def refuse() -> None:
        raise _refresh_refused()

    call.after_commit(refuse)
    return Grant("", 0, "")


async def end(call: Call) -> None:
    """Log out the session that `call` acts by; its tokens are refused from then on."""
    await deny(call)
    await _note_end(call, call.principal.credential_id)


async def deny(call: Call) -> None:
    """Refuse the session that `call` acts by from then on.

    A session of an outside issuer has no row until then; the row made here denies it.
    """
    await call.db.execute(
        _END,
        id=call.principal.credential_id,
        account_id=call.principal.account_id,
        expires_at=datetime.now(UTC) + _LONGEST_OUTSIDE_SESSION,
    )


async def replace(call: Call) -> Grant:
    """A session in the place of the one that `call` acts by, which ends."""
    await deny(call)
    return await start(call, call.principal.account_id)


async def end_one(call: Call, session_id: UUID) -> None:
    """End a session of the caller's account; raises NotFound for any other."""
    if session_id == call.principal.credential_id:
        await end(call)
        return
    account_id = call.principal.account_id
    if not await call.db.execute(_REVOKE_ONE, session_id=session_id, account=account_id):
        raise NotFound
    await _note_end(call, session_id)


async def end_others(call: Call) -> int:
    """End all sessions of the account but the caller's own; how many there were."""
    principal = call.principal
    return await call.db.execute(
        _REVOKE_OTHERS, account=principal.account_id, this=principal.credential_id
    )


async def revoke_all(call: Call, account_id: UUID) -> None:
    """End every session of an account in the transaction of `call`."""
    await call.db.execute(_REVOKE_ALL, account=account_id)


async def _note_end(call: Call, session_id: UUID) -> None:
    await note(
        call.db,
        Action.SESSION_ENDED,
        call.principal.account_id,
        context=call.context,
        target=Target("session", str(session_id)),
    )


async def _grant(call: Call, account_id: UUID, session_id: UUID) -> Grant:
    sessions, token = call.services.sessions, raw_keys.mint(Prefix.REFRESH_TOKEN)
    await call.db.execute(_INSERT_REFRESH_TOKEN, digest=token.digest, session_id=session_id)
    return Grant(
        access_token=sessions.access_token(account_id, session_id),
        expires_in=int(sessions.life.total_seconds()),
        refresh_token=token.text,
    )


def _refresh_refused() -> Unauthenticated:
    return Unauthenticated("The refresh token is not valid; sign in again.", reason="refresh")
