"""The German table without borders: dates with two-digit years at the left, what was done at the
right; personal data in the same shape; headings as rows of their own."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.shared import Cm

from tests.importing.corpus.make.word import run

_ROWS: list[tuple[str, list[str]]] = [
    ("Persönliche Daten", []),
    ("Name", ["Kornelia Dittrich-Yılmaz"]),
    ("Geboren", ["12.06.1987 in Chemnitz"]),
    ("Anschrift", ["Rosenplan 3, 04109 Leipzig"]),
    ("Telefon", ["0341 55501 27"]),
    ("E-Mail", ["kornelia.dittrich@example.com"]),
    ("Berufliche Laufbahn", []),
    (
        "seit 03/19",
        [
            "*Teamleiterin Einkauf",
            "Hartmann Förderanlagen KG, Leipzig",
            "– Führung von fünf Einkäuferinnen und Einkäufern",
            "– Rahmenverträge für Motoren und Gurte, Volumen 14 Mio. Euro",
        ],
    ),
    (
        "08/14 – 02/19",
        [
            "*Strategische Einkäuferin",
            "Vogtland Textilmaschinen GmbH, Plauen",
            "– Lieferantenaudits in Tschechien und Polen",
        ],
    ),
    ("08/13 – 07/14", ["*Elternzeit"]),
    ("07/09 – 07/13", ["*Sachbearbeiterin Disposition", "Spedition Arnold & Söhne, Zwickau"]),
    ("Ausbildung", []),
    (
        "09/15 – 06/18",
        ["*Geprüfte Fachwirtin für Einkauf (IHK)", "IHK-Akademie Leipzig, berufsbegleitend"],
    ),
    (
        "08/06 – 06/09",
        ["*Ausbildung zur Kauffrau für Spedition", "BSZ Zwickau, Abschlussnote 1,6"],
    ),
    ("1998 – 2006", ["Abitur, Goethe-Gymnasium Chemnitz"]),
    ("Weiterbildung", []),
    ("11/21", ["Verhandeln nach dem Harvard-Konzept, Haus der Technik"]),
    ("05/17", ["Ausbildereignung (AEVO), IHK zu Leipzig"]),
    ("Kenntnisse", []),
    ("EDV", ["SAP MM (sehr gut), MS Excel (sehr gut), Power Query (Grundkenntnisse)"]),
    ("Sprachen", ["Deutsch (Muttersprache), Englisch (C1), Tschechisch (A2)"]),
    ("Führerschein", ["Klasse B"]),
]


def build(path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.name = "Arial"
    run(document.add_paragraph(), "Lebenslauf", bold=True, size=20)
    table = document.add_table(rows=0, cols=2)
    for label, lines in _ROWS:
        left, right = table.add_row().cells
        left.width, right.width = Cm(4), Cm(12.5)
        if not lines:
            merged = left.merge(right)
            run(merged.paragraphs[0], label, bold=True, size=13, color="1F4E79")
            continue
        left.paragraphs[0].add_run(label)
        for number, line in enumerate(lines):
            paragraph = right.paragraphs[0] if not number else right.add_paragraph()
            run(paragraph, line.lstrip("*"), bold=line.startswith("*"))
    document.add_paragraph()
    document.add_paragraph("Leipzig, 4. März 2024")
    document.save(str(path))
