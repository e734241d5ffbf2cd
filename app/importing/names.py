"""Whether a text is a person's name."""

from __future__ import annotations

import re
from functools import cache

from app.importing import lexicon
from app.importing.folding import fold
from app.importing.headings import section_of
from app.importing.places import looks_like_place

_LATIN = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’`-])*")
_HAN = re.compile(r"[\u3400-\u9fff々]{2,6}")
_HAN_SPACED = re.compile(r"([\u3400-\u9fff々]{1,3})[ \u3000]+([\u3400-\u9fff々]{1,3})")
_KANA = re.compile(r"[\u3040-\u30ffー]{2,8}[ \u3000・][\u3040-\u30ffー]{2,8}")
_HANGUL = re.compile(r"[\uac00-\ud7af]{2,4}")
_ASIDE = re.compile(r"\s*(?:[(（][^()（）]{1,30}[)）]|[\"“”„«»][^\"“”„«»]{1,20}[\"“”„«»])\s*")
_PRONOUNS = re.compile(r"\s*[(（\[]\s*[a-z]+\s*/\s*[a-z/ ]+[)）\]]", re.IGNORECASE)
_READING = re.compile(r"\s*[(（][\u3040-\u30ffー \u3000・]+[)）]")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST = 60
_MOST = 300


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in lexicon.table("names")[key].split())


@cache
def _families() -> tuple[str, ...]:
    return tuple(sorted(lexicon.table("names")["family_han"].split(), key=len, reverse=True))


def looks_like_name(text: str) -> float:
    """How likely a text is one person's name and nothing else, 0 to 1.

    Titles and degrees round it are allowed. 0.9 and more means that a given name is known.
    """
    text = text.strip(" \t,;:|·•–—-")
    text = _PRONOUNS.sub("", text) if len(text) <= 2 * _LONGEST else ""
    if not 1 < len(text) <= _LONGEST or any(c.isdigit() or c in "@/&|:;+!?=" for c in text):
        return 0.0
    if _EASTERN.search(text):
        return _in_both(text)
    plain = _ASIDE.sub(" ", joined_letters(text)).strip()
    words = [word for part in plain.split(",") for word in part.split()]
    words = [word for word in words if fold(word) not in _words("titles")]
    if not 1 < len(words) <= 6 or not all(map(_LATIN.fullmatch, words)):
        return 0.0
    inside, never = _words("inside"), _words("never")
    chief = [word for word in words if fold(word) not in inside]
    if len(chief) < 2 or any(fold(word).strip(".'") in never for word in chief):
        return 0.0
    if not all(word[0].isupper() or _is_uncased(word) for word in chief):
        return 0.0
    if any(word.endswith(".") and len(word) > 3 for word in chief):
        return 0.0
    return _weighed(plain, chief)


def _in_both(text: str) -> float:
    """A name in an eastern script, with the same in Latin letters beside it or not."""
    latin = " ".join(word for word in text.split() if word.isascii()).strip("()")
    eastern = " ".join(word for word in text.split() if not word.isascii())
    if not latin or "(" in text or "（" in text:
        return _east_asian(text)
    return min(_east_asian(eastern), looks_like_name(latin)) if eastern else 0.0


def _weighed(plain: str, chief: list[str]) -> float:
    if section_of(plain) is not None:
        return 0.0
    parts = [fold(half) for word in chief for half in word.split("-")]
    given = _words("given")
    if parts[0] in given:
        known = 0.95
    elif any(part in given for part in parts[1:]):
        known = 0.85
    else:
        known = 0.6
    if len(chief) > 4:
        known -= 0.3
    if known < 0.9 and looks_like_place(plain) >= 0.6:
        return 0.1
    return max(known, 0.0)


def _is_uncased(word: str) -> bool:
    return not word[0].islower()


def joined_letters(text: str) -> str:
    """`J A N E  D O E` without the spaces between its letters."""
    pieces = re.split(r"\s{2,}", text.strip())
    if len(pieces) > 1 and all(re.fullmatch(r"(?:[^\W\d_] )+[^\W\d_]", each) for each in pieces):
        return " ".join(piece.replace(" ", "") for piece in pieces)
    return text


def bare_name(text: str) -> str:
    """A name as one says it, the given name first, without forms of address and degrees behind it.

    A title in front, such as Dr., is part of how people are called and stays.
    """
    text = _PRONOUNS.sub("", joined_letters(text[:_MOST])).strip(" ,;|·•–—-")
    words = _READING.sub("", text).split()
    while len(words) > 2 and fold(words[0]).rstrip(".") in _words("address"):
        words.pop(0)
    while len(words) > 2 and _is_behind(words[-1], words[-2]):
        words.pop()
    return _given_first(" ".join(words).strip(" ,"))


def _is_behind(word: str, before: str) -> bool:
    """Whether a word is a degree or a membership after a name: `CPA`, `Ph.D.`, `M.Sc.`"""
    plain = fold(word).strip(" ,;()").replace(".", "")
    if plain not in _words("behind"):
        return False
    return (
        before.endswith((",", ";"))
        or "." in word
        or word.strip(",()").isupper()
        or (word[:1].isupper() and not word.islower() and len(plain) > 2)
    )


def _given_first(text: str) -> str:
    """`Doe, Jane` and `DOE Jane` turned round, where what stands last is known as a given name."""
    given = _words("given")
    family, comma, first = text.partition(",")
    if comma and 1 <= len(first.split()) <= 3 and fold(first.split()[0]) in given:
        return f"{first.strip()} {family.strip()}"
    words = text.split()
    upper = [word.isupper() and len(word) > 2 for word in words]
    turn = upper.index(False) if False in upper else 0
    if turn == 0 or any(upper[turn:]) or words[0].endswith("."):
        return text
    if fold(words[turn].split("-")[0]) in given:
        return " ".join(words[turn:] + words[:turn])
    return text


def _east_asian(text: str) -> float:
    bare = _ASIDE.sub("", text).strip()
    if section_of(bare) is not None:
        return 0.0
    if found := _HAN_SPACED.fullmatch(bare):
        return 0.95 if found[1].startswith(_families()) else 0.6
    if _HAN.fullmatch(bare) and bare.startswith(_families()):
        if looks_like_place(bare) >= 0.6:
            return 0.0
        return 0.85 if len(bare) <= 4 else 0.4
    if _KANA.fullmatch(bare):
        return 0.6
    return 0.7 if _HANGUL.fullmatch(bare) and len(bare) == 3 else 0.0
