"""usage and the quota of API keys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_quotas",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("last_lease", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_api_quotas_never_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_api_quotas_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "month", name=op.f("pk_api_quotas")),
    )
    op.create_index(op.f("ix_api_quotas_month"), "api_quotas", ["month"], unique=False)
    op.create_table(
        "usage",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('session', 'api_key', 'personal_token')", name=op.f("ck_usage_kind")
        ),
        sa.CheckConstraint(
            "outcome IN ('ok', 'client_error', 'server_error', 'over_limit')",
            name=op.f("ck_usage_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_usage_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "day", "credential_id", "operation", "outcome", name=op.f("pk_usage")
        ),
    )
    op.create_index("ix_usage_day", "usage", ["day"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_usage_day", table_name="usage")
    op.drop_table("usage")
    op.drop_index(op.f("ix_api_quotas_month"), table_name="api_quotas")
    op.drop_table("api_quotas")
