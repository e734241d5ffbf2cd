"""The pieces of a study's head made ready: what only looked like a place, what two rows say in one.

A study is told by a school and a degree; what stands where positions have their place or their
first bullet may be either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from app.importing import degree_words as known
from app.importing.blocks import Block
from app.importing.contact import looks_like_place
from app.importing.degrees import degree_of, parted_award
from app.importing.forms import asked_for
from app.importing.grades import grade_of
from app.importing.heads import Piece, row_of, trimmed
from app.importing.roles import Cast
from app.importing.subjects import names_field
from app.importing.words import institution_score

_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_FINISHED = re.compile(r"\s*(?:卒業見込み?|卒業|修了|入学|中退|毕业|畢業)$")
_JOINTS = re.compile(
    r"\s*[,，]\s+|\s+(?:at|an der|am|à l['’]|à|en la|en el|presso|aan de|from)\s+", re.IGNORECASE
)
_ASKED = ("degree", "school")
# How a study ended, in brackets behind it: `Cyber Security (in progress)`.
_ENDED = re.compile(r"\s*\(([^()]+)\)$")
_SCHOOL = 0.5
_LONGEST = 300  # letters of a piece that is looked at joint by joint
_MOST_WORDS = 14  # of a degree in a line of its own below the head


def slots_of(cast: Cast) -> tuple[list[Piece], list[Piece]]:
    """What may be school, degree, field or grade, each in a piece of its own, and how it ended.

    Takes from the cast a place that is none, and from the body a line that says what the head
    lacks.
    """
    _free_place(cast)
    named = [kept for piece in cast.slots if (kept := _unlabelled(piece)) is not None]
    slots = [slot for piece in _with_short_forms(named) for slot in _parted(piece)]
    outcomes: list[Piece] = []
    slots = [kept for slot in slots if (kept := _without_outcome(slot, cast, outcomes))]
    if cast.place and (town := _without_outcome(cast.place, cast, outcomes)):
        cast.place = town
    slots = [_without_town(slot, cast) for slot in slots]
    if not any(_names_study(slot.text) for slot in slots):
        slots += _from_body(cast, _names_study)
    if not any(_is_school(slot.text) for slot in slots) and len(slots) < 2:
        slots += _from_body(cast, _is_school)
    return slots, outcomes


def _names_study(text: str) -> bool:
    return degree_of(text) is not None or parted_award(text) is not None or names_field(text)


def _is_school(text: str) -> bool:
    return institution_score(text) >= _SCHOOL


def _free_place(cast: Cast) -> None:
    """Give back what was taken for a place by where it stands and is a degree, grade or school."""
    place = cast.place
    if place is None:
        return
    schools = [slot for slot in cast.slots if institution_score(slot.text) >= 0.4]
    named = looks_like_place(place.text) >= 0.6 and any(degree_of(s.text) for s in cast.slots)
    if (degree_of(place.text) and not named) or grade_of(place.text):
        cast.place = None
        cast.slots.append(place)
    elif _is_school(place.text) and not schools:
        name, _, town = place.text.partition(", ")
        placed = looks_like_place(town) >= 0.4
        cast.slots.append(replace(place, text=name if placed else place.text))
        cast.place = replace(place, text=town, mark=",") if placed else None


def _unlabelled(piece: Piece) -> Piece | None:
    """The piece without a label of a form: `Degree: MSc`; None where it says no more than one."""
    label, colon, value = piece.text.partition(":")
    asked = asked_for(label)
    if asked == "time" and not value.strip():
        return None
    return replace(piece, text=value.strip()) if colon and asked in _ASKED else piece


def _with_short_forms(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with a degree's short form as one that the dash parted: `Bachelor of … - BS`."""
    found: list[Piece] = []
    for piece in pieces:
        if found and piece.row == found[-1].row and piece.mark in tuple("-–—"):
            whole = f"{found[-1].text} {piece.mark} {piece.text}"
            award = degree_of(whole)
            if award and len(award.degree) > len(found[-1].text):
                found[-1] = replace(found[-1], text=whole)
                continue
        found.append(piece)
    return found


