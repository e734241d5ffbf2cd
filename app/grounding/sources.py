"""What a cited source says: its texts, and of its fields what each says itself.

A source is a row of a section, the profile, the preview of an import or the CV of a résumé job. Of
each only what a person wrote counts, not its id, its times or how it is to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from app.grounding import days, names, spelled
from app.grounding.figures import Figure, Figures
from app.grounding.plain import plain
from app.profile import rules

_TOGETHER = (
    ("degree", "field_of_study"),
    ("title", "company"),
    ("title", "subtitle"),
    ("first_name", "last_name"),
)
_ITEM = ("title", "subtitle", "location", "start", "end", "description", "bullets")
_NO_FIGURES = frozenset(
    ("email", "phone", "mobile", "website", "github_url", "linkedin_url", "url", "repository_url")
)
_SHORT = 120  # characters of a text that may be a name by itself
_LIST = re.compile("[,;|/•·]")


class Source:
    """What one source says. Nothing of it is read before a claim asks."""

    def __init__(self, kind: str, data: Any) -> None:
        self._kind = kind
        self._data = data

    @cached_property
    def said(self) -> frozenset[tuple[str, str]]:
        """Each field with each text that stands in it."""
        return frozenset(
            (field, normal(text)) for field, text in self._fields if field in _OWN_FIELDS
        )

    @cached_property
    def texts(self) -> list[str]:
        """All texts, plain."""
        return list(dict.fromkeys(plain(text) for _, text in self._fields))

    @cached_property
    def figures(self) -> Figures:
        return Figures(self._counting)

    @cached_property
    def days(self) -> set[tuple[int, int, int]]:
        """All dates, at their own precision and every coarser one."""
        return {level for day in self.figures.days for level in days.levels(day)}

    @cached_property
    def spelled(self) -> dict[Decimal, list[Figure]]:
        """Numbers in words."""
        found: dict[Decimal, list[Figure]] = {}
        for figure in spelled.spelled_in(self._counting):
            found.setdefault(figure.values[0], []).append(figure)
        return found

    @cached_property
    def written(self) -> str:
        """All texts as they are written, plain."""
        return "\n".join(self.texts)

    @cached_property
    def words(self) -> str:
        return names.worded(f" {names.BREAK} ".join(self.texts))

    @cached_property
    def hyphenless(self) -> str:
        """The same with what a hyphen joins as one word."""
        return names.worded(f" {names.BREAK} ".join(self.texts), hyphens="")

    @cached_property
    def titles(self) -> str:
        return names.canonical(self.words)

    @cached_property
    def named(self) -> frozenset[str]:
        """Short texts and what they list, without blanks: `nodejs`."""
        short = (text for text in self.texts if len(text) <= _SHORT)
        return frozenset(
            names.joined(names.worded(part))
            for text in short
            for part in (text, *_LIST.split(text))
        )

    @cached_property
    def characters(self) -> list[str]:
        """The letters and digits of each text, for numbers that identify."""
        return ["".join(filter(str.isalnum, text.casefold())) for text in self.texts]

    @cached_property
    def _counting(self) -> str:
        """The texts in which figures count something, each on lines of its own."""
        counting = (text for field, text in self._fields if field not in _NO_FIGURES)
        return "\n".join(plain(text) for text in dict.fromkeys(counting))

    @cached_property
    def _fields(self) -> list[tuple[str, str]]:
        return list(_FIELDS_OF[self._kind](self._data))


def normal(text: str) -> str:
    """A value as it is compared with the same field of a source."""
    return " ".join(plain(text).casefold().split())


def _of_entry(entry: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        yield from _of_value(field, entry.get(field))
    for one, other in _TOGETHER:
        if one in fields and entry.get(one) and entry.get(other):
            yield "", f"{entry[one]} {entry[other]}"


def _of_value(field: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if value:
            yield field, value
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping):  # a language
                yield from _of_entry(item, ("name", "level"))
            else:
                yield from _of_value(field, item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield field, f"{value:g} {field}"  # `7.5 years`


def _of_preview(preview: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    profile = preview.get("profile") or {}
    yield from _of_entry(profile, rules.PROFILE_FIELDS)
    yield from _evidence(profile)
    for section in rules.SECTIONS:
        for entry in preview.get(section) or ():
            yield from _of_entry(entry, rules.FIELDS[section])
            yield from _evidence(entry)
    for language in preview.get("languages") or ():
        yield from _of_entry(language, ("name", "level"))
        yield from _evidence(language)
    for unplaced in preview.get("unplaced") or ():
        yield from _of_entry(unplaced, ("text", "section"))


def _evidence(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for evidence in found.get("evidence") or ():
        field = evidence["field"].partition("[")[0]
        yield (field if field in _NO_FIGURES else ""), evidence["text"]


def _of_cv(cv: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    identity = cv.get("identity") or {}
    yield from _of_entry(identity, tuple(identity))
    for section in cv.get("sections") or ():
        yield from _of_entry(section, ("heading", "content"))
        for item in section.get("items") or ():
            yield from _of_entry(item, _ITEM)


def _of_section(section: str) -> Any:
    return lambda row: _of_entry(row, rules.FIELDS[section])


_FIELDS_OF: dict[str, Any] = {
    "profile": lambda row: _of_entry(row, rules.PROFILE_FIELDS),
    "import": _of_preview,
    "resume_job": _of_cv,
    **{section: _of_section(section) for section in rules.SECTIONS},
}
_OWN_FIELDS = frozenset(
    field for fields in (rules.PROFILE_FIELDS, *rules.FIELDS.values()) for field in fields
)
