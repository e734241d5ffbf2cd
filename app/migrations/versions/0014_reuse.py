"""what PDFs are made of and say, by which they are found again, and jobs by their file"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("render_digest", sa.LargeBinary()),
    ("text_digest", sa.Text()),
    ("data_digest", sa.Text()),
)
_INDEXES = (
    ("artifact", ["artifact_key"]),
    ("render", ["account_id", "render_digest"]),
    ("text", ["text_digest"]),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("resume_jobs", sa.Column(name, kind, nullable=True))
    for name, columns in _INDEXES:
        op.create_index(
            f"ix_resume_jobs_{name}",
            "resume_jobs",
            columns,
            postgresql_where=sa.text(f"{columns[-1]} IS NOT NULL"),
        )


def downgrade() -> None:
    for name, _ in _INDEXES:
        op.drop_index(f"ix_resume_jobs_{name}", "resume_jobs")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("resume_jobs", name)
