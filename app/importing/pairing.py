"""Which rows of a profile the entries of an import are.

A row is the entry that says the same; else the one whose organisation and title agree, and dates,
as far as both say any. Of two rows that fit an entry as well none is guessed: it becomes a row of
its own, unless it says nothing that is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from app.importing.filling import LISTS, Entry
from app.importing.matching import (
    Dates,
    compatible,
    dates_of,
    organisation_key,
    skill_key,
    words_key,
)

E = TypeVar("E", bound=Entry)

# What an entry is called: the organisation, if the section has one, and the rest of its name.
_NAMES: dict[str, tuple[Callable[[Entry], str], Callable[[Entry], str]]] = {
    "skills": (lambda entry: "", lambda entry: skill_key(entry["name"])),
    "languages": (lambda entry: "", lambda entry: words_key(entry["name"])),
    "certifications": (
        lambda entry: organisation_key(entry.get("issuer")),
        lambda entry: words_key(entry["name"]),
    ),
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
# A name says all there is to a skill: of two rows of one name either is it.
_KNOWN_BY_NAME = frozenset(("skills", "languages"))
# What tells two of one name apart.
_TELLING = ("url", "repository_url", "credential_id", "credential_url", "field_of_study")
_MONTH = len("2019-01")
# Not said by an entry, or compared as dates.
_ASIDE = frozenset(
    (
        *("id", "origin", "parse_id", "position", "version", "created_at", "updated_at"),
        *("start_date", "end_date", "is_current", "issued_on", "expires_on"),
    )
)


class _Look(NamedTuple):
    """What is compared of an entry, worked out once: there may be hundreds of one name."""

    organisation: str
    name: str
    told_by: tuple[str, ...]
    dates: Dates
    said: Mapping[str, object]  # by field, what is not blank: a key, a set of keys, a number

    @property
    def called(self) -> tuple[str, str]:
        return self.organisation, self.name


class _Pair(NamedTuple):
    """How well a row fits an entry: what sorts first fits best."""

    differs: bool  # in anything
    unlike: float  # the names and dates, from -4
    disagrees: float  # all else
    adds: bool  # whether the entry says what the row does not
    entry: int
    row: int

    @property
    def rank(self) -> tuple[bool, float, float]:
        return self[:3]


def once(section: str, found: Sequence[E]) -> list[E]:
    """The entries without those that say nothing but what another of the same name says."""
    unique: list[tuple[E, _Look]] = []
    by_name: dict[tuple[str, str], list[int]] = {}
    for entry in found:
        look = _look(section, entry)
        alike = by_name.setdefault(look.called, [])
        for at in alike:
            if not _adds(look, unique[at][1]):
                break
            if not _adds(unique[at][1], look):
                unique[at] = (entry, look)
                break
        else:
            alike.append(len(unique))
            unique.append((entry, look))
    return [entry for entry, _ in unique]


def pairs(section: str, rows: Sequence[Entry], found: Sequence[Entry]) -> dict[int, int]:
    """For the indexes of `found` that are among `rows`, the index there; each row at most once.

    What was edited by hand since it was imported (`origin`, `parse_id`) is known by its dates too.
    """
    looks = [_look(section, row) for row in rows]
    by_key: dict[str, list[int]] = {}
    for at, look in enumerate(looks):
        for key in {look.organisation, look.name} - {""}:
            by_key.setdefault(key, []).append(at)
    sure: list[_Pair] = []
    renamed: list[tuple[int, int]] = []
    for index, entry in enumerate(found):
        look = _look(section, entry)
        for at in {at for key in (look.organisation, look.name) for at in by_key.get(key, ())}:
            if likeness := _likeness(look, looks[at], edited=_is_edited(rows[at])):
                differs = any(
                    (rows[at].get(name) or None) != (entry[name] or None) for name in entry
                )
                adds = differs and _adds(look, looks[at])
                agrees = _agreement(look, looks[at])
                sure.append(_Pair(differs, -likeness, -agrees, adds, index, at))
            elif _is_renamed(look, looks[at], rows[at]):
                renamed.append((index, at))
    chosen = _chosen(sure, guess=section in _KNOWN_BY_NAME)
    return chosen | _only_ones(renamed, chosen)


def _chosen(fitting: list[_Pair], *, guess: bool) -> dict[int, int]:
    """The best pairs; nothing for an entry that fits several rows alike and adds to them."""
    of_entry: dict[int, list[_Pair]] = {}
    for pair in sorted(fitting):
        of_entry.setdefault(pair.entry, []).append(pair)
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    unsure: set[int] = set()
    for pair in sorted(fitting):
        if pair.entry in chosen or pair.entry in unsure or pair.row in taken:
            continue
        alike = [
            other
            for other in of_entry[pair.entry]
            if other.rank == pair.rank and other.row not in taken
        ]
        if len(alike) > 1 and pair.differs and pair.adds and not guess:
            unsure.add(pair.entry)
        else:
            chosen[pair.entry] = pair.row
            taken.add(pair.row)
    return chosen


def _only_ones(fitting: list[tuple[int, int]], chosen: Mapping[int, int]) -> dict[int, int]:
    """The pairs of entries and rows that both fit nothing else."""
    taken = set(chosen.values())
    free = [(entry, row) for entry, row in fitting if entry not in chosen and row not in taken]
    entries = Counter(entry for entry, _ in free)
    rows = Counter(row for _, row in free)
    return {entry: row for entry, row in free if entries[entry] == rows[row] == 1}


def _look(section: str, entry: Entry) -> _Look:
    organisation, name = _NAMES[section]
    told_by = tuple(_plain(entry.get(field)) for field in _TELLING)
    said = {field: key for field, value in entry.items() if (key := _key(field, value))}
    return _Look(organisation(entry), name(entry), told_by, dates_of(entry), said)


def _key(field: str, value: object) -> object:
    """A value as it is compared; None for a blank one and for what is compared otherwise."""
    if field in _ASIDE or not value:
        return None
    if isinstance(value, list):
        return frozenset(map(LISTS[field][0], value))
    return words_key(value) if isinstance(value, str) else value


def _adds(one: _Look, other: _Look) -> bool:
    """Whether an entry says anything that the other does not say, or says otherwise."""
    for field, key in one.said.items():
        there = other.said.get(field)
        if isinstance(key, frozenset) and isinstance(there, frozenset):
            if not key <= there:
                return True
        elif key != there:
            return True
    given, known = one.dates, other.dates
    if not (_says(known.start, given.start) and _says(known.end, given.end)):
        return True
    return given.goes_on and not known.goes_on


def _says(there: str | None, date: str | None) -> bool:
    return date is None or (there is not None and there.startswith(date))


def _plain(text: str | None) -> str:
    """Without what does not tell two addresses apart."""
    key = words_key(text)
    return key.removeprefix("https ").removeprefix("http ").removeprefix("www ")


def _is_edited(row: Entry) -> bool:
    return row.get("origin") == "hand" and row.get("parse_id") is not None


def _likeness(one: _Look, other: _Look, *, edited: bool) -> float:
    """How surely two entries are one by their names and dates: 0 for not, 4 for alike in all."""
    if not compatible(one.dates, other.dates):
        return 0
    exactly = one.dates.known and one.dates == other.dates
    told_apart = any(a and b and a != b for a, b in zip(one.told_by, other.told_by, strict=True))
    if told_apart and not (edited and exactly):
        return 0
    organisation = _alike(one.organisation, other.organisation)
    name = _alike(one.name, other.name)
    if not name and exactly and any((one.told_by[-1], other.told_by[-1])):
        name = 0.5  # one degree under two names, as in BSc and Bachelor of Science
    if not (organisation and name) or max(organisation, name) < 1:
        return 0
    if not (one.organisation and other.organisation) and not (one.name and other.name):
        return 0
    known = one.dates.known and other.dates.known
    told = sum(map(_alike, one.told_by, other.told_by)) / len(_TELLING)
    return organisation + name + told + (1 if exactly else 0.5 if known else 0.25)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1
    return 0 if one and other else 0.5


def _is_renamed(one: _Look, other: _Look, row: Entry) -> bool:
    """Whether a row written or edited by hand is the entry by another title or organisation."""
    if row.get("origin") != "hand" or not one.dates.known or one.dates != other.dates:
        return False
    edited = _is_edited(row)
    if one.organisation and one.organisation == other.organisation:
        return edited or _is_exact(one.dates)
    return edited and bool(one.name) and one.name == other.name


def _is_exact(dates: Dates) -> bool:
    """Whether a span is so exact that hardly two of an organisation have it."""
    begins = dates.start is not None and len(dates.start) >= _MONTH
    return begins and (dates.goes_on or (dates.end is not None and len(dates.end) >= _MONTH))


def _agreement(one: _Look, other: _Look) -> float:
    """In how many fields both say the same, less those in which they do not."""
    total = 0.0
    for field, key in one.said.items():
        there = other.said.get(field)
        if isinstance(key, frozenset) and isinstance(there, frozenset):
            total += len(key & there) / len(key)
        elif there is not None:
            total += 1 if key == there else -1
    return total
