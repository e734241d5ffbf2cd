"""An Italian CV after Word's stock template with headings in a left column of a table; many links."""

from wordprocessing import Package, control, paragraph, run, table

WIDTHS = (2400, 7400)


def label(text: str) -> str:
    return paragraph(run(text, caps=True, color="0D5672"), style="Titolo1", align="right")


def job(title: str, company: str, dates: str, *texts: str) -> str:
    return (
        paragraph(run(title, bold=True), style="Titolo2")
        + paragraph(run(company))
        + paragraph(run(dates, color="7F7F7F", size=9.5))
        + "".join(paragraph(run(text), style="Paragrafoelenco", bullet=True) for text in texts)
    )


def document() -> Package:
    file = Package("Liberation Sans", 10, margins=1000)
    file.style("Titolo1", "heading 1", '<w:sz w:val="21"/>')
    file.style("Titolo2", "heading 2", '<w:sz w:val="22"/>', '<w:spacing w:before="120"/>')
    file.style("Nome", "Name", '<w:b/><w:color w:val="0D5672"/><w:sz w:val="60"/>')
    file.style("Paragrafoelenco", "List Paragraph")
    empty = paragraph()
    contact = paragraph(
        run("Torino | 351 555 0128 | "),
        file.link("ciao@ilariabonfanti.example.com", "mailto:ciao@ilariabonfanti.example.com"),
        run(" | "),
        file.link("ilariabonfanti.example.com", "https://ilariabonfanti.example.com"),
        run(" | "),
        file.link(
            "linkedin.com/in/ilaria-bonfanti-example",
            "https://www.linkedin.com/in/ilaria-bonfanti-example",
        ),
    )
    rows = [
        [
            empty,
            control(paragraph(run("Ilaria Bonfanti"), style="Nome"))
            + paragraph(run("Graphic designer & illustratrice freelance", italic=True, size=12))
            + contact,
        ],
        [
            label("Profilo"),
            paragraph(
                run(
                    "Disegno identità visive per musei, editori e botteghe. Amo la stampa tipografica, le griglie ben costruite e i clienti che fanno domande."
                )
            ),
        ],
        [
            label("Esperienza"),
            control(
                job(
                    "Graphic designer e illustratrice",
                    "Libera professionista, Torino",
                    "da settembre 2020",
                    "Identità visiva del Museo della Carta di Val Chisone",
                    "Copertine per tre collane di Edizioni Papavero (41 titoli)",
                )
                + job(
                    "Art director",
                    "Agenzia Meridiana Srl, Milano",
                    "gennaio 2017 – agosto 2020",
                    "Guida di un gruppo di quattro grafici",
                    "Campagna «Acqua del sindaco» per dodici comuni lombardi",
                )
                + job(
                    "Grafica junior (stage, poi apprendistato)",
                    "Agenzia Meridiana Srl, Milano",
                    "ott 2014 – dic 2016",
                )
                + job("Illustratrice scientifica", "Orto botanico di Valgrande", "")
            )
            + paragraph(),
        ],
        [
            label("Istruzione"),
            job(
                "Diploma accademico di II livello in Progettazione grafica",
                "Accademia di Belle Arti del Monviso, Torino",
                "2012 – 2014",
                "Votazione 110/110 e lode",
            )
            + job(
                "Laurea triennale in Lettere moderne",
                "Università di Alessandria Est",
                "2009 – 2012",
            ),
        ],
        [
            label("Progetti"),
            paragraph(
                file.link(
                    "Alfabeto dei mercati", "https://ilariabonfanti.example.com/alfabeto", bold=True
                ),
                run(
                    " (2022) – ventisei manifesti xilografici sui mercati rionali, esposti a Torino e Lione."
                ),
            ),
        ],
        [
            label("Competenze"),
            table(
                [
                    [paragraph(run("Illustrator")), paragraph(run("InDesign"))],
                    [paragraph(run("Photoshop")), paragraph(run("Procreate"))],
                    [paragraph(run("Stampa a caratteri mobili")), paragraph(run("Blender (base)"))],
                ],
                (3600, 3600),
            )
            + paragraph(),
        ],
        [
            label("Lingue"),
            paragraph(run("Italiano madrelingua, francese C1 (DALF, 2019), inglese B2")),
        ],
        [label("Premi"), paragraph(run("Menzione d’onore, Premio Nazionale del Manifesto, 2021"))],
        [label("Interessi"), paragraph(run("Apicoltura urbana, canto popolare"))],
    ]
    file.body = [
        table(rows, WIDTHS),
        paragraph(
            run(
                "Autorizzo il trattamento dei miei dati personali ai sensi del GDPR 679/16.", size=8
            )
        ),
    ]
    return file
