"""A question of one kind, put to one record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.answering.answer import AnswerStatus, Source
from app.answering.items import Item
from app.answering.moments import Length
from app.answering.questions import Question
from app.answering.words import Word, table

_MOST_SHOWN = 12  # entries that one answer lists


@dataclass(frozen=True, slots=True)
class Fact:
    """What rows say; without `text`, that they don't say it."""

    text: str = ""
    sources: tuple[Source, ...] = ()
    status: AnswerStatus = AnswerStatus.ANSWERED


NOT_SAID = Fact(status=AnswerStatus.INSUFFICIENT_EVIDENCE)


@dataclass(frozen=True, slots=True)
class Asked:
    """`rest` is what matters in the question beside the words by which its kind is asked for.

    `spent` are those words. `before` are the entries of the answer before, in a conversation.
    """

    question: Question
    items: Sequence[Item]
    rest: tuple[Word, ...]
    spent: tuple[Word, ...]
    today: date
    before: tuple[UUID, ...] = ()

    def say(self, phrase: str, **values: object) -> str:
        """A phrase of `data/phrases.toml` in the question's language."""
        template: str = table("phrases")[self.question.language][phrase]
        return template.format(**values)

    def of(self, *sections: str) -> list[Item]:
        """The entries of these sections."""
        return [item for item in self.items if item.section in sections]

    def named(self, items: Iterable[Item]) -> list[Item]:
        """Those that all of the rest names."""
        return [item for item in items if all(word.is_one_of(item.naming) for word in self.rest)]

    def length(self, length: Length) -> str:
        """`3 years 4 months`, `11 months`; of bare years, whole years."""
        years, months = divmod(length.months, 12)
        if not length.exact:
            years, months = (years + (months >= 6), 0) if length.months >= 6 else (0, months)
        parts = [
            f"{count} {self.say(one if count == 1 else many)}"
            for count, one, many in ((years, "year", "years"), (months, "month", "months"))
            if count
        ]
        return " ".join(parts) or f"1 {self.say('month')}"

    def about(self, length: Length) -> str:
        return "" if length.exact else self.say("about")

    def told(self, phrase: str, items: Sequence[Item]) -> Fact:
        """The heads of entries in a phrase, and the entries as sources."""
        shown = items[:_MOST_SHOWN]
        what = "; ".join(dict.fromkeys(item.head for item in shown))
        return Fact(self.say(phrase, what=what), quoted(shown))


def quoted(items: Iterable[Item]) -> tuple[Source, ...]:
    return tuple(item.quoted() for item in list(items)[:_MOST_SHOWN])
