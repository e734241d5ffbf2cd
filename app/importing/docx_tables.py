"""Tables of a DOCX: those that lay a page out are read by columns, others row by row."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.importing.column_names import column_names
from app.importing.contact import is_label
from app.importing.dates import find_span
from app.importing.document import Line, Segment
from app.importing.headings import section_of

Cell = list[Line]

_LAYOUT_LINES = 3  # in each of two cells of a row that lays a page out
_LONG_LINES = 8
_SHORT = 64  # characters of a line that may stand beside another


def is_layout(row: Sequence[Cell]) -> bool:
    """Whether a row's cells are columns of a page rather than fields of an entry."""
    full = [cell for cell in row if len(cell) >= _LAYOUT_LINES]
    if len(full) < 2:
        return False
    headed = sum(any(map(_is_heading, cell)) for cell in full)
    return (
        headed >= 2
        or (headed == 1 and len(full[0]) + len(full[-1]) >= 10)
        or all(len(cell) >= _LONG_LINES for cell in full)
    )


def in_cells(row: Sequence[Cell], number: int) -> list[Cell]:
    """The cells of a row with word of where they stand, but for what a table in them told."""
    return [[_placed(line, number, column) for line in cell] for column, cell in enumerate(row)]


def _placed(line: Line, row: int, column: int) -> Line:
    segments = tuple(
        each if each.cell else msgspec.structs.replace(each, cell=(row, column))
        for each in line.segments
    )
    return msgspec.structs.replace(line, segments=segments)


def row_lines(row: Sequence[Cell]) -> list[Line]:
    """A row that isn't layout as lines: what stands side by side is one line with gaps.

    Cells of several lines are read one after another, unless dates stand at the side of what
    happened then.
    """
    cells = _without_units([cell for cell in row if cell])
    lines: list[Line] = []
    if _is_form(cells):
        return [_joined([cells[i][0], cells[i + 1][0]]) for i in range(0, len(cells), 2)]
    if column_names([" ".join(line.text for line in cell) for cell in cells]):
        depth = max(map(len, cells))
        return [_joined([cell[i] for cell in cells if i < len(cell)]) for i in range(depth)]
    while len(cells) > 1 and len(cells[0]) == 1 and _titles(cells[0][0]) and not _lists(cells):
        lines.extend(cells.pop(0))
    if any(len(cell) > 1 for cell in cells) and not any(find_span(c[0].text) for c in cells):
        return [*lines, *(line for cell in cells for line in cell)]
    depth = max((len(cell) for cell in cells), default=0)
    for i in range(depth):
        beside = [cell[i] for cell in cells if i < len(cell)]
        if len(beside) == 1 or any(line.bullet for line in beside):
            lines.extend(beside)
        elif i == 0 or all(len(line.text) <= _SHORT for line in beside):
            lines.append(_joined(beside))
        else:
            lines.extend(beside)
    return lines


def _is_form(cells: Sequence[Cell]) -> bool:
    """Whether labels and what belongs to them alternate: `Name | Jane Doe | Born | 1990`."""
    if len(cells) < 4 or len(cells) % 2 or any(len(cell) != 1 for cell in cells):
        return False
    return all(is_label(cell[0].text) for cell in cells[::2])


def _without_units(cells: list[Cell]) -> list[Cell]:
    """Titles of a form's columns without 年 and 月, so that the last is the heading it is."""
    titles = [cell[0].text for cell in cells[:2]]
    return cells[2:] if len(cells) == 3 and titles == ["年", "月"] else cells


def _titles(line: Line) -> bool:
    """Whether a line heads what stands beside it: `EXPERIENCE | Acme …`, but not `Address | …`."""
    found = section_of(line.text) if not line.bullet else None
    if found is None or not found.exact:
        return False
    return line.level > 0 or line.bold or line.text.isupper()


def _lists(cells: Sequence[Cell]) -> bool:
    """Whether all cells are headings, as in a row of columns' titles."""
    return all(len(cell) == 1 and _is_heading(cell[0]) for cell in cells)


def _is_heading(line: Line) -> bool:
    if line.bullet or len(line.segments) > 2:
        return False
    found = section_of(line.text)
    return found is not None and found.exact


def _joined(lines: Sequence[Line]) -> Line:
    segments: list[Segment] = []
    for line in lines:
        first, *others = line.segments
        segments.append(msgspec.structs.replace(first, gap=bool(segments)))
        segments.extend(others)
    return msgspec.structs.replace(
        lines[0],
        text="  ".join(line.text for line in lines),
        segments=tuple(segments),
        size=max(line.size for line in lines),
        bold=all(line.bold for line in lines),
        italic=all(line.italic for line in lines),
        links=tuple(link for line in lines for link in line.links),
    )
