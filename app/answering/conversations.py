"""What was asked and answered, kept for the owner, and continued by the visitor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.answering.answer import Answer
from app.db import Connection, raw_statement

_EARLIER = 3  # questions of a conversation that a new one may lean on


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as anybody may know. `visitor` is a digest of the day."""

    channel: str
    visitor: bytes | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, with the entries that its answer rests on."""

    question: str
    item_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """`turns` are its last ones, the latest first; a new one has none."""

    id: UUID
    turns: tuple[Turn, ...] = ()


_FIND = raw_statement(
    f"""
SELECT q.question, q.sources
FROM conversations AS c JOIN questions AS q ON q.conversation_id = c.id
WHERE c.id = $1::UUID AND c.account_id = $2::UUID AND c.channel = $3
  AND c.visitor IS NOT DISTINCT FROM $4::BYTEA
ORDER BY q.id DESC LIMIT {_EARLIER}
""",  # noqa: S608 - of a constant
    "conversation_id",
    "account_id",
    "channel",
    "visitor",
)
# The account may be gone by now; then there is nobody to keep it for. A conversation is continued
# by whom it belongs to, and an id that is taken by another is left to that one.
_KEEP = raw_statement(
    """
WITH owner AS (SELECT id FROM accounts WHERE id = $2::UUID FOR KEY SHARE),
conversation AS (
    INSERT INTO conversations (id, account_id, channel, visitor, questions)
    SELECT $1::UUID, owner.id, $3, $4::BYTEA, 1 FROM owner
    ON CONFLICT (id) DO UPDATE SET questions = conversations.questions + 1, last_at = now()
    WHERE conversations.account_id = excluded.account_id
      AND conversations.channel = excluded.channel
      AND conversations.visitor IS NOT DISTINCT FROM excluded.visitor
    RETURNING id, account_id, channel
)
INSERT INTO questions (
    id, conversation_id, account_id, channel, question, answer, answer_status, answer_mode,
    confidence_band, sources, topic, is_bot, model, input_tokens, output_tokens, latency_ms
)
SELECT $5::UUID, id, account_id, channel, $6, $7, $8, $9, $10, $11::JSONB, $12, $13, $14, $15, $16,
       $17
FROM conversation
""",
    "conversation_id",
    "account_id",
    "channel",
    "visitor",
    "question_id",
    "question",
    "answer",
    "answer_status",
    "answer_mode",
    "confidence_band",
    "sources",
    "topic",
    "is_bot",
    "model",
    "input_tokens",
    "output_tokens",
    "latency_ms",
)


async def find(
    db: Connection, conversation_id: UUID, account_id: UUID, asker: Asker
) -> Conversation | None:
    """The conversation, if it is about this account and this visitor's own."""
    rows = await db.rows(
        _FIND,
        conversation_id=conversation_id,
        account_id=account_id,
        channel=asker.channel,
        visitor=asker.visitor,
    )
    if not rows:
        return None
    return Conversation(conversation_id, tuple(map(_turn, rows)))


def _turn(row: Any) -> Turn:
    ids = (source.get("item_id") for source in row["sources"])
    return Turn(row["question"], tuple(UUID(item_id) for item_id in ids if item_id))


async def keep(
    db: Connection,
    conversation: Conversation,
    account_id: UUID,
    asker: Asker,
    question_id: UUID,
    question: str,
    answer: Answer,
    latency_ms: int,
) -> None:
    """Keep a question with its answer, and begin its conversation if it is the first."""
    await db.execute(
        _KEEP,
        conversation_id=conversation.id,
        account_id=account_id,
        channel=asker.channel,
        visitor=asker.visitor,
        question_id=question_id,
        question=question,
        answer=answer.text,
        answer_status=answer.status.value,
        answer_mode=answer.mode.value,
        confidence_band=answer.confidence.value,
        sources=[source.as_json() for source in answer.sources],
        topic=answer.topic,
        is_bot=asker.is_bot,
        model=answer.model,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        latency_ms=latency_ms,
    )


def earlier_questions(conversation: Conversation) -> Sequence[str]:
    """In the order in which they were asked."""
    return [turn.question for turn in reversed(conversation.turns)]
