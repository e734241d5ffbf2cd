"""What visitors asked and were answered: `/v1/me/transcripts`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.answering.answer import AnswerMode, AnswerStatus, ConfidenceBand
from app.audience import transcripts
from app.call import Call
from app.errors import FieldError, NotFound, ValidationFailed
from app.plans import tier_of
from app.standing import facts_of
from schema.types.answers import AnswerSource
from schema.types.paging import (
    DEFAULT_LIMIT,
    Cursor,
    CursorInOrder,
    Limit,
    Page,
    page,
    page_in_order,
    window,
    window_in_order,
)
from schema.types.transcripts import (
    Search,
    Since,
    Status,
    Transcript,
    TranscriptChannel,
    TranscriptQuestion,
    TranscriptSummary,
    Until,
)


async def list_transcripts(
    call: Call,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    q: Search = None,
    from_: Since = None,
    to: Until = None,
    status: Status = None,
) -> Page[TranscriptSummary]:
    """Conversations of visitors with your profile, the latest begun first.

    403 `plan_required` without a plan that has transcripts; they are kept meanwhile.
    """
    await _require_plan(call)
    if from_ and to and from_ > to:
        raise ValidationFailed([FieldError("from", "out_of_range", "Must not be after `to`.")])
    rows = await call.db.rows(
        transcripts.LIST,
        account_id=call.principal.account_id,
        first=from_,
        last=to,
        status=status.value if status else None,
        pattern=transcripts.containing(q),
        **window(limit, cursor),
    )
    return page(rows, limit, _summary)


async def get_transcript(
    call: Call, transcript_id: UUID, limit: Limit = DEFAULT_LIMIT, cursor: CursorInOrder = None
) -> Transcript:
    """One conversation, with its questions, answers and what they rested on.

    403 `plan_required` without a plan that has transcripts.
    """
    await _require_plan(call)
    which: dict[str, Any] = {"account_id": call.principal.account_id, "id": transcript_id}
    asked = window_in_order(limit, cursor)
    row = await call.db.row(transcripts.ONE, **which)
    if row is None:
        raise NotFound
    rows = await call.db.rows(transcripts.QUESTIONS, **which, **asked)
    return Transcript(
        id=row["id"],
        channel=TranscriptChannel(row["channel"]),
        started_at=row["started_at"],
        last_at=row["last_at"],
        questions_count=row["questions"],
        questions=page_in_order(rows, limit, _question),
    )


async def delete_transcript(call: Call, transcript_id: UUID) -> None:
    """Delete a conversation for good; its questions count in your insights no more.

    It is yours to delete on any plan.
    """
    which = {"account_id": call.principal.account_id, "id": transcript_id}
    if not await call.db.execute(transcripts.DELETE, **which):
        raise NotFound


async def _require_plan(call: Call) -> None:
    tier = tier_of(await facts_of(call.db, call.principal.account_id))
    call.services.plans.require("transcripts", tier)


def _summary(row: Any) -> TranscriptSummary:
    return TranscriptSummary(
        id=row["id"],
        channel=TranscriptChannel(row["channel"]),
        started_at=row["started_at"],
        last_at=row["last_at"],
        questions=row["questions"],
        first_question=row["first_question"],
        answer_statuses=[AnswerStatus(status) for status in row["statuses"] or ()],
        by_machine=bool(row["by_machine"]),
    )


def _question(row: Any) -> TranscriptQuestion:
    return TranscriptQuestion(
        id=row["id"],
        asked_at=row["asked_at"],
        question=row["question"],
        answer=row["answer"],
        answer_status=AnswerStatus(row["answer_status"]),
        answer_mode=AnswerMode(row["answer_mode"]),
        confidence_band=ConfidenceBand(row["confidence_band"]),
        sources=[_source(source) for source in row["sources"]],
        topic=row["topic"],
        by_machine=row["is_bot"],
        model=row["model"],
        latency_ms=row["latency_ms"],
    )


def _source(source: dict[str, Any]) -> AnswerSource:
    item_id = source.get("item_id")
    return AnswerSource(
        section=source["section"],
        item_id=None if item_id is None else UUID(item_id),
        title=source["title"],
        text=source["text"],
    )
