from __future__ import annotations

from app.importing.blocks import Block, blocks_of
from app.importing.forms import asked_for, without_labels
from tests.importing.pages import line


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
