from __future__ import annotations

from msgspec import structs

from app.importing.blocks import Block, blocks_of
from app.importing.document import Line, Segment
from app.importing.forms import asked_for, without_labels
from tests.importing.pages import line
from tests.importing.test_fields import NAME, experience, head, read


def form(*rows: tuple[str, str]) -> list[Block]:
    return blocks_of(
        [line(label, right=value, top=14.0 * i) for i, (label, value) in enumerate(rows)]
    )


def test_the_rows_of_a_form_become_the_head_of_an_entry() -> None:
    blocks = form(
        ("Dates", "2019 - 2021"),
        ("Main activities and responsibilities", "Wrote programmes"),
        ("Name and address of employer", "Engine Works, London"),
        ("Occupation or position held", "Analyst"),
        ("Dates", "2017 - 2019"),
        ("Occupation or position held", "Weaver"),
    )
    assert [block.text for block in without_labels(blocks)] == [
        "2019 - 2021",
        "Analyst",
        "Engine Works, London",
        "Wrote programmes",
        "2017 - 2019",
        "Weaver",
    ]


def test_a_section_that_is_no_form_stays_as_it_is() -> None:
    blocks = form(("Analyst", "2019 - 2021"), ("Weaver", "2017 - 2019"))
    assert without_labels(blocks) == blocks


def test_labels_are_known_in_other_languages_and_however_written() -> None:
    assert asked_for("LAVORO O POSIZIONE RICOPERTI") == "title"
    assert asked_for("Nom et adresse de l’employeur") == "company"
    assert asked_for("Engine Works") is None


def test_the_rows_of_a_form_behind_bold_labels_are_one_position() -> None:
    rows = [
        ("Organisation :", "Brightwave Infotech Pvt Ltd, Chennai"),
        ("Designation :", "Senior Test Engineer"),
        ("Duration :", "Aug 2020 to till date"),
        ("Organisation :", "Kaveri Softtech, Coimbatore"),
        ("Designation :", "Test Engineer"),
        ("Duration :", "June 2018 to July 2020"),
    ]
    found = read(NAME, head("Work experience"), *(labelled(*row) for row in rows)).experience
    assert [(each.title, each.company, each.start_date) for each in found] == [
        ("Senior Test Engineer", "Brightwave Infotech Pvt Ltd", "2020-08"),
        ("Test Engineer", "Kaveri Softtech", "2018-06"),
    ]


def test_places_behind_bold_labels_are_one_place() -> None:
    (found,) = experience(
        line("Fisioterapeuta", bold=True, right="01/09/2019 - 31/08/2021"),
        line("Clínica Zurriola", italic=True),
        labelled("Localidad:", "San Sebastián |", "País:", "España"),
    )
    assert (found.company, found.location) == ("Clínica Zurriola", "San Sebastián, España")


def labelled(*texts: str) -> Line:
    """A line in which every other text is a label in bold."""
    whole = line(" ".join(texts))
    segments = []
    left = 40.0
    for index, text in enumerate(texts):
        right = left + 5.0 * len(text)
        box = (left, 0.0, right, 10.0)
        segments.append(Segment(text=text, size=10, bold=not index % 2, box=box))
        left = right + 5
    return structs.replace(whole, segments=tuple(segments))
