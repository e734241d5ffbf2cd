"""Words of a page put so that reading from left to right meets them in the order of reading.

Everything after this reads from left to right. A page in Hebrew or Arabic is turned round as in a
mirror, its words that run from left to right being kept as they run; on any other page it is the
words that run from right to left that are turned round, where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import structs

from app.importing.document import Document
from app.importing.glyphs import BULLETS, Word
from app.importing.preview import Box, Evidence, Preview

_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FORWARDS = re.compile("[A-Za-z\u00c0-\u058f\u0900-\u1fff\u3040-\ud7ff]")
_MARKS = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_MOST_MARKS = 2_000
# A word of Latin letters or figures in a line from right to left has its full stop at the left.
_EDGES = re.compile(r"([.,:;!?%]*)([A-Za-z0-9].*?)((?<=[0-9%])-)?$")
_MIRROR = {"(": ")", "[": "]", "{": "}", ")": "(", "]": "[", "}": "{"}
_TIGHT = 0.12  # of the size of letters: words closer than this are one
_STOPS = frozenset(".:!?؟")
_DIGITS = re.compile("[0-9]")
_LANGUAGES = ("ar", "fa", "he", "iw", "ur", "yi", "ps", "sd", "ckb", "dv")
_BULLET = 1.6
_NEAR = 0.6  # of the size of letters: a wider gap ends what is said


def runs_backwards(language: str, words: Iterable[Word]) -> bool:
    """Whether a page is laid out from right to left: as its document says, or by its letters."""
    if language:
        return language.lower().partition("-")[0] in _LANGUAGES
    backwards = forwards = 0
    for word in words:
        backwards += len(_BACKWARDS.findall(word.text))
        forwards += len(_FORWARDS.findall(word.text))
    return backwards > forwards


def turned(box: Box, width: float) -> Box:
    """A box on a page of `width` that is turned round; turned twice it is as it was."""
    return (width - box[2], box[1], width - box[0], box[3])


def turn(words: list[Word], width: float, *, backwards: bool) -> None:
    """Move `words` to where they are met in the order of reading."""
    if any(_BACKWARDS.search(word.text) for word in words):
        words[:] = _with_marks(words)
    elif not backwards:
        return
    if backwards:
        _reflect(words, 0.0, width)
        for word in words:
            word.text = _edges_turned(word.text)
    for run in _runs(words, backwards=backwards):
        if run:
            _reflect(run, min(word.x0 for word in run), max(word.x1 for word in run))
    if backwards:
        _turn_brackets(words)


def turned_back(preview: Preview, document: Document) -> None:
    """Have evidence on pages that were turned round say where it stands on them."""
    widths = {
        size.page: size.width for size in document.page_sizes if size.page in document.mirrored
    }
    for entry in _entries(preview):
        entry.evidence = [_back(each, widths) for each in entry.evidence]


def _back(evidence: Evidence, widths: dict[int, float]) -> Evidence:
    width = widths.get(evidence.page or 0)
    if width is None or evidence.box is None:
        return evidence
    return structs.replace(evidence, box=turned(evidence.box, width))


def _entries(part: object) -> Iterator[Any]:
    if isinstance(part, list):
        for each in part:
            yield from _entries(each)
    elif isinstance(part, msgspec.Struct) and not isinstance(part, Evidence):
        if hasattr(part, "evidence"):
            yield part
        for name in part.__struct_fields__:
            yield from _entries(getattr(part, name))


def _edges_turned(text: str) -> str:
    match = _EDGES.fullmatch(text)
    return f"{match[3] or ''}{match[2]}{match[1]}" if match else text


def _turn_brackets(words: list[Word]) -> None:
    """Have brackets by themselves open before a word and close behind it.

    They come as they are drawn, which amid letters from right to left is the other way round.
    """
    row: list[Word] = []
    for word in sorted(words, key=lambda word: word.base):
        if row and word.base - row[0].base > 0.3 * word.size:
            _turn_brackets_of(row)
            row = []
        row.append(word)
    _turn_brackets_of(row)


def _turn_brackets_of(row: list[Word]) -> None:
    row.sort(key=lambda word: word.x0)
    for at, word in enumerate(row):
        if word.text not in _MIRROR:
            continue
        before = at > 0 and _tight(row[at - 1], word)
        behind = at + 1 < len(row) and _tight(word, row[at + 1])
        behind = behind and row[at + 1].text not in ".,:;!?،؛"
        if before != behind and before == (word.text in "([{"):
            word.text = _MIRROR[word.text]


def _tight(word: Word, following: Word) -> bool:
    return following.x0 - word.x1 < _TIGHT * max(word.size, following.size)


def _with_marks(words: list[Word]) -> list[Word]:
    """The words with vowel signs, which are drawn and read apart, behind their letters."""
    marks = [word for word in words if _MARKS.fullmatch(word.text)]
    lost = {id(mark) for mark in marks[:_MOST_MARKS] if _set_on_letter(mark, words)}
    return [word for word in words if id(word) not in lost]


def _set_on_letter(mark: Word, words: list[Word]) -> bool:
    middle = (mark.x0 + mark.x1) / 2
    for word in words:
        beside = word.x0 <= middle <= word.x1 and abs(word.base - mark.base) < 0.5 * mark.size
        if beside and word is not mark and _BACKWARDS.search(word.text):
            word.text += mark.text
            return True
    return False


def _reflect(words: Iterable[Word], left: float, right: float) -> None:
    for word in words:
        word.x0, word.x1 = left + right - word.x1, left + right - word.x0
        word.letters = [(left + right - x1, left + right - x0, at) for x0, x1, at in word.letters]


def _runs(words: list[Word], *, backwards: bool) -> Iterator[list[Word]]:
    """Words beside each other that run against their page, with what stands between them."""
    for stretch in _stretches(words):
        if not backwards and _is_whole(stretch):
            yield stretch
        else:
            yield from _runs_within(stretch, backwards=backwards)


def _stretches(words: list[Word]) -> Iterator[list[Word]]:
    """Words beside each other, from the left."""
    stretch: list[Word] = []
    for word in sorted(words, key=lambda each: (round(each.base), each.x0)):
        if stretch and not _beside(stretch[-1], word):
            yield stretch
            stretch = []
        stretch.append(word)
    yield stretch


def _is_whole(stretch: list[Word]) -> bool:
    """Whether a line on a page from left to right runs the other way, its marks with it: its full
    stop is at the left, or its bullet at the right."""
    if len(stretch) < 2 or any(_FORWARDS.search(word.text) for word in stretch):
        return False
    first, last = stretch[0], stretch[-1]
    ends = first.text in _STOPS and _BACKWARDS.search(stretch[1].text) is not None
    begins = last.text in BULLETS and _BACKWARDS.search(stretch[-2].text) is not None
    return ends or begins


def _runs_within(stretch: list[Word], *, backwards: bool) -> Iterator[list[Word]]:
    run: list[Word] = []
    ends = 0
    for word in stretch:
        against = _against(word, backwards=backwards)
        if run and backwards and word.text in BULLETS:
            against = True  # which stands before what runs from left to right
        if against is False:
            yield run[:ends]
            run, ends = [], 0
        elif against or run:
            run.append(word)
            ends = len(run) if against else ends
    yield run[:ends]


def _beside(last: Word, word: Word) -> bool:
    size = max(last.size, word.size)
    near = _BULLET if word.text in BULLETS else _NEAR
    return abs(word.base - last.base) < 0.3 * size and -size < word.x0 - last.x1 < near * size


def _against(word: Word, *, backwards: bool) -> bool | None:
    """Whether a word runs against its page; None for marks, and for figures among letters."""
    if _BACKWARDS.search(word.text):
        return not backwards
    if _FORWARDS.search(word.text):
        return backwards
    return True if backwards and _DIGITS.search(word.text) else None
