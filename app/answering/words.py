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

import Stemmer

_DATA = Path(__file__).parent / "data"
# `Node.js`, `C++`, `.NET`, `R&D`, `O'Brien`; what joins words otherwise parts them.
_WORD = re.compile(r"\.?[^\W_]+(?:[.'’&][^\W_]+)*[+#]*")
_OWNED = re.compile(r"['’]s$")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_STEMMERS = tuple(Stemmer.Stemmer(name, 0) for name in ("english", "german", "french"))
_JOINT = re.compile(r"[.'’&]")
_KEPT = 8_000  # words whose forms are kept
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
    if text.isascii():
        return " ".join(text.lower().split())
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
        if word := _bare(match[0]):
            found.append(Word(word, fold(word), forms(fold(word)), match.start()))
    return found


def vocabulary(text: str) -> frozenset[str]:
    """The same words, folded, each once."""
    return frozenset(fold(word) for each in set(_WORD.findall(text)) if (word := _bare(each)))


def _bare(word: str) -> str:
    if "'" not in word and "’" not in word:
        return word
    return _ELIDED.sub("", _OWNED.sub("", word))


@lru_cache(maxsize=_KEPT)
def forms(folded: str) -> frozenset[str]:
    """All forms of one folded word."""
    stems = {folded, *_stems(folded)}
    synonyms = _synonyms()
    return frozenset(stems | {group for stem in stems for group in synonyms.get(stem, ())})


def all_forms(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(form for word in words for form in word.forms)


def forms_in(text: str) -> frozenset[str]:
    return frozenset(form for word in vocabulary(text) for form in forms(word))


def _stemmed(folded: str) -> tuple[str, ...]:
    if folded.isalpha():
        if len(folded) < _LEAST_STEMMED:
            return ()
    else:
        plain = _JOINT.split(folded)
        return tuple(part for part in plain if len(part) >= _LEAST_STEMMED) if plain[1:] else ()
    # Marked by language, so that stems of two languages never meet by chance.
    with _STEMMING:
        return tuple(f"{stemmer.stemWord(folded)}/{at}" for at, stemmer in enumerate(_STEMMERS))


_stems = lru_cache(maxsize=_KEPT)(_stemmed)


@lru_cache(maxsize=_KEPT)
def same(folded: str) -> frozenset[str]:
    """The keys of all words that are the same as this one: of any of them is enough."""
    own = (folded, *_stems(folded))
    groups = (group for key in own for group in _synonyms().get(key, ()))
    return frozenset(own).union(*(_members()[group] for group in groups))


@lru_cache(maxsize=_KEPT)
def alike(folded: str) -> frozenset[str]:
    """Those, and the keys of words of like meaning: words of one line of WordNet.

    `data/wordnet.txt` has, of WordNet 3.1, the words of each synset that texts were tagged with, in
    their first two senses, and those derived from one another.
    """
    lines = (line for key in (folded, *_stems(folded)[:1]) for line in _lines().get(key, ()))
    return same(folded).union(*(_wordnet()[line] for line in lines))


def by_key(words: Iterable[str]) -> dict[str, str]:
    """Folded words, with blanks between, by what they are found by: themselves and their stems.

    Texts are long and asked once: what is listed together is looked up on the question's side.
    """
    found: dict[str, str] = {}
    for word in words:
        for key in (word, *_stemmed(word)):
            found[key] = f"{found[key]} {word}" if key in found else word
    return found


@cache
def _wordnet() -> list[frozenset[str]]:
    """The keys of the words of each line."""
    text = (_DATA / "wordnet.txt").read_text("ascii")
    return [
        frozenset(key for word in line.split() for key in (word, _english(word)))
        for line in text.splitlines()
    ]


@cache
def _lines() -> dict[str, tuple[int, ...]]:
    """The lines of each key."""
    found: dict[str, tuple[int, ...]] = {}
    for at, keys in enumerate(_wordnet()):
        for key in keys:
            found[key] = (*found.get(key, ()), at)
    return found


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


@cache
def _members() -> dict[str, frozenset[str]]:
    """The keys of each group."""
    found: dict[str, set[str]] = {}
    for key, groups in _synonyms().items():
        for group in groups:
            found.setdefault(group, set()).add(key)
    return {group: frozenset(keys) for group, keys in found.items()}
