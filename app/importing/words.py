"""What the words of a line say it is: a company, a job title, a place to learn, an employment.

Each score is 0 to 1 and looks at the wording alone; where a line stands is for the reader to add.
"""

from __future__ import annotations

import re
from functools import cache

from app.importing import lexicon
from app.importing.degrees import Degree, degree_of
from app.importing.folding import fold
from app.importing.grades import grade_of
from app.importing.headings import section_of
from app.importing.phrasebook import Phrasebook, Word, words_in
from app.importing.places import looks_like_place

__all__ = [
    "Degree",
    "company_score",
    "degree_of",
    "employment_type_of",
    "grade_of",
    "institution_score",
    "is_jobless",
    "is_leave",
    "role_of",
    "technologies_label",
    "title_score",
]

_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_GENDER = re.compile(
    r"(?<=\w)(?:[/*:_·]-?(?:in(?:nen)?|e|ne|trice|euse|a|r)\b|\((?:in|e|a|r|ne)\))"
)
_OFFERED = re.compile(r"\s*\((?:[mwfdhx]\s*[/|]\s*)+[mwfdhx]\)", re.I)
_SEGMENTS = re.compile(r"\s*[|·•,;()\[\]（），、/]\s*|\s+[–—-]\s+")
_LINKS = Phrasebook(
    re.split(" ", "of for in at and de du des der di da do van von y e et und en the to bei")
)
_LONGEST = 110
_STEPS = frozenset({"i", "ii", "iii", "iv", "v"})


@cache
def _book(topic: str, key: str) -> Phrasebook:
    return Phrasebook(p for p in lexicon.phrases(topic, key) if not _EASTERN.search(p))


@cache
def _eastern(topic: str, key: str) -> tuple[str, ...]:
    found = {fold(p) for p in lexicon.phrases(topic, key) if _EASTERN.search(p)}
    return tuple(sorted(found, key=lambda p: (-len(p), p)))


@cache
def _endings(topic: str, key: str, languages: tuple[str, ...], least: int) -> tuple[str, ...]:
    """Words that close a compound, in languages that write compounds as one word."""
    tables = lexicon.table(topic)
    return tuple(
        sorted(
            {
                fold(word)
                for language in languages
                for word in map(str.strip, tables[language].get(key, "").split(","))
                if len(word) >= least and " " not in word
            }
        )
    )


def title_score(text: str) -> float:
    """How likely a text is a job title."""
    text = _OFFERED.sub("", text[: 2 * _LONGEST]).strip(" \t,;:|·•–-")
    if not 1 < len(text) <= _LONGEST or "@" in text or "://" in text:
        return 0.0
    if _EASTERN.search(text):
        return _eastern_title(fold(text))
    words = words_in(_GENDER.sub("", text))
    while len(words) > 1 and (words[-1].norm in _STEPS or words[-1].norm.isdigit()):
        words.pop()
    if not words or len(words) > 12 or section_of(text) is not None:
        return 0.0
    best = max((_head_at(text, words, i) for i in range(len(words))), default=0.0)
    if best and _legal_end(words):
        best *= 0.4
    if len(words) > 8 or (len(words) > 5 and text.endswith(".")):
        best *= 0.5
    return round(min(best + 0.05 * _ranked(words), 0.98) if best else 0.0, 2)


def _head_at(text: str, words: list[Word], i: int) -> float:
    """How much the word at `i` makes the whole a title, by what it is and where it stands."""
    heads = _book("titles", "heads")
    end = heads.after(words, i)
    norm = words[i].norm
    if end == i:
        if not _closes_compound(norm):
            return 0.0
        end = i + 1
    weight = 0.6 if end == i + 1 and norm in _book("titles", "common") and len(words) > 1 else 0.9
    lowered = text[words[i].start].islower()
    if i == 0 and len(words) == end:
        return 0.8 if lowered else 0.92
    last = end == len(words) or words[end].norm in _LINKS or _marked(text, words, end)
    if last and i > 0 and words[i - 1].norm in ("of", "for", "to", "the", "with"):
        return 0.3
    if last or i == 0 or (i == 1 and words[0].norm in _book_rank()):
        return weight * (0.75 if lowered and i > 0 and not last else 1.0)
    return weight * 0.6


def _marked(text: str, words: list[Word], end: int) -> bool:
    """Whether a mark parts the word before `end` from the next."""
    between = text[words[end - 1].end : words[end].start]
    return bool(between.strip())


def _closes_compound(norm: str) -> bool:
    endings = _endings("titles", "endings", ("german", "dutch"), 4)
    bare = norm.removesuffix("in") if len(norm) > 6 else norm
    return len(norm) > 5 and (norm.endswith(endings) or bare.endswith(endings))


@cache
def _book_rank() -> Phrasebook:
    return _book("titles", "rank")


def _ranked(words: list[Word]) -> bool:
    return any(word.norm in _book_rank() for word in words)


def _eastern_title(folded: str) -> float:
    heads = _eastern("titles", "heads")
    bare = re.sub(r"[（(][^()（）]*[)）]$", "", folded).strip()
    if len(bare) > 24 or any(form in folded for form in _eastern("organisations", "legal")):
        return 0.1
    if section_of(folded) is not None:
        return 0.0
    if bare.endswith(heads):
        return 0.9
    return 0.6 if bare.startswith(heads) and len(bare) <= 12 else 0.0


