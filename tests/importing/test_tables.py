"""Tables that say in their first row what their columns hold."""

from __future__ import annotations

import pytest

from app.importing.blocks import blocks_of
from app.importing.column_names import MIXED, column_names
from app.importing.docx import read_docx
from app.importing.fields import read_fields
from app.importing.preview import FoundEducation, FoundExperience, Preview
from app.importing.read import read_document, read_pdf
from app.importing.sections import Section
from tests.importing.pages import pdf, text
from tests.importing.test_docx import made, p

Cells = list[str]


def page(*tables: tuple[str, list[int], list[Cells]], leading: float = 18) -> bytes:
    """A page with a heading and a table below it for each; cells break at `|` about their middle.

    The first row of each table is bold.
    """
    drawn = text(40, 770, "Asha Nair", size=18) + text(40, 750, "asha@example.com")
    y = 725.0
    for heading, lefts, rows in tables:
        drawn += text(40, y, heading, size=13, font="bold")
        for number, row in enumerate(rows):
            depth = max(cell.count("|") for cell in row)
            y -= leading + 6 * depth
            for x, cell in zip(lefts, row, strict=True):
                lines = cell.split("|")
                for line, words in enumerate(lines):
                    at = y + 6 * (len(lines) - 1) - 12 * line
                    drawn += text(x, at, words, font="plain" if number else "bold")
            y -= 6 * depth
        y -= 40
    return pdf(drawn)


def headed(heading: str, rows: list[Cells]) -> str:
    """A heading of a DOCX and the table below it; a cell has a paragraph for each part by `|`."""
    body = "".join(
        f"<w:tr>{''.join(f'<w:tc>{_paragraphs(cell)}</w:tc>' for cell in row)}</w:tr>"
        for row in rows
    )
    return p(heading, '<w:pStyle w:val="H1"/>') + f"<w:tbl>{body}</w:tbl>"


def _paragraphs(cell: str) -> str:
    return "".join(map(p, cell.split("|")))


def word(heading: str, rows: list[Cells]) -> bytes:
    return made(p("Asha Nair") + p("asha@example.com") + headed(heading, rows))


def studies(preview: Preview) -> list[tuple[str | None, ...]]:
    return [_study(study) for study in preview.education]


def _study(one: FoundEducation) -> tuple[str | None, ...]:
    return (one.degree, one.institution, one.start_date, one.end_date, one.grade)


def positions(preview: Preview) -> list[tuple[str | None, ...]]:
    return [_position(position) for position in preview.experience]


def _position(one: FoundExperience) -> tuple[str | None, ...]:
    return (one.title, one.company, one.start_date, one.end_date)


LEFTS = [40, 170, 390, 490]
SCHOOLING = [
    ["Degree / Examination", "Institute", "Year", "Marks"],
    ["B.Tech.", "Narmada College", "2017 - 2021", "8.42"],
    ["Class XII", "Hill View School", "2017", "91.4%"],
]


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (["S.No", "Examination", "% of Marks"], ["number", "degree", "grade"]),
        (["Course", "Board / University", "Year of Passing"], ["degree", "board", "time"]),
        (["Zeitraum", "Abschluss", "Hochschule", "Note"], ["time", "degree", "school", "grade"]),
        (["Entreprise", "Poste", "Début", "Fin"], ["company", "title", "from", "to"]),
        (["Título", "Institución", "Ciudad"], ["degree", "school", "place"]),
        (["Azienda", "Ruolo", "Periodo"], ["company", "title", "time"]),
        (["Curso", "Instituição", "Conclusão"], ["degree", "school", "time"]),
        (["Functie", "Werkgever", "Periode"], ["title", "company", "time"]),
        (["时间", "学校", "专业", "学历"], ["time", "school", "field", "degree"]),
        (["期間", "会社名", "役職"], ["time", "company", "title"]),
        (["Company (last first)", "Designation"], ["company", "title"]),
        (["Position and company", "Dates"], [MIXED, "time"]),
    ],
    ids=["in", "in-board", "de", "fr", "es", "it", "pt", "nl", "zh", "ja", "aside", "mixed"],
)
def test_names_of_columns_are_known_in_each_language(names: Cells, kinds: list[str]) -> None:
    assert column_names(names) == kinds


@pytest.mark.parametrize(
    "cells",
    [["School", "Board"], ["Year", "%"], ["Degree", "Hill View School"], ["Degree"]],
    ids=["one-kind", "no-name", "a-value", "one-cell"],
)
def test_a_row_that_does_not_only_name_columns_names_none(cells: Cells) -> None:
    assert column_names(cells) is None


def test_a_row_of_names_is_no_study_and_is_unplaced() -> None:
    preview = read_pdf(page(("EDUCATION", LEFTS, SCHOOLING)))
    assert studies(preview) == [
        ("B.Tech.", "Narmada College", "2017", "2021", "8.42"),
        ("Class XII", "Hill View School", None, "2017", "91.4%"),
    ]
    assert [left.text for left in preview.unplaced] == [
        "Degree / Examination  Institute  Year  Marks"
    ]


