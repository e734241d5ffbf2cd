"""Tables whose first row says what their columns hold, and what each row has in each column.

A cell of a PDF may run over several lines, which stand at its top or about its middle: which row
they belong to is told by the space between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.importing.blocks import Block, joined_text
from app.importing.column_names import MIXED, column_names
from app.importing.document import Line, Segment
from app.importing.preview import Box

_HEAD_LINES = 3
_FLUSH = 3.0  # points
_TOUCHING = 0.9  # of the size of the letters: further below stands no more of a table
_TIMES = ("time", "from", "to")


@dataclass(slots=True)
class Cell:
    """What one line says in one column."""

    segments: list[Segment]
    line: Line

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def box(self) -> Box | None:
        return box_round([segment.box for segment in self.segments])

    @property
    def place(self) -> tuple[int, int] | None:
        return self.segments[0].cell


@dataclass(slots=True)
class Column:
    """What a column holds, and from where to where its text reaches on the page."""

    kind: str
    left: float
    right: float
    number: int


Row = dict[int, list[Cell]]  # by the number of the column


@dataclass(slots=True)
class Table:
    """The blocks of the row of names, the columns, and the rows below."""

    head: list[Block]
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)


def box_round(boxes: Sequence[Box | None]) -> Box | None:
    """The box round all of them."""
    known = [box for box in boxes if box]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def parted_by_tables(
    blocks: Sequence[Block], told: Sequence[set[str]]
) -> tuple[list[Block], list[Table | list[Block]]]:
    """The rows of names of all tables; and the tables and the blocks between them in their order.

    `told` are sets of kinds: a table needs a column for one of each to be read row by row. Where
    one is wanting, what it says stays among the blocks.
    """
    heads: list[Block] = []
    parts: list[Table | list[Block]] = []
    rest: list[Block] = []
    at = 0
    while at < len(blocks):
        table = _headed(blocks, at)
        if table is None:
            rest.append(blocks[at])
            at += 1
            continue
        heads.extend(table.head)
        at += len(table.head)
        kinds = {column.kind for column in table.columns}
        if MIXED in kinds or not told or not all(kinds & each for each in told):
            continue
        below = _below(blocks, at, table.columns)
        at += len(below)
        table.rows = _rows(below, table.columns)
        parts += [rest, table] if rest else [table]
        rest = []
    return heads, [*parts, rest] if rest else parts


def _headed(blocks: Sequence[Block], at: int) -> Table | None:
    """The table whose names begin at a block; a name may go on in the next lines."""
    found: Table | None = None
    lines: list[Line] = []
    for index in range(at, min(at + _HEAD_LINES, len(blocks))):
        block = blocks[index]
        if block.bullet or len(lines) + len(block.lines) > _HEAD_LINES:
            break
        lines.extend(block.lines)
        columns = _named(lines)
        if columns is not None:
            found = Table(list(blocks[at : index + 1]), columns)
        elif found is not None:
            break
    return found


def _named(lines: Sequence[Line]) -> list[Column] | None:
    cells = [cell for line in lines for cell in cells_of(line)]
    places = [cell.place for cell in cells]
    if len({place[0] for place in places if place}) > 1:
        return None
    stacks: list[list[Cell]] = []
    for cell in cells:
        stack = next((stack for stack in stacks if _above(stack[0], cell)), None)
        if stack is None:
            stacks.append([cell])
        else:
            stack.append(cell)
    if all(cell.box for cell in cells):
        stacks.sort(key=lambda stack: _edges(stack)[0])
    kinds = column_names([joined_text([cell.text for cell in stack]) for stack in stacks])
    if kinds is None:
        return None
    columns = []
    for index, (kind, stack) in enumerate(zip(kinds, stacks, strict=True)):
        place = stack[0].place
        columns.append(Column(kind, *_edges(stack), number=place[1] if place else index))
    return columns


def _above(one: Cell, other: Cell) -> bool:
    """Whether two cells of lines below each other are of the same column."""
    if one.line is other.line:
        return False
    if one.place or other.place:
        return one.place == other.place
    mine, theirs = one.box, other.box
    return mine is not None and theirs is not None and _shared(mine, theirs) > 0


def _shared(one: Box, other: Box) -> float:
    return min(one[2], other[2]) - max(one[0], other[0])


def _edges(stack: Sequence[Cell]) -> tuple[float, float]:
    box = box_round([cell.box for cell in stack])
    return (box[0], box[2]) if box else (0.0, 0.0)


def cells_of(line: Line) -> list[Cell]:
    """The cells of a line: parted by the table itself where it tells, else by wide gaps."""
    cells: list[Cell] = []
    for segment in line.segments:
        last = cells[-1].segments[-1] if cells else None
        same = last is not None and (last.cell == segment.cell if segment.cell else not segment.gap)
        if same:
            cells[-1].segments.append(segment)
        else:
            cells.append(Cell([segment], line))
    return cells


def _below(blocks: Sequence[Block], at: int, columns: list[Column]) -> list[Block]:
    """The blocks that stand in the columns below their names."""
    found: list[Block] = []
    for index in range(at, len(blocks)):
        block = blocks[index]
        if _headed(blocks, index) or not all(_stands_in(line, columns) for line in block.lines):
            break
        found.append(block)
    return found


def _stands_in(line: Line, columns: list[Column]) -> bool:
    cells = cells_of(line)
    if not cells or len(cells) > len(columns):
        return False
    if cells[0].place is not None:
        return all(cell.place is not None for cell in cells)
    if line.bullet:
        return False
    if len(cells) == len(columns):
        _widen(columns, cells)
        return True
    if len(cells) > 1:
        return all(cell.box is not None for cell in cells)
    box = cells[0].box
    if box is None or line.above > _TOUCHING * line.size:
        return False
    column = _column_for(box, columns)
    after = [each.left for each in columns if each.left > column.left]
    return box[0] >= column.left - _FLUSH and (not after or box[2] < min(after))


def _widen(columns: list[Column], cells: Sequence[Cell]) -> None:
    for column, cell in zip(columns, cells, strict=True):
        if cell.box:
            column.left = min(column.left, cell.box[0])
            column.right = max(column.right, cell.box[2])


def _column_for(box: Box, columns: Sequence[Column]) -> Column:
    """The column whose left edge a cell keeps, else that which it shares most with or is next."""
    flush = [each for each in columns if abs(each.left - box[0]) <= _FLUSH]
    if len(flush) == 1:
        return flush[0]
    return max(columns, key=lambda each: min(each.right, box[2]) - max(each.left, box[0]))


def _rows(blocks: Sequence[Block], columns: list[Column]) -> list[Row]:
    rows: list[Row] = []
    lines = [line for block in blocks for line in block.lines]
    for group in _groups(lines, columns):
        row: Row = {}
        for line in group:
            for number, cell in _by_column(line, columns):
                row.setdefault(number, []).append(cell)
        rows.append(row)
    return rows


def _by_column(line: Line, columns: Sequence[Column]) -> list[tuple[int, Cell]]:
    cells = cells_of(line)
    if len(cells) == len(columns) and cells[0].place is None:
        return [(column.number, cell) for column, cell in zip(columns, cells, strict=True)]
    found = []
    for cell in cells:
        if cell.place is not None:
            found.append((cell.place[1], cell))
        elif cell.box is not None:
            found.append((_column_for(cell.box, columns).number, cell))
    return found


def _groups(lines: Sequence[Line], columns: Sequence[Column]) -> list[list[Line]]:
    """The lines by the rows of the table they stand in."""
    if all(line.segments[0].cell for line in lines):
        numbers = list(dict.fromkeys(_number(line) for line in lines))
        return [[line for line in lines if _number(line) == number] for number in numbers]
    groups: list[list[Line]] = []
    loose: list[Line] = []
    for line in lines:
        if not _is_chief(line, columns) or (groups and _goes_on(groups[-1], line, columns)):
            loose.append(line)
            continue
        cut = _widest(groups[-1][-1], loose, line) if groups else 0
        if groups:
            groups[-1].extend(loose[:cut])
        groups.append([*loose[cut:], line])
        loose = []
    if groups:
        groups[-1].extend(loose)
    return groups


def _number(line: Line) -> int:
    place = line.segments[0].cell
    return place[0] if place else 0


def _is_chief(line: Line, columns: Sequence[Column]) -> bool:
    """Whether a line has what a row has once: a time, or where there is no time, the first name."""
    timed = {column.number for column in columns if column.kind in _TIMES}
    wanted = timed or {columns[0].number}
    return any(number in wanted for number, _ in _by_column(line, columns))


def _goes_on(group: Sequence[Line], line: Line, columns: Sequence[Column]) -> bool:
    """Whether a time goes on in a further line of its cell."""
    timed = {column.number for column in columns if column.kind in _TIMES}
    above = [
        cell.text for each in group for number, cell in _by_column(each, columns) if number in timed
    ]
    filled = cells_of(line)
    open_ended = bool(above) and above[-1].rstrip()[-1:] in "-–—"
    return open_ended and len(filled) < len(columns) and line.above < _TOUCHING * line.size


def _widest(last: Line, loose: Sequence[Line], following: Line) -> int:
    """How many of the lines between two rows belong to the first: those before the widest gap."""
    lines = [last, *loose, following]
    gaps = [_gap(lines[index], lines[index + 1]) for index in range(len(lines) - 1)]
    widest = max(gaps) - 0.5
    return max(index for index, gap in enumerate(gaps) if gap >= widest)


def _gap(above: Line, below: Line) -> float:
    if above.box is None or below.box is None:
        return 0.0
    return below.box[1] - above.box[3] if above.page == below.page else 1000.0
