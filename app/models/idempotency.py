"""Answers kept for repeats of a request under the same Idempotency-Key."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt


class IdempotencyRow(Base):
    """The first answer, encrypted, for it may hold a secret that is shown once."""

    __tablename__ = "idempotency_keys"

    account_id: Mapped[AccountId] = mapped_column(primary_key=True, index=False)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_digest: Mapped[bytes]
    answer: Mapped[bytes]
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
