"""Accounts and sessions: register, login, refresh, logout."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.auth import login as password_login
from app.auth import proof, registration
from app.auth import sessions as auth_sessions
from app.auth.sessions import Grant
from app.call import Call, CredentialKind
from app.errors import FieldError, ValidationFailed
from app.security_events import Action, note
from schema.types.identity import (
    Account,
    CompleteLoginInput,
    EndedSessions,
    LoginInput,
    ReauthenticateInput,
    RefreshInput,
    RegisterInput,
    Session,
    SessionTokens,
)
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window


async def register(call: Call, input: RegisterInput) -> Account:
    """Make an account.

    A link to verify the e-mail address is sent to it. Sign in with `POST /v1/auth/login` next. A
    username or address that is taken is a conflict which names the field.
    """
    row = await registration.register(
        call,
        username=input.username,
        email=input.email,
        password=input.password,
        full_name=input.full_name,
    )
    return Account(
        id=row["id"],
        username=row["username"],
        email=row["email"],
        email_verified=row["email_verified_at"] is not None,
        full_name=row["full_name"],
        created_at=row["created_at"],
    )


async def login(call: Call, input: LoginInput) -> SessionTokens:
    """Sign in by password, with the username or the e-mail address.

    Send the access token as `Authorization: Bearer`. Too many failures from one address or for
    one account are answered with 429 until `Retry-After` has passed.

    An account with a second factor needs a `code` too. Without one, or with a wrong one, the answer
    is 401 `second_factor_required`, with a `challenge` in its details for `POST
    /v1/auth/login/code`.
    """
    if (input.username is None) == (input.email is None):
        message = "Send either username or email."
        raise ValidationFailed(
            [FieldError("username", "one_of", message), FieldError("email", "one_of", message)]
        )
    account_id = await password_login.account_by_password(
        call,
        username=input.username,
        email=input.email,
        password=input.password,
        code=input.code,
    )
    return _tokens(await auth_sessions.sign_in(call, account_id))


async def complete_login(call: Call, input: CompleteLoginInput) -> SessionTokens:
    """Finish signing in with a second factor, by the challenge that the password gave.

    The code is one of your authenticator app, which works once, or a recovery code. A challenge is
    good for five minutes, and for more than one try; too many wrong codes are answered with 429.
    """
    account_id = await password_login.account_by_challenge(call, input.challenge, input.code)
    return _tokens(await auth_sessions.sign_in(call, account_id))


async def refresh(call: Call, input: RefreshInput) -> SessionTokens:
    """Exchange a refresh token for the next pair of tokens.

    A refresh token works once. Sent a second time it ends its session, for then somebody else may
    hold it too: refresh from one place at a time, and keep the new token before using it.
    """
    return _tokens(await auth_sessions.refresh(call, input.refresh_token))


async def list_sessions(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[Session]:
    """List where you are signed in, the newest sign-in first.

    A short session of a browser in which you connected an application is among them. Sessions of
    an outside issuer are not: that one keeps them.
    """
    account_id, this = call.principal.account_id, _this(call)
    rows = await call.db.rows(auth_sessions.LIST, account=account_id, **window(limit, cursor))
    return page(rows, limit, lambda row: _session(row, this))


async def end_session(call: Call, session_id: UUID) -> None:
    """End a session of yours. Its tokens are refused from the next request on."""
    await auth_sessions.end_one(call, session_id)


async def end_other_sessions(call: Call) -> EndedSessions:
    """End all your sessions but this one."""
    ended = await auth_sessions.end_others(call)
    await note(
        call.db,
        Action.OTHER_SESSIONS_ENDED,
        call.principal.account_id,
        context=call.context,
        metadata={"ended": ended},
    )
    return EndedSessions(ended=ended)


async def reauthenticate(call: Call, input: ReauthenticateInput) -> None:
    """Show once more that it is you, for the next ten minutes of this session.

    Some operations ask for it with 403 `reauthentication_required`. A sign-in counts as such. An
    account with a second factor needs a `code` too.
    """
    await proof.reauthenticate(call, input.password, input.code)


def _this(call: Call) -> UUID | None:
    principal = call.principal
    return principal.credential_id if principal.kind is CredentialKind.SESSION else None


def _session(row: Any, this: UUID | None) -> Session:
    return Session(
        id=row["id"],
        current=row["id"] == this,
        ip=row["address"] or None,
        user_agent=row["user_agent"] or None,
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
        expires_at=row["expires_at"],
    )


async def logout(call: Call) -> None:
    """End this session. Its access and refresh tokens are refused from the next request on."""
    await auth_sessions.end(call)


def _tokens(grant: Grant) -> SessionTokens:
    return SessionTokens(
        access_token=grant.access_token,
        token_type="bearer",  # noqa: S106
        expires_in=grant.expires_in,
        refresh_token=grant.refresh_token,
    )
