"""Until when a certificate holds: `valid until 04/2027` told apart from when it was given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.importing.dates import Span
from app.importing.entries import Entry
from app.importing.heads import Piece, trimmed

_UNTIL = re.compile(
    r"(?:(?:\b(?:licen[cs]e|commission|certificate|card)\s+)?\b(?:expir(?:es|ing|y|ed)(?: date)?"
    r"(?: on| in)?|exp\.|valid (?:until|through|thru|to|till)|renewal(?: due)?|gültig bis(?: zum)?|"
    r"läuft ab|valable jusqu['’](?:au|en|à)|expire(?: en| le)?|válid[oa] hasta|vigente hasta|vence|"
    r"caduca|valid[oa] fino (?:al?|ad)|scadenza|scade(?: il)?|válid[oa] até|validade|"
    r"geldig tot(?: en met)?|verloopt(?: op)?)(?!\w)|有效期至|有効期限)\s*[:：]?",
    re.IGNORECASE,
)
# What is left of such words where the last of them was read as a part of the date.
_LEFT = re.compile(
    r",\s*(?:geldig|gültig|valid[oa]?|válid[oa]|valable|commission|licen[cs]e)$", re.I
)
_GOT = re.compile(r"[（(]?\s*(?:取得|合格|登録|修得|認定|获得)\s*[）)]?$")


@dataclass(slots=True)
class Validity:
    """When a certificate was given and until when it holds, each the span that says so."""

    issued: Span | None = None
    expires: Span | None = None


def validity_of(entry: Entry) -> Validity:
    """What the dated row of a certificate says; a span of two dates is from issue to end."""
    row = entry.dated
    found = Validity()
    if row is None or row.span is None:
        return found
    for span in (row.span, *row.also):
        ahead = row.block.text[: span.at[1]]
        said = any(match.end() >= span.at[0] - 1 for match in _UNTIL.finditer(ahead))
        if said and found.expires is None:
            found.expires = span
        elif not said and found.issued is None:
            found.issued = span
    return found


def without_validity(pieces: Sequence[Piece], entry: Entry) -> list[Piece]:
    """The pieces without the words and the further dates that only tell of it."""
    row = entry.dated
    further = [span.text for span in row.also] if row else []
    kept: list[Piece] = []
    for piece in pieces:
        text = piece.text
        for date in further:
            text = trimmed(_LEFT.sub("", text).replace(date, ""))
        text = _UNTIL.sub(" ", _LEFT.sub("", text))
        text = trimmed(_GOT.sub("", text).rstrip("（( "))
        if any(char.isalnum() for char in text):
            kept.append(piece if text == piece.text else replace(piece, text=text))
    return kept
