"""What was sold: customers, checkouts, subscriptions, plans given by hand, and Stripe's events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id, UpdatedAt


class StripeCustomerRow(Base):
    """What Stripe calls an account that has wanted to pay."""

    __tablename__ = "stripe_customers"

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    customer_id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]


class LostCustomerRow(Base):
    """What Stripe once called an account, as long as what that customer has paid may come back."""

    __tablename__ = "lost_customers"

    customer_id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[AccountId]
    lost_at: Mapped[CreatedAt]


class CheckoutRow(Base):
    """A wish to pay. Written before Stripe is asked, so that asking again is asking for the same.

    `slot`: what an account can have one of at a time, `subscription` or the name of a pack. `terms`
    are what Stripe is asked for, whose `session_id` and `url` are known once it has answered.
    `unpaid`: it is complete, and the money is to come by a method that takes days.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        CheckConstraint(
            "state IN ('started', 'open', 'unpaid', 'complete', 'expired')", name="state"
        ),
        CheckConstraint(
            "state IN ('started', 'expired') OR session_id IS NOT NULL", name="session_once_open"
        ),
        Index(
            "uq_checkouts_current",
            "account_id",
            "slot",
            unique=True,
            postgresql_where=text("state IN ('started', 'open')"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    slot: Mapped[str]
    terms: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="started")
    session_id: Mapped[str | None] = mapped_column(unique=True)
    url: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class SubscriptionRow(Base):
    """A subscription as Stripe last told of it.

    `price`: what Stripe calls that for which `plan` and `cadence` were sold.
    `anchor`: the moment in whose months it is counted. `ends_at`: when it ends, once that is
    decided, or ended.
    """

    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[AccountId]
    status: Mapped[str]
    plan: Mapped[str]
    cadence: Mapped[str]
    price: Mapped[str | None]
    anchor: Mapped[datetime]
    current_period_start: Mapped[datetime]
    current_period_end: Mapped[datetime]
    cancel_at_period_end: Mapped[bool]
    ends_at: Mapped[datetime | None]
    trial_end: Mapped[datetime | None]
    past_due_since: Mapped[datetime | None]
    updated_at: Mapped[UpdatedAt]


class PaidPeriodRow(Base):
    """A time of a subscription for which an invoice was paid.

    `lost`: what was refunded or is disputed of what was `charged`, once any of it was.
    """

    __tablename__ = "paid_periods"
    __table_args__ = (CheckConstraint("lost >= 0 AND lost <= charged", name="lost_of_charged"),)

    invoice_id: Mapped[str] = mapped_column(Text, primary_key=True)
    subscription_id: Mapped[str] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    billed_at: Mapped[datetime]
    charge_id: Mapped[str | None]
    charged: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lost: Mapped[int] = mapped_column(BigInteger, server_default="0")


class PlanGrantRow(Base):
    """A plan given by hand; `until` is null for one without an end."""

    __tablename__ = "plan_grants"
    __table_args__ = (
        CheckConstraint("plan = 'pro'", name="plan"),
        Index(
            "uq_plan_grants_current",
            "account_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId]
    plan: Mapped[str]
    until: Mapped[datetime | None]
    reason: Mapped[str]
    granted_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]


class TrialRow(Base):
    """The one trial of an account, and how it came to it."""

    __tablename__ = "trials"
    __table_args__ = (CheckConstraint("how IN ('checkout', 'operator')", name="how"),)

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    started_at: Mapped[CreatedAt]
    ends_at: Mapped[datetime]
    how: Mapped[str]


class StripeEventRow(Base):
    """An event of Stripe's, kept as it came until its effect is there.

    `parked`: it is of a customer or a price that nobody here knows, or not yet. `failed`: given up.
    """

    __tablename__ = "stripe_events"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'parked', 'failed')", name="state"),
        CheckConstraint("(state IN ('done', 'failed')) = (done_at IS NOT NULL)", name="done"),
        Index(
            "ix_stripe_events_due",
            "next_attempt_at",
            postgresql_where=text("state IN ('pending', 'parked')"),
        ),
        Index("ix_stripe_events_received_at", "received_at"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    type: Mapped[str]
    payload: Mapped[str]
    received_at: Mapped[CreatedAt]
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[CreatedAt]
    error: Mapped[str | None]
    done_at: Mapped[datetime | None]


class StripeHearingRow(Base):
    """When the last hearing of Stripe's events began that came to its end: one row."""

    __tablename__ = "stripe_hearings"
    __table_args__ = (CheckConstraint("id = 1", name="only"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]


class WaitlistRow(Base):
    """Who wants to hear of what is not on sale yet."""

    __tablename__ = "waitlist"

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    signed_up_at: Mapped[CreatedAt]


class AdminActionRow(Base):
    """What an operator did, and why. It outlives the account it was done to."""

    __tablename__ = "admin_actions"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        Index("ix_admin_actions_account_id", "account_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=False
    )
    operator: Mapped[str]
    action: Mapped[str]
    details: Mapped[dict[str, Any]]
    reason: Mapped[str]
    created_at: Mapped[CreatedAt]
