"""What a profile is searched by."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id, UpdatedAt
from app.models.vector import Vector


class ChunkRow(Base):
    """A piece of a profile that is compared with questions.

    `item_id` is the row it is of, null for what stands in the profile itself. The first of a row,
    of `ordinal` 0, is the whole of it; then come its statements, one by one. `words` are the text
    as full-text search reads it and `language` says how they are stemmed. `digest` is of all that
    is embedded; `embedding` is null until `model` has embedded it.
    """

    __tablename__ = "chunks"
    __table_args__ = (
        UniqueConstraint("account_id", "digest"),
        CheckConstraint("(embedding IS NULL) = (model IS NULL)", name="embedded_by_a_model"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId] = mapped_column(index=False)
    section: Mapped[str]
    item_id: Mapped[UUID | None]
    ordinal: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    words: Mapped[str]
    language: Mapped[Any] = mapped_column(REGCONFIG)
    tsv: Mapped[Any] = mapped_column(
        TSVECTOR, Computed("to_tsvector(language, words)", persisted=True)
    )
    digest: Mapped[bytes]
    embedding: Mapped[Any | None] = mapped_column(Vector)
    model: Mapped[str | None]
    created_at: Mapped[CreatedAt]


class IndexStateRow(Base):
    """How far the index of an account is, and who works at it.

    `wanted_sequence` is the newest revision that is known of, `chunked_sequence` the one that the
    chunks say, and `indexed_sequence` the one of which all chunks are embedded by `model`. The
    first change that is not indexed was seen at `changed_at`, and waits until `not_before`; a lease
    says who is at it, and `attempts` how often that was begun since it last succeeded.
    """

    __tablename__ = "index_states"
    __table_args__ = (
        Index(
            "ix_index_states_due",
            "not_before",
            postgresql_where=text("indexed_sequence < wanted_sequence"),
        ),
    )

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    wanted_sequence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    chunked_sequence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    indexed_sequence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    model: Mapped[str | None]
    changed_at: Mapped[datetime | None]
    not_before: Mapped[UpdatedAt]
    lease_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    updated_at: Mapped[datetime | None]
