"""Heads with their dates in a column at the left: what stands below the dates there, such as the
place, comes behind the row that it stands beside, where other layouts have it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from app.importing.blocks import Block
from app.importing.dates import find_spans, is_only_dates
from app.importing.document import Line, Segment

_FLUSH = 3.0  # points
_MOST_LETTERS = 60


def reordered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each row with what stands in the column of the dates behind it."""
    found: list[Block] = []
    dates: Block | None = None  # the row with dates at its left that the present ones stand below
    for block in blocks:
        if _dated_at_left(block):
            dates = block
        elif block.bullet or not block.segments:
            dates = None
        elif dates is not None and _stands_below(dates, block):
            block = _turned(block)
        found.append(block)
    return found


def _dated_at_left(block: Block) -> bool:
    segments = block.segments
    return len(segments) > 1 and segments[1].gap and is_only_dates(segments[0].text)


def _stands_below(dates: Block, block: Block) -> bool:
    """Whether a row has a cell in the column of the dates, and goes on flush below the text."""
    if len(block.lines) > 1 or len(block.segments) < 2 or not block.segments[1].gap:
        return False
    cell, text = block.segments[0], block.segments[1]
    above, beside = dates.segments[0], dates.segments[1]
    if None in (cell.box, text.box, above.box, beside.box) or len(cell.text) > _MOST_LETTERS:
        return False
    if block.first.region != dates.first.region or find_spans(cell.text):
        return False
    flush = abs(_box(text)[0] - _box(beside)[0]) < _FLUSH
    aligned = min(abs(_box(cell)[at] - _box(above)[at]) for at in (0, 2)) < _FLUSH
    return flush and aligned and _box(cell)[2] < _box(text)[0]


def _box(segment: Segment) -> tuple[float, float, float, float]:
    return segment.box or (0.0, 0.0, 0.0, 0.0)


def _turned(block: Block) -> Block:
    """The row with its first cell at the end."""
    cell, first, *rest = block.segments
    segments = (
        structs.replace(first, gap=False),
        *rest,
        structs.replace(cell, gap=True),
    )
    text = "".join(
        segment.text if not index else ("  " if segment.gap else " ") + segment.text
        for index, segment in enumerate(segments)
    )
    line: Line = structs.replace(block.first, text=text, segments=segments)
    return Block([line], text)
