"""An answer, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID


class AnswerStatus(Enum):
    """Whether a profile answers a question, and if not, why."""

    ANSWERED = "answered"
    PARTIALLY_ANSWERED = "partially_answered"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    UNSUPPORTED = "unsupported"


class AnswerMode(Enum):
    """Whose words an answer is in: the profile's and ours, or those of a language model."""

    EXTRACTIVE = "extractive"
    MODEL = "model"


class ConfidenceBand(Enum):
    """How sure it is that the sources answer the question."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Source:
    """What of the profile an answer rests on.

    `item_id` is None for what stands in the profile itself.
    """

    section: str
    item_id: UUID | None
    title: str
    text: str

    def as_json(self) -> dict[str, Any]:
        item_id = None if self.item_id is None else str(self.item_id)
        return {
            "section": self.section,
            "item_id": item_id,
            "title": self.title,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """`topic`: what an unanswered question was about. `model` and tokens: what was spent on it."""

    text: str
    status: AnswerStatus
    confidence: ConfidenceBand
    sources: tuple[Source, ...] = ()
    mode: AnswerMode = AnswerMode.EXTRACTIVE
    topic: str | None = None
    model: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
