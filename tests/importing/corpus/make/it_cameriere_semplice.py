"""As an online word processor exports it: headings by style in colour, title and company joined by
a comma and a dash, dates on a line of their own in grey capitals, two columns by a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.shared import Cm

from tests.importing.corpus.make.word import run


def _job(cell: Any, head: tuple[str, str, str], dates: str, points: list[str]) -> None:
    company, place, title = head
    line = cell.add_paragraph(style="Heading 2")
    run(line, f"{company}, ", bold=True)
    run(line, f"{place} — ")
    run(line, title, italic=True)
    run(cell.add_paragraph(), dates.upper(), size=8, color="666666")
    for text in points:
        cell.add_paragraph(text, style="List Bullet")


def build(path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(1.8)
    table = document.add_table(rows=2, cols=2)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Cm(12.4), Cm(5)
    head, contact = table.rows[0].cells
    run(head.paragraphs[0], "Gioele Marchesin", bold=True, size=30)
    run(head.add_paragraph(), "Capo sala e sommelier")
    contact.paragraphs[0].add_run("Via Garibaldi 41")
    contact.add_paragraph("10122 Torino")
    run(contact.add_paragraph(), "333 555 0171", bold=True)
    run(contact.add_paragraph(), "gioele.marchesin@example.com", bold=True, color="2079C7")
    main, side = table.rows[1].cells
    main.add_paragraph("ESPERIENZA", style="Heading 1")
    _job(
        main,
        ("Ristorante Il Cedro", "Torino", "Capo sala"),
        "giugno 2019 - presente",
        [
            "Coordinamento di dodici persone tra sala e accoglienza",
            "Carta dei vini di 380 etichette, con un terzo di piccoli produttori piemontesi",
        ],
    )
    _job(
        main,
        ("Albergo Bellariva", "Stresa", "Chef de rang"),
        "aprile 2015 - maggio 2019",
        ["Servizio al tavolo in tre lingue"],
    )
    _job(main, ("Caffè Centrale", "Novara", "Cameriere"), "2012 - 2015", [])
    main.add_paragraph("ISTRUZIONE", style="Heading 1")
    _job(
        main,
        ("Istituto Alberghiero Lago Maggiore", "Stresa", "Diploma di tecnico dei servizi di sala"),
        "settembre 2007 - luglio 2012",
        [],
    )
    side.add_paragraph("COMPETENZE", style="Heading 1")
    for text in ("Servizio del vino", "Gestione delle prenotazioni", "Inventario"):
        side.add_paragraph(text)
    side.add_paragraph("CERTIFICATI", style="Heading 1")
    side.add_paragraph("Sommelier di terzo livello, AIS, 2018")
    side.add_paragraph("HACCP, 2020")
    side.add_paragraph("LINGUE", style="Heading 1")
    side.add_paragraph("Italiano madrelingua, Inglese C1, Francese B1")
    document.save(str(path))
