"""Questions about a profile, and their answers."""

from __future__ import annotations

from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from app.answering.answer import AnswerMode, AnswerStatus, ConfidenceBand

_field = strawberry.field

LONGEST_QUESTION = 500  # characters
MOST_MESSAGES = 50
LONGEST_MESSAGE = 4_000
LONGEST_VISITOR = 200

strawberry.enum(
    AnswerStatus,
    description="Whether a profile answers a question. `partially_answered`: what is quoted is near"
    " to it, and may be all there is; or yes or no was asked for, which no quote says."
    " `insufficient_evidence`: the profile does not say. `unsupported`: it is no question that a"
    " professional profile is asked.",
)
strawberry.enum(
    AnswerMode,
    description="Whose words an answer is in. `extractive`: those of the profile, or a sentence"
    " computed from its rows. `model`: those of a language model, checked against the evidence.",
)
strawberry.enum(
    ConfidenceBand,
    description="How sure it is that the sources answer the question. Computed answers are `high`.",
)

ProfileName = Annotated[
    str,
    strawberry.argument(
        description="Username of the owner.", metadata={"schema": {"minLength": 1, "maxLength": 64}}
    ),
]
_CONVERSATION = (
    "Id of a conversation to go on with. One that is unknown here, over, about another profile or"
    " somebody else's begins a new one."
)


@strawberry.type(description="What of the profile an answer rests on.")
class AnswerSource:
    section: str = _field(
        description="profile, summary, experience, education, projects, skills, languages or"
        " certifications."
    )
    item_id: UUID | None = _field(
        description="Id of the entry; null for what stands in the profile itself."
    )
    title: str = _field(description="What the entry is called.")
    text: str = _field(description="What it says, as far as it matters here.")


@strawberry.type(description="A visitor's question, answered from what is public of a profile.")
class ProfileAnswer:
    conversation_id: UUID = _field(description="Send it with the next question, to go on.")
    answer: str = _field(description="The answer, as text.")
    answer_status: AnswerStatus = _field(description="Whether the profile answers the question.")
    answer_mode: AnswerMode = _field(description="Whose words it is in.")
    confidence_band: ConfidenceBand = _field(description="How sure it is.")
    sources: list[AnswerSource] = _field(
        description="What it rests on; none where nothing is answered."
    )


@strawberry.input(description="A question about a profile.")
class AskInput:
    question: str = _field(
        description="The question, in any language; English, German and French are known best.",
        metadata={"schema": {"minLength": 1, "maxLength": LONGEST_QUESTION}},
    )
    conversation_id: UUID | None = _field(default=None, description=_CONVERSATION)


class MessageRole(Enum):
    """Who wrote a message of a chat."""

    USER = "user"
    ASSISTANT = "assistant"


strawberry.enum(MessageRole, description="Who wrote a message. `user`: the visitor.")


@strawberry.input(description="A message of a chat.")
class ChatMessage:
    role: MessageRole = _field(description="Who wrote it.")
    content: str = _field(
        description="What it says.",
        metadata={"schema": {"minLength": 1, "maxLength": LONGEST_MESSAGE}},
    )


@strawberry.input(description="A question that a service passes on for a visitor of a profile.")
class StudioChatInput:
    username: str = _field(
        description="Username of the owner.",
        metadata={"schema": {"minLength": 1, "maxLength": 64}},
    )
    question: str | None = _field(
        default=None,
        description="The question; this or messages.",
        metadata={"schema": {"minLength": 1, "maxLength": LONGEST_QUESTION}},
    )
    messages: list[ChatMessage] | None = _field(
        default=None,
        description="The chat so far, whose last message is the visitor's question, of at most"
        f" {LONGEST_QUESTION} characters. What an assistant said in it is not read.",
        metadata={"schema": {"minItems": 1, "maxItems": MOST_MESSAGES}},
    )
    conversation_id: UUID | None = _field(default=None, description=_CONVERSATION)
    visitor: str | None = _field(
        default=None,
        description="What the service knows its visitor by; kept as a digest of the day only.",
        metadata={"schema": {"minLength": 1, "maxLength": LONGEST_VISITOR}},
    )
    stream: bool = _field(
        default=False,
        description="Over REST: answer as server-sent events. `delta`: a sentence of a model, as"
        " `{text}`. `done`: the whole answer, as without `stream`; it counts, whatever was told"
        " before. `error`: the error body.",
    )


@strawberry.type(description="Tokens that language models have counted for an answer.")
class AnswerUsage:
    input_tokens: int = _field(description="Tokens that were read.")
    output_tokens: int = _field(description="Tokens that were written.")


@strawberry.type(description="An answer to a question that a service passed on.")
class StudioAnswer:
    conversation_id: UUID = _field(description="Send it with the next question, to go on.")
    answer: str = _field(description="The answer, as text.")
    answer_status: AnswerStatus = _field(description="Whether the profile answers the question.")
    answer_mode: AnswerMode = _field(description="Whose words it is in.")
    confidence_band: ConfidenceBand = _field(description="How sure it is.")
    evidence: list[AnswerSource] = _field(
        description="What it rests on; none where nothing is answered."
    )
    usage: AnswerUsage = _field(description="What models counted; 0 without one.")
