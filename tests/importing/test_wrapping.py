from __future__ import annotations

from msgspec import structs

from app.importing.blocks import blocks_of
from app.importing.document import Line
from app.importing.wrapping import unwrapped
from tests.importing.pages import line
from tests.importing.test_entries import stacked


def rows(*lines: Line) -> list[str]:
    return [block.text for block in unwrapped(blocks_of(stacked(*lines)))]


def test_a_title_in_bold_goes_on_in_small_letters() -> None:
    assert rows(line("Ingénieure d'études en", bold=True), line("biostatistique", bold=True)) == [
        "Ingénieure d'études en biostatistique"
    ]


def test_a_title_that_has_no_room_before_its_date_goes_on_below() -> None:
    first = line("Scientific Research and Development", right="11/2014 - 03/2020")
    left, right = first.segments
    assert left.box is not None
    assert right.box is not None
    tight = (left.box[2] + 10, right.box[1], right.box[2], right.box[3])
    first = structs.replace(first, segments=(left, structs.replace(right, box=tight)))
    assert rows(first, line("Assistant")) == [
        "Scientific Research and Development Assistant  11/2014 - 03/2020"
    ]


def test_what_had_room_beside_its_date_is_a_row_of_its_own() -> None:
    assert rows(line("Analyst", right="2014 - 2020"), line("Northwind GmbH")) == [
        "Analyst  2014 - 2020",
        "Northwind GmbH",
    ]


def test_a_span_in_brackets_that_breaks_is_one() -> None:
    assert rows(line("MBA, Supply Chain (2016"), line("2018)", bullet=True)) == [
        "MBA, Supply Chain (2016 - 2018)"
    ]


def test_an_item_below_an_open_bracket_that_ends_no_span_stays_one() -> None:
    assert rows(line("MBA, Supply Chain (2016"), line("won a prize)", bullet=True)) == [
        "MBA, Supply Chain (2016",
        "won a prize)",
    ]
