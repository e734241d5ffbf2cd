"""Education: institution, degree, field of study, grade and time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.importing import evidence as seen
from app.importing.blocks import Block
from app.importing.bodies import body_of
from app.importing.entries import Entry, entries_of
from app.importing.heads import Piece, trimmed
from app.importing.preview import FoundEducation, Unplaced
from app.importing.roles import Cast, cast_of
from app.importing.words import degree_of, institution_score

_RULE = "studies.read_education"
_GRADE = re.compile(
    r"\b(?:(?:cum\.?|cumulative|overall|final|abschluss|gesamt|end)?[ -]?"
    r"(?:gpa|cgpa|grade|note|nota(?: media| final)?|mention|moyenne|voto|votazione|cijfer|"
    r"gemiddelde|média|media|score|average|result)\b\.?\s*[:：]?\s*"
    r"(?P<marked>[\d][\d.,]*(?:\s*(?:/|of|von|sur|su|out of)\s*[\d.,]+)?(?:\s*%)?|[\w ]{4,25}))|"
    r"(?P<honours>(?:summa|magna)?\s*cum laude|first[- ]class(?: honou?rs)?|"
    r"(?:upper|lower) second(?:[- ]class)?(?: honou?rs)?|with distinction|distinction|with honou?rs|"
    r"mit auszeichnung|très bien|mention (?:très )?bien|sobresaliente|matrícula de honor|"
    r"\d{2,3}/110(?: e lode)?|\d{1,2}(?:[.,]\d+)?\s*/\s*(?:10|20|100|4(?:\.0)?|5(?:\.0)?)\b)",
    re.IGNORECASE,
)
_BARE_GRADE = re.compile(r"^\d[.,]\d{1,2}$")
_IN = re.compile(
    r"^(?P<degree>.{2,60}?)\s+(?:in|of|en|im Fach|im Studiengang|di|de|em|op het gebied van)\s+"
    r"(?P<field>\S.{2,})$",
    re.IGNORECASE,
)


def read_education(
    blocks: Sequence[Block], section: str | None
) -> tuple[list[FoundEducation], list[Unplaced]]:
    """The studies of a section, and what is none of theirs."""
    found = entries_of(blocks)
    left = [seen.unplaced(block, section) for block in found.before]
    studies: list[FoundEducation] = []
    casts = [cast_of(entry) for entry in found.entries]
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
    proof = study.evidence
    slots = [slot for piece in cast.slots for slot in _parted(piece)]
    slots = _take_grade(slots, study)
    institution, degree, rest = _chosen(slots, institution_first)
    if institution is not None:
        study.institution = institution.text
        proof.append(
            seen.of_piece(
                "institution", institution, 0.6 + 0.35 * max(0, _leaning(institution)), _RULE
            )
        )
    if degree is not None:
        _set_degree(study, degree)
    if cast.place is not None:
        study.location = cast.place.text
        proof.append(seen.of_piece("location", cast.place, 0.8, _RULE))
    for piece in rest:
        _add_rest(study, piece)
    _set_dates(study, cast.entry)
    _add_body(study, cast)
    return study


def _parted(piece: Piece) -> list[Piece]:
    """A piece with degree and institution, cut at the comma between them."""
    if not (degree_of(piece.text) and institution_score(piece.text) >= 0.5):
        return [piece]
    for match in re.finditer(
        r"\s*[,，]\s+|\s+(?:at|an der|am|à l['’]|à|en la|presso|aan de)\s+", piece.text
    ):
        left, right = trimmed(piece.text[: match.start()]), trimmed(piece.text[match.end() :])
        if not left or not right:
            continue
        one, other = degree_of(left), degree_of(right)
        if bool(one) != bool(other) and institution_score(right if one else left) >= 0.5:
            return [replace(piece, text=left), replace(piece, text=right)]
    return [piece]


def _take_grade(slots: list[Piece], study: FoundEducation) -> list[Piece]:
    kept: list[Piece] = []
    for piece in slots:
        match = _GRADE.search(piece.text)
        bare = _BARE_GRADE.match(piece.text)
        if study.grade or not (match or bare):
            kept.append(piece)
            continue
        grade = piece.text if match is None else (match["marked"] or match["honours"]).strip()
        study.grade = grade
        study.evidence.append(seen.of_piece("grade", piece, 0.85, _RULE))
        rest = trimmed(piece.text.replace(match[0] if match else piece.text, "").strip())
        if rest:
            kept.append(replace(piece, text=rest))
    return kept


def _chosen(
    slots: list[Piece], institution_first: bool
) -> tuple[Piece | None, Piece | None, list[Piece]]:
    if not slots:
        return None, None, []
    if len(slots) == 1:
        only = slots[0]
        return (only, None, []) if _leaning(only) >= 0 else (None, only, [])
    institution = max(slots, key=lambda piece: (_leaning(piece), -slots.index(piece)))
    others = [piece for piece in slots if piece is not institution]
    degree = next((piece for piece in others if degree_of(piece.text)), None)
    if degree is None and _leaning(institution) < 0.4:
        institution, degree = slots[:2] if institution_first else (slots[1], slots[0])
        others = [piece for piece in slots if piece is not institution]
    degree = degree or others[0]
    return institution, degree, [piece for piece in others if piece is not degree]


def _set_degree(study: FoundEducation, piece: Piece) -> None:
    study.degree = piece.text
    if match := _IN.match(piece.text):
        if degree_of(match["degree"]) and not degree_of(match["field"]):
            study.degree, study.field_of_study = match["degree"], match["field"]
    elif (comma := piece.text.find(", ")) > 0 and degree_of(piece.text[:comma]):
        study.degree = piece.text[:comma]
        study.field_of_study = piece.text[comma + 2 :]
    study.evidence.append(seen.of_piece("degree", piece, 0.85, _RULE))
    if study.field_of_study:
        study.evidence.append(seen.of_piece("field_of_study", piece, 0.8, _RULE))


def _add_rest(study: FoundEducation, piece: Piece) -> None:
    if study.field_of_study is None and len(piece.text.split()) <= 8:
        study.field_of_study = piece.text
        study.evidence.append(seen.of_piece("field_of_study", piece, 0.55, _RULE))
        return
    study.description = "\n".join(filter(None, [study.description, piece.text]))
    study.evidence.append(seen.of_piece("description", piece, 0.5, _RULE))


def _set_dates(study: FoundEducation, entry: Entry) -> None:
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
    body = body_of(cast.entry.body)
    study.bullets = body.bullets
    study.description = "\n".join(filter(None, [study.description, body.description])) or None
    for name, block, sure in body.blocks:
        field = "description" if name == "technologies" else name
        study.evidence.append(seen.of_block(field, block, sure, _RULE))
        if name == "technologies":
            study.description = "\n".join(filter(None, [study.description, block.text]))
        elif study.grade is None and (match := _GRADE.search(block.text)) and match["marked"]:
            study.grade = match["marked"].strip()
            study.evidence.append(seen.of_block("grade", block, 0.8, _RULE))
