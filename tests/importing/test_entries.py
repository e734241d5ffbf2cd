from __future__ import annotations

import msgspec

from app.importing.blocks import blocks_of
from app.importing.document import Line
from app.importing.entries import entries_of
from tests.importing.pages import line


def split(*lines: Line) -> list[tuple[list[str], int]]:
    """The rows of each entry's head, and how many blocks stand below it."""
    found = entries_of(blocks_of(lines))
    return [([row.block.text for row in entry.head], len(entry.body)) for entry in found.entries]


def stacked(*lines: Line) -> list[Line]:
    """The lines, each below the one before."""
    return [
        msgspec.structs.replace(each, box=(each.box[0], 14.0 * i, each.box[2], 14.0 * i + 10))
        for i, each in enumerate(lines)
        if each.box
    ]


def test_a_date_at_the_right_of_the_first_row_begins_an_entry() -> None:
    assert split(
        *stacked(
            line("Engine Works", bold=True, right="2019 - 2021"),
            line("Analyst", right="London"),
            line("Wrote programmes", bullet=True),
            line("Loom Company", bold=True, right="2017 - 2019"),
            line("Weaver", right="Paris"),
            line("Wove", bullet=True),
        )
    ) == [
        (["Engine Works  2019 - 2021", "Analyst  London"], 1),
        (["Loom Company  2017 - 2019", "Weaver  Paris"], 1),
    ]


def test_a_date_below_title_and_company_belongs_to_them() -> None:
    assert split(
        *stacked(
            line("Analyst", bold=True),
            line("Engine Works"),
            line("2019 - 2021"),
            line("Weaver", bold=True, above=9),
            line("Loom Company"),
            line("2017 - 2019"),
        )
    ) == [
        (["Analyst", "Engine Works", "2019 - 2021"], 0),
        (["Weaver", "Loom Company", "2017 - 2019"], 0),
    ]


def test_text_between_two_entries_belongs_to_the_first() -> None:
    entries = split(
        *stacked(
            line("Analyst", bold=True),
            line("Engine Works, 2019 - 2021"),
            line("Wrote the first programme for a machine that was never built."),
            line("Weaver", bold=True),
            line("Loom Company, 2017 - 2019"),
        )
    )
    assert [body for _, body in entries] == [1, 0]


def test_positions_below_one_company_stand_under_it() -> None:
    found = entries_of(
        blocks_of(
            stacked(
                line("Engine Works", bold=True, size=12),
                line("Chief Analyst", right="2020 - 2021"),
                line("Led four analysts", bullet=True),
                line("Analyst", right="2018 - 2020"),
                line("Wrote programmes", bullet=True),
                line("Loom Company", bold=True, size=12),
                line("Weaver", right="2016 - 2018"),
            )
        )
    )
    under = [[row.block.text for row in entry.under] for entry in found.entries]
    assert under == [[], ["Engine Works"], []]
    assert len(found.entries) == 3


def test_a_company_with_the_time_of_all_its_positions_is_no_entry_itself() -> None:
    found = entries_of(
        blocks_of(
            stacked(
                line("Engine Works", bold=True, size=12, right="2016 - 2021"),
                line("Chief Analyst", italic=True, right="2020 - 2021"),
                line("Led four analysts", bullet=True),
                line("Analyst", italic=True, right="2016 - 2020"),
                line("Wrote programmes", bullet=True),
            )
        )
    )
    assert [entry.head[0].pieces[0].text for entry in found.entries] == ["Chief Analyst", "Analyst"]
    assert all(entry.under[0].pieces[0].text == "Engine Works" for entry in found.entries)


def test_items_with_dates_are_entries_where_nothing_else_is_dated() -> None:
    assert split(
        *stacked(
            line("2019 - 2021 Analyst, Engine Works", bullet=True),
            line("2017 - 2019 Weaver, Loom Company", bullet=True),
        )
    ) == [
        (["2019 - 2021 Analyst, Engine Works"], 0),
        (["2017 - 2019 Weaver, Loom Company"], 0),
    ]


def test_without_any_date_the_look_of_the_first_row_begins_entries() -> None:
    assert split(
        *stacked(
            line("Engine Works", bold=True),
            line("Analyst"),
            line("Wrote programmes", bullet=True),
            line("Loom Company", bold=True),
            line("Weaver"),
        )
    ) == [(["Engine Works", "Analyst"], 1), (["Loom Company", "Weaver"], 0)]


def test_larger_letters_at_a_distance_begin_an_entry_whatever_stands_before_dates() -> None:
    assert split(
        *stacked(
            line("Savanna Mills", size=12),
            line("Buyer"),
            line("May 2022 - Present"),
            line("Lagos, Nigeria"),
            line("Clerk", above=9),
            line("January 2019 - April 2022"),
            line("Lagos, Nigeria"),
            line("Delta Foods Plc", size=12, above=14),
            line("Trainee"),
            line("August 2014 - December 2018"),
        )
    )[-1] == (["Delta Foods Plc", "Trainee", "August 2014 - December 2018"], 0)
