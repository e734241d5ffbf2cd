"""The language a résumé is most likely written in, as far as its script gives it away."""

from __future__ import annotations

import re
from collections.abc import Iterable

ENGLISH = "en"

_SCRIPTS = {
    "he": r"\u0590-\u05ff",
    "ar": r"\u0600-\u06ff",
    "ru": r"\u0400-\u04ff",
    "el": r"\u0370-\u03ff\u1f00-\u1fff",
    "hi": r"\u0900-\u097f",
    "bn": r"\u0980-\u09ff",
    "hy": r"\u0530-\u058f",
    "ta": r"\u0b80-\u0bff",
    "th": r"\u0e00-\u0e7f",
    "ka": r"\u10a0-\u10ff",
    "ko": r"\uac00-\ud7a3",
    "zh": r"\u3400-\u9fff",
    "ja": r"\u3040-\u30ff",
}
_WRITTEN_LIKE = {
    **dict.fromkeys(("fa", "ur"), "ar"),
    **dict.fromkeys(("bg", "uk", "sr", "mk", "be"), "ru"),
}
_LETTERS = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_OTHER = re.compile("[\u0370-\u1fff\u2e80-\ud7ff]")
_ENGLISH_WORDS = re.compile(r"\b(?:the|and|of|for|with|from|in|to)\b")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def of(texts: Iterable[str]) -> str:
    """The tag of the language of `texts`, `en` for any that is written in Latin letters.

    A script stands for its most common language: Cyrillic for Russian, Arabic for Arabic.
    """
    text = " ".join(texts)
    if text.isascii():
        return ENGLISH
    counts = {language: len(letters.findall(text)) for language, letters in _LETTERS.items()}
    if counts["ja"] > counts["zh"] / 20:
        counts["ja"] += counts.pop("zh")
    language = max(counts, key=lambda each: counts[each])
    return language if counts[language] > len(_LATIN.findall(text)) / 2 else ENGLISH


def of_part(text: str, whole: str) -> str:
    """The tag of the language of `text` where its letters tell that it is not `whole`, else "".

    Latin letters tell nothing but that a text with the small words of English is English.
    """
    if not _OTHER.search(text):
        latin = whole.partition("-")[0] not in _LETTERS
        return "" if latin or not _ENGLISH_WORDS.search(text) else ENGLISH
    told = of((text,))
    same = _script(told) == _script(whole.partition("-")[0])
    return "" if told == ENGLISH or same else told


def _script(language: str) -> str:
    """The language that stands for all that are written in the same letters."""
    return _WRITTEN_LIKE.get(language, language)
