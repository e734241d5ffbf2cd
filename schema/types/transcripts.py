"""What visitors asked and were answered: types of `/v1/me/transcripts`."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from app.answering.answer import AnswerMode, AnswerStatus, ConfidenceBand
from schema.types.answers import AnswerSource
from schema.types.paging import Page

_field = strawberry.field

_LONGEST_SEARCH = 200

Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only conversations with a question or an answer in which this text stands,"
        " whatever its case.",
        metadata={"schema": {"maxLength": _LONGEST_SEARCH}},
    ),
]
Status = Annotated[
    AnswerStatus | None,
    strawberry.argument(
        description="Only conversations with a question answered so; with `q`, that question."
    ),
]
Since = Annotated[
    date | None,
    strawberry.argument(name="from", description="Only those that went on on this day (UTC) yet."),
]
Until = Annotated[
    date | None,
    strawberry.argument(name="to", description="Only those begun by the end of this day (UTC)."),
]


@strawberry.enum(description="Where it was asked: on the public page, or through a service.")
class TranscriptChannel(Enum):
    PAGE = "page"
    STUDIO = "studio"


@strawberry.type(description="A conversation with a visitor, in short.")
class TranscriptSummary:
    id: UUID = _field(description="Id of the conversation.")
    channel: TranscriptChannel = _field(description="Where it was had.")
    started_at: datetime = _field(description="When the first question was asked.")
    last_at: datetime = _field(description="When the last one was.")
    questions: int = _field(description="How many questions were asked.")
    first_question: str | None = _field(description="The first question.")
    answer_statuses: list[AnswerStatus] = _field(
        description="How its questions, the first hundred of them, were answered: each status once."
    )
    by_machine: bool = _field(description="Whether a machine asked, as far as it said so.")


@strawberry.type(description="A question of a visitor and its answer, as they were given.")
class TranscriptQuestion:
    id: UUID = _field(description="Id of the question.")
    asked_at: datetime = _field(description="When it was asked.")
    question: str = _field(description="The question.")
    answer: str = _field(description="What the visitor was answered.")
    answer_status: AnswerStatus = _field(description="Whether the profile answered it.")
    answer_mode: AnswerMode = _field(description="Whose words the answer is in.")
    confidence_band: ConfidenceBand = _field(description="How sure it was.")
    sources: list[AnswerSource] = _field(
        description="What the answer rested on, as the profile said it then."
    )
    topic: str | None = _field(
        description="What a question was about that was not fully answered, in a few words."
    )
    by_machine: bool = _field(description="Whether a machine asked, as far as it said so.")
    model: str | None = _field(description="The language model whose words the answer is in.")
    latency_ms: int = _field(description="Milliseconds that the visitor waited.")


@strawberry.type(description="A conversation with a visitor. Who it was is not known.")
class Transcript:
    id: UUID = _field(description="Id of the conversation.")
    channel: TranscriptChannel = _field(description="Where it was had.")
    started_at: datetime = _field(description="When the first question was asked.")
    last_at: datetime = _field(description="When the last one was.")
    questions_count: int = _field(description="How many questions were asked.")
    questions: Page[TranscriptQuestion] = _field(
        description="The questions in the order in which they were asked, a page of them."
    )
