"""The entries of a record as texts that can be quoted."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from app.answering.answer import Source
from app.answering.words import Word, alike, by_key, forms_in, same, vocabulary
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
    def line_words(self) -> list[frozenset[str]]:
        """The folded words of each line."""
        return [vocabulary(line) for line in self.lines]

    @cached_property
    def naming_words(self) -> frozenset[str]:
        """Those that name it."""
        return vocabulary(f"{self.title} {self.head}")

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return by_key(self.naming_words.union(*self.line_words))

    def says(self, word: Word) -> bool:
        """Whether it has the word, in whatever form."""
        return any(key in self._by_key for key in same(word.folded))

    def like(self, word: Word) -> frozenset[str]:
        """Its words, folded, that are this one or of like meaning."""
        found = alike(word.folded) & self._by_key.keys()
        return frozenset(like for key in found for like in self._by_key[key].split())

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
    found: list[Item] = []
    left = _MOST_CHARACTERS
    for item, lines in _entries(record):
        kept = tuple(_fitting(lines, left))
        left -= sum(map(len, kept))
        found.append(dataclasses.replace(item, lines=kept))
    return found


def _entries(record: Row) -> Iterator[tuple[Item, Iterator[str]]]:
    """Entries without lines, and what their lines are."""
    profile = record.get("profile") or {}
    for item in _of_profile(profile):
        yield item, sentences(profile.get("bio") if item.section == "summary" else None)
    for section, made in _MADE.items():
        for row in record.get(section) or ():
            yield made(section, row), _lines(row)


def _lines(row: Row) -> Iterator[str]:
    yield from sentences(row.get("description"))
    for bullet in row.get("bullets") or ():
        yield from sentences(bullet)
    if row.get("technologies"):
        yield ", ".join(row["technologies"])


def _fitting(lines: Iterator[str], left: int) -> Iterator[str]:
    while left > 0 and (line := next(lines, None)) is not None and (left := left - len(line)) >= 0:
        yield line


def period(row: Row) -> str:
    """When an entry was, as a CV says it; empty if it does not say."""
    end = "Present" if row.get("is_current") else row.get("end_date") or ""
    return dates.period(row.get("start_date") or "", end)


def sentences(text: str | None) -> Iterator[str]:
    """The sentences and lines of a prose."""
    begin = 0
    for between in _SENTENCE.finditer(text or ""):
        if sentence := (text or "")[begin : between.start()].strip():
            yield sentence
        begin = between.end()
    if sentence := (text or "")[begin:].strip():
        yield sentence


def _of_profile(profile: Row) -> Iterator[Item]:
    name = _joined(profile.get("full_name") or profile.get("username"), profile.get("headline"))
    if profile.get("bio") or profile.get("headline"):
        yield Item("summary", None, "Summary", name, (), profile)
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
    item_id = row.get("id")
    return Item(section, UUID(str(item_id)) if item_id else None, title, head, (), row)


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
