"""Which kind of question is asked, and what is computed for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.answering.conversations import Turn
from app.answering.facts import abilities, career, person, studies
from app.answering.facts.asked import Asked, Fact
from app.answering.items import Item, Row
from app.answering.questions import Question
from app.answering.words import fold, forms_in, table

_Compute = Callable[[Row, Asked], Fact | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of question is asked. `words` are spent by asking."""

    asks: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]
    words: frozenset[str]

    def is_asked(self, folded: str) -> bool:
        return any(each.search(folded) for each in self.asks) and not any(
            each.search(folded) for each in self.never
        )


def compute(
    question: Question,
    profile: Row,
    items: Sequence[Item],
    today: date,
    turns: Sequence[Turn] = (),
) -> Fact | None:
    """What rows say to a question; None where it is none that rows answer by themselves.

    A fact answers only if it covers all that matters in the question, so that nothing asked for is
    passed over in silence. A question that only goes on from the latest of `turns` is taken for one
    of the same kind.
    """
    unsaid: Fact | None = None
    before = turns[0].item_ids if turns else ()
    for name, kind in _kinds_of(question, turns):
        rest = question.without(kind.words)
        spent = tuple(word for word in question.words if word.is_one_of(kind.words))
        asked = Asked(question, items, rest, spent, today, before)
        fact = _OF[name](profile, asked)
        if fact is not None and fact.text:
            return fact
        unsaid = unsaid or fact
    return unsaid


def _kinds_of(question: Question, turns: Sequence[Turn]) -> Iterable[tuple[str, Kind]]:
    asked = list(_asked_kinds(question.folded))
    if not asked and turns and question.goes_on:
        return _asked_kinds(fold(turns[0].question))
    return asked


def _asked_kinds(folded: str) -> Iterator[tuple[str, Kind]]:
    return ((name, kind) for name, kind in _kinds().items() if kind.is_asked(folded))


@cache
def _kinds() -> Mapping[str, Kind]:
    return {
        name: Kind(
            tuple(map(re.compile, told["asks"])),
            tuple(map(re.compile, told.get("never", ()))),
            forms_in(told["words"]),
        )
        for name, told in table("intents").items()
    }


def _of_rows(compute: Callable[[Asked], Fact | None]) -> _Compute:
    return lambda profile, asked: compute(asked)


def _of_profile(compute: Callable[[Asked, Row], Fact | None]) -> _Compute:
    return lambda profile, asked: compute(asked, profile)


_OF: dict[str, _Compute] = {
    **{
        name: _of_profile(getattr(person, name))
        for name in ("phone", "email", "links", "contact", "availability", "location", "about")
    },
    **{
        name: _of_rows(getattr(career, name))
        for name in (
            "experience_length",
            "current_role",
            "previous_role",
            "first_role",
            "role_then",
            "employers",
            "dates_of",
        )
    },
    **{
        name: _of_rows(getattr(studies, name))
        for name in ("studies", "grade", "certificate_validity", "certificates")
    },
    **{
        name: _of_rows(getattr(abilities, name))
        for name in ("spoken", "skills", "skill_level", "projects", "counted")
    },
}
