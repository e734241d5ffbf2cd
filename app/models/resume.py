"""Résumé jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id, UpdatedAt, Version


class ResumeJobRow(Base):
    """One asynchronous render.

    A row in state `queued` is its own outbox: the sweeper enqueues it until a worker claims it.
    A claim raises `attempt` and sets `lease_until`; every later write names its attempt, so a
    slow worker can't write over its successor. `account_id, request_id` makes it one job however
    often it is asked for; `body_digest` tells a repeat from another request. `price` is held in the
    wallet until the job is final; with `free_use` the job takes the account's free render.

    Several jobs of one account may name one file by `artifact_key`. `render_digest` is what the PDF
    was made of (`workers/fingerprint.py`), by which such a file is found; `text_digest` and
    `data_digest` are of what it says and encloses (`app/cv/enclosed.py`).

    `certificate` is what machines read in the PDF (`app/certificates.py`), made after the job.
    """

    __tablename__ = "resume_jobs"
    __table_args__ = (
        UniqueConstraint("account_id", "request_id"),
        CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'canceled')", name="status"
        ),
        CheckConstraint(
            "(status = 'running') = (lease_until IS NOT NULL)", name="lease_while_running"
        ),
        CheckConstraint(
            "(status = 'succeeded') = (artifact_key IS NOT NULL)", name="artifact_on_success"
        ),
        CheckConstraint("(status = 'failed') = (error_code IS NOT NULL)", name="error_on_failure"),
        CheckConstraint(
            "(status IN ('succeeded', 'failed', 'canceled')) = (finished_at IS NOT NULL)",
            name="finished_when_final",
        ),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("NOT free_use OR price = 0", name="free_costs_nothing"),
        Index("ix_resume_jobs_newest", "account_id", text("id DESC")),
        Index(
            "ix_resume_jobs_open",
            "status",
            "updated_at",
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
        Index(
            "ix_resume_jobs_expiring",
            "expires_at",
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
        Index(
            "ix_resume_jobs_uncertified",
            "finished_at",
            postgresql_where=text(
                "status = 'succeeded' AND certificate IS NULL AND certificate_attempts < 3"
            ),
        ),
        Index(
            "ix_resume_jobs_sha256",
            "sha256",
            postgresql_where=text("sha256 IS NOT NULL"),
        ),
        Index(
            "ix_resume_jobs_artifact",
            "artifact_key",
            postgresql_where=text("artifact_key IS NOT NULL"),
        ),
        Index(
            "ix_resume_jobs_render",
            "account_id",
            "render_digest",
            postgresql_where=text("render_digest IS NOT NULL"),
        ),
        Index(
            "ix_resume_jobs_text",
            "text_digest",
            postgresql_where=text("text_digest IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId] = mapped_column(index=False)
    request_id: Mapped[str]
    body_digest: Mapped[bytes]
    mode: Mapped[str] = mapped_column(server_default="managed")
    template: Mapped[str]
    cv: Mapped[dict[str, Any]]
    warnings: Mapped[list[dict[str, Any]]]
    status: Mapped[str] = mapped_column(server_default="queued")
    attempt: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    pages: Mapped[int | None]
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None]
    artifact_key: Mapped[str | None]
    render_digest: Mapped[bytes | None]
    text_digest: Mapped[str | None]
    data_digest: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    price: Mapped[int] = mapped_column(server_default="0")
    free_use: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[Version]
    certificate: Mapped[dict[str, Any] | None]
    certificate_attempts: Mapped[int] = mapped_column(server_default="0")
    certificate_lease: Mapped[datetime | None]