def _parted(piece: Piece) -> list[Piece]:
    """A piece with degree and institution, cut where one ends and the other begins."""
    first, space, rest = piece.text.partition(" ")
    if space and _EASTERN.search(first) and institution_score(first) >= _SCHOOL:
        field = _FINISHED.sub("", rest)
        return [replace(piece, text=text) for text in (first.rstrip(",，"), field) if text]
    if len(piece.text) > _LONGEST:
        return [piece]
    studied = degree_of(piece.text) is not None
    for match in _JOINTS.finditer(piece.text):
        left, right = trimmed(piece.text[: match.start()]), trimmed(piece.text[match.end() :])
        if left and right and (_part_here(left, right) if studied else _field_beside(left, right)):
            return [replace(piece, text=left), replace(piece, text=right)]
    return [piece]


def _part_here(left: str, right: str) -> bool:
    one, other = degree_of(left), degree_of(right)
    first, comma, _ = right.partition(", ")
    if one and comma and not institution_score(first) >= _SCHOOL:
        return False  # a field stands before the institution
    if bool(one) == bool(other):
        return False
    return _is_school(first if one else left) or _is_school(right if one else left)


def _field_beside(left: str, right: str) -> bool:
    """Whether one side of a joint is a field or an award by its words, and the other a school."""
    studies = names_field(left) or parted_award(left) is not None
    if studies and not _is_school(left):
        return _is_school(right.partition(", ")[0])
    studies = names_field(right) or parted_award(right) is not None
    return studies and _is_school(left) and not _is_school(right)


def _without_outcome(piece: Piece, cast: Cast, outcomes: list[Piece]) -> Piece | None:
    """The piece without words that only say how a study ended: `…, diploma behaald`.

    A place that stood before them is the entry's.
    """
    aside = _ENDED.search(piece.text)
    if aside and known.outcomes().fills(aside[1]):
        outcomes.append(replace(piece, text=aside[1]))
        return replace(piece, text=piece.text[: aside.start()])
    *before, last = re.split(r",\s+", piece.text)
    if not known.outcomes().fills(last) or not (before or len(cast.slots) > 1):
        return piece
    outcomes.append(replace(piece, text=last))
    if len(before) > 1 and cast.place is None and not _names_study(before[-1]):
        town = before[-1]
        if _is_school(", ".join(before[:-1])) and len(town.split()) <= 3 and town[:1].isupper():
            cast.place = replace(piece, text=before.pop(), mark=",")
    return replace(piece, text=", ".join(before)) if before else None


def _without_town(piece: Piece, cast: Cast) -> Piece:
    """A school without the town behind it, which is the place of the entry if it has no other."""
    name, comma, town = piece.text.partition(", ")
    if cast.place is not None or cast.in_grid or not comma or not _is_school(name):
        return piece
    if looks_like_place(town) < 0.6 or institution_score(town) >= 0.4:
        return piece
    cast.place = replace(piece, text=town, mark=",")
    return replace(piece, text=name)


def _from_body(cast: Cast, says: Callable[[str], bool]) -> list[Piece]:
    """The pieces of the first line below the head if it is short and says what is asked."""
    body = cast.entry.body
    if not body or not _is_named(body[0]) or not says(body[0].text):
        return []
    pieces = row_of(body[0]).pieces
    if pieces:
        del body[0]
    return [slot for piece in pieces for slot in _parted(piece)]


def _is_named(block: Block) -> bool:
    """Whether a block is short and no sentence, list or labelled text."""
    text = block.text
    words = text.split()
    if len(words) > _MOST_WORDS or ":" in text or ";" in text or text.count(",") > 2:
        return False
    found = degree_of(text)
    opens = found is None or text.startswith(found.degree)
    whole = found is not None and found.degree == text  # `Promotion zum Dr. rer. nat.`
    sentence = text.endswith(".") and len(words) > 4 and not whole
    return opens and not sentence and text[:1].isupper()
