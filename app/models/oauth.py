"""OAuth: clients that registered themselves, and what owners granted to clients."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id


class OAuthClientRow(Base):
    """A client that registered itself (RFC 7591). It has no secret and proves nothing."""

    __tablename__ = "oauth_clients"

    id: Mapped[Id]
    name: Mapped[str]
    redirect_uris: Mapped[list[str]]
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]


class OAuthGrantRow(Base):
    """What an owner allowed a client to do, and the authorization code that says so.

    Until `redeemed_at` the code may be redeemed, before `expires_at`. From then on `expires_at` is
    when the client must ask the owner again, unless it refreshes before. The access token is the
    row of `personal_tokens` whose `grant_id` this is; revoking it ends the grant.
    `session_id` is the sign-in of the browser in which the owner consented.
    """

    __tablename__ = "oauth_grants"
    __table_args__ = (CheckConstraint("cardinality(scopes) > 0", name="has_scopes"),)

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("sessions.id", ondelete="SET NULL"), index=True
    )
    client_id: Mapped[str]
    client_name: Mapped[str]
    redirect_uri: Mapped[str]
    scopes: Mapped[list[str]]
    code_digest: Mapped[bytes] = mapped_column(unique=True)
    code_challenge: Mapped[str]
    created_at: Mapped[CreatedAt]
    redeemed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class OAuthRefreshTokenRow(Base):
    """One refresh token of a grant; used once, but for an answer that was lost on the way."""

    __tablename__ = "oauth_refresh_tokens"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(
        ForeignKey("oauth_grants.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]
