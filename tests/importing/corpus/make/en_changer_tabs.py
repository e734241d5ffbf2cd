"""A word processor's page with dates by a tab stop at the right: letter-spaced headings, gaps
between the jobs, an entry that goes on after the page's end, a running head and foot."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tests.importing.corpus.make.word import right_tab, rule_below, run

OUTPUT = "pdf"

_JOBS = [
    (
        "Junior Data Technician",
        "Sept. 2023 – Present",
        "Marlborough District Council, Blenheim",
        [
            "Clean and publish water quality readings of 74 sites each week",
            "Wrote a checklist that caught 112 wrong units in its first month",
        ],
    ),
    (
        "Full-time carer for a family member",
        "2020 – 2022",
        "",
        ["Managed medication, appointments and the household; studied at night"],
    ),
    (
        "Head Chef",
        "Nov. 2015 – Feb. 2020",
        "The Scallop House, Picton",
        [
            "Ran a kitchen of seven and a menu that followed the boats",
            "Kept food cost at 27 per cent through four changes of supplier",
            "Taught eleven apprentices, nine of whom passed at the first attempt and two of whom "
            "now run kitchens of their own in Nelson and Kaikōura",
        ],
    ),
    (
        "Sous Chef",
        "June 2012 – Aug. 2015",
        "Harbourlight Hotel, Wellington",
        [
            "Weddings for up to 250 guests on two floors",
            "Introduced allergen sheets two years before they were asked for",
            "Covered for the head chef for five months",
        ],
    ),
    (
        "Commis Chef",
        "Mar. 2010 – May 2012",
        "Harbourlight Hotel, Wellington",
        ["Cold section, pastry, and breakfast on Sundays"],
    ),
    (
        "Deckhand",
        "2008 – 2009",
        "Sounds Ferries, Picton",
        ["Mooring, safety briefings and coffee"],
    ),
]


def _spaced(document: docx.document.Document, text: str) -> None:
    paragraph = rule_below(document.add_paragraph(), "2F5496")
    paragraph.paragraph_format.space_before = Pt(14)
    made = run(paragraph, text, bold=True, size=12, color="2F5496")
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), "60")
    made._r.get_or_add_rPr().append(spacing)


def build(path: Path) -> None:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Serif", Pt(13)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.header.paragraphs[0].text = "Hemi Tawhara  –  Curriculum Vitae"
    section.footer.paragraphs[0].text = "References on request"
    run(document.add_paragraph(), "Hemi Tawhara", bold=True, size=24)
    document.add_paragraph("Blenheim, New Zealand  |  021 555 0148  |  hemi.tawhara@example.org")
    _spaced(document, "PROFILE")
    document.add_paragraph(
        "Former head chef who now brings order to data instead of kitchens. Used to heat, haste "
        "and people; graduated in 2023 after three years of evening study."
    )
    _spaced(document, "EMPLOYMENT HISTORY")
    for title, dates, place, points in _JOBS:
        line = right_tab(document.add_paragraph(), 15.9)
        run(line, title, bold=True)
        line.add_run(f"\t{dates}")
        if place:
            run(document.add_paragraph(), place, italic=True)
        for text in points:
            document.add_paragraph(text, style="List Bullet")
    _spaced(document, "EDUCATION AND TRAINING")
    for title, dates, place in (
        ("Graduate Diploma in Data Analytics", "2021 – 2023", "Tasman Polytechnic"),
        ("Level 5 Diploma in Cookery", "2009 – 2010", "Capital School of Hospitality, Wellington"),
    ):
        line = right_tab(document.add_paragraph(), 15.9)
        run(line, title, bold=True)
        line.add_run(f"\t{dates}")
        run(document.add_paragraph(), place, italic=True)
    _spaced(document, "KEY SKILLS")
    document.add_paragraph("SQL • Python • Excel • Power BI • Rostering • Budgeting")
    _spaced(document, "LANGUAGES")
    document.add_paragraph("English (fluent) • Te reo Māori (conversational)")
    document.save(str(path))
