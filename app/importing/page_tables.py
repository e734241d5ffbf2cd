"""Tables of a page whose first row names its columns, their cells set into one row each.

A table is read row by row whatever stands white between its columns, and a cell may run over
several lines, at its top or about its middle. Rows are told by the lines drawn between them, else
by the time that each row has once, and by the space between lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.importing.column_names import column_names
from app.importing.readings import find_span, section_of
from app.importing.rows import Fragment, joined

_HEAD_ROWS = 5  # as rows of letters: cells about their middle have their own
_NEAR = 1.9  # of the size of letters, from base to base, within a row of names
_FAR = 3.6  # the same from one row to the next
_WHITE = 0.3  # of the size of letters, between two columns
_LONGEST = 120

Row = list[Fragment]
Rule = tuple[float, float, float]  # left, how far from the top, right


@dataclass(slots=True)
class _Column:
    kind: str
    left: float
    right: float


def tables_apart(rows: Sequence[Row], rules: Sequence[Rule]) -> list[tuple[bool, list[Fragment]]]:
    """The fragments of a page in stretches, each with whether it is a table."""
    stretches: list[tuple[bool, list[Fragment]]] = []
    plain: list[Fragment] = []
    at = 0
    while at < len(rows):
        found = _table(rows, at, rules)
        if found is None:
            plain.extend(rows[at])
            at += 1
            continue
        cells, at = found
        stretches += [(False, plain), (True, cells)] if plain else [(True, cells)]
        plain = []
    return [*stretches, (False, plain)] if plain else stretches


def _table(
    rows: Sequence[Row], at: int, rules: Sequence[Rule]
) -> tuple[list[Fragment], int] | None:
    """The cells of the table that begins at a row, and the row behind it."""
    head = _head(rows, at)
    if head is None:
        return None
    columns, begin = head
    end = begin
    for row in rows[begin:]:
        if not _goes_on(rows[end - 1], row, columns) or _head(rows, end):
            break
        end += 1
    groups = _groups(rows[begin:end], columns, rules)
    filled = sum(len(_by_column(group, columns)) > 1 for group in groups)
    if not groups or 2 * filled < len(groups):
        return None
    every = [rows[at:begin], *groups]
    return [cell for group in every for cell in _set_in_one_row(group, columns)], end


def _head(rows: Sequence[Row], at: int) -> tuple[list[_Column], int] | None:
    """The columns that a row names and the row behind the names, which may run over lines."""
    found: tuple[list[_Column], int] | None = None
    stacks: list[list[Fragment]] = []
    for index in range(at, min(at + _HEAD_ROWS, len(rows))):
        row = rows[index]
        near = index == at or row[0].base - rows[index - 1][0].base < _NEAR * row[0].size
        if not near or sum(len(fragment.text) for fragment in row) > _LONGEST:
            break
        for fragment in row:
            stack = next((each for each in stacks if _overlap(each, fragment)), None)
            if stack is None:
                stacks.append([fragment])
            else:
                stack.append(fragment)
        kinds = column_names([" ".join(each.text for each in stack) for stack in stacks])
        if kinds is not None:
            columns = [
                _Column(kind, min(f.x0 for f in stack), max(f.x1 for f in stack))
                for kind, stack in zip(kinds, stacks, strict=True)
            ]
            found = sorted(columns, key=lambda each: each.left), index + 1
        elif found is not None:
            break
    return found


def _overlap(stack: Sequence[Fragment], fragment: Fragment) -> bool:
    return any(min(each.x1, fragment.x1) > max(each.x0, fragment.x0) for each in stack)


def _goes_on(last: Row, row: Row, columns: list[_Column]) -> bool:
    """Whether a row is of the table too: all columns are still parted by white. Widens them."""
    first = row[0]
    if row[0].base - last[0].base > _FAR * first.size or first.bullet:
        return False
    if len(row) == 1:
        heading = section_of(first.text)
        if heading is not None and heading.exact and find_span(first.text) is None:
            return False
    wider = [_Column(each.kind, each.left, each.right) for each in columns]
    for word in (word for fragment in row for word in fragment.words):
        column = min(wider, key=lambda each: _distance(each, word.x0, word.x1))
        column.left, column.right = min(column.left, word.x0), max(column.right, word.x1)
    white = _WHITE * first.size
    if any(b.left - a.right < white for a, b in pairwise(wider)):
        return False
    columns[:] = wider
    return True


def _distance(column: _Column, left: float, right: float) -> float:
    """How much white is between a word and a column; below 0 for what they share."""
    return max(column.left, left) - min(column.right, right)


def _by_column(rows: Sequence[Row], columns: Sequence[_Column]) -> dict[int, list[Fragment]]:
    """What stands in each column of some rows, a fragment for each line."""
    found: dict[int, list[Fragment]] = {}
    for row in rows:
        lines: dict[int, Fragment] = {}
        for word in (word for fragment in row for word in fragment.words):
            distances = [_distance(each, word.x0, word.x1) for each in columns]
            number = distances.index(min(distances))
            lines.setdefault(number, Fragment([])).words.append(word)
        for number, line in lines.items():
            found.setdefault(number, []).append(line)
    return dict(sorted(found.items()))


def _set_in_one_row(rows: Sequence[Row], columns: Sequence[_Column]) -> list[Fragment]:
    """The cells of a row of the table, each as one fragment, all on the base of the first."""
    base = rows[0][0].base
    cells: list[Fragment] = []
    for lines in _by_column(rows, columns).values():
        words = [word for line in lines for word in line.words]
        for line in lines:
            line.words[0].glued = False
        for word in words:
            word.base = base
        cells.append(Fragment(words))
    return cells


def _groups(
    rows: Sequence[Row], columns: Sequence[_Column], rules: Sequence[Rule]
) -> list[Sequence[Row]]:
    """The rows of letters by the rows of the table."""
    if not rows:
        return []
    ruled = _ruled(rows, columns, rules)
    return ruled if len(ruled) > 1 else _spaced(rows, columns)


def _ruled(
    rows: Sequence[Row], columns: Sequence[_Column], rules: Sequence[Rule]
) -> list[Sequence[Row]]:
    """By the lines that are drawn over most of the table's width, in one or in many strokes."""
    left, right = columns[0].left, columns[-1].right
    groups: list[Sequence[Row]] = []
    start = 0
    for index in range(1, len(rows) + 1):
        if index < len(rows):
            above = max(fragment.base for fragment in rows[index - 1])
            below = min(word.top for fragment in rows[index] for word in fragment.words)
            drawn = sum(
                max(0.0, min(right, rule[2]) - max(left, rule[0]))
                for rule in rules
                if above - 1 < rule[1] < below + 3
            )
            if drawn < 0.5 * (right - left):
                continue
        groups.append(rows[start:index])
        start = index
    return groups


