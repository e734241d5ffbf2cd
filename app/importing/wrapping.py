"""Rows of a head that wrap: what a cell had no room for stands flush below its own beginning.

A title wraps before the date at its right; a text wraps below itself at the right of its date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs

from app.importing.blocks import Block, joined_text
from app.importing.dates import find_spans, is_only_dates
from app.importing.document import Line, Segment

_BEGUN = re.compile(r"[(（][^()（）]*\d{4}\s*[-–—]?$")
_ENDED = re.compile(r"[-–—\s]*[^()（）]{4,20}[)）]$")
_SENTENCE = re.compile(r"[^\W\d_a-z]\S*(?:\s+\S+){3,}[.!?]", re.DOTALL)
_LABELLED = re.compile(r"[^\W\d_a-z][^:：,.]{1,30}[:：]\s")
_FLUSH = 3.0  # points
# Words after which a title goes on.
_OPEN = frozenset(
    "and & of for in the to at und für der des im et de en du des d' la le y del e di per do da "  # noqa: SIM905
    "van voor en".split()
)


def unwrapped(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, each row with what wrapped below it as one."""
    found: list[Block] = []
    for block in blocks:
        if found and (whole := _span_joined(found[-1], block)):
            found[-1] = whole
        elif found and _wraps(found[-1], block):
            found[-1] = _joined(found[-1], block)
        else:
            found.append(block)
    return found


def _span_joined(last: Block, block: Block) -> Block | None:
    """Both blocks as one where a span in brackets breaks: `(2016` and `- 2018)`."""
    if not (last.segments and len(last.lines) == 1 and _BEGUN.search(last.text)):
        return None
    if len(block.lines) > 1 or not _ENDED.match(block.text):
        return None
    text = f"{last.text.rstrip('-–— ')} - {block.text.lstrip('-–— ')}"
    if not any(span.end or span.is_current for span in find_spans(text)):
        return None
    more = text[len(last.text.rstrip("-–— ")) :]
    *before, end = last.segments
    end = structs.replace(end, text=end.text.rstrip("-–— ") + more)
    return Block([structs.replace(last.first, text=text, segments=(*before, end))], text)


def _wraps(last: Block, block: Block) -> bool:
    """Whether the text of a row that has its date beside it goes on in the next for want of room.

    A title alone in its row goes on too where its last word cannot end it.
    """
    at = _last_of_text(last) if last.segments else 0
    if not block.segments or not last.segments or not _alike(last, at, block):
        return False
    one, other = last.segments[at], block.segments[0]
    first = last.segments[0]
    if one.box is None or other.box is None or first.box is None:
        return False
    end = one.box[2] + _first_word(other) + 0.3 * other.size
    aside = last.segments[at + 1 :]
    if aside and aside[0].box is not None:
        below = [each for each in block.segments if each.gap]
        if len(aside) > 1 or len(below) > 1 or (below and not _below(aside[0], below[0])):
            return False
        inward = other.box[0] - first.box[0]
        if below:  # both cells wrap
            return -_FLUSH < inward < 0.8 * other.size
        full = end > aside[0].box[0] - 0.5 * other.size
        return abs(inward) < _FLUSH and full and not _SENTENCE.fullmatch(block.text)
    if _dated_at_left(last):
        begin = last.segments[1].box or one.box
        room = block.first.room or last.first.room
        flush = abs(other.box[0] - begin[0]) < _FLUSH
        return flush and room is not None and end > room - 0.5 * other.size
    lone = len(last.segments) == len(last.lines) == 1 and abs(other.box[0] - one.box[0]) < _FLUSH
    if not lone or not other.text[0].islower() or one.text[-1] in ".!?:;":
        return False
    return one.bold or one.text.split()[-1].casefold() in _OPEN


def _alike(last: Block, at: int, block: Block) -> bool:
    """Whether a block stands in tight lines below text of its own look, and begins no new row."""
    if last.bullet or block.bullet or block.first.region != last.first.region:
        return False
    if len(block.segments) > 1 and len(block.lines) > 1:
        return False
    within = min((line.above for line in block.lines[1:]), default=block.first.above)
    if block.first.above > within + 0.1 * block.first.size:  # a text of its own, which stands apart
        return False
    one, other = last.segments[at], block.segments[0]
    alike = (one.bold, one.italic, one.color) == (other.bold, other.italic, other.color)
    if not alike or abs(one.size - other.size) > 0.6 or block.first.above > 0.75 * other.size:
        return False
    begins = _LABELLED.match(other.text) or other.text[0] in "-–—|"
    return not begins and not find_spans(other.text)


def _below(above: Segment, segment: Segment) -> bool:
    """Whether a segment at the right goes on with what stands above it and ends with a comma."""
    if above.box is None or segment.box is None or above.text[-1] != ",":
        return False
    return min(abs(above.box[side] - segment.box[side]) for side in (0, 2)) < _FLUSH


def _first_word(segment: Segment) -> float:
    """How wide the first word of a segment is, about."""
    width = segment.box[2] - segment.box[0] if segment.box else 0.0
    return width * len(segment.text.split()[0]) / len(segment.text)


def _dated_at_left(block: Block) -> bool:
    segments = block.segments
    return len(segments) > 1 and segments[1].gap and is_only_dates(segments[0].text)


def _last_of_text(block: Block) -> int:
    """The last segment of a row that is not set apart at the right."""
    segments = block.segments
    start = 2 if _dated_at_left(block) else 1
    return next((i for i in range(start, len(segments)) if segments[i].gap), len(segments)) - 1


def _joined(above: Block, below: Block) -> Block:
    """Both rows as one: the texts read on, what stands at the right follows."""
    segments = list(above.segments)
    at = _last_of_text(above)
    more, *beside = below.segments
    text = joined_text([segments[at].text, more.text if beside else below.text])
    if beside and at + 1 < len(segments):
        both = joined_text([segments[at + 1].text, beside.pop(0).text])
        segments[at + 1] = structs.replace(segments[at + 1], text=both)
    segments[at : at + 1] = [structs.replace(segments[at], text=text), *beside]
    whole = "".join(
        segment.text if not index else ("  " if segment.gap else " ") + segment.text
        for index, segment in enumerate(segments)
    )
    line: Line = structs.replace(above.first, text=whole, segments=tuple(segments))
    return Block([line, *above.lines[1:]], whole)
