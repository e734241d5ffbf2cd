"""Rows of a table of labels that belong to another section: `Certificates | First aid, 2024`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from app.importing.blocks import Block
from app.importing.document import Line
from app.importing.headings import section_of

_FLUSH = 3.0  # points


def without_labelled(blocks: Sequence[Block], name: str) -> tuple[list[Block], list[Block]]:
    """The blocks without the rows whose label heads the section `name`, and those rows.

    They come back without their label. A row that has none goes with the one above it.
    """
    kept: list[Block] = []
    taken: list[Block] = []
    cell: Block | None = None
    for block in blocks:
        label = _label(block)
        if label is not None:
            heading = section_of(label)
            cell = block if heading and heading.exact and heading.section == name else None
            if cell is not None:
                taken.append(_unlabelled(block))
                continue
        if cell is not None and _same_cell(cell, block):
            taken.append(block)
        else:
            cell = None
            kept.append(block)
    return kept, taken


def _label(block: Block) -> str | None:
    segments = block.segments
    if len(segments) < 2 or not segments[1].gap:
        return None
    return segments[0].text.rstrip(" :：")


def _unlabelled(block: Block) -> Block:
    first = block.first
    segments = (structs.replace(first.segments[1], gap=False), *first.segments[2:])
    text = first.text[len(first.segments[0].text) :].strip()
    line: Line = structs.replace(first, text=text, segments=segments)
    return Block([line, *block.lines[1:]], block.text[len(first.segments[0].text) :].strip())


def _same_cell(cell: Block, block: Block) -> bool:
    """Whether a row without a label stands below the text of a labelled one."""
    above, below = cell.segments[1].box, block.segments[0].box if block.segments else None
    if above is None or below is None:
        return block.first.paragraph == cell.first.paragraph
    return abs(above[0] - below[0]) < _FLUSH and block.first.region == cell.first.region
