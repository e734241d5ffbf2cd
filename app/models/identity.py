"""Accounts, and what proves to be one. Secrets are stored as SHA-256 digests only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id, UpdatedAt, Version


class AccountRow(Base):
    """An owner. `password_hash` is null for an account that signs in elsewhere only.

    `delete_after` is when it will be removed, once its owner has asked for that.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        Index("uq_accounts_username", text("lower(username)"), unique=True),
        Index("uq_accounts_email", text("lower(email)"), unique=True),
        Index(
            "ix_accounts_delete_after",
            "delete_after",
            postgresql_where=text("delete_after IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    username: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    email_verified_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[Version]
    deletion_asked_at: Mapped[datetime | None]
    delete_after: Mapped[datetime | None]


class OutsideIdentityRow(Base):
    """A subject of an outside issuer that is one of our accounts."""

    __tablename__ = "outside_identities"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[AccountId]
    created_at: Mapped[CreatedAt]


class SessionRow(Base):
    """A login and the family of refresh tokens that came of it.

    `proven_at`: when its owner last showed the password, and the second factor if there is one.
    """

    __tablename__ = "sessions"

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(server_default="")
    proven_at: Mapped[CreatedAt]


class RefreshTokenRow(Base):
    """One refresh token; used once. A second use revokes its session."""

    __tablename__ = "refresh_tokens"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sessions.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]


class ApiKeyRow(Base):
    """A key for owner routes (`X-API-Key`). `hint` is what of the raw key may be shown."""

    __tablename__ = "api_keys"

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    name: Mapped[str]
    hint: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PersonalTokenRow(Base):
    """A token for gateway routes and MCP, with scopes.

    One with a `grant_id` is the access token that a client has by OAuth: when the client
    refreshes it, it stays the same row with another digest.
    """

    __tablename__ = "personal_tokens"
    __table_args__ = (CheckConstraint("cardinality(scopes) > 0", name="has_scopes"),)

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    name: Mapped[str]
    hint: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("personal_tokens.id", ondelete="SET NULL")
    )
    grant_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("oauth_grants.id", ondelete="CASCADE"), unique=True
    )


class OneTimeLinkRow(Base):
    """A link sent by mail, for the address it was sent to; `purpose` is what following it does."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('verify_email', 'reset_password', 'change_email', 'undo_email_change')",
            name="purpose",
        ),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[AccountId]
    purpose: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class MailRow(Base):
    """A mail to send. Written in the transaction of its cause; the body is emptied once sent."""

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_unsent", "created_at", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[CreatedAt]
