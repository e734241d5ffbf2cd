"""The lists of cv_data's compact sections: skills and languages."""

from __future__ import annotations

import re

from msgspec import structs

from app.cv import bounds, wording
from app.importing.cv_entries import BULLETS, items, kind_of, repeats_heading
from app.importing.members import Members
from app.importing.preview import Evidence, FoundLanguage, FoundSkill
from app.importing.skills import split_skills
from app.importing.spoken import find_languages

# A text without any mark of lists, levels or labels.
_PLAIN = re.compile(
    r"(?:[^,;:|()\[\]/·•●○★☆%\t\u3001\uff0c\uff1a\uff08\uff09\u2013\u2014-]|(?<!\s)-(?!\s))+"
)
_SEVERAL = re.compile("[,;()|\u3001\uff0c]")


def skills(section: Members) -> list[FoundSkill]:
    """The skills of content and bullets, of which the title of an item is the category."""
    found: list[FoundSkill] = []
    for text, said in section.sayings("name", "content"):
        found += _skills_in(text, None, [said], section)
    for item in items(section):
        if not item.has(*BULLETS):
            found += section.source.collect([item], _skill)
            continue
        category = None if repeats_heading(item) else item.text("category", "title")
        of_category = list(item.evidence)
        for text, said in item.sayings("name", *BULLETS):
            found += _skills_in(text, category, [said, *of_category], item)
        item.skip("title")
        item.rest()
    return found


def _skill(item: Members) -> FoundSkill:
    return FoundSkill(
        name=item.name("name", "title"),
        level=item.text("level", "subtitle"),
        evidence=item.evidence,
    )


def _skills_in(
    text: str, category: str | None, said: list[Evidence], row: Members
) -> list[FoundSkill]:
    """The skills that one text names. `said` has the evidence of their names first."""
    named: list[tuple[str, str | None, str | None, float | None]] = []
    given = wording.read_skill(text)
    if given and not _SEVERAL.search(given.name):
        named = [(given.name, None, given.level, given.years)]
    elif _PLAIN.fullmatch(text):
        named = [(text, None, None, None)]
    elif len(text) <= bounds.TEXT:
        named = [(each.name, each.category, each.level, each.years) for each in split_skills(text)]
    if not named:
        row.source.leave(text, said[0].path or row.path, row.section)
    return [
        FoundSkill(
            name=name,
            category=own or category,
            level=level,
            years=years,
            evidence=[
                *(said if not own else said[:1]),
                *(
                    structs.replace(said[0], field=field)
                    for field, value in (("category", own), ("level", level), ("years", years))
                    if value is not None
                ),
            ],
        )
        for name, own, level, years in named
    ]


def languages(section: Members) -> list[FoundLanguage]:
    """The languages of content and bullets, or of items whose title is one."""
    found: list[FoundLanguage] = []
    for text, said in section.sayings("name", "content"):
        found += _languages_in(text, said, section)
    for item in items(section):
        if not item.has(*BULLETS):
            found += section.source.collect([item], _language)
            continue
        if kind_of(item.peek("title")) == "languages":
            item.skip("title")
        for text, said in item.sayings("name", *BULLETS):
            found += _languages_in(text, said, item)
        item.rest()
    return found


def _language(item: Members) -> FoundLanguage:
    return FoundLanguage(
        name=item.name("name", "title"),
        level=item.text("level", "subtitle"),
        evidence=item.evidence,
    )


def _languages_in(text: str, said: Evidence, row: Members) -> list[FoundLanguage]:
    """The languages that one text names; a text without any stays as text."""
    named: list[tuple[str, str | None]]
    one = wording.read_parentheses(text)
    if one and not _SEVERAL.search(one[0]):
        named = [one]
    elif len(text) <= bounds.TEXT and (read := find_languages(text)):
        named = [(each.name, each.level) for each in read]
    elif not _SEVERAL.search(text):
        named = [(text, None)]
    else:
        row.source.leave(text, said.path or row.path, row.section)
        return []
    return [
        FoundLanguage(
            name=name,
            level=level,
            evidence=[said, *([structs.replace(said, field="level")] if level else [])],
        )
        for name, level in named
    ]
