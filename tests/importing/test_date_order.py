from __future__ import annotations

import pytest

from tests.importing.pages import line
from tests.importing.test_fields import NAME, head, read

ENGLISH = "I work with the people of the town and for the people who come to it by the sea."
GERMAN = "Ich arbeite mit der Stadt und für die Menschen, die zu den Ämtern von Hamburg gehen."


def dates(*written: str, about: str = ENGLISH) -> list[tuple[str | None, str | None]]:
    """The dates of positions, one for each time that is written."""
    heads = [
        each
        for i, time in enumerate(written)
        for each in (line(f"Clerk {i}", bold=True, right=time), line("Engine Works Ltd"))
    ]
    found = read(NAME, head("Profile"), line(about), head("Experience"), *heads).experience
    return [(each.start_date, each.end_date) for each in found]


def test_a_day_and_a_month_that_may_be_either_are_left_out() -> None:
    assert dates("01/02/2020 - 03/04/2021") == [("2020", "2021")]


def test_a_day_and_a_month_that_are_equal_are_certain() -> None:
    assert dates("02/02/2020 - 03/03/2021") == [("2020-02-02", "2021-03-03")]


def test_one_date_that_is_certain_decides_for_all_of_a_document() -> None:
    assert dates("01/02/2020 - 03/04/2021", "25/12/2018 - 31/12/2019") == [
        ("2020-02-01", "2021-04-03"),
        ("2018-12-25", "2019-12-31"),
    ]


def test_a_month_first_decides_as_well() -> None:
    assert dates("01/02/2020 - 03/04/2021", "12/25/2018 - 12/31/2019") == [
        ("2020-01-02", "2021-03-04"),
        ("2018-12-25", "2019-12-31"),
    ]


def test_a_document_that_contradicts_itself_decides_nothing() -> None:
    found = dates("01/02/2020 - 03/04/2021", "12/25/2018 - 12/31/2018", "25/12/2016 - 31/12/2017")
    assert found[0] == ("2020", "2021")


def test_a_language_with_the_day_first_decides() -> None:
    assert dates("01/02/2020 - 03/04/2021", about=GERMAN) == [("2020-02-01", "2021-04-03")]


def test_months_of_one_year_are_kept_in_their_order() -> None:
    assert dates("01/02/2020 - 03/11/2020", about=GERMAN) == [("2020-02-01", "2020-11-03")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("01.02.2020 - 03.04.2021", ("2020-02-01", "2021-04-03")),
        ("2020-02-01 - 2021-04-03", ("2020-02-01", "2021-04-03")),
        ("2020/02/01 - 2021/04/03", ("2020-02-01", "2021-04-03")),
    ],
    ids=["dots", "iso", "year-first"],
)
def test_dots_and_a_year_in_front_are_certain_in_any_document(
    written: str, expected: tuple[str, str]
) -> None:
    assert dates(written) == [expected]
