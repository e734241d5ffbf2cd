"""security events, second factors, accounts that are to be deleted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = (
    "closed_accounts",
    "recovery_codes",
    "second_factors",
    "credential_networks",
    "security_events",
)
_PURPOSES = "'verify_email', 'reset_password'"
_MORE_PURPOSES = f"{_PURPOSES}, 'change_email', 'undo_email_change'"

# Who clears says how old an event must be for that, and what is young stays whatever is said.
_APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_security_events() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM accounts WHERE id = OLD.account_id) THEN
            RETURN OLD;
        END IF;
        IF OLD.occurred_at < now() - interval '30 days' AND OLD.occurred_at
            < nullif(current_setting('vitae.clear_security_events_before', true), '')::timestamptz
        THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'security events are neither changed nor deleted';
END $$
"""
_REFUSE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON security_events
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_security_events()
"""
_REFUSE_ALL = """
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON security_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_security_events()
"""


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _time(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    made = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=made)


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


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _make_events()
    _make_networks()
    _make_second_factors()
    _prepare_ends()
    op.add_column("sessions", _time("proven_at", default="now()"))
    op.execute("UPDATE sessions SET proven_at = created_at")
    _links_for(_MORE_PURPOSES)


def downgrade() -> None:
    op.execute("DELETE FROM one_time_links WHERE purpose IN ('change_email', 'undo_email_change')")
    _links_for(_PURPOSES)
    op.drop_column("sessions", "proven_at")
    op.drop_index("ix_accounts_delete_after", "accounts")
    op.drop_column("accounts", "delete_after")
    op.drop_column("accounts", "deletion_asked_at")
    for table in _TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change_of_security_events")


def _make_events() -> None:
    op.create_table(
        "security_events",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuid7()"), nullable=False),
        *_account("security_events"),
        _time("occurred_at", default="clock_timestamp()"),
        _text("action"),
        _text("outcome", default="success"),
        _text("actor_kind"),
        _text("actor_id", nullable=True),
        _text("target_kind", nullable=True),
        _text("target_id", nullable=True),
        _text("ip", default=""),
        _text("user_agent", default=""),
        _text("request_id", default=""),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('success', 'failure')", name=op.f("ck_security_events_outcome")
        ),
        _key("security_events", "id"),
    )
    op.create_index(
        "ix_security_events_newest", "security_events", ["account_id", sa.text("id DESC")]
    )
    op.create_index("ix_security_events_occurred_at", "security_events", ["occurred_at"])
    op.create_index(
        "ix_security_events_failures",
        "security_events",
        ["account_id", "action", "occurred_at"],
        postgresql_where=sa.text("outcome = 'failure'"),
    )
    op.execute(_APPEND_ONLY)
    op.execute(_REFUSE)
    op.execute(_REFUSE_ALL)


def _make_networks() -> None:
    op.create_table(
        "credential_networks",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        _text("network"),
        *_account("credential_networks"),
        _time("created_at", default="now()"),
        _key("credential_networks", "credential_id", "network"),
    )
    op.create_index("ix_credential_networks_account_id", "credential_networks", ["account_id"])


def _make_second_factors() -> None:
    op.create_table(
        "second_factors",
        *_account("second_factors"),
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        _time("created_at", default="now()"),
        _time("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        _key("second_factors", "account_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        *_account("recovery_codes"),
        _time("created_at", default="now()"),
        _time("used_at", nullable=True),
        _key("recovery_codes", "digest"),
    )
    op.create_index("ix_recovery_codes_account_id", "recovery_codes", ["account_id"])


def _prepare_ends() -> None:
    op.add_column("accounts", _time("deletion_asked_at", nullable=True))
    op.add_column("accounts", _time("delete_after", nullable=True))
    op.create_index(
        "ix_accounts_delete_after",
        "accounts",
        ["delete_after"],
        postgresql_where=sa.text("delete_after IS NOT NULL"),
    )
    op.create_table(
        "closed_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("customer_id"),
        _time("closed_at", default="now()"),
        _key("closed_accounts", "id"),
    )


def _links_for(purposes: str) -> None:
    op.drop_constraint(op.f("ck_one_time_links_purpose"), "one_time_links", type_="check")
    op.create_check_constraint(
        op.f("ck_one_time_links_purpose"), "one_time_links", f"purpose IN ({purposes})"
    )
