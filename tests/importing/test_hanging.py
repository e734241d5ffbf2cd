from __future__ import annotations

from msgspec import structs

from app.importing.blocks import Block
from app.importing.document import Line
from app.importing.hanging import unhung
from tests.importing.pages import line
from tests.importing.test_entries import stacked


def rows(*lines: Line) -> list[str]:
    return [block.text for block in unhung([Block([each], each.text) for each in stacked(*lines)])]


def test_a_row_set_in_a_little_goes_on_from_the_one_above() -> None:
    assert rows(line("Institute of Very Long"), line("Names", left=50)) == [
        "Institute of Very Long Names"
    ]


def test_what_hangs_keeps_the_date_beside_the_first_row() -> None:
    assert rows(line("Institute of Very Long", right="2019 - 2021"), line("Names", left=50)) == [
        "Institute of Very Long Names  2019 - 2021"
    ]


def test_a_row_of_another_look_does_not_hang() -> None:
    assert rows(line("Institute", bold=True), line("Analyst", left=50)) == ["Institute", "Analyst"]


def test_a_row_set_in_far_does_not_hang() -> None:
    assert rows(line("Institute"), line("Analyst", left=90)) == ["Institute", "Analyst"]


def test_a_row_that_is_not_set_in_does_not_hang() -> None:
    assert rows(line("Institute"), line("Analyst")) == ["Institute", "Analyst"]


def test_a_row_at_a_distance_does_not_hang() -> None:
    assert rows(line("Institute"), line("Names", left=50, above=9)) == ["Institute", "Names"]


def test_a_row_with_a_date_of_its_own_does_not_hang() -> None:
    assert rows(line("Institute"), line("2019 - 2021", left=50)) == ["Institute", "2019 - 2021"]


def test_an_item_does_not_hang() -> None:
    assert rows(line("Institute"), line("Wrote", left=50, bullet=True)) == ["Institute", "Wrote"]


def test_a_place_at_the_right_goes_on_flush_below_it() -> None:
    above = line("Analyst", right="Upper Nowhere near")
    below = line("London", left=500 - 5.0 * len("London"))
    assert rows(above, below) == ["Analyst  Upper Nowhere near London"]


def test_a_row_at_the_left_is_not_the_rest_of_a_place() -> None:
    assert rows(line("Analyst", right="London"), line("Engine Works")) == [
        "Analyst  London",
        "Engine Works",
    ]


def test_what_stands_beside_a_hanging_row_belongs_to_the_row_below() -> None:
    assert rows(
        line("Institute of Very Long", right="2019 - 2021"),
        line("Names", left=50, right="London"),
        line("Analyst"),
    ) == ["Institute of Very Long Names  2019 - 2021", "Analyst  London"]


def test_what_stands_beside_a_hanging_row_at_the_end_is_not_lost() -> None:
    assert rows(
        line("Institute of Very Long", right="2019 - 2021"),
        line("Names", left=50, right="London"),
    ) == ["Institute of Very Long Names  2019 - 2021  London"]


def test_what_goes_on_in_the_look_of_the_last_words_hangs_too() -> None:
    above = line("Institute", bold=True)
    plain = structs.replace(line("Diploma of").segments[0], box=(110.0, 0.0, 160.0, 10.0))
    above = structs.replace(above, text="Institute Diploma of", segments=(*above.segments, plain))
    assert rows(above, line("Names", left=50)) == ["Institute Diploma of Names"]


def test_a_cell_that_ends_with_a_comma_goes_on_below_itself() -> None:
    assert rows(
        line("Institute of Very Long", right="2019 - 2021, Berne,"),
        line("Names", left=50, right="Switzerland"),
    ) == ["Institute of Very Long Names  2019 - 2021, Berne, Switzerland"]
