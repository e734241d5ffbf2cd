"""Education: institution, degree, field of study, grade and time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.cv.wording import read_degree
from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.bodies import body_of
from app.importing.contact import looks_like_place
from app.importing.degrees import parted_award
from app.importing.entries import Entry, entries_of
from app.importing.grid import casts_of
from app.importing.heads import Piece, trimmed
from app.importing.preview import FoundEducation, Unplaced
from app.importing.roles import Cast, place_of
from app.importing.study_slots import slots_of
from app.importing.subjects import is_mode, names_field, without_lead
from app.importing.words import degree_of, grade_of, institution_score

_RULE = "studies.read_education"
_BARE_GRADE = re.compile(
    r"^(?:\d[.,]\d{1,2}|\d{2}(?:[.,]\d{1,2})?\s?%|\d{1,3}(?:[.,]\d+)?\s?/\s?\d{1,3}(?:[.,]0)?)$"
)
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_FIELD = re.compile(
    r"\W*(?:majors?|field(?: of study)?|subject|fachrichtung|studienrichtung|studienfach|fach|"
    r"spécialité|filière|especialidad|indirizzo|área|richting|studierichting|专业|專業|専攻)"
    r"\s*[:：]\s*(\S.*)$",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"(?<=\w{4})\.$")


def read_education(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundEducation], list[Unplaced]]:
    """The studies of a section, and what is none of theirs."""
    found = entries_of(blocks)
    left = [seen.unplaced(block, section) for block in found.before]
    studies: list[FoundEducation] = []
    casts = casts_of(found.entries)
    first = _institution_first(casts)
    for cast in casts:
        study = _study(cast, first)
        if study.institution or study.degree:
            studies.append(study)
        else:
            left.extend(seen.unplaced(row.block, section) for row in cast.entry.head)
            left.extend(seen.unplaced(block, section) for block in cast.entry.body)
    return studies, left


def _institution_first(casts: Sequence[Cast]) -> bool:
    total = 0.0
    for cast in casts:
        if len(cast.slots) >= 2:
            total += _leaning(cast.slots[0]) - _leaning(cast.slots[1])
    return total >= 0


def _leaning(piece: Piece) -> float:
    """Above 0 for an institution, below for a degree."""
    return institution_score(piece.text) - (0.9 if degree_of(piece.text) else 0.0)


def _study(cast: Cast, institution_first: bool) -> FoundEducation:
    study = FoundEducation()
    slots, outcomes = slots_of(cast)
    slots = _take_grade(slots, study)
    institution, degree, rest = _chosen(slots, institution_first)
    if degree is not None:
        rest = _set_degree(study, degree, cast.in_grid) + rest
        if institution is None:
            institution = next((p for p in rest if institution_score(p.text) >= 0.5), None)
            if institution is None:
                institution = next((p for p in rest if _may_be_institution(p.text)), None)
            rest = [piece for piece in rest if piece is not institution]
    if institution is None and degree is not None and _may_be_school(cast):
        institution, cast.place = cast.place, None
    if institution is not None:
        study.institution = _STOPPED.sub("", institution.text.lstrip(". "))
        sure = 0.6 + 0.35 * max(0.0, _leaning(institution))
        study.evidence.append(seen.of_piece("institution", institution, sure, _RULE))
    if cast.place is not None:
        study.location = place_of(cast)
        study.evidence.append(seen.of_piece("location", cast.place, 0.8, _RULE))
    for piece in rest:
        _add_rest(study, piece)
    for piece in outcomes:
        describe(study, piece)
    set_time_of_study(study, cast.entry)
    _add_body(study, cast)
    return study


def _may_be_institution(text: str) -> bool:
    """Whether words beside a degree may name a school, for want of another that does."""
    name = text.partition(", ")[0]
    short = len(name.split()) <= 6 and text[:1].isupper() and ":" not in text
    return short and not names_field(name) and not is_mode(name) and grade_of(text) is None


def _may_be_school(cast: Cast) -> bool:
    """Whether what was taken for a place by where it stands is a school by the lack of another."""
    place = cast.place
    return place is not None and place.mark == "," and looks_like_place(place.text) < 0.6


def _take_grade(slots: list[Piece], study: FoundEducation) -> list[Piece]:
    """The slots without the grade, which may stand by itself or behind a comma."""
    kept: list[Piece] = []
    for piece in slots:
        grade = None if study.grade else grade_of(piece.text)
        if grade is None and not study.grade and _BARE_GRADE.match(piece.text):
            grade = piece.text
        award = degree_of(piece.text)
        inside = award is not None and grade is not None and grade in award.degree
        if grade is None or inside or (degree_of(grade) and len(grade) > 12):
            kept.append(piece)
            continue
        study.grade = grade
        study.evidence.append(seen.of_piece("grade", piece, 0.85, _RULE))
        if kept and grade_of(f"{kept[-1].text}: {grade}") and _is_short_label(kept[-1].text):
            kept.pop()
        before, _, after = piece.text.partition(grade)
        before = re.sub(r"(?:[,;(]\s*[^,;(]*|[^\s,;(]+\s*[:：]\s*)$", "", before)
        if (
            not degree_of(before)
            and len(before.split()) < 2
            and not institution_score(before) > 0.4
        ):
            before = ""
        rest = trimmed(f"{trimmed(before)} {trimmed(after)}")
        if any(map(str.isalnum, rest)):
            kept.append(replace(piece, text=rest))
    return kept


def _is_short_label(text: str) -> bool:
    """Whether a text is no more than the word that announces a grade, in a cell of its own."""
    return len(text.split()) <= 2 and (grade_of(f"{text}: 9,9") or "") == "9,9"


def _chosen(
    slots: list[Piece], institution_first: bool
) -> tuple[Piece | None, Piece | None, list[Piece]]:
    if not slots:
        return None, None, []
    if len(slots) == 1:
        only = slots[0]
        return (None, only, []) if degree_of(only.text) else (only, None, [])
    degrees = [piece for piece in slots if degree_of(piece.text)]
    if not degrees and _EASTERN.search(slots[0].text) and _leaning(slots[0]) >= 0.5:
        return slots[0], None, slots[1:]  # a faculty and no degree, as in Japan
    degree = min(degrees, key=_leaning, default=None)
    others = [piece for piece in slots if piece is not degree]
    institution = max(others, key=lambda piece: (_leaning(piece), -others.index(piece)))
    if degree is None:
        both = len(slots) == 2 and min(map(_leaning, slots)) >= 0.4
        if _leaning(institution) < 0.4 or both:
            institution = slots[0] if institution_first else slots[1]
        degree = next(piece for piece in slots if piece is not institution)
    rest = [piece for piece in slots if piece is not degree and piece is not institution]
    return institution, degree, rest


def _set_degree(study: FoundEducation, piece: Piece, whole: bool) -> list[Piece]:
    """Set degree and field of study; what else the piece says comes back.

    `whole` is for a piece that has a row of its own and says nothing but the two.
    """
    parted = read_degree(piece.text) if whole else None
    if (
        parted
        and not grade_of(piece.text)
        and (
            (" of " in parted[0] and f"{parted[0]} in {parted[1]}" == piece.text)
            or not _has_field(parted[0])
        )
    ):
        study.degree, study.field_of_study = parted
        for name in ("degree", "field_of_study"):
            study.evidence.append(seen.of_piece(name, piece, 0.9, _RULE))
        return []
    found = degree_of(piece.text)
    study.evidence.append(seen.of_piece("degree", piece, 0.9 if found else 0.55, _RULE))
    if found is None:
        award = parted_award(piece.text)
        study.degree, study.field_of_study = award or (piece.text, None)
        if award:
            study.evidence.append(seen.of_piece("field_of_study", piece, 0.6, _RULE))
        return []
    study.degree, study.field_of_study = _unstopped(found.degree), found.field_of_study
    if found.field_of_study:
        study.evidence.append(seen.of_piece("field_of_study", piece, 0.85, _RULE))
    rest = trimmed(found.rest)
    return [replace(piece, text=rest)] if any(char.isalnum() for char in rest) else []


def _has_field(degree: str) -> bool:
    """Whether words before a comma name a field already, of which the comma is a part."""
    found = degree_of(degree)
    return found is not None and found.field_of_study is not None


def _unstopped(degree: str) -> str:
    """Without the full stop of a sentence, which is none behind abbreviations: `Dipl.-Kffr.`"""
    return degree if "." in degree[:-1] else _STOPPED.sub("", degree)


def _add_rest(study: FoundEducation, piece: Piece) -> None:
    short = len(piece.text.split()) <= 8 and not is_mode(piece.text)
    short = short and (names_field(piece.text) or not piece.text[:1].isdigit())  # `120 horas.`
    if study.field_of_study is None and short and ":" not in piece.text:
        study.field_of_study = without_lead(piece.text)
        study.evidence.append(seen.of_piece("field_of_study", piece, 0.55, _RULE))
        return
    describe(study, piece)


def describe(study: FoundEducation, piece: Piece) -> None:
    """Add to the description what is none of the other fields."""
    study.description = "\n".join(filter(None, [study.description, piece.text]))
    study.evidence.append(seen.of_piece("description", piece, 0.5, _RULE))


def set_time_of_study(study: FoundEducation, entry: Entry) -> None:
    """The time of study; a single date is its end, when the degree was given."""
    row = entry.dated
    if row is None or row.span is None:
        return
    span = row.span
    start, end = span.start, span.end
    if start and not end and not span.is_current:
        start, end = None, start
    study.start_date, study.end_date = start, end
    for name in ("start_date", "end_date"):
        if getattr(study, name):
            study.evidence.append(seen.of_span(name, row, "dates.find_span"))


def _add_body(study: FoundEducation, cast: Cast) -> None:
    fields = [name for name in ("field_of_study", "grade") if not getattr(study, name)]
    labelled = body_of(cast.entry.body, fields)
    for name, value in labelled.named.items():
        setattr(study, name, value)
    taken = [block for name, block, _ in labelled.blocks if name in labelled.named]
    blocks = [
        block
        for block in cast.entry.body
        if block in taken or not (_field_block(study, block) or _grade_block(study, block))
    ]
    body = body_of(blocks, fields)
    study.bullets = body.bullets
    listed = [block.text for name, block, _ in body.blocks if name == "technologies"]
    texts = [study.description, *listed, body.description]
    study.description = "\n".join(filter(None, texts)) or None
    for name, block, sure in body.blocks:
        field = "description" if name == "technologies" else name
        study.evidence.append(seen.of_block(field, block, sure, _RULE))


def _field_block(study: FoundEducation, block: Block) -> bool:
    """Take the field of study from a block that names it by a label: `Major: Accounting`."""
    match = _FIELD.match(block.text) if study.field_of_study is None else None
    if match is None or len(match[1].split()) > 8:
        return False
    study.field_of_study = match[1].rstrip(".")
    study.evidence.append(seen.of_block("field_of_study", block, 0.9, _RULE))
    return True


def _grade_block(study: FoundEducation, block: Block) -> bool:
    """Take the grade from a block; say whether the block says nothing else."""
    first, _, more = block.text.partition(". ")
    said = first if more and len(block.text) >= 60 else block.text
    grade = grade_of(said) if study.grade is None and len(said) < 60 else None
    if grade is None:
        return False
    study.grade = grade
    study.evidence.append(seen.of_block("grade", block, 0.8, _RULE))
    return len(block.text) - len(grade) < 14
