"""Months that begin on the day of an anchor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.months import label, month_start, months_between

times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("number", "start"),
    [
        (0, "2024-01-31"),
        (1, "2024-02-29"),
        (2, "2024-03-31"),
        (13, "2025-02-28"),
        (-2, "2023-11-30"),
    ],
    ids=["itself", "leap-year", "back-at-its-day", "next-year", "before"],
)
def test_a_month_that_lacks_the_day_begins_on_its_last(number: int, start: str) -> None:
    anchor = datetime(2024, 1, 31, 8, 30, tzinfo=UTC)
    assert month_start(anchor, number) == datetime.fromisoformat(f"{start}T08:30:00Z")


@given(times, times, st.integers(0, 800))
def test_every_month_that_begins_within_a_time_is_found_once(
    anchor: datetime, first: datetime, days: int
) -> None:
    end = first + timedelta(days=days)
    found = months_between(anchor, first, end)
    every = {month_start(anchor, number) for number in range(-1300, 1300)}
    assert found == sorted(start for start in every if first <= start < end)
    assert len({label(start) for start in found}) == len(found)
