"""Where values were read: evidence and unplaced text of pieces, blocks and lines."""

from __future__ import annotations

from collections.abc import Sequence

from app.importing.blocks import Block
from app.importing.document import Line
from app.importing.heads import Piece, Row
from app.importing.preview import Box, Evidence, Unplaced


def of_piece(field: str, piece: Piece, confidence: float, rule: str) -> Evidence:
    return _evidence(field, piece.text, piece.line, piece.box, confidence, rule)


def of_line(
    field: str, text: str, line: Line, confidence: float, rule: str, box: Box | None = None
) -> Evidence:
    return _evidence(field, text, line, box or line.box, confidence, rule)


def of_block(field: str, block: Block, confidence: float, rule: str) -> Evidence:
    return _evidence(field, block.text, block.first, _box(block.lines), confidence, rule)


def of_span(field: str, row: Row, rule: str) -> Evidence:
    span = row.span
    assert span is not None
    boxes = [
        segment.box for segment in row.line.segments if segment.box and span.text in segment.text
    ]
    box = boxes[0] if boxes else row.line.box
    return _evidence(field, span.text, row.line, box, round(span.confidence, 2), rule)


def unplaced(block: Block, section: str | None) -> Unplaced:
    first = block.first
    return Unplaced(
        text=block.text,
        section=section,
        page=first.page,
        box=_box(block.lines),
        paragraph=first.paragraph,
    )


def unplaced_line(line: Line, section: str | None, text: str | None = None) -> Unplaced:
    return Unplaced(
        text=line.text if text is None else text,
        section=section,
        page=line.page,
        box=line.box,
        paragraph=line.paragraph,
    )


def unplaced_piece(piece: Piece, section: str | None) -> Unplaced:
    return unplaced_line(piece.line, section, piece.text)


def _evidence(
    field: str, text: str, line: Line, box: Box | None, confidence: float, rule: str
) -> Evidence:
    return Evidence(
        field=field,
        text=text,
        confidence=round(min(1.0, max(0.0, confidence)), 2),
        rule=rule,
        page=line.page,
        box=box,
        paragraph=line.paragraph,
    )


def _box(lines: Sequence[Line]) -> Box | None:
    """The box round the lines that lie on the page of the first."""
    boxes = [line.box for line in lines if line.box and line.page == lines[0].page]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))
