"""Questions about published profiles: of visitors, and of a service on their behalf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from app.answering import conversations
from app.answering.answer import Answer
from app.answering.answering import Answered, Subject
from app.answering.conversations import Asker, Conversation, Turn
from app.audience.machines import machine_of
from app.auth import throttle
from app.call import Call
from app.cv import text
from app.db import uuid7
from app.errors import Conflict, FieldError, NotFound, ValidationFailed
from app.publication import published
from app.unconnected import unconnected
from schema.types.answers import (
    LONGEST_QUESTION,
    LONGEST_VISITOR,
    AnswerSource,
    AnswerUsage,
    AskInput,
    MessageRole,
    ProfileAnswer,
    ProfileName,
    StudioAnswer,
    StudioChatInput,
)

_HOUR = 3_600


@unconnected
async def ask(call: Call, username: ProfileName, input: AskInput) -> ProfileAnswer:
    """Ask about a profile, and be answered from what is public of it, with sources.

    Durations, dates, what is current, languages, skills and certificates are computed from the
    entries; all else is quoted, or told by a language model where the owner's plan has one and then
    checked against the quotes. What the profile does not say is not answered. Owners read what was
    asked; who asked they do not learn. 409 where the owner takes no questions.
    """
    context, settings = call.context, call.services.settings
    question = _clean(input.question, "question")
    by_address = throttle.Limit(
        "questions_from_address",
        throttle.network(context.address),
        settings.questions_per_address,
        _HOUR,
    )
    await throttle.take(call.services.redis, by_address)
    subject = await _subject(call, username)
    visitor = None
    if not context.is_private:
        visitor = await call.services.audience.visitors.digest(
            subject.account_id, context.address, context.user_agent
        )
    is_bot = machine_of(context.user_agent) is not None
    asker = Asker("page", visitor, is_bot)
    conversation = await _conversation(call, input.conversation_id, subject.account_id, asker)
    answered = await call.services.answering.answer(
        call.services, subject, asker, question, conversation
    )
    return ProfileAnswer(sources=_sources(answered.answer), **_answer(answered))


@unconnected
async def studio_chat(call: Call, input: StudioChatInput) -> StudioAnswer:
    """Ask about an owner's profile on behalf of a visitor.

    Internal: for a service of this installation alone, which shows `STUDIO_KEY` in the header
    X-Service-Key; all others get 403 `service_only`. It answers as `ask` does, and as the owner's
    public profile allows. Chats of API clients are retired; this is none.
    """
    question, earlier = _asked(input)
    if len(input.visitor or "") > LONGEST_VISITOR:
        message = f"May have {LONGEST_VISITOR} characters."
        raise ValidationFailed([FieldError("visitor", "too_long", message)])
    subject = await _subject(call, input.username)
    visitor = None
    if input.visitor is not None:
        visitor = await call.services.audience.visitors.digest(
            subject.account_id, "", input.visitor
        )
    asker = Asker("studio", visitor)
    conversation = await _conversation(call, input.conversation_id, subject.account_id, asker)
    if not conversation.turns:
        turns = tuple(Turn(one) for one in reversed(earlier))
        conversation = Conversation(conversation.id, turns)
    answered = await call.services.answering.answer(
        call.services, subject, asker, question, conversation, _hearing(call, input.stream)
    )
    answer = answered.answer
    return StudioAnswer(
        evidence=_sources(answer),
        usage=AnswerUsage(input_tokens=answer.input_tokens, output_tokens=answer.output_tokens),
        **_answer(answered),
    )


async def _subject(call: Call, username: str) -> Subject:
    """Who is asked about; raises NotFound, Conflict and RateLimited."""
    services = call.services
    async with services.database.connection() as db:
        found = await published(db, username, services.plans)
    if found is None:
        raise NotFound
    if not found.answers_questions:
        raise Conflict("The owner of this profile takes no questions.", reason="questions_off")
    limit = throttle.Limit(
        "questions_about_profile",
        str(found.account_id),
        services.settings.questions_per_profile,
        _HOUR,
    )
    await throttle.take(services.redis, limit)
    return Subject(found.account_id, found.record, found.tier)


async def _conversation(
    call: Call, conversation_id: UUID | None, account_id: UUID, asker: Asker
) -> Conversation:
    if conversation_id is not None:
        async with call.services.database.connection() as db:
            found = await conversations.find(db, conversation_id, account_id, asker)
        if found is not None:
            return found
    return Conversation(uuid7())


def _asked(input: StudioChatInput) -> tuple[str, Sequence[str]]:
    """The question, and those before it; raises ValidationFailed."""
    if (input.question is None) == (input.messages is None):
        raise ValidationFailed([FieldError("question", "one_of", "Give this or messages.")])
    if input.question is not None:
        return _clean(input.question, "question"), ()
    messages = input.messages or []
    if not messages or messages[-1].role is not MessageRole.USER:
        message = "The last message must be the visitor's."
        raise ValidationFailed([FieldError("messages", "no_question", message)])
    last = len(messages) - 1
    question = _clean(messages[last].content, f"messages[{last}].content")
    earlier = [
        one.content[:LONGEST_QUESTION] for one in messages[:-1] if one.role is MessageRole.USER
    ]
    return question, earlier[-3:]


def _clean(raw: str, path: str) -> str:
    """The question without characters that are not to be seen; raises ValidationFailed."""
    if len(raw) > LONGEST_QUESTION:
        message = f"May have {LONGEST_QUESTION} characters."
        raise ValidationFailed([FieldError(path, "too_long", message)])
    question, _ = text.clean(raw, multiline=False)
    if not question:
        raise ValidationFailed([FieldError(path, "blank", "Ask something.")])
    return question


def _hearing(call: Call, stream: bool) -> Callable[[str], None]:
    ear = call.context.ear
    if ear is None or not stream:
        return lambda piece: None
    ear.wanted = True
    return ear.hear


def _answer(answered: Answered) -> dict[str, Any]:
    answer = answered.answer
    return {
        "conversation_id": answered.conversation_id,
        "answer": answer.text,
        "answer_status": answer.status,
        "answer_mode": answer.mode,
        "confidence_band": answer.confidence,
    }


def _sources(answer: Answer) -> list[AnswerSource]:
    return [
        AnswerSource(
            section=source.section, item_id=source.item_id, title=source.title, text=source.text
        )
        for source in answer.sources
    ]
