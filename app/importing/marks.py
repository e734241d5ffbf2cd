"""Signs above and below Thai letters that are drawn elsewhere than behind their letter.

Where a sign is raised over another, PDFs draw it for itself, often after the end of the word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Protocol, TypeVar

_MOST = 2_000
_SLACK = 0.15  # of the size of letters


class Letters(Protocol):
    """A word: `letters` are the left, the right and the place in `text` of what it is made of."""

    text: str
    x0: float
    x1: float
    base: float
    letters: list[tuple[float, float, int]]

    @property
    def size(self) -> float: ...


Sign = TypeVar("Sign", bound=Letters)


def is_sign(code: int) -> bool:
    """Whether a character is a sign of Thai or Lao that takes no room of its own."""
    return 0x0E31 <= code <= 0x0EFF and unicodedata.category(chr(code)) == "Mn"


def stands_on(left: float, right: float, sign: tuple[float, float], size: float) -> bool:
    """Whether a sign is drawn over a letter, both given by their left and right."""
    middle = (sign[0] + sign[1]) / 2
    return left - _SLACK * size <= middle <= right + _SLACK * size


def set_signs(signs: Sequence[Sign], words: Sequence[Letters]) -> list[Sign]:
    """Set signs behind the letters that they stand on; those that stand on none come back."""
    return [sign for sign in signs[:_MOST] if not _set(sign, words)] + list(signs[_MOST:])


def _set(sign: Letters, words: Sequence[Letters]) -> bool:
    middle = (sign.x0 + sign.x1) / 2
    for word in words:
        if not word.x0 <= middle <= word.x1 + _SLACK * word.size:
            continue
        if abs(word.base - sign.base) > 0.4 * word.size:
            continue
        for index, (left, right, at) in enumerate(word.letters):
            if left <= middle <= right and _is_thai(word.text[at]):
                ends = [place for _, _, place in word.letters[index + 1 : index + 2]]
                _insert(sign.text, word, at, ends[0] if ends else len(word.text))
                return True
    return False


def _is_thai(letter: str) -> bool:
    return "\u0e01" <= letter <= "\u0edf"


def _insert(sign: str, word: Letters, at: int, end: int) -> None:
    """Put the sign behind its letter and the signs there: vowels come before tones."""
    place = end
    if not unicodedata.combining(sign[0]):
        while place > at + 1 and unicodedata.combining(word.text[place - 1]):
            place -= 1
    word.text = word.text[:place] + sign + word.text[place:]
    word.letters = [
        (left, right, where + len(sign) if where > at else where)
        for left, right, where in word.letters
    ]
