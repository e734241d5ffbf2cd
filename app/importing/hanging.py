"""Rows of a head that hang: what a line had no room for stands in the next, set in a little."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from app.importing.blocks import Block
from app.importing.dates import find_spans
from app.importing.document import Line, Segment

_LEAST, _MOST = 0.4, 1.6  # how far it is set in, in sizes of its letters


def unhung(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each row with what hangs below it as one."""
    found: list[Block] = []
    left = 0.0
    for block in blocks:
        last = found[-1] if found else None
        if last is not None and _hangs(last, block, left):
            found[-1] = _joined(last, block)
        else:
            left = _left(block)
            found.append(block)
    return found


def _left(block: Block) -> float:
    box = block.segments[0].box if block.segments else None
    return box[0] if box else 0.0


def _hangs(last: Block, block: Block, left: float) -> bool:
    """Whether a row is set in below one of the same look, and the two stand in tight lines."""
    if last.bullet or block.bullet or not (last.segments and block.segments):
        return False
    one, other = last.segments[0], block.segments[0]
    if one.box is None or other.box is None or block.first.region != last.first.region:
        return False
    if not _LEAST * other.size < other.box[0] - left < _MOST * other.size:
        return False
    if find_spans(other.text):
        return False
    alike = (one.bold, one.italic, one.color) == (other.bold, other.italic, other.color)
    return alike and abs(one.size - other.size) < 0.6 and block.first.above < 0.6 * other.size


def _joined(above: Block, below: Block) -> Block:
    """Both rows as one: the texts at the left read on, what stands at the right follows."""
    first, *aside = above.segments
    more, *below_aside = below.segments
    first = structs.replace(first, text=f"{first.text} {more.text}")
    segments = (first, *aside, *below_aside)
    text = _text(segments)
    line: Line = structs.replace(above.first, text=text, segments=segments)
    return Block([line, *above.lines[1:]], text)


def _text(segments: Sequence[Segment]) -> str:
    return "".join(
        segment.text if not index else ("  " if segment.gap else " ") + segment.text
        for index, segment in enumerate(segments)
    )
