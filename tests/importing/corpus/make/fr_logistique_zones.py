"""Contact data, skills and languages in floating text boxes beside the text, each twice in the
file as Word writes it; entries in one line: title "chez" company, place, dates in brackets."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.shared import Cm

from tests.importing.corpus.make.word import run, text_box

_CONTACT = [
    ("CONTACT", True),
    ("06 98 55 01 57", False),
    ("yanis.boukhari@example.com", False),
    ("Lille (59)", False),
    ("Permis B, CACES 3", False),
]
_SKILLS = [
    ("COMPÉTENCES", True),
    ("Gestion d’entrepôt", False),
    ("SAP EWM", False),
    ("Lean", False),
    ("Douane", False),
    ("LANGUES", True),
    ("Français : langue maternelle", False),
    ("Anglais : C1", False),
    ("Arabe : courant", False),
]


def build(path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.left_margin = Cm(7)
    first = document.add_paragraph()
    run(first, "Yanis Boukhari", bold=True, size=24)
    text_box(first, _CONTACT, 30, 70, 160, 150)
    text_box(first, _SKILLS, 30, 230, 160, 280)
    run(document.add_paragraph(), "Responsable logistique", size=14, color="C00000")
    document.add_heading("Expérience", 2)
    for line, points in (
        (
            "Responsable logistique chez Flandres Distribution, Lille (2018 - présent)",
            [
                "Encadrement de 34 caristes et préparateurs répartis en trois équipes",
                "Taux de service porté de 93 à 98,5 %",
            ],
        ),
        (
            "Chef d’équipe chez Transports Delattre, Lens (2014 - 2018)",
            ["Planification de soixante tournées par jour"],
        ),
        ("Préparateur de commandes chez Entrepôts du Nord, Douai (2011 - 2013)", []),
    ):
        run(document.add_paragraph(), line, bold=True)
        for text in points:
            document.add_paragraph(text, style="List Bullet")
    document.add_heading("Formation", 2)
    document.add_paragraph(
        "Licence professionnelle Logistique et transport, IUT de l’Escaut, Valenciennes (2013-2014)"
    )
    document.add_paragraph("Bac pro Logistique, Lycée Jean-Bart, Douai (2011)")
    document.add_heading("Loisirs", 2)
    document.add_paragraph("Boxe, cuisine, bénévolat au Secours alimentaire")
    document.save(str(path))
