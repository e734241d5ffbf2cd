"""What templates have little room for is read as it was meant."""

from __future__ import annotations

from typing import Any

import pytest

from app.cv.from_profile import cv_data_of
from app.cv.normalise import TEMPLATES, normalise
from app.importing.preview import Preview
from app.importing.read import read_text_of_pdf
from workers.render import render_pdf

SKILLS = [
    "Stakeholder management across several international sites",
    "Kubernetes",
    "Design and analysis of randomised controlled trials",
    "Statistical process control for regulated production lines",
    "Excel",
    "Root cause analysis with fishbone diagrams",
    "Public speaking to large audiences",
    "R",
    "Negotiation of framework contracts with suppliers",
]


def seen(template: str, **sections: list[dict[str, Any]]) -> Preview:
    """What is read of the page of a person who has `sections`."""
    record = {"profile": {"full_name": "Ada Lovelace", "email": "ada@example.com"}, **sections}
    return read_text_of_pdf(render_pdf(normalise(cv_data_of(record, template=template)).cv).pdf)


def test_places_of_several_lines_in_the_margin_belong_to_the_dates_above_them() -> None:
    places = ["Bremen", "Bremen", "Hamburg und Umgebung, Deutschland"]
    names = ["Nordlicht Logistik GmbH", "Weser Spedition GmbH", "Hansa Maschinenbau AG"]
    positions = [
        {"company": name, "title": "Einkäufer", "location": place, "start_date": f"{year}-01"}
        | {"end_date": f"{year + 1}-12", "description": "Einkauf von Teilen in Osteuropa."}
        for name, place, year in zip(names, places, (2020, 2018, 2015), strict=True)
    ]
    studies = [{"institution": "Hochschule Bremen", "start_date": "2010", "end_date": "2014"}]
    languages = [{"name": "SAP S/4HANA"}, {"name": "Lieferketten"}]
    read = seen("academic", experience=positions, education=studies, skills=languages)
    assert [(each.company, each.location, each.start_date) for each in read.experience] == [
        (name, place, f"{year}-01")
        for name, place, year in zip(names, places, (2020, 2018, 2015), strict=True)
    ]
    assert [each.institution for each in read.education] == ["Hochschule Bremen"]
    assert [each.name for each in read.skills] == ["SAP S/4HANA", "Lieferketten"]


def test_heads_of_one_line_begin_entries_however_long_and_whether_dated_or_not() -> None:
    positions: list[dict[str, Any]] = [
        {"company": "Assiniboine Electric Ltd.", "title": "Journeyman Electrician"}
        | {"start_date": "2016-04", "is_current": True, "bullets": ["Service calls", "Panels"]},
        {"company": "Keewatin Mining Camp Services", "location": "Flin Flon MB"}
        | {"title": "Electrician, fly in fly out (2 weeks in / 2 out)"}
        | {"start_date": "2013", "end_date": "2016", "bullets": ["Maintained generators"]},
        {"company": "Wheat City Wiring", "title": "Apprentice Electrician"}
        | {"start_date": "2009-09", "end_date": "2013-03"},
        {"company": "Castellanos & Sons Farm", "title": "Farm hand"}
        | {"description": "Fixed whatever broke."},
    ]
    read = seen("compact", experience=positions)
    assert [(each.company, each.title, each.start_date) for each in read.experience] == [
        (each["company"], each["title"], each.get("start_date")) for each in positions
    ]


def test_a_number_before_a_wide_gap_is_no_day_of_the_month_behind_it() -> None:
    study = {"institution": "Red River Valley Trades College", "end_date": "2013-06"}
    study |= {"degree": "Construction Electrician, Level 4", "location": "Winnipeg"}
    [read] = seen("compact", education=[study]).education
    assert (read.degree, read.end_date) == (study["degree"], study["end_date"])


def test_a_title_that_ends_beside_its_dates_does_not_go_on_in_a_labelled_line() -> None:
    position = {"company": "Oklahoma Conservation Commission", "location": "Oklahoma City, OK"}
    position |= {"title": "Soil Conservation Technician", "start_date": "2015-08"}
    position |= {"end_date": "2019-05", "description": "Hours per week: 40\nGrade Level: n/a"}
    [read] = seen("compact", experience=[position]).experience
    assert (read.title, read.description) == (position["title"], position["description"])


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("noted", [{}, {"level": "advanced", "years": 5.0}], ids=["bare", "noted"])
def test_skills_that_take_several_lines_are_as_many_as_they_were(
    template: str, noted: dict[str, Any]
) -> None:
    position = {"company": "Acme Ltd", "title": "Engineer", "start_date": "2019-01"}
    skills = [{"name": name, **noted} for name in SKILLS]
    read = seen(template, experience=[position], skills=skills)
    wanted = (noted.get("level"), noted.get("years"))
    assert [(each.name, each.level, each.years) for each in read.skills] == [
        (name, *wanted) for name in SKILLS
    ]
    assert [each.company for each in read.experience] == ["Acme Ltd"]
