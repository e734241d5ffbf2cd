"""Where a person lives, as a header says it: a place, an address over several lines, a town."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.importing.contact import find_emails, find_phones, find_urls, looks_like_place
from app.importing.dates import find_span
from app.importing.header_parts import Part, between, rejoined
from app.importing.personal import is_personal
from app.importing.places import is_postcode
from app.importing.words import title_score

_TITLED = 0.5
_FIGURES = re.compile(r"\d+")
_LONGEST = 110  # characters of an address
_LONGEST_TOWN = 60
_POSTCODE = re.compile(r"\b(?:\d{4,6}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b")
_HOUSE = re.compile(r"(?<![\w.,/-])(?:n[.º°] ?)?\d{1,5} ?[a-zA-Z]?(?![\w.-])")
_EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_CLOSED = re.compile(
    r"\s*[(（](?:home|work|private|privat|domicile|domicilio|domicílio|casa|huis|abitazione)[)）]$",
    re.IGNORECASE,
)


def find_place(parts: Sequence[Part]) -> tuple[list[Part], float]:
    """The part that is a place, or the parts of an address that follow each other, and how sure."""
    scores = [_score(part) for part in parts]
    best = max(range(len(parts)), key=lambda i: scores[i], default=None)
    if best is None or scores[best] < 0.5:
        return [], 0.0
    first = last = best
    while first > 0 and _goes_on(parts[first - 1], parts[first], scores[first - 1]):
        first -= 1
    while last + 1 < len(parts) and _follows(parts, scores, last):
        last += 1
    return list(parts[first : last + 1]), scores[best]


def _score(part: Part) -> float:
    if part.labelled == "address":
        return 0.95
    if part.labelled is not None:
        return 0.0
    if is_postcode(part.text):
        return 0.4
    return looks_like_place(part.text)


def _goes_on(above: Part, part: Part, score: float) -> bool:
    if not _neighbours(above, part) or part.labelled == "address":
        return False
    return score >= 0.3 or _is_street(above) or _is_whole(above, part)


def _follows(parts: Sequence[Part], scores: Sequence[float], at: int) -> bool:
    here, following = parts[at], parts[at + 1]
    if not _neighbours(here, following) or following.labelled is not None:
        return False
    if here.labelled == "address" and "," in here.text and here.line is not following.line:
        return scores[at + 1] >= 0.6 and _HOUSE.search(here.text) is not None
    return scores[at + 1] >= 0.3 or _is_whole(here, following)


def _is_whole(first: Part, second: Part) -> bool:
    """Whether one text names a place that only a dash parts: `Recife – PE, Brasil`."""
    if not between(first, second) or title_score(first.text) >= _TITLED:
        return False
    return looks_like_place(rejoined([first, second], ", ")) >= 0.8


def _is_street(part: Part) -> bool:
    """Whether a line above a town has a house's number and words, and so is its address."""
    text = part.text
    letters = sum(char.isalpha() for char in text)
    return (
        part.labelled is None
        and letters >= 4
        and len(text) <= 70
        and _HOUSE.search(text) is not None
        and not is_personal(text)
        and find_span(text) is None
    )


def is_address(text: str) -> bool:
    """Whether a text is an address in one line, with a postcode somewhere behind a comma."""
    return "," in text and _POSTCODE.search(text) is not None


def is_whole_address(text: str) -> bool:
    """The same with a house's number beside the postcode, unlike what has a year."""
    return is_address(text) and len(_FIGURES.findall(text)) > 1


def _neighbours(first: Part, second: Part) -> bool:
    return second.order == first.order + 1 and abs(first.size - second.size) < 0.6


def told_place(parts: Sequence[Part]) -> str:
    """An address in one line."""
    eastern = all(_EAST.search(part.text) or is_postcode(part.text) for part in parts)
    text = rejoined(parts, " " if eastern else ", ")
    return _CLOSED.sub("", re.sub(r",\s*,", ",", text)).strip(" ,;")


def likely_place(parts: Sequence[Part], all_parts: Sequence[Part]) -> Part | None:
    """A town no list knows: what stands alone among addresses and numbers."""
    reached = {
        id(part.line)
        for part in all_parts
        if find_emails(part.text) or find_phones(part.text) or find_urls(part.text)
    }
    for part in parts:
        street = is_address(part.text)
        longest = _LONGEST if street else _LONGEST_TOWN
        if part.labelled or len(part.text) > longest or not (part.text[:1].isalpha() or street):
            continue
        if is_personal(part.text):
            continue
        beside = id(part.line) in reached
        near = any(
            abs(other.order - part.order) == 1 and id(other.line) in reached for other in all_parts
        )
        like = looks_like_place(part.text)
        short = beside and part.text[:1].isupper() and len(part.text.split()) <= 4
        if (like >= 0.2 or street or short) and (beside or near or street):
            return part
    return None
