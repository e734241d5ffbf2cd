"""OAuth: clients, grants and their refresh tokens"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _time(name: str, *, nullable: bool = False, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    op.create_table(
        "oauth_clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("redirect_uris", postgresql.ARRAY(sa.Text()), nullable=False),
        _time("created_at", now=True),
        _time("last_used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_clients")),
    )
    op.create_table(
        "oauth_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_name", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("code_digest", postgresql.BYTEA(), nullable=False),
        sa.Column("code_challenge", sa.Text(), nullable=False),
        _time("created_at", now=True),
        _time("redeemed_at", nullable=True),
        _time("expires_at"),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_oauth_grants_has_scopes")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_oauth_grants_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_oauth_grants_session_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_grants")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_oauth_grants_code_digest")),
    )
    op.create_index(op.f("ix_oauth_grants_account_id"), "oauth_grants", ["account_id"])
    op.create_index(op.f("ix_oauth_grants_session_id"), "oauth_grants", ["session_id"])
    op.create_table(
        "oauth_refresh_tokens",
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        _time("created_at", now=True),
        _time("used_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"],
            ["oauth_grants.id"],
            name=op.f("fk_oauth_refresh_tokens_grant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_oauth_refresh_tokens")),
    )
    op.create_index(op.f("ix_oauth_refresh_tokens_grant_id"), "oauth_refresh_tokens", ["grant_id"])
    op.add_column("personal_tokens", sa.Column("grant_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_personal_tokens_grant_id"), "personal_tokens", ["grant_id"]
    )
    op.create_foreign_key(
        op.f("fk_personal_tokens_grant_id"),
        "personal_tokens",
        "oauth_grants",
        ["grant_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.execute("DELETE FROM personal_tokens WHERE grant_id IS NOT NULL")
    op.drop_column("personal_tokens", "grant_id")
    op.drop_table("oauth_refresh_tokens")
    op.drop_table("oauth_grants")
    op.drop_table("oauth_clients")
