"""When a value that was read counts as the one that stands in the file."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

T = TypeVar("T")

ALIKE = 0.85

# Scripts without blanks between words are compared by their characters.
_WORD = re.compile(
    r"[\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff]|[^\W\u3005-\u30ff\u3400-\u9fff_]+[+#]*"
)
_SCHEME = re.compile(r"^(https?://)?(www\.)?")


def words(text: str | None) -> list[str]:
    """The words of a text without case, accents and punctuation; `C++` and `C#` keep theirs."""
    bare = unicodedata.normalize("NFKD", (text or "").casefold())
    return _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))


def alike(one: str | None, other: str | None) -> float:
    """Token-set similarity from 0 to 1, whatever the words' order.

    The larger of: twice the words in common over the words of both, and the ratio of
    characters in common of the sorted words. Nothing is as like nothing as can be; nothing and
    something are not alike.
    """
    left, right = sorted(words(one)), sorted(words(other))
    if not left or not right:
        return float(left == right)
    common = sum((Counter(left) & Counter(right)).values())
    letters = SequenceMatcher(None, " ".join(left), " ".join(right), autojunk=False).ratio()
    return max(2 * common / (len(left) + len(right)), letters)


def same_text(one: str | None, other: str | None) -> bool:
    return alike(one, other) >= ALIKE


def same_name(one: str | None, other: str | None) -> bool:
    return words(one) == words(other)


def same_date(true: str | None, found: str | None) -> bool:
    """To the month where the true date has one, else to the year."""
    if true is None or found is None:
        return true is found
    precision = 7 if len(true) >= 7 else 4
    return true[:precision] == found[:precision]


def same_phone(one: str | None, other: str | None) -> bool:
    """By digits; one may have the country's prefix where the other has a zero or nothing."""
    left, right = (re.sub(r"\D", "", text or "").lstrip("0") for text in (one, other))
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= 7 and longer.endswith(shorter)


def bare_link(url: str) -> str:
    """A link without scheme, `www.` and the last slash."""
    return _SCHEME.sub("", url.strip().casefold()).rstrip("/")


def pairs(
    true: Sequence[T], found: Sequence[T], likeness: Callable[[T, T], float]
) -> list[tuple[T | None, T | None]]:
    """Each true value with the found one that is most like it, best pairs first.

    Each is used once; a likeness of 0 makes no pair; the rest stand alone. Where two are equally
    like, those at the nearest places are paired.
    """
    ranked = sorted(
        (-likeness(t, f), abs(i - j), i, j) for i, t in enumerate(true) for j, f in enumerate(found)
    )
    left, right = set(range(len(true))), set(range(len(found)))
    made: list[tuple[T | None, T | None]] = []
    for negative, _, i, j in ranked:
        if negative < 0 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            made.append((true[i], found[j]))
    made += [(true[i], None) for i in sorted(left)]
    return made + [(None, found[j]) for j in sorted(right)]


def word_count(texts: Iterable[str | None]) -> Counter[str]:
    return Counter(word for text in texts for word in words(text))