def test_columns_tell_what_words_do_not() -> None:
    rows = [
        ["Company", "Designation", "Duration"],
        ["Blue Lantern", "Tide Keeper", "Aug 2021 - Present"],
        ["Tide Keeper", "Blue Lantern", "May 2020 - Jul 2020"],
    ]
    preview = read_pdf(page(("WORK EXPERIENCE", [40, 200, 400], rows)))
    assert positions(preview) == [
        ("Tide Keeper", "Blue Lantern", "2021-08", None),
        ("Blue Lantern", "Tide Keeper", "2020-05", "2020-07"),
    ]


def test_cells_of_several_lines_stay_in_their_row() -> None:
    rows = [
        ["Course", "Institution", "Year of|Passing", "Marks|(%)"],
        ["MBA", "Deccan Institute of|Management Studies", "2021", "74.2"],
        ["B.Com", "Modern College of|Arts and Commerce", "2019", "68.5"],
    ]
    preview = read_pdf(page(("EDUCATION", LEFTS, rows), leading=22))
    assert studies(preview) == [
        ("MBA", "Deccan Institute of Management Studies", None, "2021", "74.2"),
        ("B.Com", "Modern College of Arts and Commerce", None, "2019", "68.5"),
    ]


def test_a_cell_may_be_empty() -> None:
    rows = [
        ["Qualification", "Specialization", "Institute", "Year"],
        ["B.Tech", "Electrical Engineering", "Narmada College", "2022"],
        ["Class X", "", "Hill View School", "2016"],
    ]
    for data in (
        read_pdf(page(("EDUCATION", LEFTS, rows))),
        read_document(read_docx(word("Education", rows)), "docx"),
    ):
        assert [(one.degree, one.field_of_study) for one in data.education] == [
            ("B.Tech", "Electrical Engineering"),
            ("Class X", None),
        ]


def test_a_board_is_the_institution_only_where_no_school_is_named() -> None:
    rows = [
        ["Examination", "Board/University", "School/College", "Year"],
        ["HSC", "State Board", "Hill View School", "2018"],
        ["SSLC", "State Board", "", "2016"],
    ]
    preview = read_document(read_docx(word("Education", rows)), "docx")
    assert [one.institution for one in preview.education] == ["Hill View School", "State Board"]
    assert preview.education[0].description == "State Board"


def test_begin_and_end_may_have_columns_of_their_own() -> None:
    rows = [
        ["Employer", "Role", "From", "To"],
        ["Blue Lantern Ltd", "Analyst", "Aug 2021", "Till date"],
        ["Konkan Bank", "Trainee", "May 2020", "Jul 2020"],
    ]
    preview = read_document(read_docx(word("Work experience", rows)), "docx")
    assert positions(preview) == [
        ("Analyst", "Blue Lantern Ltd", "2021-08", None),
        ("Trainee", "Konkan Bank", "2020-05", "2020-07"),
    ]
    assert [position.is_current for position in preview.experience] == [True, False]


def test_two_tables_of_a_page_keep_apart() -> None:
    work = [
        ["Zeitraum", "Position", "Unternehmen"],
        ["10/2018 - heute", "Entwicklerin", "Ilmtal Systeme GmbH"],
        ["03/2017 - 09/2018", "Werkstudentin", "Kraft KG"],
    ]
    school = [
        ["Zeitraum", "Abschluss", "Hochschule / Schule"],
        ["10/2015 - 09/2018", "B.Sc. Informatik", "Technische Hochschule Ilmenau"],
        ["08/2007 - 06/2015", "Abitur", "Goethe-Gymnasium"],
    ]
    lefts = [40, 170, 300]
    preview = read_pdf(page(("AUSBILDUNG", lefts, school), ("BERUFSERFAHRUNG", lefts, work)))
    assert [one[:2] for one in studies(preview)] == [
        ("B.Sc.", "Technische Hochschule Ilmenau"),
        ("Abitur", "Goethe-Gymnasium"),
    ]
    assert [one[:2] for one in positions(preview)] == [
        ("Entwicklerin", "Ilmtal Systeme GmbH"),
        ("Werkstudentin", "Kraft KG"),
    ]


def test_a_table_tells_its_section_where_the_heading_does_not() -> None:
    lines = read_docx(word("Where I sat", SCHOOLING)).lines[3:]
    preview = Preview(format="docx")
    read_fields([Section("other", blocks=blocks_of(lines))], preview)
    assert [study.degree for study in preview.education] == ["B.Tech.", "Class XII"]


def test_what_stands_below_a_table_is_no_row_of_it() -> None:
    after = p("Secretary of the debating club.")
    data = made(f"{p('Asha Nair')}{headed('Education', SCHOOLING)}{after}")
    both = read_document(read_docx(data), "docx")
    assert studies(both) == studies(read_document(read_docx(word("Education", SCHOOLING)), "docx"))
    assert "Secretary of the debating club." in [left.text for left in both.unplaced]
