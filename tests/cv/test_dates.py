from __future__ import annotations

import pytest

from app.cv.dates import checked, period, reversed_span
from app.cv.findings import Unusable


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2024-06", "Present", "Jun 2024 – Present"),
        ("2018", "2021", "2018 – 2021"),
        ("2018-09-01", "2021-07", "1 Sep 2018 – Jul 2021"),
        ("Summer 2020", "", "Summer 2020"),
        ("", "2021-12", "Dec 2021"),
        ("2021", "2021", "2021"),
        ("", "", ""),
    ],
)
def test_a_period_reads_as_people_write_it(start: str, end: str, shown: str) -> None:
    assert period(start, end) == shown


@pytest.mark.parametrize(
    ("given", "kept"),
    [("2024-6", "2024-06"), ("2024-6-1", "2024-06-01"), ("2024-02-29", "2024-02-29"),
     ("06/2024", "06/2024"), ("2018-2021", "2018-2021"), ("Q3 2020", "Q3 2020")],
)  # fmt: skip
def test_figures_get_two_digits_and_words_stay(given: str, kept: str) -> None:
    assert checked(given) == kept


@pytest.mark.parametrize("given", ["2024-13", "2024-00", "2023-02-29", "2024-01-32", "0000-01"])
def test_a_day_that_is_not_in_the_calendar_is_refused(given: str) -> None:
    with pytest.raises(Unusable):
        checked(given)


def test_a_span_is_reversed_only_as_far_as_both_ends_are_exact() -> None:
    assert reversed_span("2021", "2020-12-31")
    assert not reversed_span("2021-06", "2021")
    assert not reversed_span("2021", "long ago")