def _spaced(rows: Sequence[Row], columns: Sequence[_Column]) -> list[Sequence[Row]]:
    """By the column that each row fills once, and by the widest space between two of its cells."""
    chief = [_is_chief(rows, index, columns) for index in range(len(rows))]
    starts = [0]
    last = next((index for index, is_chief in enumerate(chief) if is_chief), len(rows))
    for index in range(last + 1, len(rows)):
        if not chief[index]:
            continue
        gaps = [rows[each][0].base - rows[each - 1][0].base for each in range(last + 1, index + 1)]
        widest = max(gap for gap in gaps) - 0.5
        starts.append(max(last + 1 + at for at, gap in enumerate(gaps) if gap >= widest))
        last = index
    ends = [*starts[1:], len(rows)]
    return [rows[start:end] for start, end in zip(starts, ends, strict=True)]


def _is_chief(rows: Sequence[Row], index: int, columns: Sequence[_Column]) -> bool:
    """Whether a row of letters has the time of a row, or where there is none, its first name."""
    timed = [at for at, each in enumerate(columns) if each.kind in ("time", "from")]
    number = timed[0] if timed else 0
    cells = _by_column([rows[index]], columns)
    if number not in cells:
        return False
    if index == 0 or not timed:
        return True
    above = _by_column([rows[index - 1]], columns).get(number)
    # A time goes on below itself: `Jul 2022 –` and `Present`, `May` and `2020`.
    bases = [row[0].base for row in rows]
    steps = [low - high for high, low in pairwise(bases) if low - high > rows[index][0].size]
    if above is None or bases[index] - bases[index - 1] > min(steps, default=0.0) + 0.5:
        return True
    first, second = joined(above[0].words), joined(cells[number][0].words)
    whole, apart = find_span(f"{first} {second}"), find_span(first)
    if whole is None or whole.at[0] > 0:
        return True
    return apart is not None and whole.text == apart.text
