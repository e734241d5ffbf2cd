"""From an owner's consent to tokens: the code, its redemption, refreshing, and the end of it all.

Every step is one conditional update, so that of two at once only one can win. What is used a second
time has been stolen from somebody, so the grant ends there and then. One exception: an answer may
get lost on its way. Who asks again with the same refresh token within `_GRACE`, while what it was
exchanged for has not been used, is given the same answer again, which is derived from that token
and stored nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import Interval, bindparam, exists, func, insert, or_, select, update

from app.auth import new_addresses, raw_keys, throttle
from app.auth.raw_keys import Prefix, RawKey
from app.call import Context
from app.db import Connection, Database, statement, uuid7
from app.models import (
    OAuthGrantRow,
    OAuthRefreshTokenRow,
    PersonalTokenRow,
    SessionRow,
)
from app.oauth import clients, events, scopes
from app.oauth.browser import SignedIn
from app.oauth.errors import OAuthError
from app.oauth.seals import Request, Seals
from app.security_events import Action

CODE_LIFE = timedelta(seconds=60)

REFRESHES_PER_HOUR = 60  # of a grant, whose tokens are good for much longer than a minute

_GRACE = timedelta(seconds=30)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")

_Grant, _Refresh, _Token = OAuthGrantRow, OAuthRefreshTokenRow, PersonalTokenRow

_ENDED = (_Token.id, _Token.account_id, _Token.name)

_CONSENT = statement(
    insert(_Grant).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        session_id=bindparam("session_id"),
        client_id=bindparam("client_id"),
        client_name=bindparam("client_name"),
        redirect_uri=bindparam("redirect_uri"),
        scopes=bindparam("scopes"),
        code_digest=bindparam("code_digest"),
        code_challenge=bindparam("code_challenge"),
        expires_at=bindparam("expires_at"),
    )
)
_REDEEM = statement(
    update(_Grant)
    .where(
        _Grant.code_digest == bindparam("code"),
        _Grant.client_id == bindparam("client"),
        _Grant.redirect_uri == bindparam("uri"),
        _Grant.code_challenge == bindparam("challenge"),
        _Grant.redeemed_at.is_(None),
        _Grant.expires_at > func.now(),
        # A password reset in this minute ends the session, and with it what it consented to.
        exists().where(SessionRow.id == _Grant.session_id, SessionRow.revoked_at.is_(None)),
    )
    .values(redeemed_at=func.now(), expires_at=bindparam("until"))
    .returning(_Grant.id, _Grant.account_id, _Grant.client_name, _Grant.scopes)
)
_REDEEMED = statement(
    select(_Grant.id, _Grant.client_id).where(
        _Grant.code_digest == bindparam("code"), _Grant.redeemed_at.is_not(None)
    )
)
_INSERT_TOKEN = statement(
    insert(_Token).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        grant_id=bindparam("grant_id"),
        name=bindparam("name"),
        hint=bindparam("hint"),
        digest=bindparam("digest"),
        scopes=bindparam("scopes"),
        expires_at=bindparam("expires_at"),
    )
)
_INSERT_REFRESH_TOKEN = statement(
    insert(_Refresh).values(digest=bindparam("digest"), grant_id=bindparam("grant_id"))
)
_USE = statement(
    update(_Refresh)
    .where(
        _Refresh.digest == bindparam("token"),
        _Refresh.used_at.is_(None),
        _Grant.id == _Refresh.grant_id,
        _Grant.client_id == bindparam("client"),
        _Grant.expires_at > func.now(),
    )
    .values(used_at=func.clock_timestamp())
    .returning(_Grant.id, _Grant.scopes)
)
_EXTEND = statement(
    update(_Grant).where(_Grant.id == bindparam("grant")).values(expires_at=bindparam("until"))
)
_RENEW = statement(
    update(_Token)
    .where(_Token.grant_id == bindparam("grant"), _Token.revoked_at.is_(None))
    .values(
        digest=bindparam("new_digest"),
        hint=bindparam("new_hint"),
        scopes=bindparam("new_scopes"),
        expires_at=bindparam("until"),
    )
)
_USED = statement(
    select(
        _Refresh.grant_id,
        (_Refresh.used_at > func.clock_timestamp() - bindparam("grace", type_=Interval())).label(
            "just_now"
        ),
        _Grant.client_id,
    )
    .join(_Grant, _Grant.id == _Refresh.grant_id)
    .where(_Refresh.digest == bindparam("token"), _Refresh.used_at.is_not(None))
)
_SAME_AGAIN = statement(
    select(_Token.scopes, _Token.expires_at)
    .join(_Refresh, _Refresh.grant_id == _Token.grant_id)
    .where(
        _Token.grant_id == bindparam("grant"),
        _Token.digest == bindparam("access"),
        _Token.revoked_at.is_(None),
        _Token.expires_at > func.now(),
        _Refresh.digest == bindparam("successor"),
        _Refresh.used_at.is_(None),
    )
)
_END = statement(
    update(_Token)
    .where(_Token.grant_id == bindparam("grant"), _Token.revoked_at.is_(None))
    .values(revoked_at=func.now())
    .returning(*_ENDED)
)
_END_BY_TOKEN = statement(
    update(_Token)
    .where(
        _Token.revoked_at.is_(None),
        _Token.grant_id == _Grant.id,
        _Grant.client_id == bindparam("client"),
        or_(
            _Token.digest == bindparam("access"),
            exists().where(_Refresh.grant_id == _Grant.id, _Refresh.digest == bindparam("refresh")),
        ),
    )
    .values(revoked_at=func.now())
    .returning(*_ENDED)
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets. `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    scopes: list[str]

    def __repr__(self) -> str:
        return "Tokens(…)"


class Grants:
    """What owners have granted. An access token lives for `access_life`, a grant that is not
    refreshed for `grant_life`."""

    def __init__(
        self,
        database: Database,
        redis: Redis,
        seals: Seals,
        *,
        access_life: timedelta,
        grant_life: timedelta,
    ) -> None:
        self._database = database
        self._redis = redis
        self._seals = seals
        self._access_life = access_life
        self._grant_life = grant_life

    async def consent(
        self, request: Request, owner: SignedIn, context: Context, life: timedelta = CODE_LIFE
    ) -> str:
        """The authorization code that says that `owner` allows what `request` asks for."""
        code = raw_keys.mint(Prefix.AUTHORIZATION_CODE)
        async with self._database.transaction() as db:
            await db.execute(
                _CONSENT,
                id=uuid7(),
                account_id=owner.account_id,
                session_id=owner.session_id,
                client_id=request.client_id,
                client_name=request.client_name,
                redirect_uri=request.redirect_uri,
                scopes=request.scopes,
                code_digest=code.digest,
                code_challenge=request.code_challenge,
                expires_at=datetime.now(UTC) + life,
            )
            await clients.note_use(db, request.client_id)
            await events.given(db, context, request, owner)
        return code.text

    async def redeem(
        self, context: Context, code: str, *, client_id: str, redirect_uri: str, verifier: str
    ) -> Tokens:
        """The tokens for an authorization code; raises OAuthError.

        A code that was redeemed before ends what it gave.
        """
        digest = raw_keys.digest_of(code, Prefix.AUTHORIZATION_CODE)
        if digest is None:
            raise _code_refused()
        if not _VERIFIER.fullmatch(verifier):
            raise OAuthError("invalid_request", "code_verifier has 43 to 128 letters (RFC 7636).")
        access, refresh = raw_keys.mint(Prefix.PERSONAL_TOKEN), _new_refresh_token()
        async with self._database.transaction() as db:
            row = await db.row(
                _REDEEM,
                code=digest,
                client=client_id,
                uri=redirect_uri,
                challenge=challenge_of(verifier),
                until=datetime.now(UTC) + self._grant_life,
            )
            if row is not None:
                await self._begin(db, context, row, access, refresh)
        if row is None:
            await self._end_if_redeemed(context, digest)
            raise _code_refused()
        return self._tokens(access, refresh, row["scopes"])

    async def refresh(
        self, context: Context, token: str, *, client_id: str, scope: str | None
    ) -> Tokens:
        """The next tokens for a refresh token; raises OAuthError.

        A token that was used before ends its grant, but for the same answer again.
        """
        digest = raw_keys.digest_of(token, Prefix.GRANT_REFRESH_TOKEN)
        if digest is None:
            raise _refresh_refused()
        key, source = self._seals.key, token.encode()
        access = raw_keys.derived(Prefix.PERSONAL_TOKEN, key, source)
        successor = raw_keys.derived(Prefix.GRANT_REFRESH_TOKEN, key, source)
        async with self._database.transaction() as db:
            row = await db.row(_USE, token=digest, client=client_id)
            if row is not None:
                wanted = scopes.narrowed(scope, row["scopes"])
                await throttle.take(self._redis, refreshes_of(row["id"]))
                await self._renew(db, row["id"], wanted, access, successor)
                await clients.note_use(db, client_id)
        if row is None:
            return await self._again(context, digest, client_id, access, successor)
        return self._tokens(access, successor, wanted)

    async def revoke(self, context: Context, token: str, *, client_id: str) -> None:
        """End the grant that an access or refresh token of this client is of (RFC 7009)."""
        access = raw_keys.digest_of(token, Prefix.PERSONAL_TOKEN) or b""
        refresh = raw_keys.digest_of(token, Prefix.GRANT_REFRESH_TOKEN) or b""
        async with self._database.transaction() as db:
            ended = await db.rows(_END_BY_TOKEN, client=client_id, access=access, refresh=refresh)
            await events.ended(db, context, Action.GRANT_REVOKED, client_id, ended)

    async def _begin(
        self, db: Connection, context: Context, grant: Any, access: RawKey, refresh: RawKey
    ) -> None:
        token_id = uuid7()
        await db.execute(
            _INSERT_TOKEN,
            id=token_id,
            account_id=grant["account_id"],
            grant_id=grant["id"],
            name=grant["client_name"],
            hint=access.hint,
            digest=access.digest,
            scopes=grant["scopes"],
            expires_at=datetime.now(UTC) + self._access_life,
        )
        await db.execute(_INSERT_REFRESH_TOKEN, digest=refresh.digest, grant_id=grant["id"])
        await new_addresses.know(db, context, grant["account_id"], token_id)

    async def _renew(
        self, db: Connection, grant_id: UUID, wanted: list[str], access: RawKey, successor: RawKey
    ) -> None:
        now = datetime.now(UTC)
        renewed = await db.execute(
            _RENEW,
            grant=grant_id,
            new_digest=access.digest,
            new_hint=access.hint,
            new_scopes=wanted,
            until=now + self._access_life,
        )
        if not renewed:  # it was revoked
            raise _refresh_refused()
        await db.execute(_EXTEND, grant=grant_id, until=now + self._grant_life)
        await db.execute(_INSERT_REFRESH_TOKEN, digest=successor.digest, grant_id=grant_id)

    async def _again(
        self, context: Context, digest: bytes, client_id: str, access: RawKey, successor: RawKey
    ) -> Tokens:
        async with self._database.transaction() as db:
            used = await db.row(_USED, token=digest, grace=_GRACE)
            if used is None or used["client_id"] != client_id:
                raise _refresh_refused()
            grant_id = used["grant_id"]
            if used["just_now"]:
                same = await db.row(
                    _SAME_AGAIN, grant=grant_id, access=access.digest, successor=successor.digest
                )
                if same is not None:
                    left = same["expires_at"] - datetime.now(UTC)
                    return self._tokens(access, successor, same["scopes"], left)
            ended = await db.rows(_END, grant=grant_id)
            await events.ended(db, context, Action.GRANT_REUSED, client_id, ended)
        raise _refresh_refused()

    async def _end_if_redeemed(self, context: Context, code: bytes) -> None:
        async with self._database.transaction() as db:
            grant = await db.row(_REDEEMED, code=code)
            if grant is not None:
                ended = await db.rows(_END, grant=grant["id"])
                await events.ended(db, context, Action.GRANT_REUSED, grant["client_id"], ended)

    def _tokens(
        self,
        access: RawKey,
        refresh: RawKey,
        granted: list[str],
        left: timedelta | None = None,
    ) -> Tokens:
        life = self._access_life if left is None else left
        return Tokens(access.text, refresh.text, int(life.total_seconds()), granted)


def refreshes_of(grant_id: UUID) -> throttle.Limit:
    """How often a grant may be refreshed. A refresh that is refused leaves its token unused."""
    return throttle.Limit("refreshes_per_grant", str(grant_id), REFRESHES_PER_HOUR, 3600)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _new_refresh_token() -> RawKey:
    return raw_keys.mint(Prefix.GRANT_REFRESH_TOKEN)


def _code_refused() -> OAuthError:
    return OAuthError(
        "invalid_grant",
        "The code is unknown, expired or used, or of another client, redirect_uri or verifier.",
    )


def _refresh_refused() -> OAuthError:
    return OAuthError("invalid_grant", "The refresh token is not valid; ask the owner again.")
