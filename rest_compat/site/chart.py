"""Bars for charts, measured by the server and drawn as SVG (`ui.chart` of parts.html.j2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
    """A bar for each `(day, count, part of it)`; for each week, of more than two months.

    A week ends with the last day or a week before it, so that only the first may lack days.
    """
    found = [(date.fromisoformat(day), count, part) for day, count, part in days]
    size = 7 if len(found) > _MOST_BARS else 1
    ends = range(len(found), 0, -size)
    runs = [found[max(end - size, 0) : end] for end in reversed(ends)]
    sums = [(sum(count for _, count, _ in run), sum(part for *_, part in run)) for run in runs]
    names = [_name(run[0][0], len(run), size) for run in runs]
    top = _round(max((count for count, _ in sums), default=0))
    bars = tuple(
        Bar(name, count, part, n * _STEP, _height(count, top), _height(part, top))
        for n, (name, (count, part)) in enumerate(zip(names, sums, strict=True))
    )
    return Bars(bars, top, "Day" if size == 1 else "Week", _ticks([run[0][0] for run in runs]))


def _ticks(days: Sequence[date]) -> tuple[str, ...]:
    """The first and the last day and, where there is room, some between."""
    if not days:
        return ()
    one_year = days[0].year == days[-1].year
    steps = min(_MOST_TICKS if one_year else 3, len(days)) - 1
    shown = [days[round((len(days) - 1) * n / steps)] for n in range(steps + 1)] if steps else days
    return tuple(f"{day:%-d %b}" if one_year else f"{day:%-d %b %Y}" for day in shown)


def _name(day: date, days: int, size: int) -> str:
    if size == 1:
        return f"{day:%a %-d %b}"
    whole = "Week" if days == size else "1 day" if days == 1 else f"{days} days"
    return f"{whole} from {day:%-d %b}"


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
