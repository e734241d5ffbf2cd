"""As Word's stock template has it: contact data in the page's header, fields in content controls, a
table with dates in the first column, headings by style."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from tests.importing.corpus.make.word import controlled, run, shatter

_JOBS = [
    (
        "Autumn 2017 – Present",
        "Head of Mathematics",
        "Ravensmoor Academy, Sheffield",
        [
            "Lead eleven teachers; share of pupils with grade 5 or better rose from 48% to 63%",
            "Wrote the department's scheme of work for years 7 to 9",
        ],
    ),
    (
        "Sept 2012 – July 2017",
        "Teacher of Mathematics",
        "St Hilda's School, Rotherham",
        ["Ran the chess club and the Year 10 catch-up class"],
    ),
    ("2010 - 2011", "Teaching Assistant", "Beckfoot Primary School, Barnsley", []),
]


def _body(document: Any, text: str, tag: str, style: str) -> None:
    end = document.element.body.sectPr
    holder = docx.oxml.OxmlElement("w:body")
    controlled(holder, text, tag, style)
    end.addprevious(holder[0])


def build(path: Path) -> None:
    document = docx.Document()
    header = document.sections[0].header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    header.add_run("17 Kiln Lane, Sheffield S7 2QP")
    header.add_run().add_break()
    header.add_run("0114 496 0152")
    header.add_run().add_break()
    header.add_run("callum.fairweather@example.org")
    _body(document, "Callum Fairweather", "Your Name", "Title")
    _body(document, "Teacher of mathematics, Qualified Teacher Status", "Job Title", "Subtitle")
    document.add_heading("Objective", 1)
    _body(
        document,
        "To lead a faculty in which no child says that numbers are not for them.",
        "Objective",
        "Normal",
    )
    document.add_heading("Experience", 1)
    table = document.add_table(rows=0, cols=2)
    for dates, title, place, points in _JOBS:
        left, right = table.add_row().cells
        left.width, right.width = Cm(4), Cm(12)
        left.paragraphs[0].add_run(dates)
        run(right.paragraphs[0], title, bold=True)
        right.add_paragraph(place)
        for text in points:
            right.add_paragraph(text, style="List Bullet")
    document.add_heading("Education", 1)
    table = document.add_table(rows=0, cols=2)
    for date, degree, school in (
        ("2012", "PGCE Secondary Mathematics", "University of Hallamshire"),
        ("2010", "BSc (Hons) Mathematics, 2:1", "University of Hull"),
    ):
        left, right = table.add_row().cells
        left.width, right.width = Cm(4), Cm(12)
        left.paragraphs[0].add_run(date)
        run(right.paragraphs[0], degree, bold=True)
        right.add_paragraph(school)
    document.add_heading("Skills", 1)
    for text in ("GeoGebra", "Classroom management", "Timetabling", "First aid"):
        document.add_paragraph(text, style="List Bullet")
    document.add_heading("References", 1)
    _body(document, "Available on request.", "References", "Normal")
    shatter(document)
    document.save(str(path))
