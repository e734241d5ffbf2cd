"""What of a profile answers a question, and how complete the index is that says so."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from app.search import LONGEST_QUESTION
from schema.types.presentation import PageSection
from schema.types.sections import Section

_field = strawberry.field

MOST_PASSAGES = 20
DEFAULT_PASSAGES = 5

Question = Annotated[
    str,
    strawberry.argument(
        description="A question, or some words.",
        metadata={"schema": {"minLength": 1, "maxLength": LONGEST_QUESTION}},
    ),
]
PassageLimit = Annotated[
    int,
    strawberry.argument(
        description=f"How many at most, 1 to {MOST_PASSAGES}.",
        metadata={"schema": {"minimum": 1, "maximum": MOST_PASSAGES}},
    ),
]
Sections = Annotated[
    list[PageSection] | None,
    strawberry.argument(
        description="Only of these.", metadata={"schema": {"maxItems": len(PageSection)}}
    ),
]


@strawberry.type(description="A part of the profile that may answer.")
class SearchPassage:
    section: PageSection = _field(description="Where it stands.")
    item_id: UUID | None = _field(
        description="Its row; null for what stands in the profile itself."
    )
    title: str = _field(description="What it is, such as a position with its employer and years.")
    text: str = _field(description="All that it says.")
    statement: str = _field(description="That part of the text which is nearest to the question.")
    score: float = _field(description="Orders the passages of this answer; says nothing beyond.")
    similarity: float | None = _field(
        description="Cosine of the meanings of question and passage; null where words alone were"
        " compared."
    )
    matched: float = _field(description="Share of the question's words that it has, 0 to 1.")


@strawberry.type(description="What of the profile most likely answers, best first.")
class SearchAnswer:
    passages: list[SearchPassage] = _field(description="The passages.")
    by_meaning: bool = _field(
        description="False where words alone were compared, because no worker was there to tell"
        " what the question means."
    )


@strawberry.enum(description="How far the index of a profile is.")
class IndexState(Enum):
    EMPTY = strawberry.enum_value("empty", description="There is nothing to index.")
    PENDING = strawberry.enum_value("pending", description="It is not made yet.")
    INDEXING = strawberry.enum_value("indexing", description="A worker is at it.")
    READY = strawberry.enum_value("ready", description="It says what the profile says.")
    STALE = strawberry.enum_value("stale", description="The profile has changed since.")
    FAILED = strawberry.enum_value(
        "failed", description="It could not be made; that is tried again, ever more seldom."
    )


@strawberry.type(description="How much of a section is indexed.")
class SectionIndex:
    section: PageSection = _field(description="Which one.")
    rows: int = _field(description="Its rows; summary and languages count as one.")
    chunks: int = _field(description="The pieces in which they are indexed.")
    embedded: int = _field(description="Pieces whose meaning is known.")


@strawberry.type(description="How far the index of the profile is.")
class IndexingStatus:
    status: IndexState = _field(description="How far it is.")
    completeness: float = _field(
        description="Share of rows that are found by meaning as they are now, 0 to 1."
    )
    sections: list[SectionIndex] = _field(description="Counts by section.")
    model: str = _field(description="The model that says what texts mean.")
    updated_at: datetime | None = _field(description="When it was last complete.")
    last_error: str | None = _field(description="Why it could not be made last time.")


@strawberry.enum(description="What a reset clears, beside all that is made for searching.")
class ResetScope(Enum):
    IMPORTED = strawberry.enum_value(
        "imported", description="Rows that were imported and not edited by hand since."
    )
    ALL = strawberry.enum_value("all", description="All rows of all sections.")


@strawberry.input(description="What to clear.")
class ResetInput:
    scope: ResetScope = _field(
        default=ResetScope.IMPORTED, description="`imported`, or `all` with what is hand-written."
    )


@strawberry.type(description="What was cleared of one section.")
class ClearedSection:
    section: Section = _field(description="Which one.")
    rows: int = _field(description="How many of its rows.")
    revision_id: UUID = _field(description="The revision that brings them back when it is undone.")


@strawberry.type(description="What a reset has cleared.")
class ResumeReset:
    scope: ResetScope = _field(description="What was asked for.")
    cleared: list[ClearedSection] = _field(description="Sections of which rows were removed.")
    chunks: int = _field(description="Pieces of the index that were removed.")
