"""Credits: what each account has, how it came to it, and what it was used for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, UpdatedAt

# Made by the row itself, after it has waited for its wallet: so ids are in the order of events.
_NEW_ID = text("uuid7()")


class WalletRow(Base):
    """The credits of an account; every change of it is an entry of the ledger.

    `posted` is what there is, `held` the part that open jobs have put aside, `debt` what was taken
    back but had been spent. `starter` is the part of `posted` that came from the starter grant;
    it is spent first. `free_job_id` is the job that took the account's free render.
    """

    __tablename__ = "wallets"
    __table_args__ = (
        CheckConstraint("held >= 0 AND posted >= held", name="never_overdrawn"),
        CheckConstraint("debt >= 0", name="debt_is_positive"),
        CheckConstraint("starter >= 0 AND starter <= posted", name="starter_is_posted"),
    )

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    posted: Mapped[int] = mapped_column(server_default="0")
    held: Mapped[int] = mapped_column(server_default="0")
    debt: Mapped[int] = mapped_column(server_default="0")
    starter: Mapped[int] = mapped_column(server_default="0")
    free_job_id: Mapped[UUID | None]
    updated_at: Mapped[UpdatedAt]


class LedgerEntryRow(Base):
    """One change of a wallet. Never changed, and deleted with its account only.

    `ref` names what it is for, as in `job:…`; the same kind of thing happens once to each. A hold
    is settled once: captured or released.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('grant', 'hold', 'capture', 'release', 'refund', 'adjust')", name="kind"
        ),
        UniqueConstraint("account_id", "kind", "ref"),
        Index(
            "uq_ledger_entries_settlement",
            "account_id",
            "ref",
            unique=True,
            postgresql_where=text("kind IN ('capture', 'release')"),
        ),
        Index("ix_ledger_entries_newest", "account_id", text("id DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_NEW_ID)
    account_id: Mapped[AccountId] = mapped_column(index=False)
    kind: Mapped[str]
    delta_posted: Mapped[int] = mapped_column(server_default="0")
    delta_held: Mapped[int] = mapped_column(server_default="0")
    delta_debt: Mapped[int] = mapped_column(server_default="0")
    ref: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class UsageEventRow(Base):
    """Something that was done and, unless it was free, paid for.

    Of its `billed_credits`, `starter_credits` came from the starter grant. `ref` is the id of the
    job or answer. Tokens and `usd`, what models charged, are of answers.
    """

    __tablename__ = "usage_events"
    __table_args__ = (
        CheckConstraint("kind IN ('render', 'answer')", name="kind"),
        CheckConstraint(
            "starter_credits >= 0 AND starter_credits <= billed_credits", name="starter_is_billed"
        ),
        UniqueConstraint("kind", "ref"),
        Index("ix_usage_events_newest", "account_id", text("id DESC")),
        Index("ix_usage_events_by_time", "account_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_NEW_ID)
    account_id: Mapped[AccountId] = mapped_column(index=False)
    at: Mapped[CreatedAt]
    kind: Mapped[str]
    ref: Mapped[str]
    input_tokens: Mapped[int] = mapped_column(server_default="0")
    output_tokens: Mapped[int] = mapped_column(server_default="0")
    usd: Mapped[Decimal] = mapped_column(Numeric(18, 9), server_default="0")
    billed_credits: Mapped[int] = mapped_column(server_default="0")
    starter_credits: Mapped[int] = mapped_column(server_default="0")
