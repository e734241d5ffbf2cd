"""What the pieces of a head are: titles, companies, places and kinds of employment."""

from __future__ import annotations

import pytest

from app.importing.document import Line
from app.importing.preview import FoundExperience
from tests.importing.pages import line
from tests.importing.test_fields import NAME, head, read

DATES = "Mar 2019 - May 2021"


def positions(*lines: Line) -> list[FoundExperience]:
    return read(NAME, head("Experience"), *lines).experience


@pytest.mark.parametrize(
    ("row", "company", "place"),
    [
        ("River Ship GmbH, Porto (Portugal)", "River Ship GmbH", "Porto (Portugal)"),
        ("Atelier Garonne, Toulouse (31)", "Atelier Garonne", "Toulouse (31)"),
        ("Hospital Trust, Largo Palagi 1, Firenze", "Hospital Trust", "Largo Palagi 1, Firenze"),
        ("Gull Works Ltd, Nowherton", "Gull Works Ltd", "Nowherton"),
    ],
    ids=["country", "department", "street", "unknown_town"],
)
def test_a_place_behind_a_company_is_read_whole(row: str, company: str, place: str) -> None:
    (found,) = positions(line("Engineer", bold=True, right=DATES), line(row))
    assert (found.title, found.company, found.location) == ("Engineer", company, place)


def test_an_internship_is_the_title_where_no_other_stands() -> None:
    (found,) = positions(line("Praktikum", bold=True, right=DATES), line("Studio Moreau GmbH"))
    assert (found.title, found.company) == ("Praktikum", "Studio Moreau GmbH")
    assert found.employment_type == "Praktikum"


def test_a_sentence_behind_a_title_describes_it() -> None:
    (found,) = positions(
        line("Loom Works Ltd", bold=True, right=DATES), line("Farm hand. Fixed the looms.")
    )
    assert (found.company, found.title) == ("Loom Works Ltd", "Farm hand")
    assert found.description == "Fixed the looms."


def test_a_leave_is_an_entry_without_a_company() -> None:
    (found,) = positions(line("Parental leave", bold=True, right=DATES))
    assert (found.title, found.company) == ("Parental leave", None)


def test_a_time_without_work_is_no_position() -> None:
    preview = read(NAME, head("Experience"), line("arbeitsuchend", bold=True, right=DATES))
    assert preview.experience == []
    assert "arbeitsuchend" in " ".join(left.text for left in preview.unplaced)


def test_a_lone_name_without_a_date_is_no_position() -> None:
    preview = read(NAME, head("Experience"), line("Quillayute State University"))
    assert preview.experience == []
    assert [left.text for left in preview.unplaced] == ["Quillayute State University"]


def test_labels_name_the_place_of_a_position() -> None:
    (found,) = positions(
        line("Biologist", bold=True, right=DATES),
        line("Gull Works Ltd", italic=True),
        line("City: Faro | Country: Portugal"),
    )
    assert found.location == "Faro, Portugal"


def test_a_form_with_colons_is_read_by_its_labels() -> None:
    found = positions(
        line("Empresa: Talleres Moncayo S.L."),
        line("Cargo: Jefe de taller"),
        line("Periodo: Enero 2017 - Diciembre 2019"),
        line("Empresa: Ebro S.A."),
        line("Cargo: Mecánico"),
        line("Periodo: Junio 2009 - Diciembre 2016"),
    )
    assert [(one.title, one.company, one.start_date) for one in found] == [
        ("Jefe de taller", "Talleres Moncayo S.L.", "2017-01"),
        ("Mecánico", "Ebro S.A.", "2009-06"),
    ]


def test_a_row_of_tags_below_the_text_are_technologies() -> None:
    (found,) = positions(
        line("Engineer", bold=True, right=DATES),
        line("Northwind GmbH"),
        line("Built the ingest", bullet=True),
        line("Kafka", right="Python"),
    )
    assert (found.bullets, found.technologies) == (["Built the ingest"], ["Kafka", "Python"])


def test_the_head_of_a_table_names_its_columns_and_is_no_position() -> None:
    first, second = positions(
        line("Period", right="Employer"),
        line("Position: Head of Warehouse"),
        line("Period: 2020 - 2022"),
        line("Employer: Donau Logistik GmbH"),
        line("Position: Shift Supervisor"),
        line("Period: 2016 - 2020"),
        line("Employer: Alpenfracht AG"),
    )
    assert (first.title, first.company) == ("Head of Warehouse", "Donau Logistik GmbH")
    assert (second.title, second.company) == ("Shift Supervisor", "Alpenfracht AG")


def test_a_title_below_a_dated_company_is_its_own_and_no_entry() -> None:
    found = positions(
        line("Tide Trust Ltd", bold=True, right="2014 - 2019"),
        line("Ward Manager (2016 - 2019)", italic=True),
        line("Led staff", bullet=True),
        line("Staff Nurse (2014 - 2016)", italic=True),
        line("Nursed", bullet=True),
        line("Hospice Ltd", bold=True, right="2012 - 2014"),
        line("Assistant", italic=True),
        line("Worked at night", bullet=True),
    )
    assert [(one.title, one.company) for one in found] == [
        ("Ward Manager", "Tide Trust Ltd"),
        ("Staff Nurse", "Tide Trust Ltd"),
        ("Assistant", "Hospice Ltd"),
    ]
