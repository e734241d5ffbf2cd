"""Names, titles and employers as they are compared: whole words, whatever their case and marks.

A text becomes ` its folded words with blanks between `, so that to contain is to have the words in
their order. `BREAK` stands between texts that say different things.
"""

from __future__ import annotations

import re
from functools import cache

from app.grounding import lexicon
from app.importing import lexicon as importing
from app.importing.folding import fold

BREAK = "\x02"

_TWO_VOWELS = re.compile("([aou])e")
_DOTTED = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_MARKS = re.compile(r"[^\w\x02]+|_+")
_UNSPACED = re.compile("([\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
_WRITTEN = (("++", "plusplus"), ("c#", "csharp"), ("f#", "fsharp"), (" .net", " dotnet"))
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != BREAK}
_PARTS = re.compile(r"\s+[-|]\s+|[|/;,()\[\]]")


def worded(text: str, *, hyphens: str = " ") -> str:
    """The words of a plain text as they are compared."""
    text = f" {fold(text)}"
    for written, spoken in _WRITTEN:
        text = text.replace(written, spoken)
    text = text.replace("'s ", "s ").replace("&", " and ").replace("-", hyphens)
    text = _DOTTED.sub("", text)
    if text.isascii():
        text = text.translate(_ASCII)
    else:
        text = _MARKS.sub(" ", _UNSPACED.sub(r" \1 ", text))
    return f" {' '.join(text.split())} "


def canonical(words: str) -> str:
    """Words with one spelling for titles that have several, and without those that say nothing."""
    kept = [word for word in words.split() if word not in _small()]
    text = f" {' '.join(kept)} "
    for phrase, short in _phrases():
        if phrase in text:
            # Two neighbours share the blank between them.
            text = text.replace(phrase, f" {short} ").replace(phrase, f" {short} ")
    table = _words()
    return f" {' '.join([table.get(word, word) for word in text.split()])} "


def employer(text: str) -> str:
    """The words of an organisation's name without its legal form."""
    words = worded(text).split()
    return " ".join(_without_forms(words) or words)


def _without_forms(words: list[str]) -> list[str]:
    forms = _legal_forms()
    changed = True
    while changed and words:
        changed = False
        for size in range(min(5, len(words)), 0, -1):
            if tuple(words[-size:]) in forms:
                words, changed = words[:-size], True
                break
            if size > 1 and tuple(words[:size]) in forms:  # 株式会社…
                words, changed = words[size:], True
                break
        if words and words[-1] in ("and", "und", "et"):
            words, changed = words[:-1], True
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def parts(text: str) -> list[str]:
    """What a title consists of where it names several things."""
    return [part for part in _PARTS.split(text) if part and part.strip()]


def without_marks(title: str) -> str:
    """A title without `(m/w/d)`."""
    folded = title.casefold()
    for mark in lexicon.spellings(lexicon.tables()["names"]["marks"]):
        at = folded.find(f"({mark})")
        if at >= 0:
            return title[:at] + title[at + len(mark) + 2 :]
    return title


def ranks(words: str) -> set[str]:
    """Those words of a headline that say what somebody is: `senior`, `engineer`, `cto`."""
    return {word for word in canonical(words).split() if word in _positions()}


def single_vowels(words: str) -> str:
    """Words with an umlaut and its spelling in two letters as the same: `Müller`, `Mueller`."""
    return _TWO_VOWELS.sub(r"\1", words)


def uncertified(words: str) -> str:
    """Canonical words without the one that vendors put into the name of a certificate."""
    return words.replace(" certified ", " ")


def begins(text: str, word: str) -> bool:
    """Whether a name, or a part of it that stands by itself, begins with `word`."""
    short = canonical(word)
    return any(
        employer(part).partition(" ")[0] == word or canonical(worded(part)).startswith(short)
        for part in (text, *parts(text))
    )


def is_shortened(name: str, full: str) -> bool:
    """Whether a person's name is the full one without some of its middle, or with initials there.

    Both are in words.
    """
    given, whole = name.split(), full.split()
    if len(given) < 2 or not whole or given[0] != whole[0]:
        return False
    rest = iter(whole)
    return len(given[-1]) > 1 and all(any(word in (one, one[0]) for one in rest) for word in given)


def joined(words: str) -> str:
    return words.replace(" ", "")


@cache
def _small() -> frozenset[str]:
    return frozenset(lexicon.spellings(lexicon.tables()["names"]["small"]))


@cache
def _groups() -> tuple[tuple[str, list[str]], ...]:
    """The spelling that stands for each group, and the others."""
    found = []
    for group in lexicon.tables()["names"]["same"]:
        short, *others = (worded(part).strip() for part in group.split(","))
        found.append((short, others))
    return tuple(found)


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    pairs = [
        (f" {other} ", short) for short, others in _groups() for other in others if " " in other
    ]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


@cache
def _words() -> dict[str, str]:
    return {other: short for short, others in _groups() for other in others if " " not in other}


@cache
def _legal_forms() -> frozenset[tuple[str, ...]]:
    return frozenset(
        words
        for phrase in importing.phrases("organisations", "legal")
        if (words := tuple(worded(phrase).split()))
    )


@cache
def _positions() -> frozenset[str]:
    common = {fold(phrase) for phrase in importing.phrases("titles", "common")}
    heads = {fold(phrase) for phrase in importing.phrases("titles", "heads")}
    ranks = {worded(word).strip() for word in lexicon.tables()["names"]["rank"].split(",")}
    words = _words()
    single = {word for word in heads - common | ranks if " " not in word}
    return frozenset(words.get(word, word) for word in single)
