"""Accounts and sessions: register, login, refresh, logout."""

from __future__ import annotations

from app.auth import login as password_login
from app.auth import registration
from app.auth import sessions as auth_sessions
from app.auth.sessions import Grant
from app.call import Call
from app.errors import FieldError, ValidationFailed
from schema.types.identity import (
    Account,
    LoginInput,
    RefreshInput,
    RegisterInput,
    SessionTokens,
)


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
    """
    if (input.username is None) == (input.email is None):
        message = "Send either username or email."
        raise ValidationFailed(
            [FieldError("username", "one_of", message), FieldError("email", "one_of", message)]
        )
    account_id = await password_login.account_by_password(
        call, username=input.username, email=input.email, password=input.password
    )
    return _tokens(await auth_sessions.start(call, account_id))


async def refresh(call: Call, input: RefreshInput) -> SessionTokens:
    """Exchange a refresh token for the next pair of tokens.

    A refresh token works once. Sent a second time it ends its session, for then somebody else may
    hold it too: refresh from one place at a time, and keep the new token before using it.
    """
    return _tokens(await auth_sessions.refresh(call, input.refresh_token))


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
