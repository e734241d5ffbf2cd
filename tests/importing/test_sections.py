from __future__ import annotations

from app.importing.document import Document, Line
from app.importing.sections import sections_of
from tests.importing.pages import line


def named(*lines: Line) -> list[tuple[str, str | None, list[str]]]:
    document = Document(lines=lines, pages=1)
    return [
        (section.name, section.title, [block.text for block in section.blocks])
        for section in sections_of(document)
    ]


def head(text: str, top: float) -> Line:
    return line(text, top=top, bold=True, size=13, above=12)


def test_headings_part_the_document_and_the_header_comes_first() -> None:
    assert named(
        line("Ada Lovelace", size=20),
        head("Experience", 30),
        line("Analyst", top=50),
        head("Education", 80),
        line("Lessons", top=100),
    ) == [
        ("header", None, ["Ada Lovelace"]),
        ("experience", "Experience", ["Analyst"]),
        ("education", "Education", ["Lessons"]),
    ]


def test_a_line_in_the_look_of_headings_is_one_whatever_it_says() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        line("Countess and analyst", top=12),
        line("London", top=24),
        line("ada@example.org", top=36),
        head("Experience", 60),
        line("Analyst", top=80),
        head("Flying Machines", 100),
        line("A bird of paper", top=120),
        head("Education", 140),
    )
    assert ("other", "Flying Machines", ["A bird of paper"]) in found


def test_a_known_word_in_plain_text_is_no_heading() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        head("Experience", 30),
        line("Education", top=50),
        head("Languages", 80),
        line("English", top=100),
    )
    assert [name for name, _, _ in found] == ["header", "experience", "languages"]


def test_a_heading_in_the_margin_is_parted_from_the_text_beside_it() -> None:
    def margin(left: str, right: str, top: float) -> Line:
        return line(left, top=top, bold=True, right=right)

    assert named(
        line("Ada Lovelace", size=20),
        margin("EXPERIENCE", "Analyst, Engine Works", 30),
        margin("EDUCATION", "Lessons with Mary", 60),
    )[1:] == [
        ("experience", "EXPERIENCE", ["Analyst, Engine Works"]),
        ("education", "EDUCATION", ["Lessons with Mary"]),
    ]


def test_words_that_come_again_in_every_entry_are_no_headings() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        head("Experience", 30),
        line("Analyst", top=50),
        line("Highlights", top=60, bold=True),
        line("Weaver", top=80),
        line("Highlights", top=90, bold=True),
        head("Education", 120),
    )
    assert [name for name, _, _ in found] == ["header", "experience", "education"]


def test_a_heading_with_a_wrong_letter_is_still_known() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        head("Work Experince", 30),
        line("Analyst", top=50),
        head("Education", 80),
        head("Skills", 120),
    )
    assert found[1][:2] == ("experience", "Work Experince")


def test_what_stands_above_the_first_heading_of_another_column_is_header() -> None:
    found = named(
        head("Contact", 10),
        line("ada@example.org", top=30),
        line("Ada Lovelace", size=20, top=10, region=1),
        line("Experience", size=13, bold=True, top=60, region=1, above=12),
        line("Analyst", top=80, region=1),
        line("Weaver", top=300, region=1),
    )
    assert found[0] == ("header", None, ["Ada Lovelace"])


def test_a_heading_of_unknown_wording_below_the_contact_data_is_no_name() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        line("ada@example.org", top=20),
        head("Kitchens", 40),
        line("Cook", top=60),
        head("Skills", 80),
        line("Sauces", top=100),
        head("Languages", 120),
        line("French", top=140),
    )
    assert found[1] == ("other", "Kitchens", ["Cook"])


def test_a_lone_heading_in_the_margin_is_one() -> None:
    margin = line("Summary", top=30, bold=True, right="Looking for work.")
    found = named(line("Ada Lovelace", size=20), margin)
    assert found[1] == ("summary", "Summary", ["Looking for work."])


def test_a_bold_label_beside_its_value_is_no_heading_where_there_are_headings() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        head("Skills", 30),
        line("Languages", top=50, bold=True, right="French, English"),
        head("Education", 80),
        line("Lessons", top=100),
    )
    assert [name for name, _, _ in found] == ["header", "skills", "education"]


def test_the_largest_line_is_the_header_where_nothing_else_is() -> None:
    found = named(
        line("Summary", bold=True, size=12),
        line("Ada", size=26, top=0, left=200),
        line("Looking for work.", top=20),
    )
    assert found == [
        ("header", None, ["Ada"]),
        ("summary", "Summary", ["Looking for work."]),
    ]


def test_a_wide_column_has_larger_headings_than_the_narrow_one_beside_it() -> None:
    found = named(
        line("Skills", bold=True, size=12, top=60),
        line("Sauces", top=80),
        line("Languages", bold=True, size=12, top=100),
        line("French", top=120),
        line("Ada Lovelace", size=26, region=1),
        line("ada@example.org", top=20, region=1),
        line("Kitchens", bold=True, size=14, top=60, region=1),
        line("Cook", top=80, region=1),
        line("Baker", top=300, region=1),
    )
    assert found[0][2] == ["Ada Lovelace", "ada@example.org"]
    assert ("other", "Kitchens", ["Cook", "Baker"]) in found


def in_margin(text: str, top: float, beside: str) -> Line:
    return line(text, top=top, bold=True, right=beside, above=18)


def test_what_is_set_in_the_margin_as_known_headings_are_is_one_whatever_it_says() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        line("ada@example.org", top=20),
        in_margin("Kitchens", 40, "Chef, Le Petit Four"),
        in_margin("Skills", 80, "Sauces and game    "),
        in_margin("Languages", 120, "French, English    "),
    )
    assert [(name, title) for name, title, _ in found] == [
        ("header", None),
        ("other", "Kitchens"),
        ("skills", "Skills"),
        ("languages", "Languages"),
    ]


def test_the_label_of_a_form_in_the_margin_is_no_heading() -> None:
    found = named(
        line("Ada Lovelace", size=20),
        line("ada@example.org", top=20),
        in_margin("Date and place of birth", 40, "London, 1815       "),
        in_margin("Skills", 80, "Sauces and game    "),
        in_margin("Languages", 120, "French, English    "),
    )
    assert [name for name, _, _ in found] == ["header", "skills", "languages"]


def plain_head(text: str, top: float, above: float = 20) -> Line:
    return line(text, top=top, bold=True, above=above)


def minimal(unknown: Line) -> list[str | None]:
    found = named(
        line("Ada Lovelace", size=20),
        line("ada@example.org", top=20),
        unknown,
        line("Chef, Le Petit Four", top=60),
        *(plain_head("Skills", 80), line("Sauces", top=100)),
        *(plain_head("Languages", 120), line("French", top=140)),
        *(plain_head("Education", 160), line("Lessons", top=180)),
    )
    return [title for _, title, _ in found]


def test_a_bold_line_that_stands_as_apart_as_headings_is_one_whatever_it_says() -> None:
    assert minimal(plain_head("Kitchens", 40)) == [
        None,
        "Kitchens",
        "Skills",
        "Languages",
        "Education",
    ]


def test_a_bold_line_close_to_the_line_above_is_no_heading() -> None:
    assert minimal(plain_head("Kitchens", 40, above=3))[1] == "Skills"
