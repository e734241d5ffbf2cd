"""What accounts have used: the month's quota of API keys, and daily figures of requests."""

from __future__ import annotations

import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base


class ApiQuotaRow(Base):
    """A calendar month (its first day, UTC) of an account.

    `taken` counts what processes have leased, used or not; `last_lease` is how much of it the
    latest one got.
    """

    __tablename__ = "api_quotas"
    __table_args__ = (CheckConstraint("taken >= 0", name="never_negative"),)

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    month: Mapped[datetime.date] = mapped_column(Date, primary_key=True, index=True)
    taken: Mapped[int] = mapped_column(BigInteger)
    last_lease: Mapped[int]


class UsageRow(Base):
    """How often, on a day (UTC), one credential ran one operation with one sort of outcome."""

    __tablename__ = "usage"
    __table_args__ = (
        CheckConstraint("kind IN ('session', 'api_key', 'personal_token')", name="kind"),
        CheckConstraint(
            "outcome IN ('ok', 'client_error', 'server_error', 'over_limit')", name="outcome"
        ),
        Index("ix_usage_day", "day"),
    )

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    day: Mapped[datetime.date] = mapped_column(Date, primary_key=True)
    credential_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    method: Mapped[str]
    path: Mapped[str]
    count: Mapped[int] = mapped_column(BigInteger)
