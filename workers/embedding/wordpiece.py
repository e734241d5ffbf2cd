"""Text as the pieces of words that BERT's uncased models read (Devlin et al. 2018; WordPiece).

The vocabulary is that of `bert-base-uncased`, under the Apache licence 2.0.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_BEGIN, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_WORD = 100
# Each ideograph is a word, as BERT counts them.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class WordPiece:
    """The ids of a text, at most `most` of them, with those that stand round it."""

    def __init__(self, most: int) -> None:
        vocabulary = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8")
        self._ids = {piece: id_ for id_, piece in enumerate(vocabulary.splitlines())}
        self._most = most
        self._pieces = lru_cache(maxsize=20_000)(self._pieces_of)

    def ids(self, text: str) -> list[int]:
        room = self._most - 2
        found: list[int] = []
        for word in _words(text):
            if len(found) >= room:
                break
            found += self._pieces(word)
        return [self._ids[_BEGIN], *found[:room], self._ids[_END]]

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._ids[_UNKNOWN],)
        pieces = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                id_ = self._ids.get(("##" if start else "") + word[start:end])
                if id_ is not None:
                    break
            else:
                return (self._ids[_UNKNOWN],)
            pieces.append(id_)
            start = end
        return tuple(pieces)


def _words(text: str) -> Iterator[str]:
    word: list[str] = []
    for character in _characters(text):
        if character == " ":
            if word:
                yield "".join(word)
            word = []
        elif _stands_alone(character):
            if word:
                yield "".join(word)
            word = []
            yield character
        else:
            word.append(character)
    if word:
        yield "".join(word)


def _characters(text: str) -> Iterator[str]:
    """In lower case and without accents, with plain blanks and no control characters."""
    for character in text:
        category = unicodedata.category(character)
        if character in "\t\n\r" or category == "Zs":
            yield " "
        elif category[0] != "C" and character != "\ufffd":
            for part in unicodedata.normalize("NFD", character.lower()):
                if unicodedata.category(part) != "Mn":
                    yield part


@lru_cache(maxsize=10_000)
def _stands_alone(character: str) -> bool:
    if character in _ASCII_PUNCTUATION or unicodedata.category(character)[0] == "P":
        return True
    code = ord(character)
    return any(first <= code <= last for first, last in _IDEOGRAPHS)
