"""What was changed in a profile, and what was imported into it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, Identity, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id


class RevisionRow(Base):
    """One change of a profile or section, written by the statement that made it.

    `before` and `after` are the row as JSON (null: it was not there). Where a section was changed
    as a whole they are lists of those rows that the change touched, and `item_id` is null, as it is
    for the profile; of rows that were only moved, they have `id`, `position` and `version`. Ids are
    made before a change waits for its row; `sequence` is taken after, and tells which came first.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="changed_something"),
        Index("ix_revisions_newest", "account_id", text("sequence DESC")),
        Index("ix_revisions_in_section", "account_id", "section", "sequence"),
        Index("ix_revisions_of_items", "item_ids", postgresql_using="gin"),
    )

    id: Mapped[Id]
    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    account_id: Mapped[AccountId] = mapped_column(index=False)
    created_at: Mapped[CreatedAt]
    credential_kind: Mapped[str]
    credential_id: Mapped[UUID]
    section: Mapped[str]
    item_id: Mapped[UUID | None]
    item_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    action: Mapped[str]
    before: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    size: Mapped[int] = mapped_column(
        Computed(
            "coalesce(octet_length(before::text), 0) + coalesce(octet_length(after::text), 0)",
            persisted=True,
        )
    )


class ImportRow(Base):
    """A parsed file: its preview, until it is committed or expires.

    A parse is committed once: `commit_digest` tells a repeat from another commit, and `summary` is
    what the first one answered.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(
            "(committed_at IS NULL) = (commit_digest IS NULL)"
            " AND (committed_at IS NULL) = (summary IS NULL)",
            name="committed_whole",
        ),
        Index("ix_imports_newest", "account_id", text("id DESC")),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId] = mapped_column(index=False)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    preview: Mapped[dict[str, Any]]
    committed_at: Mapped[datetime | None]
    commit_digest: Mapped[bytes | None]
    summary: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
