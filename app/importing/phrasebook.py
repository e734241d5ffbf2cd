"""Phrases found in text word by word, whatever their case, accents, dots and hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from app.importing.folding import fold

# A word with its dots, hyphens and apostrophes: `B.Sc.`, `Dipl.-Ing.`, `Co-Founder`, `d'État`.
_WORD = re.compile(r"[^\W_]+(?:(?:\.-|[.'’‐‑-])[^\W_]+)*\.?|\d+[.,]\d+")
_INNER = re.compile(r"[.'’‐‑-]")


class Word(msgspec.Struct, frozen=True):
    """A word as it is compared and the offsets at which it stands."""

    norm: str
    start: int
    end: int


def normal(word: str) -> str:
    """A word as it is compared: folded, without dots, hyphens and apostrophes."""
    return _INNER.sub("", fold(word))


def words_in(text: str) -> list[Word]:
    return [Word(normal(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


class Phrasebook:
    """A set of phrases that are matched as runs of whole words, the longest first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        table: dict[str, set[tuple[str, ...]]] = {}
        for phrase in phrases:
            norms = [word.norm for word in words_in(phrase)]
            if norms:
                table.setdefault(norms[0], set()).add(tuple(norms[1:]))
        self._table = {
            first: sorted(rests, key=lambda rest: (-len(rest), rest))
            for first, rests in table.items()
        }

    def __contains__(self, norm: str) -> bool:
        return () in self._table.get(norm, ())

    def after(self, words: list[Word], i: int) -> int:
        """The index after the longest phrase that begins at word `i`, or `i` if there is none."""
        if i >= len(words):
            return i
        rests = self._table.get(words[i].norm)
        if rests:
            for rest in rests:
                if all(
                    i + 1 + k < len(words) and words[i + 1 + k].norm == norm
                    for k, norm in enumerate(rest)
                ):
                    return i + 1 + len(rest)
        return i

    def fills(self, text: str) -> bool:
        """Whether a text is one of the phrases and nothing else."""
        words = words_in(text)
        return bool(words) and self.after(words, 0) == len(words)

    def anywhere(self, words: list[Word]) -> tuple[int, int] | None:
        """The first phrase found, as indices of words."""
        for i in range(len(words)):
            end = self.after(words, i)
            if end > i:
                return i, end
        return None
