"""How well questions are answered without any model: `python -m tests.answering.score [--each]`.

Sixty questions that ten profiles answer, those of `tests/search`, and forty that they don't. An
answer is right if one of its sources is a row that answers; of what a profile does not say nothing
may be answered. The bars of `app/answering/extractive.py` were chosen on the questions at even
places; those at odd places report.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.answering import extractive
from app.answering.answer import Answer, AnswerStatus
from app.answering.answering import at_once
from app.answering.evidence import gather
from app.answering.items import items_of
from app.answering.questions import read
from app.index.words import words
from app.publication import published
from app.search import Meaning, compare
from app.services import Services
from tests.search import score as searching
from tests.search.profiles import Resident, move_in
from workers.embedding.embedder import Embedder

_FOLDER = Path(__file__).parent
_PASSAGES = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what answers it (nothing, if it can't be answered), and what was answered."""

    profile: str
    question: str
    expected: list[str]
    answer: Answer
    sources: list[str]

    @property
    def is_answered(self) -> bool:
        return self.answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIALLY_ANSWERED)

    @property
    def is_right(self) -> bool:
        return self.is_answered and bool(set(self.sources) & set(self.expected))


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the answerable ones: answered rightly, and wrongly; and how many inventions."""

    right: float
    wrong: float
    invented: int

    @classmethod
    def of(cls, asked: list[Asked]) -> Score:
        answerable = [one for one in asked if one.expected]
        right = sum(one.is_right for one in answerable)
        wrong = sum(one.is_answered and not one.is_right for one in answerable)
        invented = sum(one.is_answered for one in asked if not one.expected)
        return cls(right / len(answerable), wrong / len(answerable), invented)


def floors() -> dict[str, dict[str, float]]:
    """The least that is right and the most that is wrong, of each half; they may only improve."""
    found: dict[str, dict[str, float]] = json.loads((_FOLDER / "floors.json").read_text())
    return found


def questions() -> list[tuple[str, str, list[str]]]:
    """Profile, question, and the rows that answer it; each list's halves alternate."""
    answerable = [(q.profile, q.question, q.expected) for q in searching.questions()]
    given: list[dict[str, str]] = json.loads((_FOLDER / "unanswerable.json").read_text())
    return [*answerable, *((each["profile"], each["question"], []) for each in given)]


async def ask_all(services: Services, embedder: Embedder) -> list[Asked]:
    """All questions, answered as a visitor's is when no model is configured."""
    asked = questions()
    residents = {name: await move_in(services, name) for name in {name for name, *_ in asked}}
    await searching.index_all(services, embedder)
    return [
        await _ask(services, embedder, residents[name], name, question, expected)
        for name, question, expected in asked
    ]


async def _ask(
    services: Services,
    embedder: Embedder,
    resident: Resident,
    name: str,
    text: str,
    expected: list[str],
) -> Asked:
    meant = Meaning(embedder.model, await embedder.question(text))
    async with services.database.connection() as db:
        found = await published(db, resident.username, services.plans)
        assert found is not None
        passages = await compare(db, resident.account_id, meant, words(text), limit=_PASSAGES)
    profile = found.record["profile"]
    items, question = items_of(found.record), read(text, profile)
    answer = at_once(question, profile, items, datetime.now(UTC).date())
    if answer is None:
        answer = extractive.quote(question, gather(question, items, passages))
    return Asked(name, text, expected, answer, _named(resident, answer))


def _named(resident: Resident, answer: Answer) -> list[str]:
    names: dict[UUID, str] = {row_id: name for name, row_id in resident.ids.items()}
    return [
        names[source.item_id] if source.item_id else source.section for source in answer.sources
    ]


def scores(asked: list[Asked]) -> dict[str, Score]:
    return {
        "all": Score.of(asked),
        "chosen on": Score.of(asked[::2]),
        "reported": Score.of(asked[1::2]),
    }


async def _print_scores(*, each: bool) -> None:
    async with searching._services() as services:
        embedder = Embedder(services.settings)
        asked: list[Any] = await ask_all(services, embedder)
        await embedder.close()
    print("            right  wrong  invented")
    for half, score in scores(asked).items():
        print(f"{half:10}  {score.right:5.3f}  {score.wrong:5.3f}  {score.invented:8}")
    if each:
        for one in asked:
            mark = "right" if one.is_right else "wrong" if one.is_answered else "-"
            print(f"{mark:6} {one.answer.status.value:22} {one.profile}: {one.question}")


if __name__ == "__main__":
    asyncio.run(_print_scores(each="--each" in sys.argv))
