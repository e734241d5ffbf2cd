"""themes, layouts, and who may see a public page"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presentations",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=True),
        sa.Column("accent_color", sa.Text(), nullable=True),
        sa.Column(
            "section_order", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "hidden_sections", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("font_preference", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "accent_color ~ '^#[0-9a-f]{6}$'", name=op.f("ck_presentations_accent_color")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_presentations_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_presentations")),
    )
    # Whoever has an account already was never asked whether strangers may read the profile.
    op.add_column(
        "profiles", sa.Column("visibility", sa.Text(), server_default="private", nullable=False)
    )
    op.alter_column("profiles", "visibility", server_default="unlisted")
    op.create_check_constraint(
        op.f("ck_profiles_visibility"),
        "profiles",
        "visibility IN ('public', 'unlisted', 'private')",
    )
    op.add_column(
        "profiles",
        sa.Column(
            "answers_questions", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("profiles", "answers_questions")
    op.drop_constraint(op.f("ck_profiles_visibility"), "profiles")
    op.drop_column("profiles", "visibility")
    op.drop_table("presentations")
