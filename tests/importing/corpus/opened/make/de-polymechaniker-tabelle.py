"""A Swiss Lebenslauf: every section a table of two columns without borders, label or dates at the left."""

from docx import Document
from docx.document import Document as File
from docx.shared import Cm

Row = tuple[str, ...]


def document() -> File:
    file = Document()
    file.add_paragraph().add_run("Lebenslauf").bold = True
    _section(
        file,
        "Personalien",
        ("Name", "Reto Bärtschi-Gubler"),
        ("Adresse", "Bahnhofstrasse 9, 3400 Burgdorf"),
        ("Telefon", "079 555 12 34"),
        ("E-Mail", "reto.baertschi@example.com"),
        ("Geburtsdatum", "3. Februar 1985"),
        ("Zivilstand", "verheiratet, zwei Kinder"),
    )
    _section(
        file,
        "Berufliche Tätigkeit",
        (
            "seit 08/2016",
            "Polymechaniker, Gruppenleiter",
            "Müller Präzisionstechnik AG, Burgdorf",
            "Führung von sechs Mitarbeitenden; Einrichten von 5-Achs-Fräsmaschinen",
        ),
        (
            "04/2010 – 07/2016",
            "Polymechaniker EFZ",
            "Ruag Aviation, Emmen",
            "Fertigung von Einzelteilen",
        ),
    )
    _section(
        file,
        "Aus- und Weiterbildung",
        ("2004 – 2008", "Lehre als Polymechaniker EFZ", "Bystronic Laser AG, Niederönz"),
    )
    _section(
        file,
        "Sprachen",
        ("Deutsch", "Muttersprache"),
        ("Französisch", "gute Kenntnisse (B1)"),
        ("Englisch", "Grundkenntnisse"),
    )
    _section(file, "EDV", ("CAD/CAM", "SolidWorks, Mastercam"), ("Office", "Word, Excel"))
    file.add_heading("Referenzen", 2)
    file.add_paragraph("auf Anfrage")
    return file


def _section(file: File, heading: str, *rows: Row) -> None:
    file.add_heading(heading, 2)
    table = file.add_table(rows=0, cols=2)
    for label, *texts in rows:
        left, right = table.add_row().cells
        left.width, right.width = Cm(4), Cm(12)
        left.text, right.text = label, texts[0]
        for text in texts[1:]:
            right.add_paragraph(text)
        right.paragraphs[0].runs[0].bold = len(texts) > 1