def company_score(text: str) -> float:
    """How likely a text is the name of a company or another organisation that employs."""
    text = text.strip(" \t,;:|·•–-")
    if not 1 < len(text) <= _LONGEST or "@" in text or "://" in text:
        return 0.0
    if section_of(text) is not None:
        return 0.0
    if _EASTERN.search(text):
        return _eastern_company(fold(text))
    words = words_in(text)
    if not words or len(words) > 14:
        return 0.0
    if _legal_end(words):
        return 0.97
    score = _by_words(text, words)
    if score < 0.9:
        if title_score(text) >= 0.8:
            score *= 0.4
        if looks_like_place(text) >= 0.85:
            score *= 0.3
        if len(words) > 9 or (text.endswith(".") and len(words) > 4):
            score *= 0.3
    return round(score, 2)


def _by_words(text: str, words: list[Word]) -> float:
    known = _book("organisations", "known")
    end = known.after(words, 0)
    if end == len(words):
        return 0.93
    if end:
        return 0.8
    if _book("organisations", "words").anywhere(words):
        return 0.75
    endings = _endings("organisations", "words", ("german", "dutch"), 4)
    if any(len(word.norm) > 6 and word.norm.endswith(endings) for word in words):
        return 0.7
    if _learns(words):
        return 0.65
    if "&" in text and len(words) <= 4:
        return 0.6
    if not text[0].isupper() and not text[0].isdigit():
        return 0.15
    return 0.35 if len(words) <= 5 else 0.2


def _legal_end(words: list[Word]) -> bool:
    """Whether a legal form ends the words, or stands before an aside at their end."""
    legal = _book("organisations", "legal")
    for i in range(max(0, len(words) - 5), len(words)):
        end = legal.after(words, i)
        if end > i > 0 and (end == len(words) or len(words[i].norm) > 2):
            return True
    return False


def _eastern_company(folded: str) -> float:
    if any(form in folded for form in _eastern("organisations", "legal")):
        return 0.97
    if len(folded) > 40:
        return 0.0
    if folded in _eastern("organisations", "known"):
        return 0.93
    if folded.endswith(_eastern("titles", "heads")):
        return 0.15
    if any(word in folded for word in _eastern("organisations", "schools")):
        return 0.6
    if any(word in folded for word in _eastern("organisations", "words")):
        return 0.75
    return 0.3 if len(folded) <= 16 else 0.1


def institution_score(text: str) -> float:
    """How likely a text is the name of a university, a school or another place to learn."""
    text = text.strip(" \t,;:|·•–-")
    if not 1 < len(text) <= _LONGEST or "@" in text or "://" in text:
        return 0.0
    if section_of(text) is not None:
        return 0.0
    folded = fold(text)
    if _EASTERN.search(text) and any(w in folded for w in _eastern("organisations", "schools")):
        return 0.4 if folded.endswith(_eastern("titles", "heads")) else 0.93
    words = words_in(text)
    if not words or len(words) > 16:
        return 0.0
    score = _learning(words)
    degree = degree_of(text) if score else None
    if degree is not None and not degree.rest:
        score *= 0.3
    if score and title_score(text) >= 0.85:
        score *= 0.4
    return round(score, 2)


def _learns(words: list[Word]) -> bool:
    if _book("organisations", "schools").anywhere(words):
        return True
    return any(len(w.norm) > 7 and w.norm.endswith(_school_endings()) for w in words)


def _learning(words: list[Word]) -> float:
    if _learns(words):
        return 0.92 if len(words) <= 10 else 0.6
    known_book = lexicon.table("organisations")["known"]["schools"]
    end = _known_schools(known_book).after(words, 0)
    if end == len(words):
        return 0.9
    return 0.6 if end else 0.0


@cache
def _known_schools(listed: str) -> Phrasebook:
    return Phrasebook(name.strip() for name in listed.split(","))


@cache
def _school_endings() -> tuple[str, ...]:
    return _endings("organisations", "schools", ("german", "dutch"), 6)


def employment_type_of(text: str) -> str | None:
    """The kind of employment that stands by itself in a line, as written: Full-time, CDD."""
    kinds, eastern = _book("employment", "kinds"), _eastern("employment", "kinds")
    for part in _SEGMENTS.split(text[:400]):
        part = part.strip(" .:")
        if part and (fold(part) in eastern or kinds.fills(part)):
            return part
    return None


def role_of(kind: str) -> bool:
    """Whether a kind of employment also says what somebody was: an internship, a traineeship."""
    words = words_in(kind)
    eastern = any(role in fold(kind) for role in _eastern("employment", "roles"))
    return eastern or (bool(words) and _book("employment", "roles").after(words, 0) > 0)


def is_leave(text: str) -> bool:
    """Whether a text names a time without work that people list: parental leave, a sabbatical."""
    return _book("employment", "leave").fills(text)


def is_jobless(text: str) -> bool:
    """Whether a text only says that somebody looked for work."""
    return _book("employment", "jobless").fills(text)


def technologies_label(text: str) -> str | None:
    """The list after a label such as `Technologies:` or `Umgebung –`, or None if there is none."""
    found = re.match(r"\W*([^:：|]{2,40}?)\s*(?:[:：]|\s[–—-]\s)\s*(\S.*)", text, re.S)
    if found is None:
        return None
    label = found[1].strip()
    known = _book("employment", "technologies").fills(label)
    if known or fold(label) in _eastern("employment", "technologies"):
        return found[2].strip()
    return None
