"""A line as the tokens of its dates, and the numbers in it that may be years."""

from __future__ import annotations

from datetime import date

import msgspec

from app.importing.datewords import WORDS, Phrases
from app.importing.folding import fold

EARLIEST = 1940
_EARLIEST_SHORT = 1965  # of two digits, which may be an amount or a time of day
AHEAD = 12  # years from now in which a degree may be expected or a certificate run out


class Tokens(msgspec.Struct, frozen=True):
    """A line's words, numbers and marks, folded, with the offsets where each begins and ends.

    Two empty tokens stand at the end, so that a look ahead needs no check.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> Tokens:
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for found in WORDS.lexer.finditer(text):
            words.append(found.group())
            starts.append(found.start())
            ends.append(found.end())
        folded = [WORDS.counters.get(word) or fold(word).replace(" ", "") for word in words]
        size = len(text)
        return cls(
            text, [*folded, "", "", ""], [*starts, size, size, size], [*ends, size, size, size]
        )

    def tight(self, i: int) -> bool:
        """Whether nothing stands between token `i` and the one before."""
        return i > 0 and self.starts[i] == self.ends[i - 1]

    def wide(self, i: int) -> bool:
        """Whether more than one blank parts token `i` from the one before, as between cells."""
        return i > 0 and self.starts[i] - self.ends[i - 1] > 1

    def after(self, i: int, table: Phrases) -> int:
        """The index after the longest phrase of a table that begins at `i`, or `i`."""
        words = self.words
        for rest in table.get(words[i], ()):
            end = i + 1 + len(rest)
            if tuple(words[i + 1 : end]) == rest:
                return end
        return i


def this_year() -> int:
    return date.today().year


def full_year(word: str) -> int:
    """The year that four digits name, or 0."""
    if len(word) == 4 and word.isdigit():
        year = int(word)
        if EARLIEST <= year <= this_year() + AHEAD:
            return year
    return 0


def two_digit_year(word: str) -> int:
    """The year that two digits name, seen from today, or 0."""
    if len(word) != 2 or not word.isdigit():
        return 0
    now = this_year()
    year = now - now % 100 + int(word)
    if year > now + AHEAD:
        year -= 100
    return year if year >= _EARLIEST_SHORT else 0
