"""The entries of a record as texts that can be quoted."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from app.answering.answer import Source
from app.answering.words import forms_in, related_in
from app.cv import dates

Row = Mapping[str, Any]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-ÖØ-Þ0-9\"“‘(])|\n+")
_MOST_CHARACTERS = 60_000  # of the lines of all entries
_MOST_QUOTED = 600  # characters


@dataclass(frozen=True)
class Item:
    """One entry: `head` says in a line what it is, `lines` are its own sentences."""

    section: str
    item_id: UUID | None
    title: str
    head: str
    lines: tuple[str, ...]
    row: Row

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What may be quoted: the head, then each line."""
        return tuple(dict.fromkeys((self.head, *self.lines)))

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of all of its words."""
        return forms_in(" ".join((self.title, *self.texts)))

    @cached_property
    def related(self) -> frozenset[str]:
        """Those and what its words share with others of like meaning."""
        return related_in(" ".join((self.title, *self.texts)))

    @cached_property
    def naming_related(self) -> frozenset[str]:
        """The same of the words that name it."""
        return related_in(f"{self.title} {self.head}")

    @cached_property
    def line_forms(self) -> list[frozenset[str]]:
        """The same of each line."""
        return [related_in(line) for line in self.lines]

    @cached_property
    def naming(self) -> frozenset[str]:
        """The forms of the words that name it."""
        return forms_in(f"{self.title} {self.head}")

    def quoted(self, *texts: str) -> Source:
        """This entry as a source of these texts; of none, its head."""
        text = "\n".join(texts or (self.head,))
        shown = text if len(text) <= _MOST_QUOTED else text[: _MOST_QUOTED - 1] + "…"
        return Source(self.section, self.item_id, self.title, shown)


def items_of(record: Row) -> list[Item]:
    """Every entry of a record, the profile's own fields first.

    To compare words takes time; of a profile that is longer than any read by people, entries
    further down keep only what fits.
    """
    profile = record.get("profile") or {}
    found = [*_of_profile(profile)]
    for section, made in _MADE.items():
        found += [made(section, row) for row in record.get(section) or ()]
    left = _MOST_CHARACTERS
    for at, item in enumerate(found):
        size = sum(map(len, item.lines))
        if size > left:
            item = found[at] = dataclasses.replace(item, lines=_fitting(item.lines, left))
            size = sum(map(len, item.lines))
        left -= size
    return found


def _fitting(lines: Sequence[str], left: int) -> tuple[str, ...]:
    kept: list[str] = []
    for line in lines:
        if (left := left - len(line)) < 0:
            break
        kept.append(line)
    return tuple(kept)


def period(row: Row) -> str:
    """When an entry was, as a CV says it; empty if it does not say."""
    end = "Present" if row.get("is_current") else row.get("end_date") or ""
    return dates.period(row.get("start_date") or "", end)


def sentences(text: str | None) -> list[str]:
    """The sentences and lines of a prose."""
    return [part.strip() for part in _SENTENCE.split(text or "") if part.strip()]


def _of_profile(profile: Row) -> Iterator[Item]:
    name = _joined(profile.get("full_name") or profile.get("username"), profile.get("headline"))
    lines = sentences(profile.get("bio"))
    if profile.get("bio") or profile.get("headline"):
        yield Item("summary", None, "Summary", name, tuple(lines), profile)
    for language in profile.get("languages") or ():
        head = _with(language.get("name"), language.get("level"))
        yield Item("languages", None, str(language.get("name")), head, (), language)


def _experience(section: str, row: Row) -> Item:
    title = _joined(row.get("title"), row.get("company"))
    head = _with(_joined(title, row.get("location")), row.get("employment_type"), period(row))
    return _item(section, row, title, head)


def _education(section: str, row: Row) -> Item:
    degree = " ".join(filter(None, (row.get("degree"), row.get("field_of_study"))))
    title = _joined(degree, row.get("institution"))
    head = _with(_joined(title, row.get("location")), period(row), row.get("grade"))
    return _item(section, row, title, head)


def _project(section: str, row: Row) -> Item:
    title = _joined(row.get("name"), row.get("role"))
    return _item(section, row, str(row.get("name")), _with(title, period(row)))


def _certification(section: str, row: Row) -> Item:
    title = _joined(row.get("name"), row.get("issuer"))
    when = dates.period(row.get("issued_on") or "", row.get("expires_on") or "")
    return _item(section, row, title, _with(title, when, row.get("credential_id")))


def _skill(section: str, row: Row) -> Item:
    years = row.get("years")
    told = _with(row.get("name"), row.get("level"), f"{years:g} years" if years else "")
    head = f"{row['category']}: {told}" if row.get("category") else told
    return _item(section, row, str(row.get("name")), head)


def _item(section: str, row: Row, title: str, head: str) -> Item:
    lines = [*sentences(row.get("description"))]
    for bullet in row.get("bullets") or ():
        lines += sentences(bullet)
    if row.get("technologies"):
        lines.append(", ".join(row["technologies"]))
    item_id = row.get("id")
    return Item(section, UUID(str(item_id)) if item_id else None, title, head, tuple(lines), row)


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _with(text: str | None, *more: str | None) -> str:
    told = _joined(*more)
    return f"{text or ''} ({told})" if told else text or ""


_MADE = {
    "experience": _experience,
    "education": _education,
    "projects": _project,
    "skills": _skill,
    "certifications": _certification,
}
