"""Whether a document writes the day or the month first, where its numbers alone leave it open.

A date such as 01/02/2020 is read as its year only. What decides for a whole document is one date
of its own in which a number is above 12, or a language in which the day comes first; English is
written both ways, so it decides nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from app.importing import lexicon
from app.importing.dates import find_span
from app.importing.document import Document
from app.importing.folding import words_of
from app.importing.preview import (
    Evidence,
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundProject,
    Preview,
)
from app.importing.tokens import full_year, two_digit_year

_NUMERIC = re.compile(
    r"(?<![\d./-])(?P<first>\d{1,2})(?P<mark>[/-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)"
    r"(?![\d./-]\d)"
)
Entry = FoundExperience | FoundEducation | FoundProject | FoundCertification
_FIELDS = frozenset({"start_date", "end_date", "issued_on", "expires_on"})
_FEWEST_WORDS = 5  # of a language before it tells anything


def settle(document: Document, preview: Preview) -> None:
    """Make the dates of a preview as precise as its document's way of writing them allows."""
    texts = [line.text for line in document.lines]
    if not any(_NUMERIC.search(text) for text in texts):
        return
    day_first = _day_first(texts)
    if day_first is None:
        return
    for entry in _dated(preview):
        for evidence in entry.evidence:
            if evidence.field in _FIELDS:
                _settle_one(entry, evidence, day_first)


def _dated(preview: Preview) -> Iterator[Entry]:
    yield from preview.experience
    yield from preview.education
    yield from preview.projects
    yield from preview.certifications


def _settle_one(entry: Entry, evidence: Evidence, day_first: bool) -> None:
    """Set a date anew if what stands there is the same date, more precisely."""
    span = find_span(in_order(evidence.text, day_first))
    known: str | None = getattr(entry, evidence.field)
    if span is None or known is None:
        return
    more = [date for date in (span.start, span.end) if date and date.startswith(known)]
    if evidence.field in ("end_date", "expires_on"):
        more.reverse()
    if more:
        setattr(entry, evidence.field, more[0])


def in_order(text: str, day_first: bool) -> str:
    """The text with its numeric dates as year, month and day."""

    def whole(match: re.Match[str]) -> str:
        year = full_year(match["year"]) or two_digit_year(match["year"])
        day, month = int(match["first"]), int(match["second"])
        if not day_first:
            day, month = month, day
        if not year or not 1 <= month <= 12 or not 1 <= day <= 31:
            return match[0]
        return f"{year}-{month:02d}-{day:02d}"

    return _NUMERIC.sub(whole, text)


def _day_first(texts: Iterable[str]) -> bool | None:
    """How a document writes its dates, or None if it does not tell or contradicts itself."""
    firsts = seconds = False
    spoken: Counter[bool] = Counter()
    for text in texts:
        for match in _NUMERIC.finditer(text):
            firsts |= int(match["first"]) > 12
            seconds |= int(match["second"]) > 12
        for word in words_of(text):
            for day_first, words in _small_words().items():
                spoken[day_first] += word in words
    if firsts or seconds:
        return None if firsts and seconds else firsts
    return True if spoken[True] >= _FEWEST_WORDS and spoken[True] > spoken[False] else None


@cache
def _small_words() -> dict[bool, frozenset[str]]:
    """Words that every text of a language has, by whether the day comes first in it."""
    return {
        True: frozenset(lexicon.phrases("dates", "small_words")),
        False: frozenset(lexicon.phrases("dates", "small_words_of_both")),
    }
