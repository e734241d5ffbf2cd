from __future__ import annotations

from app.importing.glyphs import Word
from app.importing.labels import cells_of, set_beside, stacks_of
from app.importing.looks import Look
from app.importing.rows import Fragment

LOOK = Look(10)


def fragment(text: str, base: float, *, x: float = 40, bold: bool = False) -> Fragment:
    """A fragment in letters of ten points, five points wide each."""
    words = []
    for each in text.split():
        width = 5.0 * len(each)
        words.append(
            Word(each, x, x + width, base - 8, base + 2, base, LOOK, parted=True, bold=bold)
        )
        x += width + 3
    return Fragment(words)


def cells(*fragments: Fragment) -> list[str]:
    return [cell.text for cell in cells_of(list(fragments))]


def beside(left: list[Fragment], right: list[Fragment]) -> list[tuple[float, str]]:
    """Each row, from the left."""
    placed = set_beside(left, right)
    bases = sorted({each.base for each in placed})
    return [
        (base, " ".join(e.text for e in sorted(placed, key=lambda e: e.x0) if e.base == base))
        for base in bases
    ]


def test_a_span_that_breaks_over_two_lines_is_one_cell() -> None:
    assert cells(fragment("March 2019 -", 100), fragment("May 2021", 112)) == [
        "March 2019 - May 2021"
    ]


def test_two_spans_below_each_other_are_two_cells() -> None:
    assert cells(fragment("2019 - 2021", 100), fragment("2017 - 2019", 112)) == [
        "2019 - 2021",
        "2017 - 2019",
    ]


def test_a_label_goes_on_in_small_letters() -> None:
    assert cells(fragment("Weekly", 100), fragment("hours", 112)) == ["Weekly hours"]


def test_lines_at_a_distance_are_two_cells() -> None:
    assert cells(fragment("Weekly", 100), fragment("hours", 130)) == ["Weekly", "hours"]


def test_a_heading_is_a_cell_of_its_own() -> None:
    assert cells(fragment("Education", 100), fragment("languages", 112)) == [
        "Education",
        "languages",
    ]


def test_a_date_stands_in_the_row_beside_it() -> None:
    rows = beside(
        [fragment("2019 - 2021", 100.5), fragment("2017 - 2019", 140)],
        [
            fragment("Engine Works", 100, x=200),
            fragment("Analyst", 112, x=200),
            fragment("Loom Company", 140, x=200),
        ],
    )
    assert rows == [
        (100, "2019 - 2021 Engine Works"),
        (112, "Analyst"),
        (140, "2017 - 2019 Loom Company"),
    ]


def test_both_lines_of_a_date_stand_in_the_first_row_beside_them() -> None:
    rows = beside(
        [fragment("March 2019 -", 100), fragment("May 2021", 112)],
        [fragment("Engine Works", 100, x=200), fragment("Analyst", 112, x=200)],
    )
    assert [text for _, text in rows] == ["March 2019 - May 2021 Engine Works", "Analyst"]


def test_a_date_at_half_the_height_of_an_entry_stands_in_its_first_row() -> None:
    rows = beside(
        [fragment("2019 - 2021", 106), fragment("2017 - 2019", 136)],
        [
            fragment("Engine Works", 100, x=200),
            fragment("Analyst", 112, x=200),
            fragment("Loom Company", 130, x=200),
            fragment("Weaver", 142, x=200),
        ],
    )
    assert [text for _, text in rows] == [
        "2019 - 2021 Engine Works",
        "Analyst",
        "2017 - 2019 Loom Company",
        "Weaver",
    ]


def test_a_heading_between_rows_stays_alone() -> None:
    rows = beside(
        [fragment("Education", 120)],
        [fragment("Engine Works", 100, x=200), fragment("University of Ada", 140, x=200)],
    )
    assert [text for _, text in rows] == ["Engine Works", "Education", "University of Ada"]


def test_a_place_of_several_lines_stands_in_the_row_that_it_begins_in() -> None:
    rows = beside(
        [
            fragment("2019 - 2021", 100),
            fragment("Hamburg und", 112),
            fragment("Umgebung,", 124),
            fragment("Deutschland", 136),
        ],
        [
            fragment("Engine Works", 100, x=200),
            fragment("Analyst", 112, x=200),
            fragment("Wrote programmes", 152, x=200),
        ],
    )
    assert [text for _, text in rows] == [
        "2019 - 2021 Engine Works",
        "Hamburg und Umgebung, Deutschland Analyst",
        "Wrote programmes",
    ]


def test_what_stands_close_together_is_a_stack_and_a_heading_begins_none() -> None:
    found = stacks_of(
        [
            fragment("Education", 80),
            fragment("2019 - 2021", 100),
            fragment("Bremen", 112),
            fragment("2017 - 2019", 150),
        ]
    )
    assert [[each.text for each in stack] for stack in found] == [
        ["2019 - 2021", "Bremen"],
        ["2017 - 2019"],
    ]
