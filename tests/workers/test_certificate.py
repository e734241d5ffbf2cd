"""What machines read in our PDFs, without the data that these enclose."""

from __future__ import annotations

import io

import pypdf
import pytest
from msgspec import structs

from app.cv.model import Template
from tests.workers import samples
from tests.workers.samples import TEMPLATES
from workers.certificate import certificate
from workers.render import render_pdf

# Which fields of the example a template may lose or change. It may only shrink.
ALLOWED: dict[str, set[str]] = {
    "original": set(),
    "harvard": set(),
    "business": set(),
    "picture": set(),
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_machines_read_what_a_template_shows(template: Template) -> None:
    cv = samples.example(template)
    rendered = render_pdf(cv)
    made = certificate(cv, rendered.pdf)
    unread = {field["path"] for field in made["fields"] if field["status"] != "found"}
    assert unread == ALLOWED.get(template, set())
    assert [field["path"] for field in made["fields"] if not field["in_text"]] == []
    assert made["in_order"]
    assert (made["pages"], made["size_bytes"]) == (rendered.pages, len(rendered.pdf))
    assert made["counts"]["found"] + len(unread) == len(made["fields"]) > 20
    assert made["fonts"]
    assert all(font["embedded"] and font["subset"] for font in made["fonts"])
    assert [check for check in made["checks"] if not check["passed"]] == []


def test_a_field_that_the_page_lacks_is_missing_or_differs() -> None:
    shown = samples.example()
    said = samples.example("harvard")
    person = said.identity
    said = structs.replace(said, identity=structs.replace(person, email="another@example.org"))
    made = certificate(said, render_pdf(shown).pdf)
    [field] = [each for each in made["fields"] if each["path"] == "profile.email"]
    assert (field["status"], field["read"], field["in_text"]) == (
        "differs",
        person.email,
        False,
    )


def test_a_job_that_the_page_lacks_is_missing_and_those_after_it_are_found() -> None:
    said = samples.example("harvard")
    jobs = next(section for section in said.sections if section.key == "experience")
    lacking = structs.replace(jobs, items=jobs.items[1:])
    shown = structs.replace(
        said, sections=[lacking if each is jobs else each for each in said.sections]
    )
    made = certificate(said, render_pdf(shown).pdf)
    lost = {each["path"].partition(".")[0] for each in made["fields"] if each["status"] != "found"}
    assert lost == {"experience[0]"}
    assert all(each["status"] != "differs" for each in made["fields"])


def test_a_file_without_tags_fails_the_checks_that_ask_for_them() -> None:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(render_pdf(samples.example()).pdf))
    for key in ("/MarkInfo", "/StructTreeRoot", "/OutputIntents"):
        writer.root_object.pop(pypdf.generic.NameObject(key), None)
    out = io.BytesIO()
    writer.write(out)
    made = certificate(samples.example(), out.getvalue())
    failed = {check["name"] for check in made["checks"] if not check["passed"]}
    assert {"tagged", "structure", "colour_profile"} <= failed
