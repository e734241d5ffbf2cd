"""Phrases whose figures are not what their words say one by one.

`Q3` is the third quarter and `a quarter of a million` 250,000; `24/7` and `zero downtime` count
nothing; `by half` and `scores of` count something though no number stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import islice

from app.grounding import lexicon
from app.grounding.figures import Figure

_QUARTER = re.compile(
    r"\b(first|second|third|fourth|1st|2nd|3rd|4th|[1-4]\.|erstes|zweites|drittes|viertes|ersten"
    r"|zweiten|dritten|vierten) (?:quarter|quartal)(?: of)?(?: fiscal| the)?(?: year)?,?"
    r" (?=(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_OF_YEAR = {
    **dict.fromkeys(("first", "1st", "1.", "erstes", "ersten"), 1),
    **dict.fromkeys(("second", "2nd", "2.", "zweites", "zweiten"), 2),
    **dict.fromkeys(("third", "3rd", "3.", "drittes", "dritten"), 3),
    **dict.fromkeys(("fourth", "4th", "4.", "viertes", "vierten"), 4),
}
_PART = re.compile(
    r"\b(?:(a |one )?quarter|(three)[- ]quarters) of an? (million|billion)\b", re.IGNORECASE
)
_HALF = re.compile(
    r"\b(?:(?:by|in) half\b(?! an? )"
    r"|(?<!first )(?<!second )(?<!other )(?<!latter )half (?:of|the)\b"
    r"|um die hälfte|de moitié|la moitié|a la mitad|la mitad|pela metade|a metade|de helft)",
    re.IGNORECASE,
)
_SCORES = re.compile(r"\bscores of (?=[a-z])", re.IGNORECASE)
_ROMAN = re.compile(
    r"\b(?:of|to|with|for|by|from|over|about|than|and|led|managed|hired) (?=[MDCLXVI]{2})"
    r"(M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?= [a-z]+s\b)"
)
_LETTERS = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
# Those that are short for words, such as Curricula Vitae and Compact Disc.
_SHORT_FOR = frozenset(
    ("CI", "CD", "CV", "MD", "DC", "MC", "MI", "DI", "VI", "CC", "DM", "MM", "XL", "DL")
)
_LEAST = re.compile(
    r"(?:\b(?:more than|over|above|upwards of|in excess of|exceeding|mehr als|über|plus de|más de"
    r"|mas de|più di|oltre|mais de|meer dan)) (?:an? |one )?[$€£¥₹]?$",
    re.IGNORECASE,
)
_MOST = 2_000  # of a text that are read


def rewritten(text: str) -> str:
    """`text` with parts of a year and of a million as figures."""
    text = _QUARTER.sub(lambda match: f"Q{_OF_YEAR[match[1].lower()]} ", text)
    return _PART.sub(_part, text)


def _part(match: re.Match[str]) -> str:
    quarters = 3 if match[2] else 1
    return f"{quarters * 25}{'0,000' if match[3].lower() == 'million' else '0,000,000'}"


def without_idioms(text: str) -> str:
    """`text` without phrases that hold figures and claim none."""
    return _idioms().sub(" ", text)


def unnumbered(text: str) -> Iterator[Figure]:
    """What a text counts without a number: by half, scores of, and Roman numerals."""
    for match in islice(_HALF.finditer(text), _MOST):
        yield Figure(match[0], *match.span(), (Decimal("0.5"),), unit="times")
    for match in islice(_SCORES.finditer(text), _MOST):
        yield Figure(match[0].strip(), *match.span(), (Decimal(20),), unit="many")
    for match in islice(_ROMAN.finditer(text), _MOST):
        if match[1] not in _SHORT_FOR:
            yield Figure(match[1], *match.span(1), (Decimal(_roman(match[1])),))


def is_least(text: str, at: int) -> bool:
    """Whether the figure there is said to be exceeded."""
    return _LEAST.search(text, max(0, at - 30), at) is not None


def _roman(numeral: str) -> int:
    values = [_LETTERS[letter] for letter in numeral]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


@cache
def _idioms() -> re.Pattern[str]:
    phrases = sorted(lexicon.tables()["idioms"]["phrases"], key=len, reverse=True)
    either = "|".join(re.escape(phrase).replace(r"\ ", "[ -]") for phrase in phrases)
    return re.compile(rf"(?<![\w.,/$€£-])(?:{either})(?![\w%/])(?![.,]\d)", re.IGNORECASE)
