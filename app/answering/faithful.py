"""Whether what a model wrote stands in the evidence it was given.

A sentence stands if all of its figures and dates do, by the rules to which agents are held too
(`app/grounding`), if most of its words are in the evidence, if those that are not tell little or
mean what one there does, and if it denies what the evidence denies and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.answering.questions import is_empty, is_light
from app.answering.words import Word, alike, all_forms, by_key, listed, vocabulary, words_of
from app.grounding.judge import ungrounded
from app.grounding.sources import Source

_NO = frozenset(
    listed(
        "no, not, never, none, neither, nor, without, cannot, hardly, nicht, nie, niemals, kein,"
        " keine, keinen, keinem, keiner, ohne, weder, pas, jamais, aucun, aucune, sans"
    )
)
_NOT = re.compile(r"n['’]t$")
_CLAUSE = re.compile(r"[,;:()\n–—]|(?<=[.!?…])\s")
_LEAST_SHARED = 0.6  # of the words of a sentence that carry matter
# What is cited for a sentence may stand after its full stop.
_END = re.compile(r"(?<=[.!?…])(?:\s*\[[\d,\s]+\])*\s+(?=[^\s\[])")


class Held:
    """The evidence, as sentences are compared with it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._forms = all_forms(word for text in texts for word in words_of(text))
        self._by_key = by_key(frozenset().union(*map(vocabulary, texts)))
        clauses = [words_of(clause) for text in texts for clause in _CLAUSE.split(text)]
        self._denied = all_forms(word for each in clauses if _denies(each) for word in each)
        self._affirmed = all_forms(word for each in clauses if not _denies(each) for word in each)
        self._source = Source("profile", {"bio": "\n".join(texts)})

    def holds(self, sentence: str) -> bool:
        """Whether the evidence says what the sentence does; one without matter it does not say."""
        words = words_of(sentence)
        matter = [word for word in words if not is_empty(word) and not _is_no(word)]
        if not matter:
            return False
        missing = [word for word in matter if not word.is_one_of(self._forms)]
        if not all(self._may_be_said(word) for word in missing):
            return False
        if len(missing) > (1 - _LEAST_SHARED) * len(matter):
            return False
        if _denies(words):
            if not any(word.is_one_of(self._denied) for word in matter):
                return False
        elif any(word not in missing and not word.is_one_of(self._affirmed) for word in matter):
            return False
        return not ungrounded("profile", {"bio": sentence}, [self._source])

    def _may_be_said(self, word: Word) -> bool:
        return not _is_name(word) and (is_light(word) or self._speaks_of(word))

    def _speaks_of(self, word: Word) -> bool:
        """Whether a word of the evidence is this one or of like meaning."""
        return not self._by_key.keys().isdisjoint(alike(word.folded))


def _denies(words: Iterable[Word]) -> bool:
    return any(map(_is_no, words))


def _is_no(word: Word) -> bool:
    return word.folded in _NO or _NOT.search(word.folded) is not None


def _is_name(word: Word) -> bool:
    # The first word of a sentence too: who writes a name there must have it from somewhere.
    return word.is_mark or word.text[:1].isupper()


def sentences(text: str) -> tuple[list[str], str]:
    """The sentences of a text that goes on that are over, and what may go on."""
    whole, begins = [], 0
    for end in _END.finditer(text):
        whole.append(text[begins : end.end()].strip())
        begins = end.end()
    return whole, text[begins:]
