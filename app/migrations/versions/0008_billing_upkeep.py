"""what the hourly hearing of Stripe keeps, lost customers, and a ledger that is never emptied"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEVER_EMPTIED = """
CREATE FUNCTION refuse_emptying_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'entries of the ledger are neither changed nor deleted';
END $$
"""
_REFUSE = """
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_ledger()
"""
_STILL_UNPAID = """
UPDATE checkouts c SET state = 'unpaid'
WHERE state = 'complete' AND slot <> 'subscription' AND created_at > now() - interval '30 days'
  AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.account_id = c.account_id
                  AND e.kind = 'grant' AND e.ref = 'stripe:session:' || c.session_id)
"""


def upgrade() -> None:
    op.create_table(
        "stripe_hearings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_stripe_hearings_only")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_hearings")),
    )
    op.create_table(
        "lost_customers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "lost_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_lost_customers_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_lost_customers")),
    )
    op.create_index(op.f("ix_lost_customers_account_id"), "lost_customers", ["account_id"])
    _allow_states("'started', 'open', 'unpaid', 'complete', 'expired'")
    op.execute(_STILL_UNPAID)
    op.execute(_NEVER_EMPTIED)
    op.execute(_REFUSE)


def downgrade() -> None:
    op.execute("DROP TRIGGER never_emptied ON ledger_entries")
    op.execute("DROP FUNCTION refuse_emptying_of_ledger()")
    op.execute("UPDATE checkouts SET state = 'complete' WHERE state = 'unpaid'")
    _allow_states("'started', 'open', 'complete', 'expired'")
    op.drop_table("lost_customers")
    op.drop_table("stripe_hearings")


def _allow_states(states: str) -> None:
    op.drop_constraint(op.f("ck_checkouts_state"), "checkouts")
    op.create_check_constraint(op.f("ck_checkouts_state"), "checkouts", f"state IN ({states})")
