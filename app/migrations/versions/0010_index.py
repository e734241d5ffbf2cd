"""what a profile is searched by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.models.vector import Vector

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _time(
    name: str, *, nullable: bool = True, server_default: str | None = None
) -> sa.Column[object]:
    default = None if server_default is None else sa.text(server_default)
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "chunks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", postgresql.REGCONFIG(), nullable=False),
        sa.Column(
            "tsv",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector(language, words)", persisted=True),
            nullable=False,
        ),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("embedding", Vector(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        _time("created_at", nullable=False, server_default="now()"),
        sa.CheckConstraint(
            "(embedding IS NULL) = (model IS NULL)", name=op.f("ck_chunks_embedded_by_a_model")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_chunks_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_chunks_account_id_digest")),
    )
    op.create_table(
        "index_states",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("wanted_sequence", sa.BigInteger(), server_default="0", nullable=False),
        _time("changed_at"),
        sa.Column("chunked_sequence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("indexed_sequence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        _time("not_before", nullable=False, server_default="now()"),
        _time("lease_until"),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        _time("updated_at"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_index_states_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_index_states")),
    )
    op.create_index(
        "ix_index_states_due",
        "index_states",
        ["not_before"],
        postgresql_where=sa.text("indexed_sequence < wanted_sequence"),
    )


def downgrade() -> None:
    op.drop_table("index_states")
    op.drop_table("chunks")
