"""What was found in a résumé, for the eye: the doubtful by itself, the rest entry by entry."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.cli.client.text import cell

_SECTIONS = ("skills", "experience", "education", "projects", "certifications", "languages")
_TITLES = {"experience": "company", "education": "institution"}
_DOUBTFUL = 0.8
_LONGEST_PLACE = 20
_LONGEST_VALUE = 240
_LEAST_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One value of a preview with the weakest of what supports it."""

    section: str
    entry: str
    field: str
    value: Any
    confidence: float | None
    where: str

    @property
    def is_doubtful(self) -> bool:
        return self.confidence is not None and self.confidence < _DOUBTFUL

    def row(self) -> dict[str, Any]:
        sure = "" if self.confidence is None else f"{self.confidence:.0%}"
        return {
            "sure": sure,
            "section": self.section,
            "entry": self.entry,
            "field": self.field,
            "value": self.value,
            "where": self.where,
        }


def values_of(preview: dict[str, Any]) -> list[Found]:
    """Each value, the doubtful first and else as they stand."""
    found = list(_of_entry("profile", preview.get("profile") or {}))
    for section in _SECTIONS:
        for entry in preview.get(section) or ():
            found += _of_entry(section, entry)
    # Of what was read without doubt, the order is that of the résumé.
    return sorted(
        found, key=lambda one: min(1.0 if one.confidence is None else one.confidence, _DOUBTFUL)
    )


def _of_entry(section: str, entry: dict[str, Any]) -> Iterator[Found]:
    title = str(entry.get(_TITLES.get(section, "name")) or entry.get("title") or "")
    for name, value in entry.items():
        if name == "evidence" or value in (None, [], "", False):
            continue
        evidence = [one for one in entry.get("evidence") or () if one.get("field") == name]
        sure = min((one["confidence"] for one in evidence), default=None)
        shown = "; ".join(map(str, value)) if isinstance(value, list) else value
        where = _where(evidence[0]) if evidence else ""
        yield Found(section, title, name, shown, sure, where)


def _where(evidence: dict[str, Any]) -> str:
    if evidence.get("page") is not None:
        return f"page {evidence['page']}"
    if evidence.get("paragraph") is not None:
        return f"paragraph {evidence['paragraph']}"
    path = str(evidence.get("path") or "")
    return path if len(path) <= _LONGEST_PLACE else "…" + path[1 - _LONGEST_PLACE :]


def lines(found: Sequence[Found], width: int) -> list[str]:
    """The values under the entry that each belongs to, no line wider than `width`."""
    doubtful = [one for one in found if one.is_doubtful]
    others = [one for one in found if not one.is_doubtful]
    names = [len(_name(one, is_full=one.is_doubtful)) for one in found]
    columns = max(names, default=0), max((len(one.where) for one in found), default=0)
    told = []
    if doubtful:
        told += ["Look at these:", *_values(doubtful, columns, width), ""]
    sizes = Counter((one.section, one.entry) for one in others)

    def place(one: Found) -> tuple[str, str]:
        # What is but a name, as skills are, needs no heading of its own.
        is_name = sizes[one.section, one.entry] == 1 and one.value == one.entry
        return one.section, "" if is_name else one.entry

    for (section, entry), values in groupby(others, key=place):
        told.append(cell(f"{section}: {entry}" if entry else section))
        told += _values(list(values), columns, width)
    return told


def _name(one: Found, *, is_full: bool) -> str:
    name = one.field.replace("_", " ")
    return f"{one.section}, {name}" if is_full else name


def _values(found: Sequence[Found], columns: tuple[int, int], width: int) -> Iterator[str]:
    named, placed = columns
    for one in found:
        text = cell(one.value, _LONGEST_VALUE)
        if one.is_doubtful and one.entry and one.entry != text:
            text = f"{text}  ({cell(one.entry)})"
        room = max(_LEAST_WIDTH, width - named - placed - 12)
        first, *more = textwrap.wrap(text, room) or [""]
        name = _name(one, is_full=one.is_doubtful)
        line = f"  {one.row()['sure']:>4}  {name:<{named}}  {first:<{room}}  {one.where}"
        yield line.rstrip()
        yield from (f"{'':{named + 10}}{rest}" for rest in more)
