"""What happened to the security of accounts, their second factors, and their end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id


class SecurityEventRow(Base):
    """Something that its owner may want to know who did. Never changed.

    Deleted with its account, or once it is older than such events are kept (a trigger sees to
    it). `actor` is who did it, `target` to what; a kind and an id of each.
    """

    __tablename__ = "security_events"
    __table_args__ = (
        CheckConstraint("outcome IN ('success', 'failure')", name="outcome"),
        Index("ix_security_events_newest", "account_id", text("id DESC")),
        Index("ix_security_events_occurred_at", "occurred_at"),
        Index(
            "ix_security_events_failures",
            "account_id",
            "action",
            "occurred_at",
            postgresql_where=text("outcome = 'failure'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuid7()"))
    account_id: Mapped[AccountId] = mapped_column(index=False)
    occurred_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    action: Mapped[str]
    outcome: Mapped[str] = mapped_column(server_default="success")
    actor_kind: Mapped[str]
    actor_id: Mapped[str | None]
    target_kind: Mapped[str | None]
    target_id: Mapped[str | None]
    ip: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(server_default="")
    request_id: Mapped[str] = mapped_column(server_default="")
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", server_default=text("'{}'"))


class CredentialNetworkRow(Base):
    """A network that a key or token has been used from, or was made in."""

    __tablename__ = "credential_networks"

    credential_id: Mapped[UUID] = mapped_column(primary_key=True)
    network: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[AccountId]
    created_at: Mapped[CreatedAt]


class SecondFactorRow(Base):
    """The secret that an authenticator app shares with us, encrypted.

    It counts once it is `confirmed_at`. `last_step` is the time step of the newest code that was
    used: no code of it or of an earlier one is taken again.
    """

    __tablename__ = "second_factors"

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    secret: Mapped[bytes]
    created_at: Mapped[CreatedAt]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")


class RecoveryCodeRow(Base):
    """A code that stands in, once, for an authenticator app that was lost."""

    __tablename__ = "recovery_codes"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[AccountId]
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]


class ClosedAccountRow(Base):
    """That an account was removed which had paid: whose payments the books still show."""

    __tablename__ = "closed_accounts"

    id: Mapped[Id]
    customer_id: Mapped[str]
    closed_at: Mapped[CreatedAt]
