"""Dates of a profile as months, and how long spans of them are together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_PARTS = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-\d{2})?")
_HALF = 6  # months of a year that a span of bare years is taken to begin or end with


@dataclass(frozen=True, slots=True)
class Span:
    """Months since the year 0, the last one included. Not `exact` if only years are known."""

    first: int
    last: int
    exact: bool

    @property
    def months(self) -> int:
        return max(0, self.last - self.first + 1)

    def meets(self, year: int) -> bool:
        """Whether any of it is in that year."""
        return self.first // 12 <= year <= self.last // 12


@dataclass(frozen=True, slots=True)
class Length:
    """Of several spans together, each month counted once."""

    months: int
    exact: bool


def span_of(row: Mapping[str, Any], today: date) -> Span | None:
    """From `start_date` to `end_date`, or to this month if it `is_current`; None if unknown.

    Of bare years the middle is meant, so that 2018 to 2020 are two years.
    """
    start = _PARTS.fullmatch(str(row.get("start_date") or ""))
    end = _PARTS.fullmatch(str(row.get("end_date") or ""))
    if start is None or (end is None and not row.get("is_current")):
        return None
    first = int(start[1]) * 12 + (int(start[2]) - 1 if start[2] else _HALF)
    now = today.year * 12 + today.month - 1
    if end is None:
        last, ends_exactly = now, True
    else:
        last = int(end[1]) * 12 + (int(end[2]) - 1 if end[2] else _HALF - 1)
        ends_exactly = end[2] is not None
    if last < first:
        last = first + _HALF - 1 if end and start[1] == end[1] and not end[2] else first
    return Span(first, min(last, now), bool(start[2]) and ends_exactly) if first <= now else None


def together(spans: Iterable[Span]) -> Length:
    """How long the spans are, with what overlaps counted once."""
    months, reached, exact = 0, -1, True
    for span in sorted(spans, key=lambda span: (span.first, span.last)):
        begins = max(span.first, reached + 1)
        months += max(0, span.last - begins + 1)
        reached = max(reached, span.last)
        exact = exact and span.exact
    return Length(months, exact)


def began(row: Mapping[str, Any]) -> str:
    """When an entry began, to sort by; unknown is before all."""
    return str(row.get("start_date") or "")


def ended(row: Mapping[str, Any]) -> str:
    """When an entry ended, to sort by; what goes on is after all."""
    return "9999" if row.get("is_current") else str(row.get("end_date") or began(row))


def is_past(day: str | None, today: date) -> bool | None:
    """Whether a date of any precision is over; None for no date in figures."""
    found = _PARTS.fullmatch(day or "")
    if found is None:
        return None
    return str(day) < today.isoformat()[: len(str(day))]
