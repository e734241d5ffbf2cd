"""Bars, as they are measured for charts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.web.browsers import named
from rest_compat.site.account.plan import money
from rest_compat.site.chart import bars_of
from rest_compat.site.pages import number, signed


def days(*counts: int) -> list[tuple[str, int, int]]:
    first = date(2026, 1, 5)
    return [((first + timedelta(days=n)).isoformat(), c, 0) for n, c in enumerate(counts)]


def test_a_bar_is_as_high_as_its_part_of_the_top() -> None:
    bars = bars_of(days(0, 5, 10))
    assert bars.top == 10
    assert [bar.height for bar in bars.bars] == [0, 50, 100]


def test_what_is_little_can_still_be_seen() -> None:
    assert bars_of(days(1, 10_000)).bars[0].height > 1


def test_of_more_than_two_months_there_is_a_bar_for_each_week() -> None:
    bars = bars_of(days(*[1] * 365))
    assert len(bars.bars) == 53
    assert sum(bar.count for bar in bars.bars) == 365
    assert bars.kind == "Week"


def test_only_the_first_week_of_a_chart_may_lack_days_and_says_so() -> None:
    bars = bars_of(days(*[1] * 90)).bars
    assert [bar.count for bar in bars] == [6] + [7] * 12
    assert (bars[0].name, bars[1].name) == ("6 days from 5 Jan", "Week from 11 Jan")
    assert bars_of(days(*[1] * 365)).bars[0].name == "1 day from 5 Jan"


def test_a_day_without_anything_has_its_place() -> None:
    bars = bars_of(days(3, 0, 4))
    assert [(bar.count, bar.x) for bar in bars.bars] == [(3, 0), (0, 10), (4, 20)]


def test_the_scale_says_what_its_lines_stand_for() -> None:
    assert (bars_of(days(126)).top, bars_of(days(126)).middle) == (150, 75)
    assert bars_of(days(3)).middle == 0


def test_the_highest_bar_is_told() -> None:
    highest = bars_of(days(3, 126, 4)).highest
    assert highest is not None
    assert (highest.count, highest.name) == (126, "Tue 6 Jan")
    assert bars_of(days(0, 0)).highest is None


@pytest.mark.parametrize(
    ("many", "ticks"),
    [
        (0, ()),
        (1, ("5 Jan",)),
        (2, ("5 Jan", "6 Jan")),
        (30, ("5 Jan", "12 Jan", "19 Jan", "27 Jan", "3 Feb")),
        (400, ("5 Jan 2026", "14 Jul 2026", "2 Feb 2027")),
    ],
)
def test_some_days_below_a_chart_are_named(many: int, ticks: tuple[str, ...]) -> None:
    assert bars_of(days(*[1] * many)).ticks == ticks


def test_of_no_days_there_is_no_bar() -> None:
    assert bars_of([]).is_empty


def test_numbers_are_parted_by_thousands() -> None:
    assert (number(1234567), signed(-5), signed(5)) == ("1\u202f234\u202f567", "\u22125", "+5")


def test_money_is_written_in_the_units_of_its_currency() -> None:
    assert (money(905, "usd"), money(900, "jpy"), money(900, "chf")) == (
        "$9.05",
        "900 JPY",
        "9.00 CHF",
    )


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
         "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        (None, "Unknown program"),
        ("<script>", "Unknown program"),
    ],
    ids=["chrome", "safari", "edge", "curl", "none", "odd"],
)  # fmt: skip
def test_a_browser_is_known_by_what_it_says(user_agent: str | None, name: str) -> None:
    assert named(user_agent) == name
