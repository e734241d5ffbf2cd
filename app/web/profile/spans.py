"""When something was, as a page says it: dates with their figures, and how long it lasted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.cv import dates


@dataclass(frozen=True, slots=True)
class Day:
    """A date at its own precision: `iso` for machines, `shown` for people."""

    iso: str
    shown: str


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`; `is_open` when it goes on. `length` is empty where it is unknown."""

    start: Day | None
    end: Day | None
    is_open: bool
    length: str = ""


def day(value: str | None) -> Day | None:
    """`2024-06` as a date to show; words, which have no figures, are shown alone."""
    if not value:
        return None
    return Day(value if dates.is_figures(value) else "", dates.shown(value))


def span(
    start: str | None, end: str | None, *, is_open: bool = False, today: date | None = None
) -> Span | None:
    """A span, None where nothing is known of it; measured only where it matters, by `today`."""
    if not (start or end or is_open):
        return None
    until = f"{today:%Y-%m}" if is_open and today else end
    lasted = length(start or "", until or "") if today else ""
    return Span(day(start), None if start == end else day(end), is_open, lasted)


def length(start: str, end: str) -> str:
    """`2 yrs 3 mos`, both months counted; empty unless both are known to the month."""
    first, last = _months(start), _months(end)
    if first is None or last is None or last < first:
        return ""
    years, months = divmod(last - first + 1, 12)
    parts = [(years, "yr"), (months, "mo")]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)


def _months(value: str) -> int | None:
    if not dates.is_figures(value) or len(value) < 7:
        return None
    return int(value[:4]) * 12 + int(value[5:7])
