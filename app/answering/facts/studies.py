"""Schools, degrees, grades and certificates."""

from __future__ import annotations

from app.answering.facts.asked import NOT_SAID, Asked, Fact, quoted
from app.answering.items import Item
from app.answering.moments import ended, is_past
from app.cv import dates

_DEGREES = ("=doctorate", "=master", "=bachelor")  # groups of synonyms, the highest first


def studies(asked: Asked) -> Fact | None:
    """Where and what was studied; of a degree or subject that is named, those entries."""
    entries = asked.of("education")
    wanted = [
        degree for degree in _DEGREES if any(degree in word.forms for word in asked.question.words)
    ]
    named = [
        item
        for item in asked.named(entries)
        if not wanted or any(degree in item.naming for degree in wanted)
    ]
    if not named:
        # That a profile has no such degree, it does not say: it says nothing of it.
        return NOT_SAID if not entries or not asked.rest else None
    if any(word.folded in ("highest", "hochste", "hochster") for word in asked.spent):
        named = [min(named, key=_rank)]
    return asked.told("studies", sorted(named, key=lambda item: ended(item.row), reverse=True))


def _rank(item: Item) -> int:
    return next((at for at, degree in enumerate(_DEGREES) if degree in item.naming), len(_DEGREES))


def grade(asked: Asked) -> Fact | None:
    """The grade of the studies that the question names, or of all that give one."""
    named = asked.named(asked.of("education"))
    if not named:
        return None
    graded = [item for item in named if item.row.get("grade")]
    if not graded:
        return NOT_SAID
    told = [asked.say("grade", value=item.row["grade"], what=item.title) for item in graded]
    return Fact(" ".join(told), quoted(graded))


def certificates(asked: Asked) -> Fact | None:
    """Which certificates there are, or those that the question names."""
    named = asked.named(asked.of("certifications"))
    if named:
        return asked.told("certificates", named)
    return NOT_SAID if not asked.rest else None


def certificate_validity(asked: Asked) -> Fact | None:
    """Until when the certificates hold that the question names, or all of them."""
    named = asked.named(asked.of("certifications"))
    if not named:
        return NOT_SAID if not asked.rest else None
    return Fact(" ".join(_validity(asked, item) for item in named), quoted(named))


def _validity(asked: Asked, item: Item) -> str:
    until = item.row.get("expires_on")
    if not until:
        return asked.say("certificate_open", what=item.title)
    over = is_past(until, asked.today)
    phrase = "certificate_over" if over else "certificate_until"
    return asked.say(phrase, what=item.title, when=dates.shown(until))
