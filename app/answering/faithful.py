"""Whether what a model wrote stands in the evidence it was given.

A sentence stands if all of its figures and dates do, by the rules to which agents are held too
(`app/grounding`), if each name in it is in the evidence, and if most of its words are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answering.questions import is_empty
from app.answering.words import Word, all_forms, words_of
from app.grounding.judge import ungrounded
from app.grounding.sources import Source

_LEAST_SHARED = 0.6  # of the words of a sentence that carry matter
# What is cited for a sentence may stand after its full stop.
_END = re.compile(r"(?<=[.!?…])(?:\s*\[[\d,\s]+\])*\s+(?=[^\s\[])")


class Held:
    """The evidence, as sentences are compared with it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._forms = all_forms(word for text in texts for word in words_of(text))
        self._source = Source("profile", {"bio": "\n".join(texts)})

    def holds(self, sentence: str) -> bool:
        """Whether the evidence says what the sentence does; one without matter it does not say."""
        matter = [word for word in words_of(sentence) if not is_empty(word)]
        if not matter:
            return False
        missing = [word for word in matter if not word.is_one_of(self._forms)]
        if any(_is_name(word) for word in missing):
            return False
        if len(missing) > (1 - _LEAST_SHARED) * len(matter):
            return False
        return not ungrounded("profile", {"bio": sentence}, [self._source])


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
