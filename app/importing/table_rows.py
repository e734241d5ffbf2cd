"""Studies and positions read from tables whose first row says what the columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.importing import evidence as seen
from app.importing.blocks import Block, joined_text
from app.importing.contact import looks_like_place
from app.importing.degrees import degree_of, parted_award
from app.importing.document import Line, Segment
from app.importing.entries import Entry
from app.importing.experience import set_dates
from app.importing.grades import grade_of
from app.importing.heads import Piece, Row, row_of
from app.importing.preview import FoundEducation, FoundExperience
from app.importing.roles import Cast, share_places
from app.importing.studies import describe, set_time_of_study
from app.importing.subjects import names_field
from app.importing.tables import Cell, Table, box_round
from app.importing.tables import Row as Cells

_RULE = "table_rows.read_study_rows"
_RULE_OF_WORK = "table_rows.read_position_rows"
_SURE = 0.95


@dataclass(slots=True)
class _Said:
    """What a row says in each kind of column, by paragraphs, and the time it tells."""

    by_kind: dict[str, list[Piece]] = field(default_factory=dict)
    more: list[Piece] = field(default_factory=list)
    time: Row | None = None
    cast: Cast = field(default_factory=lambda: Cast(Entry([])))

    def first(self, kind: str) -> Piece | None:
        """The first paragraph of a column; its others are left for the description."""
        pieces = self.by_kind.pop(kind, [])
        self.more.extend(pieces[1:])
        return pieces[0] if pieces else None

    def whole(self, kind: str) -> Piece | None:
        """All that stands in a column."""
        pieces = self.by_kind.pop(kind, [])
        return replace(pieces[0], text=" ".join(each.text for each in pieces)) if pieces else None

    @property
    def entry(self) -> Entry:
        return Entry([self.time] if self.time else [])


def read_study_rows(table: Table) -> list[FoundEducation]:
    """A study for each row of a table that tells degree and school."""
    rows = [_said(row, table) for row in table.rows]
    for said in rows:
        school = said.first("school")
        _set_name(said, school or said.first("board"))
    share_places([said.cast for said in rows])
    studies = [_study(said) for said in rows]
    return [study for study in studies if study.institution or study.degree]


def _study(said: _Said) -> FoundEducation:
    study = FoundEducation()
    proof = study.evidence
    if said.cast.slots:
        study.institution = said.cast.slots[0].text
        proof.append(seen.of_piece("institution", said.cast.slots[0], _SURE, _RULE))
    if degree := said.whole("degree"):
        _set_degree(study, degree, said)
    if named := said.first("field"):
        study.field_of_study = named.text
        proof.append(seen.of_piece("field_of_study", named, _SURE, _RULE))
    if place := said.cast.place:
        study.location = place.text
        proof.append(seen.of_piece("location", place, 0.85, _RULE))
    if grade := said.whole("grade"):
        labelled = grade_of(grade.text) if ":" in grade.text else None
        study.grade = labelled or grade.text
        proof.append(seen.of_piece("grade", grade, _SURE, _RULE))
    set_time_of_study(study, said.entry)
    for piece in _left(said):
        describe(study, piece)
    return study


def _set_degree(study: FoundEducation, piece: Piece, said: _Said) -> None:
    """Degree and field as the words part them, else all that stands there as the degree."""
    found = degree_of(piece.text)
    if found is not None:
        study.degree, study.field_of_study = found.degree, found.field_of_study
        if any(map(str.isalnum, found.rest)):
            rest = replace(piece, text=found.rest)
            # `B.E. (ECE)`, unlike `Class XII (CBSE)`, which names who examined.
            bracketed = "." in found.degree and piece.text == f"{found.degree} ({rest.text})"
            if study.field_of_study is None and (bracketed or names_field(rest.text)):
                study.field_of_study = rest.text
            else:
                said.more.append(rest)
    else:
        study.degree, study.field_of_study = parted_award(piece.text) or (piece.text, None)
    study.evidence.append(seen.of_piece("degree", piece, _SURE, _RULE))
    if study.field_of_study and "field" not in said.by_kind:
        study.evidence.append(seen.of_piece("field_of_study", piece, 0.85, _RULE))


def read_position_rows(table: Table) -> list[FoundExperience]:
    """A position for each row of a table that tells company and title."""
    rows = [_said(row, table) for row in table.rows]
    for said in rows:
        _set_name(said, said.first("company") or said.first("school"))
    share_places([said.cast for said in rows])
    positions = [_position(said) for said in rows]
    return [position for position in positions if position.company or position.title]


def _position(said: _Said) -> FoundExperience:
    title = said.whole("title")
    company = said.cast.slots[0] if said.cast.slots else None
    place = said.cast.place
    position = FoundExperience(
        company=company.text if company else None,
        title=title.text if title else None,
        location=place.text if place else None,
    )
    proof = position.evidence
    for name, piece in (("company", company), ("title", title), ("location", place)):
        if piece is not None:
            proof.append(seen.of_piece(name, piece, _SURE, _RULE_OF_WORK))
    set_dates(position, said.entry)
    told: list[str] = []
    for piece in [*said.by_kind.pop("tasks", []), *_left(said)]:
        name = "bullets" if piece.line.bullet else "description"
        (position.bullets if piece.line.bullet else told).append(piece.text)
        proof.append(seen.of_piece(name, piece, 0.85, _RULE_OF_WORK))
    position.description = "\n".join(told) or None
    return position


def _left(said: _Said) -> Iterator[Piece]:
    """What no field took, but for the number of the row."""
    said.by_kind.pop("number", None)
    yield from said.more
    for pieces in said.by_kind.values():
        yield from pieces


def _set_name(said: _Said, name: Piece | None) -> None:
    """The organisation of a row and its place, which may stand behind it or below it."""
    cast = said.cast
    cast.place = said.whole("place")
    if name is None:
        return
    before, comma, town = name.text.partition(", ")
    if cast.place is None and comma and looks_like_place(town) >= 0.6:
        cast.place = replace(name, text=town, mark=",")
        name = replace(name, text=before)
    below = next((piece for piece in said.more if looks_like_place(piece.text) >= 0.6), None)
    if cast.place is None and below is not None:
        cast.place = below
        said.more.remove(below)
    cast.slots.append(name)


def _said(row: Cells, table: Table) -> _Said:
    said = _Said()
    times: dict[str, list[Cell]] = {}
    for column in table.columns:
        cells = row.get(column.number, [])
        if column.kind in ("time", "from", "to"):
            times.setdefault(column.kind, []).extend(cells)
            continue
        pieces = [piece for piece in _pieces(cells) if any(map(str.isalnum, piece.text))]
        if column.kind in said.by_kind:
            said.more.extend(pieces)
        elif pieces:
            said.by_kind[column.kind] = pieces
    unnamed = row.keys() - {column.number for column in table.columns}
    said.more.extend(piece for number in sorted(unnamed) for piece in _pieces(row[number]))
    _set_time(said, times)
    return said


def _pieces(cells: Sequence[Cell]) -> list[Piece]:
    """The paragraphs of a cell: each for itself where a format has any, else all lines as one."""
    if not cells:
        return []
    if cells[0].place is not None or any(cell.line.bullet for cell in cells):
        return [_piece([cell]) for cell in cells]
    return [_piece(cells)]


def _piece(cells: Sequence[Cell]) -> Piece:
    text = joined_text([cell.text for cell in cells])
    return Piece(text, cells[0].line, box_round([cell.box for cell in cells]))


def _set_time(said: _Said, times: dict[str, list[Cell]]) -> None:
    cells = times.get("time") or []
    text = joined_text([cell.text for cell in cells])
    if not cells:
        ends = [times.get("from", []), times.get("to", [])]
        cells = [cell for end in ends for cell in end]
        text = " – ".join(joined_text([cell.text for cell in end]) for end in ends if end)
    if not any(map(str.isalnum, text)):
        return
    line = _line_of(cells, text)
    row = row_of(Block([line], text))
    if row.dated:
        said.time = row
        said.more.extend(row.pieces)
    else:
        said.more.append(Piece(text, line, line.box))


def _line_of(cells: Sequence[Cell], text: str) -> Line:
    """A line that says what the cells say and no more, at their place."""
    first = cells[0].line
    box = box_round([cell.box for cell in cells])
    return Line(
        text=text,
        segments=(Segment(text=text, size=first.size, box=box),),
        page=first.page,
        box=box,
        paragraph=first.paragraph,
        size=first.size,
    )
