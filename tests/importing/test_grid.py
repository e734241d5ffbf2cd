from __future__ import annotations

from app.importing.blocks import blocks_of
from app.importing.document import Line
from app.importing.entries import entries_of
from app.importing.grid import casts_of, names_of
from app.importing.roles import Cast
from tests.importing.pages import line
from tests.importing.test_entries import stacked


def casts(*lines: Line) -> list[Cast]:
    return casts_of(entries_of(blocks_of(stacked(*lines))).entries)


def told(cast: Cast) -> tuple[list[str], str | None, str | None]:
    place = cast.place.text if cast.place else None
    return [slot.text for slot in cast.slots], place, cast.kind[1] if cast.kind else None


def two_rows(name: str, second: str, place: str, *, years: str = "2019 - 2021") -> list[Line]:
    return [line(name, bold=True, right=years), line(second, right=place)]


def test_a_dash_in_a_name_parts_nothing_where_places_have_a_column() -> None:
    (cast,) = casts(*two_rows("Weights - Measures", "Clerk, second class", "London"))
    assert told(cast) == (["Weights - Measures", "Clerk, second class"], "London", None)
    assert cast.in_grid


def test_what_stands_in_the_column_of_places_is_one_whatever_its_name() -> None:
    (cast,) = casts(*two_rows("Engine Works", "Analyst", "Upper Nowhere"))
    assert told(cast) == (["Engine Works", "Analyst"], "Upper Nowhere", None)


def test_the_kind_of_employment_in_brackets_is_taken_from_a_name() -> None:
    (cast,) = casts(*two_rows("Engine Works", "Analyst (freelance)", "London"))
    assert told(cast) == (["Engine Works", "Analyst"], "London", "freelance")


def test_rows_of_one_look_are_no_grid() -> None:
    (cast,) = casts(line("Engine Works", right="2019 - 2021"), line("Analyst", right="London"))
    assert not cast.in_grid


def test_heads_without_places_are_no_grid() -> None:
    (cast,) = casts(line("Engine Works", bold=True, right="2019 - 2021"), line("Analyst"))
    assert not cast.in_grid


def test_a_third_row_of_a_head_is_text_below_it() -> None:
    (cast,) = casts(*two_rows("Engine Works", "Analyst", "London"), line("Part of the works"))
    assert [block.text for block in cast.entry.body] == ["Part of the works"]
    assert told(cast)[0] == ["Engine Works", "Analyst"]


def test_a_lone_row_that_looks_like_second_rows_is_a_second() -> None:
    found = casts(
        *two_rows("Engine Works", "Analyst", "London"),
        line("Wrote programmes", bullet=True),
        *two_rows("Loom Company", "Weaver", "Paris", years="2017 - 2019"),
        line("Wove", bullet=True),
        line("Bookbinder", right="2015 - 2017"),
    )
    assert [cast.second for cast in found] == [None, None, True]


def test_names_stand_one_a_row_where_looks_tell_the_rows_apart() -> None:
    lines = stacked(line("Diver's Certificate", bold=True, right="2019"), line("Diving School"))
    (entry,) = entries_of(blocks_of(lines)).entries
    assert [piece.text for piece in names_of(entry)] == ["Diver's Certificate", "Diving School"]


def test_rows_of_one_look_name_nothing_for_sure() -> None:
    lines = stacked(line("Diver's Certificate", right="2019"), line("Diving School"))
    (entry,) = entries_of(blocks_of(lines)).entries
    assert names_of(entry) == []
