"""Words of questions and profiles, in forms by which they are the same word.

Two words are the same if they share a form: spelled alike but for case and accents, of one stem in
English, German or French, or listed together in `data/synonyms.toml`. Words may also be related,
by WordNet, which is less.
"""

from __future__ import annotations

import re
import threading
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import snowballstemmer

_DATA = Path(__file__).parent / "data"
# `Node.js`, `C++`, `.NET`, `R&D`, `O'Brien`; what joins words otherwise parts them.
_WORD = re.compile(r"\.?[^\W_]+(?:[.'’&][^\W_]+)*[+#]*")
_OWNED = re.compile(r"['’]s$")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_STEMMERS = tuple(snowballstemmer.stemmer(name) for name in ("english", "german", "french"))
_STEMMING = threading.Lock()  # a stemmer works in itself, and questions are read in threads
_LEAST_STEMMED = 4  # letters: shorter words are abbreviations as often as not


@cache
def table(topic: str) -> dict[str, Any]:
    """The data file of a topic."""
    return tomllib.loads((_DATA / f"{topic}.toml").read_text("utf-8"))


def listed(text: str) -> list[str]:
    """What a text of the data names between commas, folded."""
    return [fold(part.strip()) for part in text.split(",") if part.strip()]


def fold(text: str) -> str:
    """Without case and accents, blanks as one."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(kept.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, folded, with its forms and where it begins in its text."""

    text: str
    folded: str
    forms: frozenset[str]
    at: int

    @property
    def is_mark(self) -> bool:
        """Whether it is written as no ordinary word is: `C++`, `AWS`, `OAuth2`, `GitHub`."""
        return (
            any(not letter.isalpha() for letter in self.text)
            or (len(self.text) > 1 and self.text.isupper())
            or self.text[1:] != self.text[1:].lower()
        )

    def is_one_of(self, forms: frozenset[str]) -> bool:
        return not self.forms.isdisjoint(forms)


def words_of(text: str) -> list[Word]:
    """The words of a text, without what shows that they own something or are elided."""
    found = []
    for match in _WORD.finditer(text):
        word = _ELIDED.sub("", _OWNED.sub("", match[0]))
        if word:
            found.append(Word(word, fold(word), forms(fold(word)), match.start()))
    return found


@lru_cache(maxsize=60_000)
def forms(folded: str) -> frozenset[str]:
    """All forms of one folded word."""
    stems = {folded, *_stems(folded)}
    synonyms = _synonyms()
    return frozenset(stems | {group for stem in stems for group in synonyms.get(stem, ())})


def all_forms(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(form for word in words for form in word.forms)


def forms_in(text: str) -> frozenset[str]:
    return all_forms(words_of(text))


def _stems(folded: str) -> list[str]:
    if len(folded) < _LEAST_STEMMED or not folded.isalpha():
        plain = re.split(r"[.'’&]", folded)
        return [part for part in plain if len(part) >= _LEAST_STEMMED] if len(plain) > 1 else []
    # Marked by language, so that stems of two languages never meet by chance.
    with _STEMMING:
        return [f"{stemmer.stemWord(folded)}/{at}" for at, stemmer in enumerate(_STEMMERS)]


@lru_cache(maxsize=60_000)
def related(folded: str) -> frozenset[str]:
    """What a folded word shares with those of like meaning: words of one line of WordNet.

    `data/wordnet.txt` has, of WordNet 3.1, the words of each synset that texts were tagged with, in
    their first two senses, and those derived from one another.
    """
    lines = _wordnet()
    return frozenset(line for stem in (folded, *_stems(folded)[:1]) for line in lines.get(stem, ()))


def related_in(text: str) -> frozenset[str]:
    """The forms of all words of a text, and what they share with others of like meaning."""
    words = words_of(text)
    return all_forms(words) | {line for word in words for line in related(word.folded)}


def has(word: Word, forms: frozenset[str]) -> bool:
    """Whether forms, or what is shared by related words, are also those of this word."""
    return word.is_one_of(forms) or not related(word.folded).isdisjoint(forms)


@cache
def _wordnet() -> dict[str, tuple[str, ...]]:
    """The lines of each word and each English stem."""
    found: dict[str, set[str]] = {}
    text = (_DATA / "wordnet.txt").read_text("ascii")
    for at, line in enumerate(text.splitlines()):
        for word in line.split():
            for stem in (word, _english(word)):
                found.setdefault(stem, set()).add(f"~{at}")
    return {stem: tuple(lines) for stem, lines in found.items()}


def _english(word: str) -> str:
    with _STEMMING:
        return f"{_STEMMERS[0].stemWord(word)}/0"


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """The groups of each spelling and stem."""
    found: dict[str, tuple[str, ...]] = {}
    for name, text in table("synonyms")["groups"].items():
        for spelling in listed(text):
            for stem in (spelling, *_stems(spelling)):
                found[stem] = (*found.get(stem, ()), f"={name}")
    return found
