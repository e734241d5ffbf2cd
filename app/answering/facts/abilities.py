"""Skills, languages and projects."""

from __future__ import annotations

from functools import cache

from app.answering.facts.asked import NOT_SAID, Asked, Fact, quoted
from app.answering.items import Item
from app.answering.words import forms_in, table

_MOST_SKILLS = 40


def spoken(asked: Asked) -> Fact | None:
    """The languages, or the one that the question names."""
    languages = asked.of("languages")
    named = asked.named(languages)
    if named:
        return asked.told("spoken", named)
    if asked.rest and languages and not any(word.is_one_of(_tongues()) for word in asked.rest):
        return None
    return NOT_SAID


@cache
def _tongues() -> frozenset[str]:
    """What languages are called."""
    return forms_in(table("synonyms")["languages"]["names"])


def skills(asked: Asked) -> Fact | None:
    """All skills, or those of the category that the question names."""
    listed = asked.of("skills")
    if any(word.folded.startswith("programm") for word in asked.spent):
        listed = [item for item in listed if _is_programming(item)] or listed
        if not any(_is_programming(item) for item in listed):
            return None
    named = asked.named(listed) if asked.rest else listed
    if not named:
        return NOT_SAID if not asked.rest else None
    told = [
        f"{name} ({level})" if (level := item.row.get("level")) else name
        for item in named[:_MOST_SKILLS]
        if (name := str(item.row.get("name")))
    ]
    return Fact(asked.say("skills", what=", ".join(told)), quoted(named))


def _is_programming(item: Item) -> bool:
    category = forms_in(str(item.row.get("category") or ""))
    return not category.isdisjoint(forms_in("programming language languages langages sprachen"))


def skill_level(asked: Asked) -> Fact | None:
    """The level of a skill or language that the question names."""
    if not asked.rest:
        return None
    named = asked.named(asked.of("skills", "languages"))
    levelled = [item for item in named if item.row.get("level") or item.row.get("years")]
    if levelled:
        return asked.told("level", levelled)
    return None


def projects(asked: Asked) -> Fact | None:
    """All projects, or those that the question names."""
    listed = asked.of("projects")
    named = asked.named(listed)
    if named:
        return asked.told("projects", named)
    return NOT_SAID if not asked.rest else None


def counted(asked: Asked) -> Fact | None:
    """How many employers, languages, certificates, degrees, projects or skills are given."""
    if asked.rest:
        return None
    wanted = asked.question.folded
    for section, names in _COUNTED.items():
        if any(name in wanted for name in names):
            items = asked.of(section)
            by_employer = any(name in wanted for name in _EMPLOYERS)
            told = list(dict.fromkeys(_counted_as(item, by_employer) for item in items))
            if not told:
                return NOT_SAID
            text = asked.say("counted", count=len(told), what="; ".join(told))
            return Fact(text, quoted(items))
    return None


def _counted_as(item: Item, by_employer: bool) -> str:
    if by_employer:
        return str(item.row.get("company") or item.title)
    return item.title


_EMPLOYERS = ("companies", "employers", "firmen", "arbeitgeber", "entreprises", "employeurs")
_COUNTED = {
    "experience": (*_EMPLOYERS, "jobs", "positions", "roles", "stellen", "postes"),
    "languages": ("languages", "sprachen", "langues"),
    "certifications": ("certific", "zertifikat", "certificats"),
    "education": ("degrees", "diplomes", "abschlusse"),
    "projects": ("projects", "projekte", "projets"),
    "skills": ("skills",),
}
