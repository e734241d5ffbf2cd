"""Places in the column of the dates belong to the row that they stand beside."""

from __future__ import annotations

import pytest
from msgspec import structs

from app.importing.beside import reordered
from app.importing.blocks import Block
from app.importing.document import Line, Segment
from tests.importing.pages import line
from tests.importing.test_entries import stacked
from tests.importing.test_fields import experience, told

COLUMN = 150.0  # where the text begins


def hanging(aside: str, beside: str, *, bold: bool = False) -> Line:
    """A row with `aside` flush right in the margin, and `beside` in the column of the text."""
    left = COLUMN - 12 - 5.0 * len(aside)
    whole = line(aside, left=left, right=beside)
    [margin, text] = whole.segments
    box = (COLUMN, 0.0, COLUMN + 5.0 * len(beside), 10.0)
    text = structs.replace(text, box=box, bold=bold)
    return structs.replace(whole, segments=(margin, text), box=(left, 0.0, box[2], 10.0))


def rows(*lines: Line) -> list[str]:
    blocks = [Block([each], each.text) for each in stacked(*lines)]
    return [block.text for block in reordered(blocks)]


def test_a_place_below_the_dates_comes_behind_its_row() -> None:
    assert rows(hanging("2019 - 2021", "Engine Works"), hanging("Schlieren", "Analyst")) == [
        "2019 - 2021  Engine Works",
        "Analyst  Schlieren",
    ]


def test_it_is_the_place_of_the_position_known_or_not() -> None:
    (one, other) = experience(
        *stacked(
            hanging("2019 - 2021", "Engine Works", bold=True),
            hanging("Schlieren", "Analyst"),
            hanging("2017 - 2019", "Loom Company", bold=True),
            hanging("Upper Nowhere", "Weaver"),
        )
    )
    assert (one.company, one.title, one.location) == ("Engine Works", "Analyst", "Schlieren")
    assert (other.company, other.title, other.location) == (
        "Loom Company",
        "Weaver",
        "Upper Nowhere",
    )
    assert told(one)


@pytest.mark.parametrize(
    "second",
    [
        line("Analyst", left=COLUMN, right="Schlieren"),
        hanging("2017 - 2019", "Loom Company"),
        line("Schlieren", left=40, right="Analyst"),
    ],
    ids=["at the right", "dates", "not flush"],
)
def test_what_stands_elsewhere_stays(second: Line) -> None:
    found = rows(hanging("2019 - 2021", "Engine Works"), second)
    assert found[1] == second.text


def test_without_dates_at_the_left_nothing_moves() -> None:
    first, second = hanging("London", "Engine Works"), hanging("Schlieren", "Analyst")
    assert rows(first, second) == [first.text, second.text]


def test_a_row_without_a_box_stays() -> None:
    bare = Line(text="a  b", segments=(Segment(text="a"), Segment(text="b", gap=True)))
    first = hanging("2019 - 2021", "Engine Works")
    blocks = [Block([each], each.text) for each in (first, bare)]
    assert [block.text for block in reordered(blocks)] == [first.text, "a  b"]
