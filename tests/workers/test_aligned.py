"""Entries that were read stand beside those of the résumé that they were read of."""

from __future__ import annotations

from workers.aligned import Entry, beside, entry_of


def _jobs(*companies: str) -> list[Entry]:
    return [entry_of({"company": company, "title": "Cook"}) for company in companies]


def test_entries_that_are_alike_stand_beside_each_other() -> None:
    assert beside(_jobs("A", "B"), _jobs("A", "B")) == [0, 1]


def test_an_entry_that_was_missed_moves_no_other() -> None:
    expected = [entry_of({"company": name}) for name in "ABCD"]
    assert beside(expected, [expected[0], expected[2], expected[3]]) == [0, None, 1, 2]


def test_an_entry_that_is_too_many_moves_no_other() -> None:
    found = [entry_of({"company": name}) for name in "AXB"]
    assert beside([found[0], found[2]], found) == [0, 2]


def test_an_entry_is_beside_the_one_that_shares_most_with_it() -> None:
    expected = [
        entry_of({"company": "Nordwerft", "title": "Welder", "start_date": "2019"}),
        entry_of({"company": "Südwerft", "title": "Fitter", "start_date": "2015"}),
    ]
    found = [entry_of({"company": "Sudwerft", "title": "Fitter", "start_date": "2015"})]
    assert beside(expected, found) == [None, 0]


def test_entries_that_share_nothing_are_beside_each_other_where_none_is_missing() -> None:
    expected = [entry_of({"company": name}) for name in "ABC"]
    found = [entry_of({"company": name}) for name in "AXC"]
    assert beside(expected, found) == [0, 1, 2]
    assert beside(expected, [found[0], found[1], found[1], found[2]]) == [0, 1, 3]
    assert beside(expected, [found[0], found[2]]) == [0, None, 1]


def test_bullets_count_one_by_one() -> None:
    expected = [entry_of({"bullets": ["one", "two"]}), entry_of({"bullets": ["three", "four"]})]
    assert beside(expected, [entry_of({"bullets": ["three"]})]) == [None, 0]


def test_nothing_stands_beside_nothing() -> None:
    assert beside([], _jobs("A")) == []
    assert beside(_jobs("A"), []) == [None]
