"""visits, questions and answers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CHANNEL = "channel IN ('page', 'studio')"
_METRICS = (
    "metric IN ('view', 'private_view', 'visitor', 'referrer', 'download', 'click', 'section',"
    " 'machine')"
)


def _of_account(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f(f"fk_{table}_account_id"),
            ondelete="CASCADE",
        ),
    ]


def _time(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, default: str | None = "0") -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def upgrade() -> None:
    _make_conversations()
    _make_questions()
    _make_counts()
    _make_visitors()
    _make_writers()


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_account("conversations"),
        _text("channel"),
        sa.Column("visitor", sa.LargeBinary(), nullable=True),
        _time("started_at"),
        _time("last_at"),
        _number("questions"),
        sa.CheckConstraint(_CHANNEL, name=op.f("ck_conversations_channel")),
        sa.CheckConstraint("questions >= 0", name=op.f("ck_conversations_questions_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_in_order", "conversations", ["account_id", "id"])
    op.create_index("ix_conversations_last_at", "conversations", ["last_at"])


def _make_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        *_of_account("questions"),
        _time("asked_at"),
        *(_text(name) for name in ("channel", "question", "answer")),
        *(_text(name) for name in ("answer_status", "answer_mode", "confidence_band")),
        sa.Column(
            "sources",
            JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        _text("topic", nullable=True),
        sa.Column("is_bot", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _text("model", nullable=True),
        _number("input_tokens"),
        _number("output_tokens"),
        _number("latency_ms", None),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_questions_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(_CHANNEL, name=op.f("ck_questions_channel")),
        sa.CheckConstraint(
            "answer_status IN"
            " ('answered', 'partially_answered', 'insufficient_evidence', 'unsupported')",
            name=op.f("ck_questions_answer_status"),
        ),
        sa.CheckConstraint(
            "answer_mode IN ('extractive', 'model')", name=op.f("ck_questions_answer_mode")
        ),
        sa.CheckConstraint(
            "confidence_band IN ('high', 'medium', 'low')",
            name=op.f("ck_questions_confidence_band"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_in_order", "questions", ["conversation_id", "id"])
    op.create_index("ix_questions_by_time", "questions", ["account_id", "asked_at", "id"])


def _make_counts() -> None:
    op.create_table(
        "audience_counts",
        *_of_account("audience_counts"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("metric"),
        _text("name"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(_METRICS, name=op.f("ck_audience_counts_metric")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_audience_counts_never_negative")),
        sa.PrimaryKeyConstraint(
            "account_id", "day", "metric", "name", name=op.f("pk_audience_counts")
        ),
    )
    op.create_index("ix_audience_counts_day", "audience_counts", ["day"])


def _make_visitors() -> None:
    op.create_table(
        "audience_visitors",
        *_of_account("audience_visitors"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", BYTEA(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "day", "visitor", name=op.f("pk_audience_visitors")),
    )
    op.create_index("ix_audience_visitors_day", "audience_visitors", ["day"])


def _make_writers() -> None:
    op.create_table(
        "audience_writers",
        sa.Column("writer", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        _time("written_at"),
        sa.PrimaryKeyConstraint("writer", name=op.f("pk_audience_writers")),
    )


_OF_VISITS = ("audience_writers", "audience_visitors", "audience_counts")


def downgrade() -> None:
    for table in (*_OF_VISITS, "questions", "conversations"):
        op.drop_table(table)
