"""A question, read: its language, the words that carry its matter, and whom it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.answering.words import Word, fold, forms_in, listed, table, words_of

_LANGUAGES = ("en", "de", "fr")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_GOES_ON = re.compile(
    r"^(and|or|what about|how about|also|und|oder|wie (ist|sieht) es mit|et|ou|qu.en est-il)\b"
)
# How a question begins that is answered by yes or no.
_WHETHER = {
    "en": re.compile(
        r"(and |or |but )?(is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|may"
        r"|might|must|should|shall)(n['’]?t)? "
    ),
    "de": re.compile(
        r"(und |oder |aber )?(ist|sind|war|waren|hat|haben|hatte|hatten|kann|konnte|wird|wurde|darf"
        r"|durfte|muss|soll|will|\w+t(?= (sie|er|es)\b)) "
    ),
    "fr": re.compile(r"(et |ou |mais )?(est-ce qu|\w+-(t-)?(il|elle|ils|elles|on)\b)"),
}
_MOST_MATTER = 40  # words: who puts more into a question pays for no more
_NAMES = ("go", "r", "c")  # function words and letters that, written as a name, are one


@dataclass(frozen=True, slots=True)
class Question:
    """`folded` is without case and accents. `matter` are the words that a source must speak of."""

    text: str
    folded: str
    language: str
    words: tuple[Word, ...]
    matter: tuple[Word, ...]
    years: tuple[int, ...]

    @property
    def goes_on(self) -> bool:
        """Whether it only makes sense after another one: `And in Go?`"""
        return _GOES_ON.search(self.folded) is not None

    @property
    def asks_whether(self) -> bool:
        """Whether yes or no would answer it: `Has she led a team?`"""
        return _WHETHER[self.language].match(self.folded) is not None

    @property
    def names(self) -> tuple[Word, ...]:
        """Those of the matter that are written as names are, or as no ordinary word is."""
        first = self.words[0] if self.words else None
        return tuple(
            word
            for word in self.matter
            if word.is_mark or (word is not first and word.text[0].isupper() and not self._nouns)
        )

    @property
    def _nouns(self) -> bool:
        """Whether its language writes every noun as a name."""
        return self.language == "de"

    def without(self, forms: frozenset[str]) -> tuple[Word, ...]:
        """What is left of the matter beside words of these forms."""
        return tuple(word for word in self.matter if not word.is_one_of(forms))


def read(text: str, profile: Mapping[str, Any]) -> Question:
    """A question about the owner of `profile`, whose own names are no matter of it."""
    words = tuple(words_of(text))
    own = forms_in(f"{profile.get('full_name') or ''} {profile.get('username') or ''}")
    return Question(
        text=text,
        folded=fold(text),
        language=_language(words),
        words=words,
        matter=tuple(
            word for at, word in enumerate(words) if _matters(word, at) and not word.is_one_of(own)
        )[:_MOST_MATTER],
        years=tuple(int(year) for year in _YEAR.findall(text)),
    )


def is_empty(word: Word) -> bool:
    """Whether a word carries no matter, in any of the languages."""
    return word.folded in _empty() or len(word.folded) < 2


def is_light(word: Word) -> bool:
    """Whether a word tells little by itself, such as `good` or `help`."""
    return word.folded in _light()


def _matters(word: Word, at: int) -> bool:
    if word.folded in _NAMES:
        return at > 0 and word.text[0].isupper()
    return not is_empty(word)


def _language(words: tuple[Word, ...]) -> str:
    """Whose function words there are most of; English if none."""
    counts = {
        language: sum(word.folded in _function_words(language) for word in words)
        for language in _LANGUAGES
    }
    return max(_LANGUAGES, key=lambda language: counts[language])


@cache
def _function_words(language: str) -> frozenset[str]:
    return frozenset(listed(table("function_words")[language]["words"]))


@cache
def _light() -> frozenset[str]:
    return frozenset(listed(table("function_words")["light"]["words"]))


@cache
def _empty() -> frozenset[str]:
    """Words of no matter, of all languages: a question may mix them."""
    return frozenset(
        word
        for language in _LANGUAGES
        for key in ("words", "common")
        for word in listed(table("function_words")[language][key])
    )
