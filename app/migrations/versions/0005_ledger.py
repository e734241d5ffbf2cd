"""wallets, the ledger, usage events and the price of jobs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# RFC 9562, method 3: milliseconds, then twelve bits of the fraction of one, then chance.
_UUID7 = """
CREATE FUNCTION uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
SELECT encode(
    substring(int8send(floor(us / 1000)::bigint) FROM 3)
    || substring(int4send(28672 + floor(mod(us, 1000) * 4.096)::int) FROM 3)
    || set_byte(chance, 0, (get_byte(chance, 0) & 63) | 128), 'hex')::uuid
FROM (SELECT extract(epoch FROM clock_timestamp()) * 1000000 AS us,
             substring(uuid_send(gen_random_uuid()) FROM 9) AS chance) AS parts
$$
"""
_APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM accounts WHERE id = OLD.account_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'entries of the ledger are neither changed nor deleted';
END $$
"""
_REFUSE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger()
"""


def _amounts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names]


def _time(name: str, default: str = "now()") -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text(default), nullable=False
    )


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False)


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


def upgrade() -> None:
    op.execute(_UUID7)
    _make_wallets()
    _make_entries()
    _make_events()
    op.add_column("resume_jobs", *_amounts("price"))
    op.add_column(
        "resume_jobs",
        sa.Column("free_use", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(op.f("ck_resume_jobs_price"), "resume_jobs", "price >= 0")
    op.create_check_constraint(
        op.f("ck_resume_jobs_free_costs_nothing"), "resume_jobs", "NOT free_use OR price = 0"
    )


def _make_wallets() -> None:
    op.create_table(
        "wallets",
        *_of_account("wallets"),
        *_amounts("posted", "held", "debt", "starter"),
        sa.Column("free_job_id", sa.Uuid(), nullable=True),
        _time("updated_at"),
        sa.CheckConstraint("held >= 0 AND posted >= held", name=op.f("ck_wallets_never_overdrawn")),
        sa.CheckConstraint("debt >= 0", name=op.f("ck_wallets_debt_is_positive")),
        sa.CheckConstraint(
            "starter >= 0 AND starter <= posted", name=op.f("ck_wallets_starter_is_posted")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_wallets")),
    )


def _make_entries() -> None:
    op.create_table(
        "ledger_entries",
        _id(),
        *_of_account("ledger_entries"),
        sa.Column("kind", sa.Text(), nullable=False),
        *_amounts("delta_posted", "delta_held", "delta_debt"),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        _time("created_at", "clock_timestamp()"),
        sa.CheckConstraint(
            "kind IN ('grant', 'hold', 'capture', 'release', 'refund', 'adjust')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "account_id", "kind", "ref", name=op.f("uq_ledger_entries_account_id_kind_ref")
        ),
    )
    op.create_index(
        "uq_ledger_entries_settlement",
        "ledger_entries",
        ["account_id", "ref"],
        unique=True,
        postgresql_where=sa.text("kind IN ('capture', 'release')"),
    )
    op.create_index(
        "ix_ledger_entries_newest", "ledger_entries", ["account_id", sa.text("id DESC")]
    )
    op.execute(_APPEND_ONLY)
    op.execute(_REFUSE)


def _make_events() -> None:
    op.create_table(
        "usage_events",
        _id(),
        *_of_account("usage_events"),
        _time("at"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        *_amounts("input_tokens", "output_tokens"),
        sa.Column("usd", sa.Numeric(18, 9), server_default="0", nullable=False),
        *_amounts("billed_credits", "starter_credits"),
        sa.CheckConstraint("kind IN ('render', 'answer')", name=op.f("ck_usage_events_kind")),
        sa.CheckConstraint(
            "starter_credits >= 0 AND starter_credits <= billed_credits",
            name=op.f("ck_usage_events_starter_is_billed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_events")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_usage_events_kind_ref")),
    )
    op.create_index("ix_usage_events_newest", "usage_events", ["account_id", sa.text("id DESC")])
    op.create_index("ix_usage_events_by_time", "usage_events", ["account_id", "at"])


def downgrade() -> None:
    op.drop_column("resume_jobs", "free_use")
    op.drop_column("resume_jobs", "price")
    for table in ("usage_events", "ledger_entries", "wallets"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change_of_ledger()")
    op.execute("DROP FUNCTION uuid7()")
