"""What the pieces of a head are: the place, the kind of employment, and slots for the names.

Which slot is the organisation and which the title is for `slots` to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.importing.contact import looks_like_place
from app.importing.entries import Entry
from app.importing.forms import place_label
from app.importing.heads import Piece, trimmed
from app.importing.subjects import names_field
from app.importing.words import (
    company_score,
    employment_type_of,
    institution_score,
    role_of,
    title_score,
)

_PLACE = 0.5
_BRACKETED = re.compile(r"^(.*\S)\s*[(（\[]([^()（）\[\]]+)[)）\]]\W*$")
# A name and a sentence behind it: `Farm hand. Fixed whatever broke.`
_TOLD = re.compile(r"([^.!?]+?)\.\s+([^\W\d_]\S*\s.*[.!])$", re.DOTALL)
_ABBREVIATED = re.compile(r"(?:^|[\s(])[^\W\d_]{1,3}$|(?i:\b(?:corp|dept|univ|assoc|bros|prof))$")
_ASIDE_FIRST = re.compile(r"\(([^()]+)\)\s*[,;:–-]?\s+(\S.*)$")
_REGION_CODE = re.compile(r"\d{2,3}|[A-Z]{2}|\d[AB]")
_HOUSE = re.compile(r"\s\d{1,4}\s?[a-zA-Z]?$|^\d{1,4}\s")
_NOWHERE = frozenset(
    "online remote hybrid on-site onsite híbrido híbrida remoto presencial hybride "  # noqa: SIM905
    "télétravail homeoffice ibrido hybrid-remote".split()
)
_COMMA = re.compile(r"\s*[,，、]\s*")


@dataclass(slots=True)
class Cast:
    """The pieces of one entry's head by what they are. `slots` are for organisation and title.

    `in_grid` is where each slot has a row of its own; `second` says of a lone slot whether it looks
    like the second of two.
    """

    entry: Entry
    slots: list[Piece] = field(default_factory=list)
    under: list[Piece] = field(default_factory=list)
    place: Piece | None = None
    kind: tuple[Piece, str] | None = None
    rest: list[Piece] = field(default_factory=list)
    in_grid: bool = False
    second: bool | None = None


def cast_of(entry: Entry) -> Cast:
    """Take place and type of employment out of the head; the rest are slots in their order."""
    cast = Cast(entry)
    for index, row in enumerate(entry.head):
        for piece in row.pieces:
            piece.row = index
            _sort_piece(piece, cast)
    for row in entry.under:
        for piece in row.pieces:
            like = looks_like_place(piece.text)
            if cast.place is None and cast.under and like >= _PLACE > company_score(piece.text):
                cast.place = piece
            else:
                cast.under.append(piece)
    keep_title(cast)
    _join_dashed(cast)
    _place_from_last(cast)
    return cast


def _join_dashed(cast: Cast) -> None:
    """Put together what a dash parts within one look, where others stand apart by look."""
    if len(cast.slots) < 3:
        return
    for index in range(1, len(cast.slots)):
        left, right = cast.slots[index - 1], cast.slots[index]
        if right.mark in ("–", "-", "—") and _in_one_look(left, right, cast):
            whole = replace(left, text=f"{left.text} {right.mark} {right.text}")
            cast.slots[index - 1 : index + 1] = [whole]
            return


def _sort_piece(piece: Piece, cast: Cast) -> None:
    if (named := place_label(piece.text)) and (cast.place is None or cast.place.mark == ":"):
        text = f"{cast.place.text}, {named}" if cast.place else named
        cast.place = replace(cast.place or piece, text=text, mark=":")
        return
    kind = employment_type_of(piece.text) if len(piece.text) < 40 else None
    opens = kind is not None and piece.text.startswith(kind)
    if kind is not None and opens and cast.kind is None and title_score(piece.text) < 0.5:
        cast.kind = (piece, kind)
        return
    if cast.place is not None and piece.text.casefold() in _NOWHERE:
        return  # how one works there, beside the place
    piece = _without_aside(piece, cast)
    if not piece.text:
        return
    if cast.slots and (told := told_after(piece.text)):
        cast.rest.append(replace(piece, text=told[1]))
        piece = replace(piece, text=told[0])
    if cast.slots and _is_sentence(piece.text):
        cast.rest.append(piece)
        return
    if cast.place is None and _is_place(piece, cast):
        cast.place = piece
        return
    head, place, kind_piece = _off_the_end(piece, cast)
    if place is not None:
        cast.place = place
    if kind_piece is not None:
        cast.kind = kind_piece
    if head is not None:
        cast.slots.append(head)


def _without_aside(piece: Piece, cast: Cast) -> Piece:
    """The piece without the kind of employment or the place in brackets that belong to the whole.

    What stands in brackets behind a town is part of the place: `Porto (Portugal)`, `Toulouse (31)`.
    """
    if cast.slots and (match := _ASIDE_FIRST.match(piece.text)):
        cast.rest.append(replace(piece, text=match[1]))
        piece = replace(piece, text=match[2])
    match = _BRACKETED.match(piece.text)
    if match is None:
        return piece
    before, inner = match[1], replace(piece, text=match[2].strip(), mark="(")
    kind = employment_type_of(inner.text)
    if kind is not None and cast.kind is None:
        cast.kind = (inner, _whole_kind(inner.text, kind))
        return replace(piece, text=trimmed(before))
    wide = looks_like_place(inner.text) >= _PLACE or _REGION_CODE.fullmatch(inner.text) is not None
    if cast.place is not None or not wide:
        return piece
    name, comma, town = before.rpartition(", ")
    if looks_like_place(town) >= _PLACE or (comma and _may_be_place(town)):
        mark = "," if name else piece.mark
        cast.place = replace(piece, text=f"{town} ({inner.text})", mark=mark)
        return replace(piece, text=trimmed(name))
    if _REGION_CODE.fullmatch(inner.text) is not None:
        if not cast.slots or not _may_be_place(before) or organisation_score(before) >= 0.5:
            return piece
        cast.place = piece
        return replace(piece, text="")
    cast.place = inner
    return replace(piece, text=trimmed(before))


def _whole_kind(text: str, kind: str) -> str:
    """All that a bracket says of the employment where each of its parts does: `stage, poi …`."""
    parts = _COMMA.split(text)
    return text if len(parts) == 2 and len(text) < 40 and parts[0] == kind else kind


def told_after(text: str) -> tuple[str, str] | None:
    """A name and the sentence behind it, where a text is both."""
    match = _TOLD.match(text)
    return (match[1], match[2]) if match and _names(match[1]) else None


def _names(text: str) -> bool:
    """Whether the words before a sentence name something: a title or an organisation."""
    return len(text.split()) <= 9 and not _ABBREVIATED.search(text)


def _is_sentence(text: str) -> bool:
    """Whether a piece describes rather than names: it ends as a sentence and is no `Acme Inc.`"""
    words = text.split()
    return len(words) >= 4 and text.endswith((".", "!")) and company_score(text) < 0.6


def _is_place(piece: Piece, cast: Cast) -> bool:
    score = looks_like_place(piece.text)
    first, comma, _ = piece.text.partition(",")
    if comma and len(cast.slots) < 2 and looks_like_place(first) < _PLACE:
        return False  # more likely an organisation and its place
    if piece.by_dates and cast.slots and _may_be_place(piece.text):
        return company_score(piece.text) < 0.5 and piece.mark != "at"
    if piece.gap and cast.slots:
        return score >= 0.4 and score >= _role_score(piece.text)
    if cast.slots or piece.row:
        return score >= _PLACE and score > _role_score(piece.text)
    return score >= 0.8 and _role_score(piece.text) < 0.3


def _role_score(text: str) -> float:
    return max(title_score(text), company_score(text))


def _off_the_end(
    piece: Piece, cast: Cast
) -> tuple[Piece | None, Piece | None, tuple[Piece, str] | None]:
    """A place or a type of employment written behind a comma, and the piece without it."""
    parts = _COMMA.split(piece.text)
    if len(parts) < 2:
        return piece, None, None
    kind: tuple[Piece, str] | None = None
    last = employment_type_of(parts[-1])
    if cast.kind is None and last is not None:
        kind = (replace(piece, text=parts[-1]), last)
        parts = parts[:-1]
    place: Piece | None = None
    if cast.place is None:
        for count in (3, 2, 1):
            second = piece.row or len(cast.slots) > 1
            whole = cast.slots and second and looks_like_place(parts[0]) >= _PLACE
            if len(parts) - count < (0 if whole else 1):
                continue
            text = ", ".join(parts[-count:])
            score = looks_like_place(text)
            if count > 1 and _HOUSE.search(parts[-count]) and looks_like_place(parts[-1]) >= _PLACE:
                score = 0.9
            least = 0.9 if count == 3 else 0.6
            if score >= least and company_score(text) < 0.6 and title_score(text) < 0.5:
                place = replace(piece, text=text, mark=",")
                parts = parts[:-count]
                break
    text = trimmed(", ".join(parts)) if (place or kind) else piece.text
    return (replace(piece, text=text) if text else None), place, kind


def _place_from_last(cast: Cast) -> None:
    """With organisation and title at hand, a further short piece that may be a place is one."""
    if cast.place is not None or len(cast.slots) < 3:
        return
    for piece in cast.slots[2:]:
        near = looks_like_place(piece.text) >= 0.25 and len(piece.text) < 40
        if near or _stands_below(piece, cast):
            cast.place = piece
            cast.slots.remove(piece)
            return


def _in_one_look(left: Piece, right: Piece, cast: Cast) -> bool:
    """Whether two pieces are one stretch of a row in which another look tells others apart."""
    if left.row != right.row or left.box != right.box or _look(left) != _look(right):
        return False
    row = cast.entry.head[left.row]
    return any(_look(piece) != _look(left) for piece in row.pieces)


def _look(piece: Piece) -> tuple[bool, bool, float, str | None]:
    return (piece.bold, piece.italic, piece.size, piece.color)


def _stands_below(piece: Piece, cast: Cast) -> bool:
    """Whether a piece has the row right below the dates to itself, as places do in profiles."""
    dated = next((i for i, row in enumerate(cast.entry.head) if row.dated), None)
    if dated is None or piece.row != dated + 1 or len(cast.entry.head[piece.row].pieces) != 1:
        return False
    capitals = all(word[0].isupper() or word in ("de", "of", "and") for word in piece.text.split())
    return capitals and _may_be_place(piece.text) and organisation_score(piece.text) < 0.5


def share_places(casts: Sequence[Cast]) -> None:
    """Give an entry its place where the others of its section have theirs, known by name or not."""
    spots = Counter(
        (cast.place.row, cast.place.gap, cast.place.mark) for cast in casts if cast.place
    )
    for cast in casts:
        if cast.place is not None or len(cast.slots) < 3:
            continue
        for piece in reversed(cast.slots[1:]):
            alone = piece.gap and sum(slot.gap for slot in cast.slots) == 1
            if (
                spots[(piece.row, piece.gap, piece.mark)] or (alone and piece.row)
            ) and _may_be_place(piece.text):
                cast.place = piece
                cast.slots.remove(piece)
                break
    _share_tails(casts)
    _share_brackets(casts)


def _share_brackets(casts: Sequence[Cast]) -> None:
    """The same for places in brackets behind a name."""
    bracketed = sum(1 for cast in casts if cast.place is not None and cast.place.mark == "(")
    for cast in casts:
        if cast.place is not None or 2 * bracketed < len(casts) - 1 or not bracketed:
            continue
        for index, piece in enumerate(cast.slots):
            match = _BRACKETED.match(piece.text)
            if match and _may_be_place(match[2]) and organisation_score(match[2]) < 0.5:
                cast.slots[index] = replace(piece, text=trimmed(match[1]))
                cast.place = replace(piece, text=match[2].strip(), mark="(")
                break


def _share_tails(casts: Sequence[Cast]) -> None:
    """The same for places behind a comma, once two entries or half of them have one there."""
    for _ in range(2):  # what is found where words are plain tells what is usual
        tails = sum(1 for cast in casts if cast.place is not None and cast.place.mark == ",")
        _take_tails(casts, usual=bool(tails) and 3 * tails >= len(casts) - 1)


def _take_tails(casts: Sequence[Cast], *, usual: bool) -> None:
    for cast in casts:
        if cast.place is not None:
            continue
        for index, piece in enumerate(cast.slots):
            head, comma, tail = piece.text.rpartition(", ")
            likely = usual or company_score(head) >= 0.9
            if not likely and institution_score(head) >= 0.9:
                likely = len(tail.split()) <= 2 and not names_field(tail)
            placed = _may_be_place(tail) or tail.casefold() in _NOWHERE
            if comma and likely and placed and organisation_score(tail) < 0.5:
                cast.slots[index] = replace(piece, text=head)
                cast.place = replace(piece, text=tail, mark=",")
                break


def _may_be_place(text: str) -> bool:
    words = text.split()
    return (
        len(words) <= 5
        and len(text) < 45
        and not any(char.isdigit() for char in text)
        and (text[:1].isupper() or not text[:1].isascii())
        and title_score(text) < 0.5
    )


def keep_title(cast: Cast) -> None:
    """Where no title is left, a kind of employment that names a role is the title too."""
    if cast.kind is None or cast.under or not cast.slots or cast.kind[0].mark == "(":
        return
    piece = cast.kind[0]
    if not role_of(piece.text) or any(title_score(slot.text) >= 0.4 for slot in cast.slots):
        return
    before = [slot for slot in cast.slots if (slot.row, _left(slot)) < (piece.row, _left(piece))]
    cast.slots.insert(len(before), piece)


def _left(piece: Piece) -> float:
    return piece.box[0] if piece.box else 0.0


def place_of(cast: Cast) -> str | None:
    """The place as it is named: without the full stop that ends a head set as a sentence."""
    if cast.place is None:
        return None
    text = cast.place.text
    return text[:-1] if re.search(r"\w\w\.$", text) and " " not in text else text


def organisation_score(text: str) -> float:
    return max(company_score(text), 0.9 * institution_score(text))
