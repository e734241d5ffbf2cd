"""Accounts and sessions: types and inputs of `/v1/auth`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from schema.types.access import CredentialKind, Scope
from schema.types.plans import TIER_LABEL, Tier
from schema.types.sealed import sealed

USERNAME = {"pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{2,31}$"}
PASSWORD = {"schema": {"minLength": 8, "maxLength": 1024}}


@strawberry.type(description="An account, as its owner sees it.")
class Account:
    id: UUID = strawberry.field(description="Never changes.")
    username: str = strawberry.field(description="Unique, in lower case.")
    email: str = strawberry.field(description="Unique; where mails of the account go.")
    email_verified: bool = strawberry.field(
        description="Whether a link mailed to this address has been followed."
    )
    full_name: str = strawberry.field(description="As the owner wrote it.")
    created_at: datetime = strawberry.field(description="When it was registered.")


@strawberry.type(description="Your account, and how you get into it.")
class OwnAccount(Account):
    has_password: bool = strawberry.field(
        description="Whether there is a password; who comes by another service may have none."
    )
    delete_after: datetime | None = strawberry.field(
        description="When everything is removed for good, once you have asked for that."
    )


@strawberry.type(description="A session: an access token for now, a refresh token for later.")
class SessionTokens:
    access_token: str = strawberry.field(
        description="JWT to send as `Authorization: Bearer`. It is good until it expires or the"
        " session is logged out."
    )
    token_type: str = strawberry.field(description="Always `bearer`.")
    expires_in: int = strawberry.field(description="Life of the access token in seconds.")
    refresh_token: str = strawberry.field(
        description="Gets the next pair, once. Using it a second time ends the session."
    )

    __repr__ = sealed


@strawberry.type(description="What was asked for will be done, if it can be.")
class Accepted:
    message: str = strawberry.field(description="What to expect, for people.")


@strawberry.input(description="A new account.")
class RegisterInput:
    username: str = strawberry.field(
        description="3 to 32 of a-z, 0-9, - and _, beginning with a letter or digit. Capitals are"
        " read as small letters.",
        metadata={"schema": USERNAME},
    )
    email: str = strawberry.field(
        description="A link to verify it is sent there.", metadata={"schema": {"format": "email"}}
    )
    password: str = strawberry.field(
        description="8 to 1024 characters; neither the username nor the e-mail address, nor among"
        " the most common passwords, nor blank, nor one character again and again.",
        metadata=PASSWORD,
    )
    full_name: str = strawberry.field(description="1 to 200 characters.")

    __repr__ = sealed


@strawberry.input(description="Who signs in: by username or by e-mail address, not by both.")
class LoginInput:
    password: str = strawberry.field(description="The account's password.")
    username: str | None = strawberry.field(
        default=None, description="The username, in any case of letters."
    )
    email: str | None = strawberry.field(default=None, description="The e-mail address.")
    code: str | None = strawberry.field(
        default=None,
        description="Of an account with a second factor: a code of the authenticator app, or a"
        " recovery code.",
    )

    __repr__ = sealed


@strawberry.input(description="The second step of signing in.")
class CompleteLoginInput:
    challenge: str = strawberry.field(description="From the details of the error of the first.")
    code: str = strawberry.field(description="A code of the authenticator app, or a recovery code.")

    __repr__ = sealed


@strawberry.type(description="Where somebody is signed in to your account.")
class Session:
    id: UUID = strawberry.field(description="To end it by.")
    current: bool = strawberry.field(description="Whether it is the one that asks.")
    ip: str | None = strawberry.field(description="The address that signed in.")
    user_agent: str | None = strawberry.field(description="What its client called itself.")
    created_at: datetime = strawberry.field(description="When it began.")
    last_used_at: datetime = strawberry.field(description="When it was last refreshed.")
    expires_at: datetime = strawberry.field(description="When it ends unless it is refreshed.")


@strawberry.type(description="What became of your other sessions.")
class EndedSessions:
    ended: int = strawberry.field(description="How many there were.")


@strawberry.input(description="That it is still you.")
class ReauthenticateInput:
    password: str = strawberry.field(description="Your password.")
    code: str | None = strawberry.field(
        default=None, description="As for a login, where there is a second factor."
    )

    __repr__ = sealed


@strawberry.input(description="The refresh token of a session.")
class RefreshInput:
    refresh_token: str = strawberry.field(description="As the last login or refresh gave it.")

    __repr__ = sealed


@strawberry.input(description="Whose password was forgotten.")
class ForgotPasswordInput:
    email: str = strawberry.field(description="The e-mail address of the account.")


@strawberry.input(description="A new password, by the link that was mailed.")
class ResetPasswordInput:
    token: str = strawberry.field(description="`token` of the link.")
    password: str = strawberry.field(
        description="The new password; rules as at registration.", metadata=PASSWORD
    )

    __repr__ = sealed


@strawberry.input(description="The link that was mailed to an address.")
class VerifyEmailInput:
    token: str = strawberry.field(description="`token` of the link.")

    __repr__ = sealed


@strawberry.type(description="The account that a request acts as.")
class AuthPrincipal:
    account_id: UUID = strawberry.field(description="Id of the account.")
    username: str = strawberry.field(description="Username of the account.")
    email_verified: bool = strawberry.field(
        description="Whether the account's e-mail address is verified."
    )
    credential: CredentialKind = strawberry.field(description="How the request has shown it.")
    credential_id: UUID = strawberry.field(
        description="Id of the session, API key or personal token."
    )
    credential_name: str | None = strawberry.field(
        description="Name of the API key or personal token; null for a session."
    )
    expires_at: datetime | None = strawberry.field(
        description="When the credential ends unless renewed; null when it does not."
    )


@strawberry.type(description="Who a request acts as, and what it may do.")
class AuthMe:
    authenticated: bool = strawberry.field(
        description="False without credentials; bad ones are an error."
    )
    principal: AuthPrincipal | None = strawberry.field(description="Null without credentials.")
    scopes: list[Scope] = strawberry.field(description="What the credential is allowed to do.")
    tier: Tier | None = strawberry.field(
        description="How the account pays; null without credentials."
    )
    tier_label: str | None = strawberry.field(description=f"{TIER_LABEL} Null without credentials.")


@strawberry.type(description="That the credential has the scope which was probed.")
class ScopeCheck:
    allowed: bool = strawberry.field(
        description="Always true: without the scope the answer is an error."
    )
    scopes: list[Scope] = strawberry.field(description="All scopes of the credential.")


@strawberry.type(description="A scope that a personal token may have.")
class ScopeInfo:
    name: Scope = strawberry.field(description="As it is written in a token's `scopes`.")
    description: str = strawberry.field(description="What it allows.")
