"""Which slot of a head is the organisation and which the title.

People keep to one order within a section. So every entry gives a vote by its words, and the section
decides; an entry goes its own way only where its words are plain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.importing.heads import trimmed
from app.importing.roles import Cast, organisation_score
from app.importing.words import company_score, title_score

AT = re.compile(r"\s+(?:at|bei|beim|chez|presso|bij|junto a|@)\s+|\s*@\s*", re.IGNORECASE)
_SELF = re.compile(
    r"free|self|selbst|indépendant|autónom|autonom|libero|zelfst|zzp|フリー|自由|independent",
    re.IGNORECASE,
)


def return_kind(cast: Cast) -> None:
    """Where a lone title is left, `Self-employed` stands in the place of the organisation."""
    if cast.kind is None or len(cast.slots) != 1 or cast.under or cast.kind[0].mark == "(":
        return
    if title_score(cast.slots[0].text) < 0.4 or not _SELF.search(cast.kind[0].text):
        return
    piece = cast.kind[0]
    at = 0 if piece.row < cast.slots[0].row else 1
    cast.slots.insert(at, piece)
    cast.kind = None


def split_slot(cast: Cast) -> None:
    """Part a lone slot that says both, as `Engineer at Acme` or `Engineer, Acme Ltd`."""
    if len(cast.slots) != 1 or cast.under:
        return
    piece = cast.slots[0]
    if match := AT.search(piece.text):
        left, right = piece.text[: match.start()], piece.text[match.end() :]
        if left and right and not company_score(left) > 0.75 > title_score(left):
            cast.slots = [
                replace(piece, text=trimmed(left)),
                replace(piece, text=trimmed(right), mark="at"),
            ]
            return
    best: tuple[float, str, str] | None = None
    for match in re.finditer(r"\s*[,，]\s+|\s*[:：]\s+|\s+[/]\s+", piece.text):
        left, right = trimmed(piece.text[: match.start()]), trimmed(piece.text[match.end() :])
        if not left or not right:
            continue
        gain = abs(margin(left, right)) - 0.02 * len(left.split(","))
        if best is None or gain > best[0]:
            best = (gain, left, right)
    if best is not None and best[0] >= 0.3:
        cast.slots = [replace(piece, text=best[1]), replace(piece, text=best[2], mark=",")]


def split_alike(casts: Sequence[Cast]) -> None:
    """Part a lone slot at its comma where most entries of the section have both in one row so."""
    parted = [cast for cast in casts if len(cast.slots) == 2 and cast.slots[1].mark == ","]
    if not 2 * len(parted) >= len(casts) - 1 > 0:
        return
    for cast in casts:
        if len(cast.slots) != 1 or cast.under:
            continue
        piece = cast.slots[0]
        left, comma, right = piece.text.partition(", ")
        if comma and right:
            cast.slots = [replace(piece, text=left), replace(piece, text=right, mark=",")]


def margin(first: str, second: str) -> float:
    """How much more likely the first is a title and the second an organisation than reversed."""
    return (
        title_score(first)
        + organisation_score(second)
        - title_score(second)
        - organisation_score(first)
    )


def title_first(casts: Sequence[Cast]) -> bool:
    """Whether titles come before organisations in this section."""
    total = 0.0
    for cast in casts:
        if len(cast.slots) < 2:
            continue
        first, second = cast.slots[0], cast.slots[1]
        total += max(-1.0, min(1.0, margin(first.text, second.text)))
        if second.mark in ("at", "@"):
            total += 1.0
        if cast.place is not None and first.row != second.row:
            total += 0.1 * ((cast.place.row == second.row) - (cast.place.row == first.row))
    firsts = [cast.slots[0].text for cast in casts if len(cast.slots) > 1]
    seconds = [cast.slots[1].text for cast in casts if len(cast.slots) > 1]
    total += 0.3 * ((len(firsts) - len(set(firsts))) < (len(seconds) - len(set(seconds))))
    total -= 0.3 * ((len(firsts) - len(set(firsts))) > (len(seconds) - len(set(seconds))))
    return total >= -0.05
