"""Heads set as a grid: names at the left, one a row, times and places in a column at the right.

Where places have a column of their own, a dash, a comma or a bracket at the left is part of a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.cv.wording import read_parentheses
from app.importing.dates import is_only_dates
from app.importing.document import Segment
from app.importing.entries import Entry
from app.importing.heads import HeadLook, Piece, Row
from app.importing.roles import Cast, cast_of, share_places
from app.importing.words import employment_type_of

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ALIGNED = 4.0  # points
_ROWS = 2


def casts_of(entries: Sequence[Entry]) -> list[Cast]:
    """The pieces of the entries' heads by what they are, by the grid where there is one."""
    if not _is_grid(entries):
        casts = [cast_of(entry) for entry in entries]
        share_places(casts)
        return casts
    firsts = Counter(entry.head[0].look for entry in entries if len(entry.head) > 1)
    seconds = Counter(entry.head[1].look for entry in entries if len(entry.head) > 1)
    return [_cast(entry, firsts, seconds) for entry in entries]


def names_of(entry: Entry) -> list[Piece]:
    """What stands at the left of an entry's rows, one a row, where looks tell the rows apart."""
    rows = entry.head[:_ROWS]
    if any(len(_looks(_sides(row)[0])) > 1 for row in rows):
        return []
    if len({row.look for row in rows}) < len(rows) or not all(_sides(row)[0] for row in rows):
        return []
    lone = len(rows) == 1 and not rows[0].look[1]
    dated = any(row.dated and not is_only_dates(_text(_sides(row)[1])) for row in rows)
    if lone or dated or any(not row.dated and _sides(row)[1] for row in rows):
        return []
    return [_piece(_sides(row)[0], row, index) for index, row in enumerate(rows)]


def _looks(segments: Sequence[Segment]) -> set[tuple[bool, bool, str | None]]:
    """How segments look, but for East Asian letters, which may have no bold."""
    plain = [each for each in segments if not _WIDE.search(each.text)]
    return {(each.bold, each.italic, each.color) for each in plain}


def _is_grid(entries: Sequence[Entry]) -> bool:
    rights: list[float] = []
    places = pairs = 0
    for entry in entries:
        if entry.under or not 1 <= len(entry.head) <= _ROWS + 2:
            return False
        for index, row in enumerate(entry.head):
            left, right = _sides(row)
            if not left or (index >= _ROWS and (right or row.dated)):
                return False
            if not right:
                if row.dated:
                    return False
                continue
            box = right[-1].box
            rights.append(box[2] if box else 0.0)
            if not row.dated:
                places += 1
            elif not is_only_dates(_text(right)):
                return False
        if len(entry.head) > 1:
            pairs += entry.head[0].look != entry.head[1].look or _color(entry.head[0]) != _color(
                entry.head[1]
            )
    several = sum(len(entry.head) > 1 for entry in entries)
    return places > 0 and pairs == several and max(rights) - min(rights) < _ALIGNED


def _sides(row: Row) -> tuple[list[Segment], list[Segment]]:
    """The segments before a wide gap and those behind it; none where there is more than one."""
    segments = row.block.segments
    gaps = [index for index, segment in enumerate(segments) if segment.gap]
    if len(gaps) > 1 or not segments:
        return [], []
    at = gaps[0] if gaps else len(segments)
    return list(segments[:at]), list(segments[at:])


def _text(segments: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in segments)


def _color(row: Row) -> str | None:
    return row.block.segments[0].color


def _cast(entry: Entry, firsts: Counter[HeadLook], seconds: Counter[HeadLook]) -> Cast:
    cast = Cast(entry, in_grid=True)
    for index, row in enumerate(entry.head[:_ROWS]):
        left, right = _sides(row)
        slot = _piece(left, row, index)
        if cast.kind is None and (parted := _without_kind(slot)):
            slot, cast.kind = parted
        cast.slots.append(slot)
        if right and not row.dated:
            cast.place = _piece(right, row, index, gap=True)
    if len(cast.slots) == 1:
        look = entry.head[0].look
        cast.second = seconds[look] > firsts[look]
    entry.body[:0] = [row.block for row in entry.head[_ROWS:]]
    del entry.head[_ROWS:]
    return cast


def _without_kind(piece: Piece) -> tuple[Piece, tuple[Piece, str]] | None:
    """The piece without the type of employment that it ends with in brackets, and that."""
    noted = read_parentheses(piece.text)
    kind = employment_type_of(noted[1]) if noted else None
    if noted is None or kind is None:
        return None
    aside = replace(piece, text=noted[1], mark="(")
    return replace(piece, text=noted[0]), (aside, kind)


def _piece(segments: Sequence[Segment], row: Row, index: int, gap: bool = False) -> Piece:
    first = segments[0]
    return Piece(
        text=_text(segments),
        line=row.line,
        box=first.box,
        bold=first.bold,
        italic=first.italic,
        size=first.size,
        color=first.color,
        gap=gap,
        row=index,
    )
