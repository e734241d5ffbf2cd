"""Which of the entries of a profile an imported entry is: by organisation and title, and by dates.

Entries are mappings of the fields of their section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.cv.dates import reversed_span
from app.importing.folding import fold, words_of

Entry = Mapping[str, Any]

_LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "eg", "ev"),
        *("gbr", "gmbh", "inc", "incorporated", "kg", "kft", "limited", "llc", "llp", "ltd"),
        *("ltda", "mbh", "nv", "ohg", "oy", "oyj", "plc", "pte", "pty", "sa", "sarl", "sas", "se"),
        *("sl", "slu", "spa", "spol", "sprl", "srl", "sro", "ug", "zrt"),
    )
)
_EAST_ASIAN_FORMS = re.compile(
    "株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사"
)
_DOTS = re.compile(r"(?<=\w)\.(?=\w|\s|$)")
_IN_SKILLS = re.compile(r"[^\w+#]|_")


class Dates(NamedTuple):
    """From when to when, as precise as is known; `goes_on` is for a span without end."""

    start: str | None
    end: str | None
    goes_on: bool = False

    @property
    def known(self) -> bool:
        return bool(self.start or self.end or self.goes_on)


def organisation_key(name: str | None) -> str:
    """The name of an organisation as it is compared: without its legal form."""
    given = _EAST_ASIAN_FORMS.sub(" ", _DOTS.sub("", name or ""))
    words = words_of(given)
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def words_key(text: str | None) -> str:
    """A text as it is compared: its words alone, or all of it where it has none."""
    return " ".join(words_of(text or "")) or fold(text or "").strip()


def skill_key(name: str | None) -> str:
    """The name of a skill as it is compared: Node.js is NodeJS, but C is neither C++ nor C#."""
    folded = fold(name or "")
    return _IN_SKILLS.sub("", folded) or folded.strip()


def dates_of(entry: Entry) -> Dates:
    """When an entry was, by whatever names its section has for that."""
    if "issued_on" in entry:
        return Dates(entry.get("issued_on"), entry.get("expires_on"))
    return Dates(entry.get("start_date"), entry.get("end_date"), bool(entry.get("is_current")))


def agree(one: str, other: str) -> bool:
    """Whether two dates are the same as far as both are exact."""
    exact = min(len(one), len(other))
    return one[:exact] == other[:exact]


def compatible(one: Dates, other: Dates) -> bool:
    """Whether both may be of one entry: they begin or end alike, or lie over each other.

    Two spans of which one ends as the other begins are two.
    """
    if not (one.known and other.known):
        return True
    if one.start and other.start and agree(one.start, other.start):
        return True
    if one.end and other.end and agree(one.end, other.end):
        return True
    if one.goes_on and other.goes_on:
        return True
    for first, last in ((one, other), (other, one)):
        if first.start and last.end and not (first.end or first.goes_on or last.start):
            return not reversed_span(first.start, last.end)
    first, second = sorted((one, other), key=_begin)
    begins = _begin(second)
    if not first.start or not begins:
        return False
    return first.goes_on or bool(first.end and _before(begins, first.end))


def _begin(dates: Dates) -> str:
    return dates.start or dates.end or ""


def _before(one: str, other: str) -> bool:
    exact = min(len(one), len(other))
    return one[:exact] < other[:exact]


# What an entry is called: the organisation, if the section has one, and the rest of its name.
_NAMES: dict[str, tuple[Callable[[Entry], str], Callable[[Entry], str]]] = {
    "skills": (lambda entry: "", lambda entry: skill_key(entry["name"])),
    "languages": (lambda entry: "", lambda entry: words_key(entry["name"])),
    "certifications": (lambda entry: "", lambda entry: words_key(entry["name"])),
    "projects": (lambda entry: "", lambda entry: words_key(entry["name"])),
    "experience": (
        lambda entry: organisation_key(entry["company"]),
        lambda entry: words_key(entry["title"]),
    ),
    "education": (
        lambda entry: organisation_key(entry["institution"]),
        lambda entry: words_key(entry["degree"]),
    ),
}


class _Look(NamedTuple):
    """What is compared of an entry, worked out once."""

    organisation: str
    name: str
    field: str
    dates: Dates


def _look(section: str, entry: Entry) -> _Look:
    organisation, name = _NAMES[section]
    field = words_key(entry.get("field_of_study"))
    return _Look(organisation(entry), name(entry), field, dates_of(entry))


def pairs(section: str, rows: Sequence[Entry], found: Sequence[Entry]) -> dict[int, int]:
    """For the indexes of `found` that are among `rows`, the index there; each row at most once."""
    looks = [_look(section, row) for row in rows]
    by_name: dict[str, list[int]] = {}
    for index, look in enumerate(looks):
        for key in {look.organisation, look.name} - {""}:
            by_name.setdefault(key, []).append(index)
    scores = []
    for index, entry in enumerate(found):
        look = _look(section, entry)
        near = {row for key in (look.organisation, look.name) for row in by_name.get(key, ())}
        scores += [
            (-score, index, row) for row in near if (score := _likeness(look, looks[row])) > 0
        ]
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, row in sorted(scores):
        if index not in matched and row not in taken:
            matched[index] = row
            taken.add(row)
    return matched


def name_of(section: str, entry: Entry) -> tuple[str, ...]:
    """What an entry is called, as it is compared."""
    return _look(section, entry)[:3]


def _likeness(one: _Look, other: _Look) -> float:
    """How surely two entries are one: 0 for not, 4 for alike in all."""
    if not compatible(one.dates, other.dates):
        return 0
    exactly = one.dates == other.dates
    organisation = _alike(one.organisation, other.organisation)
    name = _alike(one.name, other.name)
    if one.field and other.field and one.field != other.field and not exactly:
        return 0
    if not name and exactly and one.dates.known and (one.field or other.field):
        name = 0.5  # one degree under two names, as in BSc and Bachelor of Science
    if not (organisation and name) or max(organisation, name) < 1:
        return 0
    if not (one.organisation and other.organisation) and not (one.name and other.name):
        return 0
    field = _alike(one.field, other.field)
    return organisation + name + field + (1 if exactly else 0.5 if one.dates.known else 0.25)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1
    return 0 if one and other else 0.5
