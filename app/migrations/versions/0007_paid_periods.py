"""the times that invoices have paid for, what is lost of each, and prices of subscriptions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PAID = ("paid_from", "paid_through")


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "paid_periods",
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        _time("starts_at"),
        _time("ends_at"),
        _time("billed_at"),
        sa.Column("charge_id", sa.Text(), nullable=True),
        sa.Column("charged", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lost", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "lost >= 0 AND lost <= charged", name=op.f("ck_paid_periods_lost_of_charged")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_paid_periods_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_paid_periods")),
    )
    op.create_index(op.f("ix_paid_periods_subscription_id"), "paid_periods", ["subscription_id"])
    op.add_column("subscriptions", sa.Column("price", sa.Text(), nullable=True))
    for name in _PAID:  # the hourly look asks Stripe for the latest invoice of each that goes on
        op.drop_column("subscriptions", name)


def downgrade() -> None:
    for name in _PAID:
        op.add_column("subscriptions", _time(name, nullable=True))
    op.drop_column("subscriptions", "price")
    op.drop_table("paid_periods")
