from __future__ import annotations

from app.importing import pdf
from app.importing.document import Document
from tests.importing import pages
from tests.importing.pages import column, text


def read(*contents: str) -> Document:
    return pdf.read_document(pages.pdf(*contents))


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


SIDEBAR = column(
    40, 700, ["*Contact", "ada@example.org", "London", "*Skills", "Mathematics", "Weaving"]
)
MAIN = column(
    220,
    695,
    [
        "*Experience",
        "Analyst at the Engine Works",
        "Wrote the first programme",
        "*Education",
        "Lessons with Mary Somerville",
        "Mathematics and astronomy",
    ],
    leading=17,
)


def test_a_sidebar_is_read_to_its_end_before_the_column_beside_it() -> None:
    document = read(SIDEBAR + MAIN)
    assert texts(document)[:6] == [
        "Contact", "ada@example.org", "London", "Skills", "Mathematics", "Weaving",
    ]  # fmt: skip
    assert len({line.region for line in document.lines}) == 2


def test_dates_at_the_right_stand_in_the_line_of_what_they_date() -> None:
    rows = ["Engine Works", "Royal Society", "Loom Company", "Silk Mill"]
    right = ["2019 - 2021", "2017 - 2019", "Mar 2015 - 2017", "2014"]
    content = column(40, 700, rows) + "".join(
        text(540 - 5 * len(dates), 700 - 13 * row, dates) for row, dates in enumerate(right)
    )
    assert texts(read(content)) == [
        f"{row}  {dates}" for row, dates in zip(rows, right, strict=True)
    ]


def test_dates_in_a_column_at_the_left_stand_before_what_they_date() -> None:
    content = column(40, 700, ["2019 - 2021", "", "2017 - 2019", ""]) + column(
        150,
        700,
        ["*Analyst, Engine Works", "Wrote programmes", "*Weaver, Loom Company", "Wove patterns"],
    )
    assert texts(read(content)) == [
        "2019 - 2021  Analyst, Engine Works",
        "Wrote programmes",
        "2017 - 2019  Weaver, Loom Company",
        "Wove patterns",
    ]


def test_dates_at_the_middle_of_a_cell_come_to_its_first_row() -> None:
    content = column(40, 693.5, ["2019 - 2021"]) + column(40, 667.5, ["2017 - 2019"])
    content += column(40, 641.5, ["2014"])
    content += column(150, 700, ["Analyst, Engine Works", "Wrote programmes"])
    content += column(150, 674, ["Weaver, Loom Company", "Wove patterns"])
    content += column(150, 648, ["Pupil of Mary Somerville", "Learnt astronomy"])
    lines = texts(read(content))
    assert lines[0] == "2019 - 2021  Analyst, Engine Works"
    assert lines[2] == "2017 - 2019  Weaver, Loom Company"


def test_headings_beside_each_other_head_columns_however_little_stands_below_them() -> None:
    content = column(
        40,
        700,
        ["*Experience", "Analyst, Engine Works", "Wrote programmes", "*Education", "Lessons"],
    ) + column(420, 700, ["*Languages", "English, French"])
    assert texts(read(content)) == [
        "Languages",
        "English, French",
        "Experience",
        "Analyst, Engine Works",
        "Wrote programmes",
        "Education",
        "Lessons",
    ]


def test_a_row_of_plain_words_that_may_be_headings_is_one_line() -> None:
    rows = ["Skills", "Weaving", "Drawing", "Algebra", "French", "Riding"]
    content = column(40, 700, rows) + column(420, 700, ["Languages", "English, French"])
    assert texts(read(content))[:2] == ["Skills  Languages", "Weaving  English, French"]


def test_page_numbers_and_repeated_feet_are_running_heads() -> None:
    foot = text(40, 20, "Ada Lovelace - CV")
    document = read(
        text(40, 700, "First page") + foot + text(500, 20, "Page 1 of 2"),
        text(40, 700, "Second page") + foot + text(500, 20, "Page 2 of 2"),
    )
    assert texts(document) == ["First page", "Second page"]
    assert len(document.running) == 2


def test_a_year_at_the_foot_of_one_page_is_no_page_number() -> None:
    assert "1842 - 1843" in texts(read(text(40, 700, "First") + text(40, 30, "1842 - 1843")))


def test_a_column_that_goes_on_overleaf_is_read_on() -> None:
    left = column(40, 700, ["*Contact", "ada@example.org", "London", "*Skills", "Weaving"])
    right = column(220, 694, ["*Experience", "Analyst", "Engine Works", "*Education"], leading=17)
    more = column(220, 694, ["Lessons with Mary", "Mathematics", "Stars"], leading=17)
    hobbies = column(40, 700, ["*Interests", "Horses", "Flying machines", "Harps"])
    lines = texts(read(left + right, hobbies + more))
    assert lines.index("Interests") < lines.index("Experience")
    assert lines.index("Education") + 1 == lines.index("Lessons with Mary")


def test_bullets_are_taken_off_the_text() -> None:
    document = read(text(40, 700, "\u2022 Wrote") + text(40, 687, "\u2022") + text(60, 687, "Wove"))
    assert [(line.text, line.bullet) for line in document.lines] == [
        ("Wrote", True),
        ("Wove", True),
    ]


def test_dots_that_are_drawn_are_bullets_too() -> None:
    document = read("41 702 3 3 re f " + text(50, 700, "Wrote programmes"))
    assert document.lines[0].bullet


def test_a_rule_below_a_line_is_told() -> None:
    document = read(
        text(40, 700, "Experience") + "40 696 500 0.5 re f " + text(40, 650, "Plain text")
    )
    assert [line.ruled for line in document.lines] == [True, False]


def test_segments_part_at_wide_gaps_and_other_looks() -> None:
    document = read(
        text(40, 700, "Analyst,", font="bold") + text(84, 700, "Engine Works")
        + text(400, 700, "London")
    )  # fmt: skip
    assert [(s.text, s.bold, s.gap) for s in document.lines[0].segments] == [
        ("Analyst,", True, False),
        ("Engine Works", False, False),
        ("London", False, True),
    ]


def test_a_list_that_goes_on_over_the_break_is_no_running_head() -> None:
    first = column(40, 700, ["Skills"]) + column(40, 60, ["Field 1: Looms", "Field 2: Engines"])
    assert texts(read(first, column(40, 770, ["Field 3: Stars"]))) == [
        "Skills",
        "Field 1: Looms",
        "Field 2: Engines",
        "Field 3: Stars",
    ]
