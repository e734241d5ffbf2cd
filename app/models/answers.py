"""Questions that visitors asked about a profile, and what they were answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AccountId, Base, CreatedAt, Id

_CHANNEL = "channel IN ('page', 'studio')"


class ConversationRow(Base):
    """Questions that one visitor asked one after the other, about the profile of `account_id`.

    `visitor` is a digest that changes each day and tells no address; None where it is not known.
    `questions` counts those that were asked.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint(_CHANNEL, name="channel"),
        CheckConstraint("questions >= 0", name="questions_counted"),
        Index("ix_conversations_in_order", "account_id", "id"),
        Index("ix_conversations_last_at", "last_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[AccountId] = mapped_column(index=False)
    channel: Mapped[str]
    visitor: Mapped[bytes | None]
    started_at: Mapped[CreatedAt]
    last_at: Mapped[CreatedAt]
    questions: Mapped[int] = mapped_column(server_default="0")


class QuestionRow(Base):
    """One question and its answer, as they were given; never changed.

    `sources` are what the answer rests on: objects of section, item_id, title and text. `topic` is
    what an unanswered question was about, in a few words. Tokens are those that a `model` counted,
    also of an answer that was thrown away; `latency_ms` is how long the visitor waited.
    """

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint(_CHANNEL, name="channel"),
        CheckConstraint(
            "answer_status IN"
            " ('answered', 'partially_answered', 'insufficient_evidence', 'unsupported')",
            name="answer_status",
        ),
        CheckConstraint("answer_mode IN ('extractive', 'model')", name="answer_mode"),
        CheckConstraint("confidence_band IN ('high', 'medium', 'low')", name="confidence_band"),
        Index("ix_questions_in_order", "conversation_id", "id"),
        Index("ix_questions_by_time", "account_id", "asked_at", "id"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    account_id: Mapped[AccountId] = mapped_column(index=False)
    asked_at: Mapped[CreatedAt]
    channel: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    answer_status: Mapped[str]
    answer_mode: Mapped[str]
    confidence_band: Mapped[str]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    topic: Mapped[str | None]
    is_bot: Mapped[bool] = mapped_column(server_default=text("false"))
    model: Mapped[str | None]
    input_tokens: Mapped[int] = mapped_column(server_default="0")
    output_tokens: Mapped[int] = mapped_column(server_default="0")
    latency_ms: Mapped[int]
