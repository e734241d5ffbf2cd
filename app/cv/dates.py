"""Dates of a CV: `2018`, `2018-09`, `2018-09-01`, or words, which stay as they are."""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache

from app.cv import locales
from app.cv.findings import Unusable

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_ENGLISH = "en"
_TO = " \N{EN DASH} "


@lru_cache(maxsize=5000)  # there are only so many months
def checked(text: str) -> str:
    """`text`, a date in figures with two-digit months and days; words pass unchanged.

    Raises Unusable (`date`) for figures that name no day of the calendar, such as `2024-13`.
    """
    if not _ISO.fullmatch(text):
        return text
    year, *rest = (int(part) for part in text.split("-"))
    month, day = (*rest, 1, 1)[:2]
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise Unusable("date", f"{text} is not a date of the calendar.")
    return "-".join((f"{year:04}", *(f"{part:02}" for part in rest)))


def is_figures(text: str) -> bool:
    """Whether a date is written in figures, and not in words."""
    return _ISO.fullmatch(text) is not None


def shown(date: str, locale: str = "") -> str:
    """How one date reads in English or in `locale`: `Jun 2024`, `2018`, `1 Jun 2024`, or its words.

    Of words a locale has its own for what goes on: `Present` is `heute` in German.
    """
    words = locales.words_of(locale or _ENGLISH)
    if not _ISO.fullmatch(date):
        return words.present if locale and locales.is_present(date) else date
    year, *rest = date.split("-")
    return words.date(year, *map(int, rest))


def period(start: str, end: str, locale: str = "") -> str:
    """How a span reads: `Jun 2024 [en dash] Present`, or the one end that is given."""
    ends = [shown(date, locale) for date in dict.fromkeys((start, end)) if date]
    if len(ends) < 2:
        return "".join(ends)
    return locales.words_of(locale or _ENGLISH).span.format(start=ends[0], end=ends[1])


def period_in_figures(start: str, end: str) -> str:
    """A span in a language that is only guessed, whose words for months might be others."""
    return _TO.join(date for date in dict.fromkeys((start, end)) if date)


def reversed_span(start: str, end: str) -> bool:
    """Whether both are figures and `end` lies before `start`, as far as both are exact."""
    if not (_ISO.fullmatch(start) and _ISO.fullmatch(end)):
        return False
    exact = min(len(start), len(end))
    return end[:exact] < start[:exact]
