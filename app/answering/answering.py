"""From a question about a published profile to an answer that is kept: both routes' one way.

outside? → computed from rows? → evidence → a model, if there is one and the plan has it left
                                         → the evidence itself
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from app.answering import allowance, conversations, extractive, outside, providers, told
from app.answering.answer import Answer, AnswerStatus, ConfidenceBand
from app.answering.conversations import Asker, Conversation, Turn
from app.answering.evidence import Evidence, gather
from app.answering.facts.computed import compute
from app.answering.items import Item, items_of
from app.answering.questions import Question, read
from app.db import uuid7
from app.errors import DependencyUnavailable
from app.plans import Tier
from app.search import Passage, search

if TYPE_CHECKING:
    from app.services import Services
    from app.settings import Settings

log = logging.getLogger(__name__)

_PASSAGES = 12

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a question is about: what is public of the profile, and the owner's plan."""

    account_id: UUID
    record: Mapping[str, Any]
    tier: Tier


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was kept."""

    conversation_id: UUID
    answer: Answer


class Answering:
    """Answers of one process. Makes no connection before a model is asked."""

    def __init__(self, settings: Settings) -> None:
        self._providers = providers.Providers(
            providers.read(settings.answer_providers), settings.answer_timeout_seconds
        )
        self._under_way: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Wait for the answers under way, so that each is kept."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._providers.close()

    async def answer(
        self,
        services: Services,
        subject: Subject,
        asker: Asker,
        question: str,
        conversation: Conversation,
        hear: told.Hear = lambda piece: None,
    ) -> Answered:
        """Answer and keep it, also when whoever asked has gone meanwhile.

        `hear` gets sentences of a model as they are checked; the answer itself is what counts.
        Raises DependencyUnavailable when it can't be kept.
        """
        return await self._to_the_end(
            self._answered(services, subject, asker, question, conversation, hear)
        )

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody may

    async def _answered(
        self,
        services: Services,
        subject: Subject,
        asker: Asker,
        text: str,
        conversation: Conversation,
        hear: told.Hear,
    ) -> Answered:
        began = time.monotonic()
        question_id = uuid7()
        spent = providers.Spent()
        profile = subject.record["profile"]
        # In threads: to read a long profile takes a tenth of a second.
        question = await asyncio.to_thread(read, text, profile)
        items = await asyncio.to_thread(items_of, subject.record)
        today = datetime.now(UTC).date()
        answer = await asyncio.to_thread(
            at_once, question, profile, items, today, conversation.turns
        )
        if answer is None:
            passages = await _passages(services, subject, question)
            evidence = await asyncio.to_thread(gather, question, items, passages)
            answer = await self._in_words(
                services, subject, asker, question, evidence, conversation, question_id, spent, hear
            )
        answer = dataclasses.replace(
            answer,
            model=spent.model,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
        )
        latency_ms = round((time.monotonic() - began) * 1000)
        async with services.database.transaction() as db:
            await conversations.keep(
                db, conversation, subject.account_id, asker, question_id, text, answer, latency_ms
            )
            if self._providers:
                await allowance.settle(db, question_id, spent)
        return Answered(conversation.id, answer)

    async def _in_words(
        self,
        services: Services,
        subject: Subject,
        asker: Asker,
        question: Question,
        evidence: Sequence[Evidence],
        conversation: Conversation,
        question_id: UUID,
        spent: providers.Spent,
        hear: told.Hear,
    ) -> Answer:
        """In a model's words if there is a model for it, and they hold; else in the profile's."""
        helpful = [one for one in evidence if extractive.may_help(one)]
        if not helpful or not self._providers or asker.is_bot:
            return extractive.quote(question, evidence)
        limit = services.plans.entitlements(subject.tier).chat_allowance
        if not await allowance.take(services.database, subject.account_id, limit, question_id):
            return extractive.quote(question, evidence)
        earlier = conversations.earlier_questions(conversation)
        try:
            answer = await told.tell(self._providers, question, helpful, earlier, spent, hear)
        except (providers.NoModel, told.Unfaithful) as error:
            fields = {"question_id": str(question_id), "why": type(error).__name__}
            log.warning("an answer falls back to quotes", extra={"fields": fields})
            return extractive.quote(question, evidence)
        return answer or extractive.insufficient(question)


def at_once(
    question: Question,
    profile: Mapping[str, Any],
    items: Sequence[Item],
    today: date,
    turns: Sequence[Turn] = (),
) -> Answer | None:
    """What needs no search: a refusal, or what is computed from rows; else None."""
    if outside.is_outside(question):
        return extractive.unsupported(question)
    fact = compute(question, profile, items, today, turns)
    if fact is None:
        return None
    if not fact.text:
        return extractive.insufficient(question)
    return Answer(fact.text, AnswerStatus.ANSWERED, ConfidenceBand.HIGH, fact.sources)


async def _passages(services: Services, subject: Subject, question: Question) -> list[Passage]:
    """What search finds; without it, words alone are compared by `gather`."""
    try:
        return await search(services, subject.account_id, question.text, limit=_PASSAGES)
    except DependencyUnavailable:
        return []
