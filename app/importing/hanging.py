"""Rows of a head that hang: what a line had no room for stands in the next, set in a little.

What goes on in the column at the right stands flush with it at the right.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from app.importing.blocks import Block
from app.importing.dates import find_spans
from app.importing.document import Line, Segment

_LEAST, _MOST = 0.4, 1.6  # how far it is set in, in sizes of its letters
_ALIGNED = 2.0  # points


def unhung(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each row with what hangs below it as one."""
    found: list[Block] = []
    left = 0.0
    beside: Segment | None = None  # what stood beside a row that hung
    for block in blocks:
        last = found[-1] if found else None
        if beside is not None:
            block, beside = _with_aside(block, beside), None
        if last is not None and _is_aside(last, block):
            found[-1] = _aside_joined(last, block)
        elif last is not None and _hangs(last, block, left):
            found[-1], beside = _joined(last, block)
        else:
            left = _left(block)
            found.append(block)
    if beside is not None:
        found[-1] = _with(found[-1], (*found[-1].segments, beside))
    return found


def _left(block: Block) -> float:
    box = block.segments[0].box if block.segments else None
    return box[0] if box else 0.0


def _tight(last: Block, block: Block) -> bool:
    """Whether a block goes on right below another that is a row too."""
    near = block.first.above < 0.6 * block.first.size
    rows = bool(last.segments and block.segments) and not (last.bullet or block.bullet)
    return rows and near and block.first.region == last.first.region


def _hangs(last: Block, block: Block, left: float) -> bool:
    """Whether a row is set in below one of the same look, and the two stand in tight lines."""
    if not _tight(last, block):
        return False
    one, other = last.segments[0], block.segments[0]
    if one.box is None or other.box is None or find_spans(other.text):
        return False
    if not _LEAST * other.size < other.box[0] - left < _MOST * other.size:
        return False
    return any(_alike(each, other) for each in (one, last.segments[_text_ends(last)]))


def _alike(one: Segment, other: Segment) -> bool:
    looks = (one.bold, one.italic, one.color) == (other.bold, other.italic, other.color)
    return looks and abs(one.size - other.size) < 0.6


def _text_ends(block: Block) -> int:
    """The last segment of what reads on from the beginning of a row, before any gap."""
    segments = block.segments
    return next((at for at in range(1, len(segments)) if segments[at].gap), len(segments)) - 1


def _is_aside(last: Block, block: Block) -> bool:
    """Whether a row is only what goes on from the column at the right of the one before."""
    if not _tight(last, block) or len(block.segments) != 1 or len(last.segments) < 2:
        return False
    left, right, more = last.segments[0].box, last.segments[-1].box, block.segments[0].box
    if left is None or right is None or more is None or not last.segments[-1].gap:
        return False
    if find_spans(last.segments[-1].text) or find_spans(block.text):
        return False
    return abs(right[2] - more[2]) < _ALIGNED and more[0] > left[2] and more[0] > right[0]


def _aside_joined(above: Block, below: Block) -> Block:
    *before, last = above.segments
    whole = structs.replace(last, text=f"{last.text} {below.segments[0].text}")
    return _with(above, (*before, whole))


def _joined(above: Block, below: Block) -> tuple[Block, Segment | None]:
    """Both rows as one; what stood beside the second comes back where the first had its own."""
    end = _text_ends(above) + 1
    (*before, first), aside = above.segments[:end], list(above.segments[end:])
    more, *below_aside = below.segments
    first = structs.replace(first, text=f"{first.text} {more.text}")
    if aside and len(below_aside) == 1 and _goes_on(aside[-1], below_aside[0]):
        whole = f"{aside[-1].text} {below_aside[0].text}"
        aside[-1], below_aside = structs.replace(aside[-1], text=whole), []
    spare = below_aside[0] if len(below_aside) == 1 and aside else None
    kept = [] if spare else below_aside
    return _with(above, (*before, first, *aside, *kept)), spare


def _goes_on(cell: Segment, below: Segment) -> bool:
    """Whether a cell at the right, set flush there, ends with a comma and so goes on below."""
    flush = cell.box and below.box and abs(cell.box[2] - below.box[2]) < _ALIGNED
    return bool(flush) and cell.text.endswith(",")


def _with_aside(block: Block, aside: Segment) -> Block:
    """A row with what began at the right of the line above it."""
    first, *own = block.segments or (aside,)
    if len(block.segments) == 1:
        return _with(block, (first, aside))
    if len(own) == 1 and own[0].gap and not find_spans(own[0].text):
        return _with(block, (first, structs.replace(aside, text=f"{aside.text} {own[0].text}")))
    return block


def _with(block: Block, segments: Sequence[Segment]) -> Block:
    """The block with other segments in its first row."""
    text = "".join(
        segment.text if not index else ("  " if segment.gap else " ") + segment.text
        for index, segment in enumerate(segments)
    )
    line: Line = structs.replace(block.first, text=text, segments=tuple(segments))
    return Block([line, *block.lines[1:]], text)
