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
