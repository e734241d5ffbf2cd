"""what was sold: customers, checkouts, subscriptions, plans given by hand, Stripe's events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = (
    "stripe_customers",
    "checkouts",
    "subscriptions",
    "plan_grants",
    "trials",
    "stripe_events",
    "waitlist",
    "admin_actions",
)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _time(name: str, *, nullable: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _account(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f(f"fk_{table}_account_id"),
            ondelete="CASCADE",
        ),
    ]


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _customers_and_checkouts()
    _subscriptions()
    _given_by_hand()
    op.create_table(
        "stripe_events",
        _text("id"),
        _text("type"),
        _text("payload"),
        _time("received_at", now=True),
        _text("state", default="pending"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _time("next_attempt_at", now=True),
        _text("error", nullable=True),
        _time("done_at", nullable=True),
        _check("stripe_events", "state", "state IN ('pending', 'done', 'parked', 'failed')"),
        _check("stripe_events", "done", "(state IN ('done', 'failed')) = (done_at IS NOT NULL)"),
        _key("stripe_events"),
    )
    op.create_index(
        "ix_stripe_events_due",
        "stripe_events",
        ["next_attempt_at"],
        postgresql_where=sa.text("state IN ('pending', 'parked')"),
    )
    op.create_index("ix_stripe_events_received_at", "stripe_events", ["received_at"])


def _customers_and_checkouts() -> None:
    op.create_table(
        "stripe_customers",
        *_account("stripe_customers"),
        _text("customer_id"),
        _time("created_at", now=True),
        _key("stripe_customers", "account_id"),
        sa.UniqueConstraint("customer_id", name=op.f("uq_stripe_customers_customer_id")),
    )
    op.create_table(
        "checkouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_account("checkouts"),
        _text("slot"),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        _text("state", default="started"),
        _text("session_id", nullable=True),
        _text("url", nullable=True),
        _time("expires_at", nullable=True),
        _time("created_at", now=True),
        _check("checkouts", "state", "state IN ('started', 'open', 'complete', 'expired')"),
        _check(
            "checkouts",
            "session_once_open",
            "state IN ('started', 'expired') OR session_id IS NOT NULL",
        ),
        _key("checkouts"),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkouts_session_id")),
    )
    op.create_index(op.f("ix_checkouts_account_id"), "checkouts", ["account_id"])
    op.create_index(
        "uq_checkouts_current",
        "checkouts",
        ["account_id", "slot"],
        unique=True,
        postgresql_where=sa.text("state IN ('started', 'open')"),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        _text("id"),
        *_account("subscriptions"),
        _text("status"),
        _text("plan"),
        _text("cadence"),
        _time("anchor"),
        _time("current_period_start"),
        _time("current_period_end"),
        sa.Column("cancel_at_period_end", sa.Boolean(), nullable=False),
        _time("ends_at", nullable=True),
        _time("trial_end", nullable=True),
        _time("past_due_since", nullable=True),
        _time("paid_from", nullable=True),
        _time("paid_through", nullable=True),
        _time("updated_at", now=True),
        _key("subscriptions"),
    )
    op.create_index(op.f("ix_subscriptions_account_id"), "subscriptions", ["account_id"])


def _given_by_hand() -> None:
    op.create_table(
        "plan_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_account("plan_grants"),
        _text("plan"),
        _time("until", nullable=True),
        _text("reason"),
        _text("granted_by"),
        _time("created_at", now=True),
        _time("ended_at", nullable=True),
        _check("plan_grants", "plan", "plan = 'pro'"),
        _key("plan_grants"),
    )
    op.create_index(op.f("ix_plan_grants_account_id"), "plan_grants", ["account_id"])
    op.create_index(
        "uq_plan_grants_current",
        "plan_grants",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "trials",
        *_account("trials"),
        _time("started_at", now=True),
        _time("ends_at"),
        _text("how"),
        _check("trials", "how", "how IN ('checkout', 'operator')"),
        _key("trials", "account_id"),
    )
    op.create_table(
        "waitlist",
        *_account("waitlist"),
        _time("signed_up_at", now=True),
        _key("waitlist", "account_id"),
    )
    op.create_table(
        "admin_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        _text("operator"),
        _text("action"),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        _text("reason"),
        _time("created_at", now=True),
        _check("admin_actions", "has_reason", "length(reason) > 0"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_admin_actions_account_id"),
            ondelete="SET NULL",
        ),
        _key("admin_actions"),
    )
    op.create_index("ix_admin_actions_account_id", "admin_actions", ["account_id"])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
