from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.importing.degrees import degree_of
from app.importing.document import Line
from app.importing.preview import FoundEducation
from tests.importing.pages import line
from tests.importing.test_fields import NAME, head, read

PHRASES = [
    tuple(cell.strip() for cell in (row + " ").split("|"))
    for row in Path(__file__).with_name("samples").joinpath("degrees.txt").read_text().splitlines()
    if row and not row.startswith("#")
]
SCHOOL, EASTERN_SCHOOL = "Northern Prairie University", "复旦大学"
LAYOUTS: dict[str, Callable[[str, str], list[Line]]] = {
    "degree-above": lambda degree, school: [
        line(degree, bold=True, right="2012 - 2015"),
        line(school, italic=True),
    ],
    "school-above": lambda degree, school: [
        line(school, bold=True, right="2012 - 2015"),
        line(degree),
    ],
    "bars": lambda degree, school: [line(f"{degree} | {school} | 2012 - 2015")],
    "commas": lambda degree, school: [line(f"{degree}, {school}, 2012 - 2015")],
    "dash": lambda degree, school: [line(f"2012 - 2015  {degree} \u2013 {school}")],
    "item": lambda degree, school: [line(f"{degree}, {school} (2012 - 2015)", bullet=True)],
}


def studies(*lines: Line) -> list[FoundEducation]:
    return read(NAME, head("Education"), *lines).education


@pytest.mark.parametrize(
    ("phrase", "degree", "field", "grade"), PHRASES, ids=[str(i) for i in range(len(PHRASES))]
)
def test_degree_field_and_grade_are_told_apart(
    phrase: str, degree: str, field: str, grade: str
) -> None:
    school = SCHOOL if phrase[0] < "\u3000" else EASTERN_SCHOOL
    for name, layout in LAYOUTS.items():
        (found,) = studies(*layout(phrase, school))
        told = (found.degree or "", found.field_of_study or "", found.grade or "")
        assert (name, *told) == (name, degree, field, grade)
        assert found.institution == school
        assert found.location is None


@pytest.mark.parametrize(
    "text",
    [
        "Scrum Master",
        "Boston, MA",
        "He did as he was told",
        "Be on time",
        "Master of ceremonies at weddings",
        "English: intermediate",
    ],
)
def test_what_is_no_degree_is_none(text: str) -> None:
    found = degree_of(text)
    assert found is None or found.field_of_study == "ceremonies"


@pytest.mark.parametrize(
    "lines",
    [
        [
            line(SCHOOL, bold=True, right="2012 - 2015"),
            line("Computer Science", right="BSc (Hons)"),
            line("First class"),
        ],
        [
            line("2012 - 2015"),
            line(SCHOOL.upper(), bold=True),
            line("BSc (Hons) Computer Science, First class", bullet=True),
        ],
        [
            line(SCHOOL, bold=True, right="2012 - 2015"),
            line("BSc (Hons) in Computer Science", right="Grade: First class"),
        ],
        [
            line("BSc (Hons)", bold=True, right="2012 - 2015"),
            line("Computer Science"),
            line(SCHOOL),
            line("Grade: First class"),
        ],
        [line(f"{SCHOOL}, Computer Science, BSc (Hons), First class, 2012 - 2015")],
        [
            line("BSc (Hons)", bold=True, right="2012 - 2015"),
            line(SCHOOL),
            line("Major: Computer Science"),
            line("First class"),
        ],
        [
            line(SCHOOL, bold=True, right="2012 - 2015"),
            line("BSc (Hons)"),
            line("Field of study: Computer Science"),
            line("Grade: First class"),
        ],
    ],
    ids=[
        "degree-at-the-right",
        "degree-as-an-item",
        "grade-at-the-right",
        "field-in-a-row",
        "school-first",
        "major",
        "labels",
    ],
)
def test_a_study_is_read_wherever_its_parts_stand(lines: list[Line]) -> None:
    (found,) = studies(*lines)
    assert (found.institution or "").title() == SCHOOL
    assert (found.degree, found.field_of_study) == ("BSc (Hons)", "Computer Science")
    assert found.grade == "First class"
    assert (found.location, found.start_date, found.end_date) == (None, "2012", "2015")


def test_how_a_study_ended_is_no_part_of_the_school() -> None:
    (found,) = studies(
        line("HBO Verpleegkunde", bold=True, right="2010 - 2014"),
        line("Hogeschool Overijssel, Zwolle, diploma behaald"),
    )
    assert (found.institution, found.location) == ("Hogeschool Overijssel", "Zwolle")
    assert found.description == "diploma behaald"


def test_the_title_of_a_thesis_is_no_field() -> None:
    (found,) = studies(
        line("PhD in Chemistry", bold=True, right="2012 - 2015"),
        line(SCHOOL),
        line("Thesis: Computer models of Engineering in Medicine"),
    )
    assert found.field_of_study == "Chemistry"
    assert found.description == "Thesis: Computer models of Engineering in Medicine"


def test_a_grade_in_an_honour_of_more_words_ends_before_it() -> None:
    (found,) = studies(
        line("B.S. in Dental Hygiene | May 2015 | Bayou State University"),
        line("GPA 3.7, Dean's List four semesters", bullet=True),
    )
    assert found.grade == "GPA 3.7"


@pytest.mark.parametrize(
    "degree", ["Diploma di Ragioniere e perito commerciale", "Bachelor of Science - BS"]
)
def test_the_other_half_of_a_degree_belongs_to_it(degree: str) -> None:
    found = degree_of(degree)
    assert found is not None
    assert (found.degree, found.rest) == (degree, "")


def test_a_degree_may_be_written_small_where_its_field_follows() -> None:
    found = degree_of("magister, Finanse i rachunkowość")
    assert found is not None
    assert (found.degree, found.rest) == ("magister", "Finanse i rachunkowość")
    assert degree_of("master, of all trades") is None


def test_a_programme_whose_name_ends_in_a_plus_is_no_degree() -> None:
    assert degree_of("Erasmus+ exchange") is None
