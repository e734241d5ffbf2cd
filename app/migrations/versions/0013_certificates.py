"""what machines read in the PDF of a job, and jobs by the digest of their PDF"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WAITING = "status = 'succeeded' AND certificate IS NULL AND certificate_attempts < 3"


def upgrade() -> None:
    op.add_column("resume_jobs", sa.Column("certificate", postgresql.JSONB(), nullable=True))
    # Jobs that were there before get none: all of them at once would be a day's work.
    op.add_column(
        "resume_jobs",
        sa.Column(
            "certificate_attempts", sa.Integer(), server_default=sa.text("3"), nullable=False
        ),
    )
    op.alter_column("resume_jobs", "certificate_attempts", server_default=sa.text("0"))
    op.add_column(
        "resume_jobs",
        sa.Column("certificate_lease", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "ix_resume_jobs_uncertified",
        "resume_jobs",
        ["finished_at"],
        postgresql_where=sa.text(_WAITING),
    )
    op.create_index(
        "ix_resume_jobs_sha256",
        "resume_jobs",
        ["sha256"],
        postgresql_where=sa.text("sha256 IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_resume_jobs_sha256", "resume_jobs")
    op.drop_index("ix_resume_jobs_uncertified", "resume_jobs")
    for column in ("certificate_lease", "certificate_attempts", "certificate"):
        op.drop_column("resume_jobs", column)
