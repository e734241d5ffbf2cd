"""What a cited source says: its texts, and of its fields what each says itself.

A source is a row of a section, the profile, the preview of an import or the CV of a résumé job. Of
each only what a person wrote counts, not its id, its times or how it is to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from app.grounding import days, idioms, names, spelled
from app.grounding.figures import Figure, Figures
from app.grounding.plain import plain
from app.grounding.wording import Wording
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
_FULL_NAMES = ("full_name", "first_name")  # the second with the last
_EMPLOYERS = frozenset(("company", "institution", "issuer", "subtitle"))
_POSITIONS = frozenset(("title", "role", "subtitle"))
# Fields, and those of a source that are asked first. On a CV an employer may be either line.
_ALIKE = {
    "company": _EMPLOYERS,
    "institution": _EMPLOYERS,
    "issuer": frozenset(("issuer",)),
    "title": _POSITIONS,
    "degree": frozenset(("degree",)),
}

# Where these stand in a file is told by lines that are about nothing else.
_QUOTED = _NO_FIGURES.union(*_ALIKE.values())

Text = tuple[str, str]  # the field and what stands there


class Source:
    """What one source says. Nothing of it is read before a claim asks."""

    def __init__(self, kind: str, data: Any) -> None:
        self._kind = kind
        self._data = data
        self._naming: dict[frozenset[str], Wording] = {}

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
        counted = self._counting
        for figure in (*spelled.spelled_in(counted), *idioms.unnumbered(counted)):
            found.setdefault(figure.values[0], []).append(figure)
        return found

    @cached_property
    def wording(self) -> Wording:
        """All texts."""
        return Wording(self.texts)

    def naming(self, field: str) -> Wording:
        """The texts that may say what `field` is.

        An entry that has such a field says it there: whom else its prose names, it does not claim
        to be or to have worked for. Other entries, and free text, may say it anywhere.
        """
        alike = _ALIKE.get(field)
        if alike is None:
            return self.wording
        if alike not in self._naming:
            own, free = _parted(self._entries, alike)
            self._naming[alike] = Wording([*own, *free], own)
        return self._naming[alike]

    def spans(self, company: str) -> Iterator[bool]:
        """Of each entry with dates, and with this employer if it names any: whether it goes on."""
        wanted = names.employer(company)
        for entry in self._entries:
            said = dict(reversed(entry))  # of an import, what was read before where it stood
            if not said.keys() & {"start_date", "end_date"}:
                continue
            if wanted and (own := said.get("company")) and names.employer(own) != wanted:
                continue
            yield "end_date" not in said

    @cached_property
    def full_names(self) -> list[str]:
        """What the source says that its owner is called."""
        return [names.worded(plain(text)) for field, text in self._fields if field in _FULL_NAMES]

    @cached_property
    def characters(self) -> list[str]:
        """The letters and digits of each text, for numbers that identify."""
        return ["".join(filter(str.isalnum, text.casefold())) for text in self.texts]

    @cached_property
    def _counting(self) -> str:
        """The texts in which figures count something, each on lines of its own."""
        counting = (text for field, text in self._fields if field not in _NO_FIGURES)
        return idioms.rewritten("\n".join(plain(text) for text in dict.fromkeys(counting)))

    @cached_property
    def _entries(self) -> list[list[Text]]:
        return [list(entry) for entry in _ENTRIES_OF[self._kind](self._data)]

    @cached_property
    def _fields(self) -> list[Text]:
        return [text for entry in self._entries for text in entry]


def _parted(entries: list[list[Text]], alike: frozenset[str]) -> tuple[list[str], list[str]]:
    """What fields of that kind say, and all texts of the entries that have none of them."""
    own: list[str] = []
    free: list[str] = []
    for entry in entries:
        said = [plain(text) for field, text in entry if field in alike]
        own += said
        free += () if said else (plain(text) for _, text in entry)
    return own, free


def normal(text: str) -> str:
    """A value as it is compared with the same field of a source."""
    return " ".join(plain(text).casefold().split())


def _of_entry(entry: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        yield from _of_value(field, entry.get(field))
    for one, other in _TOGETHER:
        if one in fields and entry.get(one) and entry.get(other):
            yield one, f"{entry[one]} {entry[other]}"


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


def _of_preview(preview: Mapping[str, Any]) -> Iterator[Iterable[Text]]:
    profile = preview.get("profile") or {}
    yield _of_found(profile, rules.TOLD_FIELDS)
    for section in rules.SECTIONS:
        for entry in preview.get(section) or ():
            yield _of_found(entry, rules.FIELDS[section])
    for language in preview.get("languages") or ():
        yield _of_found(language, ("name", "level"))
    for unplaced in preview.get("unplaced") or ():
        yield _of_entry(unplaced, ("text", "section"))


def _of_found(found: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[Text]:
    yield from _of_entry(found, fields)
    for evidence in found.get("evidence") or ():
        field = evidence["field"].partition("[")[0]
        yield (field if field in _QUOTED else ""), evidence["text"]


def _of_cv(cv: Mapping[str, Any]) -> Iterator[Iterable[Text]]:
    identity = cv.get("identity") or {}
    yield _of_entry(identity, tuple(identity))
    for section in cv.get("sections") or ():
        yield _of_entry(section, ("heading", "content"))
        for item in section.get("items") or ():
            yield _of_entry(item, _ITEM)


def _of_row(fields: tuple[str, ...]) -> Any:
    return lambda row: [_of_entry(row, fields)]


_ENTRIES_OF: dict[str, Any] = {
    "profile": _of_row(rules.TOLD_FIELDS),
    "import": _of_preview,
    "resume_job": _of_cv,
    **{section: _of_row(rules.FIELDS[section]) for section in rules.SECTIONS},
}
_OWN_FIELDS = frozenset(
    field for fields in (rules.TOLD_FIELDS, *rules.FIELDS.values()) for field in fields
)
