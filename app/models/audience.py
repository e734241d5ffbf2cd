"""Who has come to what owners have published: figures of days, and whom a day has counted.

No address, no user agent and no time of day is kept anywhere.
"""

from __future__ import annotations

import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, UpdatedAt

METRICS = ("view", "private_view", "visitor", "referrer", "download", "click", "section", "machine")


class AudienceCountRow(Base):
    """How often something happened on a day (UTC). `name`: which, such as a referrer's host;
    empty where there is only one, or for all that are more than a day keeps apart."""

    __tablename__ = "audience_counts"
    __table_args__ = (
        CheckConstraint(f"metric IN {METRICS}", name="metric"),
        CheckConstraint("count >= 0", name="never_negative"),
        Index("ix_audience_counts_day", "day"),
    )

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    day: Mapped[datetime.date] = mapped_column(Date, primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class AudienceVisitorRow(Base):
    """One visitor of a day, by a digest that nobody can make again once the day is over.

    The rows of a day give way to their number, as the count `visitor`, a day later.
    """

    __tablename__ = "audience_visitors"
    __table_args__ = (Index("ix_audience_visitors_day", "day"),)

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    day: Mapped[datetime.date] = mapped_column(Date, primary_key=True)
    visitor: Mapped[bytes] = mapped_column(primary_key=True)


class AudienceWriterRow(Base):
    """The last batch of counts that a process has written, so that none is written twice."""

    __tablename__ = "audience_writers"

    writer: Mapped[UUID] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(BigInteger)
    written_at: Mapped[UpdatedAt]
