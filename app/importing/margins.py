"""Headings set in the margin, beside the text they head, taken off it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.importing.contact import label_of
from app.importing.dates import find_span
from app.importing.document import Line, Segment
from app.importing.forms import asked_for
from app.importing.headings import section_of


def without_margin(lines: Sequence[Line]) -> tuple[list[Line], frozenset[Line]]:
    """The lines, with headings in the margin or before a colon taken off the text beside them.

    Answers those too that are headings by their place and look alone, whatever they say.
    """
    freed: list[Line] = []
    styled = _styled_first_segments(lines)
    alike = _alike(lines, styled)
    unknown: list[Line] = []
    for line in lines:
        if id(line) in styled or id(line) in alike:
            first, rest = line.segments[0], line.segments[1:]
            freed.append(_cut(line, (first,)))
            if id(line) in alike:
                unknown.append(freed[-1])
            freed.append(_cut(line, (msgspec.structs.replace(rest[0], gap=False), *rest[1:])))
        else:
            freed.append(line)
    return freed, frozenset(unknown)


def _alike(lines: Sequence[Line], styled: set[int]) -> set[int]:
    """Lines that begin as those with a known heading in the margin do, below the contact data."""
    known = {_look(line) for line in lines if id(line) in styled}
    reached = next((at for at, line in enumerate(lines) if "@" in line.text), len(lines))
    return {
        id(line)
        for line in lines[reached + 1 :]
        if len(line.segments) > 1
        and line.segments[1].gap
        and id(line) not in styled
        and line.above > 0.8 * line.size
        and _look(line) in known
        and _may_head(line.segments[0].text)
    }


def _look(line: Line) -> tuple[object, ...]:
    """Where the first two segments of a line begin, and how the first looks."""
    first, second = line.segments[:2]
    lefts = [round(each.box[0]) if each.box else None for each in (first, second)]
    return (line.region, *lefts, round(first.size), first.bold, first.color)


def _may_head(text: str) -> bool:
    """Whether words name no field of a form, as `Date of birth` does, and tell no time."""
    label = asked_for(text) is not None or label_of(f"{text}: x") is not None
    return len(text) < 40 and not label and find_span(text) is None


def _styled_first_segments(lines: Sequence[Line]) -> set[int]:
    """Lines that begin with a heading set in the margin, where two or more sections do so, or
    where there is no other heading."""
    found: dict[int, str] = {}
    for line in lines:
        if len(line.segments) < 2 or not line.segments[1].gap or line.bullet:
            continue
        heading = section_of(line.segments[0].text)
        if heading is not None and heading.exact and _stands_out(line.segments[0], line):
            found[id(line)] = heading.section
    enough = len(set(found.values())) >= 2 or not any(map(_heads, lines))
    return set(found) if enough else set()


def _heads(line: Line) -> bool:
    heading = section_of(line.text)
    return heading is not None and heading.exact


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
