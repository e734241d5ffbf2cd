"""Dates and labels in a column of their own at the left, brought to the rows they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from app.importing.dates import find_span
from app.importing.headings import section_of
from app.importing.rows import Fragment

_LEADING = 1.5


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


def _continues(cell: Cell, fragment: Fragment) -> bool:
    last = cell.fragments[-1]
    if fragment.base - last.base > _LEADING * max(last.size, fragment.size):
        return False
    if abs(last.size - fragment.size) > 0.5 or _bold(last) != _bold(fragment):
        return False
    if section_of(last.text) is not None or section_of(fragment.text) is not None:
        return False
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
    blocks = _blocks(bases, max(fragment.size for fragment in right))
    placed = list(right)
    for cell in cells_of(left):
        base = _row_for(cell, bases, blocks)
        words = [word for fragment in cell.fragments for word in fragment.words]
        whole = Fragment(words)
        if base is not None:
            for word in words:
                word.base = base
        placed.append(whole)
    placed.sort(key=lambda fragment: fragment.base)
    return placed


def _blocks(bases: list[float], size: float) -> list[tuple[float, float]]:
    """First and last base of rows that stand close below each other."""
    blocks: list[tuple[float, float]] = []
    for base in bases:
        if blocks and base - blocks[-1][1] <= 1.6 * size:
            blocks[-1] = (blocks[-1][0], base)
        else:
            blocks.append((base, base))
    return blocks


def _row_for(cell: Cell, bases: list[float], blocks: list[tuple[float, float]]) -> float | None:
    """The base of the row the cell stands beside; none where it stands alone, as a heading does."""
    first = cell.fragments[0].base
    near = min(bases, key=lambda base: abs(base - first))
    if abs(near - first) <= 0.3 * cell.size:
        return near
    if section_of(cell.text) is not None:
        return None
    for top, bottom in blocks:
        if top - 0.5 * cell.size <= cell.middle <= bottom + 0.5 * cell.size:
            return top
    return None
