"""Dates and labels in a column of their own at the left, brought to the rows they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from app.importing.readings import find_span, section_of
from app.importing.rows import Fragment

_LEADING = 1.5
_LOOSE = 1.7  # of small letters on the lines of large ones


@dataclass(slots=True)
class Cell:
    """Fragments below each other that say one thing."""

    fragments: list[Fragment]

    @property
    def text(self) -> str:
        return " ".join(fragment.text for fragment in self.fragments)

    @property
    def size(self) -> float:
        return self.fragments[0].size

    @property
    def middle(self) -> float:
        return (self.fragments[0].base + self.fragments[-1].base) / 2


def cells_of(fragments: list[Fragment]) -> list[Cell]:
    """Fragments of a narrow column, in order of their base, by cells."""
    cells: list[Cell] = []
    for fragment in fragments:
        if cells and _continues(cells[-1], fragment):
            cells[-1].fragments.append(fragment)
        else:
            cells.append(Cell([fragment]))
    return cells


def stacks_of(fragments: list[Fragment]) -> list[list[Fragment]]:
    """Fragments of a narrow column that are no headings, by those close below each other."""
    stacks: list[list[Fragment]] = []
    last: Fragment | None = None
    for fragment in fragments:
        head = section_of(fragment.text) is not None
        if not head and last is not None and _close(last, fragment):
            stacks[-1].append(fragment)
        elif not head:
            stacks.append([fragment])
        last = None if head else fragment
    return stacks


def _close(above: Fragment, below: Fragment, leading: float = _LOOSE) -> bool:
    return below.base - above.base <= leading * max(above.size, below.size)


def _continues(cell: Cell, fragment: Fragment) -> bool:
    last = cell.fragments[-1]
    if not _close(last, fragment, _LEADING):
        return False
    if abs(last.size - fragment.size) > 0.5 or _bold(last) != _bold(fragment):
        return False
    if section_of(last.text) is not None or section_of(fragment.text) is not None:
        return False
    if fragment.text[0].islower() and not fragment.bullet and find_span(fragment.text) is None:
        return True
    span = find_span(cell.text)
    if span is None:
        return False
    whole = find_span(f"{cell.text} {fragment.text}")
    return whole is not None and len(whole.text) > len(span.text) + 1


def _bold(fragment: Fragment) -> bool:
    return all(word.bold for word in fragment.words)


def set_beside(left: list[Fragment], right: list[Fragment]) -> list[Fragment]:
    """All fragments, with the cells at the left as one fragment in the row they belong to."""
    bases = sorted({round(fragment.base, 1) for fragment in right})
    heights = {round(fragment.base, 1): fragment.size for fragment in right}
    cells = cells_of(left)
    rows = _rows_by_middle(cells, bases) if _in_the_middle(cells, bases) else None
    if rows is None:
        cells = _with_tails(cells, bases, heights)
    placed = list(right)
    for index, cell in enumerate(cells):
        base = rows[index] if rows else _row_for(cell, bases, heights)
        words = [word for fragment in cell.fragments for word in fragment.words]
        if base is not None:
            for word in words:
                word.base = base
        placed.append(Fragment(words, cell.fragments[0].bullet))
    placed.sort(key=lambda fragment: fragment.base)
    return placed


def _with_tails(cells: list[Cell], bases: list[float], heights: dict[float, float]) -> list[Cell]:
    """The cells, each that stands in no row taken into the one right above, which goes on in it."""
    whole: list[Cell] = []
    for cell in cells:
        above = whole[-1].fragments[-1] if whole else None
        lone = not _is_head(cell) and _row_for(cell, bases, heights) is None
        undated = find_span(cell.text) is None
        if lone and undated and above is not None and not _is_head(whole[-1]):
            like = abs(above.size - cell.size) <= 0.5 and _bold(above) == _bold(cell.fragments[0])
            if like and _close(above, cell.fragments[0]) and find_span(whole[-1].text) is None:
                whole[-1].fragments.extend(cell.fragments)
                continue
        whole.append(cell)
    return whole


def _is_head(cell: Cell) -> bool:
    return section_of(cell.text) is not None


def _near(bases: list[float], base: float) -> float:
    return min(bases, key=lambda each: abs(each - base))


def _in_the_middle(cells: list[Cell], bases: list[float]) -> bool:
    """Whether dates stand at half the height of what they date, so not in any row of it."""
    dated = [cell for cell in cells if not _is_head(cell) and find_span(cell.text)]
    lone = [
        cell
        for cell in dated
        if abs(_near(bases, cell.fragments[0].base) - cell.fragments[0].base) > 0.3 * cell.size
    ]
    return bool(lone) and len(lone) >= 0.2 * len(dated)


def _rows_by_middle(cells: list[Cell], bases: list[float]) -> list[float | None]:
    """For each cell the first of the rows that lie evenly about its middle.

    The rows of a cell begin where those of the one before ended, or below a heading.
    """
    found: list[float | None] = []
    at = 0
    for cell in cells:
        if _is_head(cell):
            found.append(None)
            while at < len(bases) and bases[at] < cell.fragments[-1].base:
                at += 1
            continue
        rest = bases[at:]
        if not rest:
            found.append(None)
            continue
        last = min(
            range(len(rest)), key=lambda index: abs((rest[0] + rest[index]) / 2 - cell.middle)
        )
        found.append(rest[0])
        at += last + 1
    return found


def _row_for(cell: Cell, bases: list[float], heights: dict[float, float]) -> float | None:
    """The base of the row the cell stands beside; none where it stands alone, as a heading does.

    A small label is set at the middle of a row in large letters.
    """
    first = cell.fragments[0].base
    near = _near(bases, first)
    if abs(near - first) <= (0.8 if _is_head(cell) else 0.3) * cell.size:
        return near
    if first < near < first + heights[near] - 0.8 * cell.size and heights[near] > 1.4 * cell.size:
        return near
    return None
