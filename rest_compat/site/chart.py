"""Bars for charts, measured by the server and drawn as SVG (`ui.chart` of parts.html.j2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MOST_BARS = 62
_MOST_TICKS = 5
_STEP = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `part` of its `count` is drawn apart. Heights are of 100, `second` is the part's."""

    name: str
    count: int
    part: int
    x: int
    height: float
    second: float


@dataclass(frozen=True, slots=True)
class Bars:
    """All of a chart. `top` is what the highest line stands for, `kind` what a bar is of."""

    bars: tuple[Bar, ...]
    top: int
    kind: str
    ticks: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(1, len(self.bars)) * _STEP

    @property
    def middle(self) -> int:
        """What the line half way up stands for; 0 if that is no whole number."""
        return 0 if self.top % 2 else self.top // 2

    @property
    def highest(self) -> Bar | None:
        return max(self.bars, key=lambda bar: bar.count) if not self.is_empty else None

    @property
    def is_empty(self) -> bool:
        return not any(bar.count for bar in self.bars)


def bars_of(days: Sequence[tuple[str, int, int]]) -> Bars:
    """A bar for each `(day, count, part of it)`; for each week, of more than two months."""
    found = [(date.fromisoformat(day), count, part) for day, count, part in days]
    weekly = len(found) > _MOST_BARS
    if weekly:
        weeks: dict[date, tuple[int, int]] = {}
        for day, count, part in found:
            monday = day - timedelta(days=day.weekday())
            before = weeks.get(monday, (0, 0))
            weeks[monday] = (before[0] + count, before[1] + part)
        found = [(monday, *counts) for monday, counts in weeks.items()]
    top = _round(max((count for _, count, _ in found), default=0))
    bars = tuple(
        Bar(_name(day, weekly), count, part, n * _STEP, _height(count, top), _height(part, top))
        for n, (day, count, part) in enumerate(found)
    )
    return Bars(bars, top, "Week" if weekly else "Day", _ticks([day for day, _, _ in found]))


def _ticks(days: Sequence[date]) -> tuple[str, ...]:
    """The first and the last day and, where there is room, some between."""
    if not days:
        return ()
    one_year = days[0].year == days[-1].year
    steps = min(_MOST_TICKS if one_year else 3, len(days)) - 1
    shown = [days[round((len(days) - 1) * n / steps)] for n in range(steps + 1)] if steps else days
    return tuple(f"{day:%-d %b}" if one_year else f"{day:%-d %b %Y}" for day in shown)


def _name(day: date, weekly: bool) -> str:
    return f"Week of {day:%-d %b}" if weekly else f"{day:%a %-d %b}"


def _height(count: int, top: int) -> float:
    """Of 100; what is not nothing can be seen."""
    return round(max(count / top * 100, 1.5), 1) if count else 0


def _round(most: int) -> int:
    """The next number above that is easy to read; 5 at least."""
    step = 1
    while True:
        for tenths in (10, 15, 20, 25, 30, 40, 50, 60, 80):
            top = tenths * step // 10
            if tenths * step % 10 == 0 and top >= max(most, 5):
                return top
        step *= 10
