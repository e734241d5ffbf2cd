"""What a PDF says of itself, and what it encloses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pypdfium2
import pytest
from msgspec import structs
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from app.cv.enclosed import CV_DATA, RESUME, data_digest, text_digest
from app.cv.model import Template
from app.cv.normalise import normalise
from app.importing.plain import page_texts
from tests.exporting.test_json_resume import assert_valid
from tests.workers import samples
from tests.workers.reading import attachments, reader
from tests.workers.samples import TEMPLATES
from workers.render import render_pdf

render = cache(render_pdf)
every_template = pytest.mark.parametrize("template", TEMPLATES)


def metadata(pdf: bytes) -> str:
    """The XMP packet, as tools find it that know nothing of PDF."""
    found = re.search(rb"<\?xpacket begin.*<\?xpacket end", pdf, re.DOTALL)
    assert found
    return found[0].decode()


@every_template
def test_a_pdf_says_that_it_is_pdf_a_3a_and_pdf_ua_1(template: Template) -> None:
    told = metadata(render(samples.example(template)).pdf)
    assert "http://www.aiim.org/pdfa/ns/id/" in told
    assert re.search(r'pdfaid:part="3"\s+pdfaid:conformance="A"', told)
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<" in told


@every_template
def test_a_pdf_is_tagged_titled_and_in_a_language(template: Template) -> None:
    catalogue: Any = reader(render(samples.example(template))).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Leif Doxarve" in metadata(render(samples.example(template)).pdf)


def parts(element: Any) -> Iterator[Any]:
    """The elements of a structure below `element`, which have no types in pypdf that fit."""
    kids = element.get_object().get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        part = kid.get_object()
        if isinstance(part, dict) and "/S" in part:
            yield part
            yield from parts(part)


@every_template
def test_no_part_of_the_structure_is_empty(template: Template) -> None:
    root = reader(render(samples.unruly(template))).trailer["/Root"]["/StructTreeRoot"]
    found = list(parts(root))
    assert len(found) > 100
    assert [part["/S"] for part in found if not part.get("/K")] == []


def test_the_structure_says_where_the_portrait_stands() -> None:
    rendered = render(samples.pictured(samples.example("picture"), samples.portrait(480, 480)))
    root = reader(rendered).trailer["/Root"]["/StructTreeRoot"]
    [figure] = [part for part in parts(root) if part["/S"] == "/Figure"]
    assert figure["/Alt"] == "Leif Doxarve"
    [image] = pypdfium2.PdfDocument(rendered.pdf)[0].get_objects([FPDF_PAGEOBJ_IMAGE])
    assert [float(each) for each in figure["/A"]["/BBox"]] == pytest.approx(
        image.get_bounds(), abs=0.01
    )


@every_template
def test_no_viewer_is_asked_to_smooth_pictures(template: Template) -> None:
    pages = reader(render(samples.pictured(samples.example(template)))).pages
    images = [
        image.get_object()
        for page in pages
        for image in page["/Resources"].get("/XObject", {}).values()
    ]
    assert len(images) == (template == "picture")
    assert not any(image["/Interpolate"].value for image in images)


def test_the_title_of_a_very_long_name_is_cut() -> None:
    title = reader(render(samples.unruly("original"))).metadata.title
    assert title.startswith("Wolfeschlegelsteinhausenbergerdorff Maximilian")
    assert title.endswith("…")
    assert len(title) == 120


@every_template
def test_a_pdf_encloses_the_cv_data_that_it_was_made_of(template: Template) -> None:
    cv = samples.example(template)
    rendered = render(cv)
    assert attachments(rendered) == [CV_DATA, RESUME]
    enclosed = json.loads(reader(rendered).attachments[CV_DATA][0])
    read = normalise(enclosed)
    assert read.cv == cv
    assert {warning.code for warning in read.warnings} <= {"picture_missing"}


def test_what_is_enclosed_is_the_source_of_the_document() -> None:
    catalogue: Any = reader(render(samples.example())).trailer["/Root"]
    files = [file.get_object() for file in catalogue["/AF"]]
    told = {(file["/UF"], file["/AFRelationship"]) for file in files}
    assert told == {(CV_DATA, "/Source"), (RESUME, "/Source")}


@every_template
def test_a_pdf_encloses_a_valid_json_resume_that_says_the_same(template: Template) -> None:
    resume = json.loads(reader(render(samples.example(template))).attachments[RESUME][0])
    assert_valid(resume)
    assert resume["basics"]["name"] == "Leif Doxarve"
    assert resume["work"]


def test_a_pdf_states_digests_of_its_text_and_its_data() -> None:
    rendered = render(samples.example())
    enclosed = [(name, content[0]) for name, content in reader(rendered).attachments.items()]
    told = metadata(rendered.pdf)
    assert f"<vitae:textDigest>{text_digest(page_texts(rendered.pdf))}<" in told
    assert f"<vitae:dataDigest>{data_digest(enclosed)}<" in told


def test_the_portrait_is_not_enclosed_a_second_time() -> None:
    cv = samples.pictured(samples.example("picture"))
    enclosed = json.loads(reader(render(cv)).attachments[CV_DATA][0])
    without = structs.replace(cv, identity=structs.replace(cv.identity, picture=None))
    assert normalise(enclosed).cv == without


def test_another_process_makes_the_same_bytes() -> None:
    program = (
        "import sys; from tests.workers import samples; from workers.render import render_pdf;"
        "sys.stdout.buffer.write(render_pdf(samples.example('business')).pdf)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == render(samples.example("business")).pdf
