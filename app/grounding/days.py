"""The dates that a text names, in figures or with the month's name, at the precision given."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from app.importing.datewords import WORDS
from app.importing.folding import fold

_NUMERIC = re.compile(r"(?<![\d.,])(\d{1,4})([-/.])(\d{1,2})(?:\2(\d{4}|\d{1,2}))?(?!\d)")
_MONTH_YEAR = re.compile(r"(?<![\d./-])(0?[1-9]|1[0-2]) ?[-/.] ?((?:19|20)\d\d)(?![\d]|[-/.]\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
_SHORT = re.compile(r"(?<=[^\W\d_][ .-])'(\d\d)(?!\d)|(?<=[^\W\d_])'(\d\d)(?!\d)")
_ERA = re.compile(r"(令和|平成|昭和) ?(\d{1,2}|元) ?年(?: ?(\d{1,2}) ?月)?(?: ?(\d{1,2}) ?日)?")
_AFTER = re.compile(r" ?[年년] ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日일])?")
_NAMED_AFTER = re.compile(r",? ?([^\W\d_]{3,12})\.?(?: (\d{1,2})(?!\d))?(?![^\W_])")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_ORDINALS = frozenset(("st", "nd", "rd", "th", "er", "º", "ª", "."))
_BETWEEN = frozenset((".", ",", "-", "/"))
_JOINTS = frozenset(("-", "to", "bis", "a", "al", "until", "till", "through", "/", "and", "und"))
_WINDOW = 40
_MOST_YEARS = 20_000  # of a text that are read; what lies beyond is said by nobody
_CENTURY = 69  # two digits above it are of the century before


class Day(NamedTuple):
    """A year, perhaps its month and day (0: not said), and the offsets where it stands."""

    year: int
    month: int = 0
    day: int = 0
    at: int = 0
    end: int = 0

    @property
    def when(self) -> tuple[int, int, int]:
        return self.year, self.month, self.day


def precise(text: str) -> tuple[int, int, int]:
    """A date of the API, `2018`, `2018-9` or `2018-09-01`."""
    parts = [int(part) for part in text.strip().split("-")]
    year, month, day = (*parts, 0, 0)[:3]
    return year, month, day


def levels(day: Day) -> Iterator[tuple[int, int, int]]:
    """A date at its own precision and all coarser ones."""
    yield day.year, 0, 0
    if day.month:
        yield day.year, day.month, 0
        if day.day:
            yield day.when


def days_in(text: str) -> list[Day]:
    """All dates of a plain text; where one has two readings, both."""
    found = [*_numeric(text), *_eras(text)]
    spans = _Spans(found)
    for match in islice(_YEAR.finditer(text), _MOST_YEARS):
        if not spans.cover(match.start()):
            found += _around(text, int(match[0]), match.start(), match.end())
    for match in islice(_SHORT.finditer(text), _MOST_YEARS):
        digits = int(match[1] or match[2])
        year = digits + (1900 if digits > _CENTURY else 2000)
        found += [day for day in _before(text, year, match.start(), match.end()) if day.month]
    return found


class _Spans:
    def __init__(self, days: list[Day]) -> None:
        self._spans = sorted({(day.at, day.end) for day in days})
        self._starts = [at for at, _ in self._spans]

    def cover(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._spans[index][1]


def _numeric(text: str) -> Iterator[Day]:
    for match in islice(_NUMERIC.finditer(text), _MOST_YEARS):
        first, second, third = match[1], int(match[3]), match[4]
        at, end = match.span()
        if len(first) == 4:
            if _is_day(int(first), second, int(third or 1)) and (third is None or len(third) < 3):
                yield Day(int(first), second, int(third or 0), at, end)
            elif third is None and len(match[3]) == 2 and match[2] != ".":  # 2019/20
                year = int(first)
                yield Day(year, at=at, end=end)
                yield Day(year - year % 100 + second, at=at, end=end)
        elif third is not None and len(first) < 3 and len(third) in (2, 4):
            year = int(third)
            if len(third) == 2:
                year += 1900 if year > _CENTURY else 2000
            if _is_day(year, second, int(first)):
                yield Day(year, second, int(first), at, end)
            if match[2] == "/" and _is_day(year, int(first), second):
                yield Day(year, int(first), second, at, end)
    for match in _MONTH_YEAR.finditer(text):
        yield Day(int(match[2]), int(match[1]), 0, *match.span())


def _is_day(year: int, month: int, day: int) -> bool:
    return 1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _eras(text: str) -> Iterator[Day]:
    for match in _ERA.finditer(text):
        year = WORDS.eras[match[1]] + (1 if match[2] == "元" else int(match[2]))
        yield Day(year, int(match[3] or 0), int(match[4] or 0), *match.span())


def _around(text: str, year: int, at: int, end: int) -> list[Day]:
    """The dates whose year stands at these offsets."""
    if after := _AFTER.match(text, end):
        month, day = int(after[1]), int(after[2] or 0)
        if 1 <= month <= 12 and day <= 31:
            return [Day(year, month, day, at, after.end())]
    before = _before(text, year, at, end)
    if before[0].month:
        return before
    if (named := _NAMED_AFTER.match(text, end)) and (month := _month(named[1])):
        follows = text[named.end(1) : named.end(1) + 8].lstrip(" .,'")
        if not follows[:4].isdigit() or len(follows) < 4:  # 2019 - May 2020
            day = int(named[2] or 0)
            return [Day(year, month, day if day <= 31 else 0, at, named.end())]
    return before


def _month(word: str) -> int:
    return WORDS.months.get(fold(word), 0) if len(word) >= 3 else 0


def _before(text: str, year: int, at: int, end: int) -> list[Day]:
    """The dates of a year whose month stands before it, or the year alone."""
    start = max(0, at - _WINDOW)
    window = text[start:at].rpartition("\n")[2]
    start = at - len(window)
    tokens = [(match[0], start + match.start()) for match in _TOKEN.finditer(window)]
    day, month, first = 0, 0, at
    while tokens and (_of(tokens[-1][0]) or tokens[-1][0] in _BETWEEN):
        tokens.pop()
    rest = tokens
    if rest and fold(rest[-1][0]) in _ORDINALS and len(rest) > 1 and rest[-2][0].isdigit():
        rest = rest[:-1]
    if rest and _is_day_number(rest[-1][0]):  # March 5, 2020
        day, rest = int(rest[-1][0]), rest[:-1]
    if rest and (month := _month(rest[-1][0])):
        first = rest[-1][1]
        rest = rest[:-1]
    else:
        return [Day(year, at=at, end=end)]
    if not day:
        day, first, rest = _day_before(rest, first)
    found = [Day(year, month, day, first, end)]
    while rest and rest[-1][0] == ".":
        rest = rest[:-1]
    if len(rest) > 1 and fold(rest[-1][0]) in _JOINTS:  # March to May 2020
        other = rest[:-1]
        while other and other[-1][0] == ".":
            other = other[:-1]
        if other and (earlier := _month(other[-1][0])):
            found.append(Day(year, earlier, 0, other[-1][1], end))
    return found


def _day_before(
    tokens: list[tuple[str, int]], first: int
) -> tuple[int, int, list[tuple[str, int]]]:
    """The day of the month that stands before the month, and where."""
    rest = list(tokens)
    while rest and (_of(rest[-1][0]) or fold(rest[-1][0]) in _ORDINALS):
        rest.pop()
    if rest and _is_day_number(rest[-1][0]):
        return int(rest[-1][0]), rest[-1][1], rest[:-1]
    return 0, first, tokens


def _is_day_number(word: str) -> bool:
    return word.isdigit() and len(word) < 3 and 1 <= int(word) <= 31


def _of(word: str) -> bool:
    return fold(word) in WORDS.of or word == "'"
