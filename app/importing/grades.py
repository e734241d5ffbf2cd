"""Results of studies, as written: `GPA 3.8/4.0`, `1,3`, `mention très bien`, `110/110 e lode`."""

from __future__ import annotations

import re
from functools import cache

from app.importing import lexicon
from app.importing.folding import fold
from app.importing.phrasebook import Phrasebook, words_in

_NUMBER = r"\d{1,3}(?:[.,]\d{1,3})?"
_OF = rf"(?:\s?(?:/|von|out of|sur|su|de|van)\s?{_NUMBER})?"
_POINTS = re.compile(
    rf"(?:(?:overall|major|final|weighted)\s+)?"
    rf"(?:c\.?\s?g\.?p\.?a\.?|g\.?p\.?a\.?|绩点|績點)\s*(?:[:：=]|of|is|-|–)?\s*{_NUMBER}{_OF}%?"
    rf"|(?<![\d.,/]){_NUMBER}(?:\s?/\s?{_NUMBER})?\s?(?:c\.?)?g\.?p\.?a\b\.?",
    re.I,
)
_FULL_MARKS = re.compile(
    r"(?<![\d.,/-])(?:\d{2,3}\s?/\s?110(?:\s(?:e|con)\slode)?|110\s(?:e|con)\slode"
    r"|\d[.,]\d{1,2}\s?/\s?(?:4[.,]\d{1,2}|4|5[.,]0|5|6|10)|\d{1,2}(?:[.,]\d{1,2})?\s?/\s?20"
    r"(?=\s*(?:$|[);,])))(?![\d/.]\d)",
    re.I,
)
_FIGURE = re.compile(
    rf"\s*(?:[:：=]|\bof\b|\bvon\b|\bist\b|\bde\b)?\s*({_NUMBER}{_OF}\s?%?(?:\s?valores)?"
    rf"(?:\s\([^\W\d][^()]{{1,30}}\))?|[A-F][+-]?(?![\w]))"
)
_VALUES = re.compile(r"(?<!\d)\d{2}(?:,\d)?\s(?:valores|/\s?20 valores)", re.I)
_MARK = re.compile(r"\s*[:：=]\s*")
# The points of the international and the Irish school leaving examinations.
_SCHOOL_POINTS = re.compile(r"(?<![\d.,/])\d{2,3}(?:/\d{2,3})?\s(?:points|pts|Punkte)\b", re.I)
_BETWEEN = re.compile(r"[\s,;()–-]*")


@cache
def _grades() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "grades"))


@cache
def _alone() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "alone"))


@cache
def _labels() -> Phrasebook:
    return Phrasebook(lexicon.phrases("degrees", "labels"))


def grade_of(text: str) -> str | None:
    """The grade in a line as written, without a label that says no more than `grade`."""
    text = text[:400]
    spans = [m.span() for m in _POINTS.finditer(text)]
    spans += [m.span() for m in _VALUES.finditer(text)]
    spans += [m.span() for m in _FULL_MARKS.finditer(text) if _is_share(m.group())]
    spans += [m.span() for m in _SCHOOL_POINTS.finditer(text) if _stands_alone(text, *m.span())]
    spans += _labelled(text)
    spans += _worded(text)
    if not spans:
        return None
    spans.sort()
    start, end = spans[0]
    for lower, upper in spans[1:]:
        if upper <= end:
            continue
        if lower > end and not _BETWEEN.fullmatch(text, end, lower):
            break
        if lower > end and re.match(r"\s[^\W\d_]", text[upper:]):
            break  # the honour is one of more words: `Dean’s List four semesters`
        end = upper
    found = text[start:end].strip(" ,;–-")
    return found + ")" if found.count("(") > found.count(")") else found


def _is_share(written: str) -> bool:
    """Whether a fraction is no more than one, unlike a month and a year."""
    if written.startswith("0"):
        return False
    numbers = [float(part.replace(",", ".")) for part in re.findall(r"\d+(?:[.,]\d+)?", written)]
    return len(numbers) < 2 or 0 < numbers[0] <= numbers[1]


def _labelled(text: str) -> list[tuple[int, int]]:
    """`Note: 1,3`, `voto 110/110`, `Mention : Bien`; `mention très bien` is left whole."""
    words = words_in(text)
    spans = []
    for i in range(len(words)):
        end = _labels().after(words, i)
        if end == i:
            continue
        at = words[end - 1].end
        if figure := _FIGURE.match(text, at):
            if not (figure[1].isalpha() and ":" not in text[at : figure.start(1)]):
                spans.append(figure.span(1))
            continue
        mark = _MARK.match(text, at)
        if mark and end < len(words):
            after = _grades().after(words, end)
            whole = _grades().after(words, i)
            if whole == i and after > end:
                spans.append((words[end].start, words[after - 1].end))
            elif fold(text[words[i].start : at]) == "mention" and words[end].start == mark.end():
                rest = re.match(r"[^,;|()]{2,30}", text[mark.end() :])
                if rest:
                    spans.append((mark.end(), mark.end() + len(rest.group().rstrip())))
    return spans


def _worded(text: str) -> list[tuple[int, int]]:
    words = words_in(text)
    spans = []
    i = 0
    while i < len(words):
        end = _grades().after(words, i)
        if end == i:
            i += 1
            continue
        start, stop = words[i].start, words[end - 1].end
        if _stands_alone(text, start, stop) or words[i].norm not in _alone():
            spans.append((start, stop - (text[stop - 1] == ".")))
        i = end
    return spans


def _stands_alone(text: str, start: int, stop: int) -> bool:
    """Whether nothing but marks stands beside a stretch of a text."""
    opens = not text[:start].strip(" (–-,;:|") or text[:start].rstrip()[-1:] in "(,;:|–-·"
    return opens and (not text[stop:].strip() or text[stop:].lstrip()[:1] in "),;|–-·.(")
