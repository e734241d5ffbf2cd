"""Everything in text boxes placed on the page, as in the templates that look like posters; printed
to PDF. The boxes stand in the file in another order than they are read."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.shared import Cm

from tests.importing.corpus.make.word import text_box

OUTPUT = "pdf"

_NAME = [("KOFI MENSAH-DARKO", True), ("Sales Representative", False)]
_CONTACT = [
    ("CONTACT ME", True),
    ("+27 82 555 0166", False),
    ("kofi.mensah@example.com", False),
    ("Durban, South Africa", False),
    ("", False),
    ("SKILLS", True),
    ("Negotiation", False),
    ("Salesforce", False),
    ("Route planning", False),
    ("Cold calling", False),
    ("", False),
    ("LANGUAGES", True),
    ("English - fluent", False),
    ("Zulu - native", False),
    ("Afrikaans - basic", False),
]
_WORK = [
    ("WORK HISTORY", True),
    ("SALES REPRESENTATIVE | UMLAZI BEVERAGES", True),
    ("Jan '19 - now", False),
    ("• Serve 130 shops between Durban and Ballito", False),
    (
        "• Best growth in the province in 2022, with a quarter more cases than the year before",
        False,
    ),
    ("", False),
    ("FIELD MERCHANDISER | COASTAL FOODS", True),
    ("Feb '16 - Dec '18", False),
    ("• Built displays, counted stock, made friends", False),
    ("", False),
    ("CASHIER | GREENGATE SUPERMARKET", True),
    ("2014 - 2015", False),
]
_SCHOOL = [
    ("EDUCATION", True),
    ("DIPLOMA IN MARKETING | NATAL COLLEGE OF COMMERCE", True),
    ("2012 - 2014", False),
    ("MATRIC | INANDA HIGH SCHOOL", True),
    ("2011", False),
]


def build(path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    anchor = document.add_paragraph()
    text_box(anchor, _SCHOOL, 215, 520, 330, 200)
    text_box(anchor, _CONTACT, 40, 150, 160, 400)
    text_box(anchor, _WORK, 215, 150, 330, 350)
    text_box(anchor, _NAME, 40, 60, 505, 70)
    document.save(str(path))
