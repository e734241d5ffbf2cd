"""A French CV in tables with dates in a narrow column, skills first, made a PDF by Writer."""

from wordprocessing import Package, paragraph, run, table


def entry(dates: str, what: str, where: str, *texts: str) -> list[str]:
    told = paragraph(run(what, bold=True)) + paragraph(run(where, color="5B7F3A"))
    return [
        paragraph(run(dates, size=9)),
        told + "".join(paragraph(run("- " + text)) for text in texts),
    ]


def document() -> Package:
    file = Package("Liberation Sans Narrow", 11, margins=1000)
    file.style(
        "Titre1",
        "heading 1",
        '<w:b/><w:color w:val="FFFFFF"/><w:sz w:val="24"/>',
        '<w:shd w:val="clear" w:color="auto" w:fill="5B7F3A"/><w:spacing w:before="200" w:after="80"/>',
    )
    widths = (2300, 7500)
    left = (
        paragraph(run("Aurélien DESCHAMPS-VIDAL", bold=True, size=18))
        + paragraph(run("27 ans, permis B, mobile toute la région", size=9))
        + paragraph(run("4, impasse des Tilleuls"))
        + paragraph(run("31200 Toulouse"))
    )
    right = paragraph(run("Tél. 07 55 50 01 62"), align="right") + paragraph(
        run("aurelien.dv@jardins.example.org"), align="right"
    )
    file.body = [
        table([[left, right]], (5600, 4200)),
        paragraph(run("PAYSAGISTE-CONCEPTEUR", bold=True, size=15), align="center", before=200),
        paragraph(
            run(
                "Trois ans d’expérience en bureau d’études et une passion pour les sols vivants",
                italic=True,
            ),
            align="center",
        ),
        paragraph(run("COMPÉTENCES"), style="Titre1"),
        table(
            [
                [
                    paragraph(run("Conception", bold=True)),
                    paragraph(
                        run("esquisses, plans de plantation, palettes végétales méditerranéennes")
                    ),
                ],
                [
                    paragraph(run("Chantier", bold=True)),
                    paragraph(run("suivi de travaux, DCE, métrés")),
                ],
                [
                    paragraph(run("Logiciels", bold=True)),
                    paragraph(run("AutoCAD (avancé), SketchUp, QGIS, InDesign")),
                ],
            ],
            widths,
        ),
        paragraph(run("PARCOURS PROFESSIONNEL"), style="Titre1"),
        table(
            [
                entry(
                    "depuis janv. 2024",
                    "Chef de projet paysage junior",
                    "Atelier Garonne Paysages – Toulouse (31) – CDI",
                    "Réaménagement des berges de l’Hers : 3,4 km, concertation avec six communes",
                    "Désimperméabilisation de cinq cours d’école",
                ),
                entry(
                    "sept. 2022 à déc. 2023",
                    "Paysagiste concepteur",
                    "Bureau d’études Terres & Eaux – Montauban (82) – CDD",
                    "Notices paysagères de treize permis d’aménager",
                ),
                entry(
                    "6 mois, 2022",
                    "Stagiaire paysagiste",
                    "Ville de Nîmes, service des espaces verts",
                ),
                entry(
                    "étés 2017 à 2019",
                    "Ouvrier horticole saisonnier",
                    "Pépinières du Lauragais – Castelnaudary",
                ),
            ],
            widths,
        ),
        paragraph(run("DIPLÔMES ET FORMATION"), style="Titre1"),
        table(
            [
                entry(
                    "2019-2022",
                    "Diplôme d’État de paysagiste",
                    "École supérieure du paysage d’Occitanie, Narbonne",
                ),
                entry(
                    "2017-2019",
                    "BTSA Aménagements paysagers",
                    "Lycée agricole d’Auzeville-le-Vieux",
                    "mention bien",
                ),
                entry("2024", "Certiphyto décideur", "Chambre d’agriculture de Haute-Garonne"),
            ],
            widths,
        ),
        paragraph(run("LANGUES"), style="Titre1"),
        paragraph(run("Occitan (courant) – Anglais (B2, TOEIC 810) – Espagnol (A2)")),
        paragraph(run("DIVERS"), style="Titre1"),
        paragraph(run("Greffeur bénévole au verger conservatoire, trail, clarinette")),
    ]
    return file
