"""A profile in pieces that can be compared with a question: each row, and each of its statements.

The whole of a row is what a passage shows and what words are looked for in. Its statements are
there for their meaning alone: one of eight is lost in the vector of all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cv import dates

Row = Mapping[str, Any]

MADE_AS = 1
"""Of how chunks are made; another number makes all of them anew."""

_STATEMENT = 300  # characters of a statement that is not cut; a model reads some 200 words
_SHORT = ("skills", "certifications")  # rows whose parts mean nothing by themselves
_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """`text` is what is shown, `embedded` what its vector is of."""

    section: str
    item_id: UUID | None
    ordinal: int
    title: str
    text: str
    embedded: str

    @property
    def digest(self) -> bytes:
        of = (MADE_AS, self.section, self.item_id, self.ordinal == 0, self.embedded)
        return hashlib.sha256(repr(of).encode()).digest()


def chunks_of(record: Mapping[str, Any]) -> list[Chunk]:
    """All chunks of a record, no two of one digest.

    E-mail address, telephone number and web addresses are in none: they answer no question that
    is one of meaning, and are private unless their owner says otherwise.
    """
    profile = record["profile"]
    made = [*_summary(profile), *_languages(profile)]
    for section, (label, title, statements) in _SECTIONS.items():
        for row in record[section]:
            item_id = UUID(str(row["id"]))
            made += _row(section, item_id, label, title(row), list(statements(row)))
    return list({chunk.digest: chunk for chunk in made}.values())


def _row(
    section: str, item_id: UUID | None, label: str, title: str, statements: list[str]
) -> Iterator[Chunk]:
    text = "\n".join(statements)
    whole = "\n".join(part for part in (f"{label}: {title}" if title else label, text) if part)
    yield Chunk(section, item_id, 0, title, text or title, whole)
    if section in _SHORT or (len(statements) < 2 and len(text) <= _STATEMENT):
        return
    pieces = [piece for statement in statements for piece in _pieces(statement)]
    for ordinal, piece in enumerate(pieces, 1):
        yield Chunk(section, item_id, ordinal, title, piece, piece)


def _pieces(statement: str) -> list[str]:
    """A statement, or its sentences together as long as they are short."""
    if len(statement) <= _STATEMENT:
        return [statement]
    pieces: list[str] = []
    for sentence in _SENTENCE.split(statement):
        if pieces and len(pieces[-1]) + len(sentence) < _STATEMENT:
            pieces[-1] = f"{pieces[-1]} {sentence}"
        elif sentence:
            pieces.append(sentence)
    return [part for piece in pieces for part in _cut(piece)]


def _cut(piece: str) -> Iterator[str]:
    while len(piece) > 2 * _STATEMENT:
        at = piece.rfind(" ", _STATEMENT, 2 * _STATEMENT)
        at = 2 * _STATEMENT if at < 0 else at
        yield piece[:at]
        piece = piece[at:].lstrip()
    yield piece


# The profile itself


def _summary(profile: Row) -> Iterator[Chunk]:
    said = [profile["headline"], profile["bio"]]
    if profile["location"]:
        said.append(f"Location: {profile['location']}")
    if profile["open_to_work"]:
        said.append("Open to work: available for a new position")
    statements = [statement for statement in said if statement]
    if statements:
        yield from _row("summary", None, "About", profile["full_name"] or "", statements)


def _languages(profile: Row) -> Iterator[Chunk]:
    spoken = [_noted(language["name"], language["level"]) for language in profile["languages"]]
    if spoken:
        yield Chunk(
            "languages",
            None,
            0,
            "Languages",
            ", ".join(spoken),
            f"Languages spoken: {', '.join(spoken)}",
        )


def _noted(name: str, note: str | None) -> str:
    return f"{name} ({note})" if note else name


# The rows of the sections: a title, and statements


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def _years(row: Row) -> str:
    start, end = (
        dates.shown(row[name]) if row[name] else "" for name in ("start_date", "end_date")
    )
    if row.get("is_current") and not end:
        end = "present"
    return f" ({start} – {end})" if start and end else f" ({start or end})" if start or end else ""


def _told(row: Row) -> Iterator[str]:
    if row["description"]:
        yield row["description"]
    yield from row["bullets"]


def _technologies(row: Row) -> Iterator[str]:
    if row["technologies"]:
        yield f"Technologies: {', '.join(row['technologies'])}"


def _position(row: Row) -> str:
    kind = row["employment_type"]
    return _joined(row["title"], row["company"], row["location"], kind) + _years(row)


def _work(row: Row) -> Iterator[str]:
    yield from _told(row)
    yield from _technologies(row)


def _degree(row: Row) -> str:
    studied = _joined(row["degree"], row["field_of_study"])
    return _joined(studied, row["institution"], row["location"]) + _years(row)


def _studies(row: Row) -> Iterator[str]:
    yield from _told(row)
    if row["grade"]:
        yield f"Grade: {row['grade']}"


def _project(row: Row) -> str:
    return _joined(row["name"], row["role"]) + _years(row)


def _certificate(row: Row) -> str:
    return _joined(row["name"], row["issuer"])


def _validity(row: Row) -> Iterator[str]:
    if row["issued_on"]:
        yield f"Issued: {dates.shown(row['issued_on'])}"
    if row["expires_on"]:
        yield f"Valid until: {dates.shown(row['expires_on'])}"


def _skill(row: Row) -> str:
    return str(row["name"])


def _practice(row: Row) -> Iterator[str]:
    years = f"{row['years']:g} years" if row["years"] else None
    if said := _joined(row["category"], row["level"], years):
        yield said


_SECTIONS: dict[str, tuple[str, Callable[[Row], str], Callable[[Row], Iterator[str]]]] = {
    "experience": ("Work", _position, _work),
    "education": ("Education", _degree, _studies),
    "projects": ("Project", _project, _work),
    "skills": ("Skill", _skill, _practice),
    "certifications": ("Certificate", _certificate, _validity),
}
