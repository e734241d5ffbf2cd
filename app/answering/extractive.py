"""An answer in the profile's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.answering.answer import Answer, AnswerStatus, ConfidenceBand
from app.answering.evidence import Evidence
from app.answering.questions import Question
from app.answering.words import table

_MOST_QUOTED = 3  # entries
_MOST_TOPIC = 5  # words


@dataclass(frozen=True, slots=True)
class Bars:
    """What evidence must reach, found on one half of the questions of `tests/answering`.

    `covered`: the part of the question's matter that an entry names, for it to answer by words.
    `similar`: the cosine by which it answers whatever its words. `both`: their sum, which is enough
    if some of the words are there. `ahead`: by how much it must be more similar than all other
    entries, if it is `alike` at all. `near`: a sum at which a model may be asked.
    """

    covered: float = 0.8
    similar: float = 0.6
    both: float = 0.9
    ahead: float = 0.08
    alike: float = 0.3
    near: float = 0.4


BARS = Bars()


def answers(evidence: Evidence, bars: Bars = BARS) -> ConfidenceBand | None:
    """How surely a piece of evidence answers; None if it may as well not."""
    if evidence.lacks_name:
        return None
    similarity = evidence.similarity or 0.0
    if evidence.covered >= bars.covered:
        return ConfidenceBand.HIGH if evidence.covered >= 0.999 else ConfidenceBand.MEDIUM
    if (
        similarity >= bars.similar
        or evidence.covered + similarity >= bars.both
        or (evidence.ahead >= bars.ahead and similarity >= bars.alike)
    ):
        return ConfidenceBand.LOW
    return None


def may_help(evidence: Evidence, bars: Bars = BARS) -> bool:
    """Whether a model should see it: it may say what was asked in other words."""
    return not evidence.lacks_name and evidence.weight >= bars.near


def quote(question: Question, found: Sequence[Evidence]) -> Answer:
    """The sentences that answer; without any, that the profile does not say.

    Of yes and no a quote says neither: the sentence that has all the words may deny it, or be about
    somebody else. Such a question is answered in part, whoever asked decides.
    """
    sure = [(evidence, band) for evidence in found if (band := answers(evidence)) is not None]
    if not sure:
        return insufficient(question)
    best = min((band for _, band in sure), key=list(ConfidenceBand).index)
    quoted = [evidence for evidence, band in sure if band is best][:_MOST_QUOTED]
    lines = [" — ".join(evidence.texts) for evidence in quoted]
    in_part = best is ConfidenceBand.LOW or question.asks_whether
    return Answer(
        text="\n".join([say(question, "quoted"), *lines]),
        status=AnswerStatus.PARTIALLY_ANSWERED if in_part else AnswerStatus.ANSWERED,
        confidence=ConfidenceBand.MEDIUM if in_part and best is ConfidenceBand.HIGH else best,
        sources=tuple(evidence.item.quoted(*evidence.texts) for evidence in quoted),
    )


def insufficient(question: Question) -> Answer:
    """That the profile does not say."""
    return Answer(
        text=say(question, "insufficient"),
        status=AnswerStatus.INSUFFICIENT_EVIDENCE,
        confidence=ConfidenceBand.LOW,
        topic=topic_of(question),
    )


def unsupported(question: Question) -> Answer:
    """That this is not answered here."""
    return Answer(
        text=say(question, "unsupported"),
        status=AnswerStatus.UNSUPPORTED,
        confidence=ConfidenceBand.HIGH,
    )


def topic_of(question: Question) -> str | None:
    """What a question is about, in a few words."""
    words = dict.fromkeys(word.folded for word in question.matter)
    return " ".join(list(words)[:_MOST_TOPIC]) or None


def say(question: Question, phrase: str) -> str:
    told: str = table("phrases")[question.language][phrase]
    return told
