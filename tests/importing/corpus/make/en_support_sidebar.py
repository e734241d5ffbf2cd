"""A layout table of two columns: a shaded narrow one with contact, skills rated by stars and
languages, a wide one with the rest; printed to PDF."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from tests.importing.corpus.make.word import run

OUTPUT = "pdf"

_SIDE = [
    "!CONTACT",
    "Tel: +32 470 55 01 88",
    "lotte@verhulst.example.org",
    "Antwerp, Belgium",
    "verhulst.example.org",
    "!SKILLS",
    "Zendesk ★★★★★",
    "Troubleshooting ★★★★☆",
    "SQL ★★★☆☆",
    "Technical writing ★★★★☆",
    "!LANGUAGES",
    "Dutch – native",
    "English – C2",
    "French – B2",
    "!INTERESTS",
    "Bouldering, radio plays",
]
_MAIN = [
    "#Lotte Verhulst",
    "=Customer Support Team Lead",
    "!PROFILE",
    "Support lead who answers the hard tickets herself and turns each into a page of help.",
    "!EXPERIENCE",
    "*Customer Support Team Lead",
    "Brightpath Software | Antwerp | May 2021 – Present",
    "▪ Lead of nine agents in three time zones",
    "▪ Brought the first answer down from nine hours to fifty minutes, mostly by writing down "
    "what had been asked before",
    "*Support Engineer",
    "Brightpath Software | Antwerp | Feb 2018 – Apr 2021",
    "▪ Reproduced and reported some 900 bugs",
    "*Call Centre Agent",
    "Scheldt Telecom | Mechelen | Sep 2015 – Jan 2018",
    "▪ Sixty calls a day in three languages",
    "!EDUCATION",
    "*Bachelor of Applied Linguistics",
    "Thomas More-Noord College | Antwerp | 2012 – 2015",
    "!CERTIFICATES",
    "ITIL 4 Foundation | PeopleCert | June 2020",
]
_LOOKS = {"#": (20, True), "=": (12, False), "!": (11, True), "*": (10.5, True)}


def build(path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    left.width, right.width = Cm(5.5), Cm(12.5)
    left._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="DDE7EE"/>')
    )
    for cell, lines in ((left, _SIDE), (right, _MAIN)):
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
            size, bold = _LOOKS.get(line[0], (10, False))
            run(paragraph, line[1:] if line[0] in _LOOKS else line, size=size, bold=bold)
    document.save(str(path))
