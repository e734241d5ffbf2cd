"""Headings set in the margin, beside the text they head, taken off it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.importing.document import Line, Segment
from app.importing.headings import section_of


def without_margin(lines: Sequence[Line]) -> list[Line]:
    """The lines, with headings in the margin or before a colon taken off the text beside them."""
    freed: list[Line] = []
    styled = _styled_first_segments(lines)
    for line in lines:
        if id(line) in styled:
            first, rest = line.segments[0], line.segments[1:]
            freed.append(_cut(line, (first,)))
            freed.append(_cut(line, (msgspec.structs.replace(rest[0], gap=False), *rest[1:])))
        else:
            freed.append(line)
    return freed


def _styled_first_segments(lines: Sequence[Line]) -> set[int]:
    """Lines that begin with a heading set in the margin, where two or more sections do so."""
    found: dict[int, str] = {}
    for line in lines:
        if len(line.segments) < 2 or not line.segments[1].gap or line.bullet:
            continue
        heading = section_of(line.segments[0].text)
        if heading is not None and heading.exact and _stands_out(line.segments[0], line):
            found[id(line)] = heading.section
    return set(found) if len(set(found.values())) >= 2 else set()


def _stands_out(segment: Segment, line: Line) -> bool:
    other = line.segments[1]
    return (
        (segment.bold and not other.bold)
        or segment.size > other.size + 0.5
        or (segment.text.isupper() and not other.text.isupper())
        or segment.color != other.color
    )


def _cut(line: Line, segments: tuple[Segment, ...]) -> Line:
    boxes = [segment.box for segment in segments if segment.box]
    box = line.box
    if boxes:
        box = (
            min(each[0] for each in boxes),
            min(each[1] for each in boxes),
            max(each[2] for each in boxes),
            max(each[3] for each in boxes),
        )
    text = "".join(
        segment.text if not index else ("  " if segment.gap else " ") + segment.text
        for index, segment in enumerate(segments)
    )
    return msgspec.structs.replace(
        line,
        text=text,
        segments=segments,
        box=box,
        size=max(segment.size for segment in segments),
        bold=all(segment.bold for segment in segments),
        italic=all(segment.italic for segment in segments),
    )
