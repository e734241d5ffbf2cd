"""A sales manager, in the manner of Word's template with headings at the left of a table."""

from wordprocessing import Package, control, paragraph, run, table


def head(text: str) -> str:
    return paragraph(control(run(text, caps=True), inline=True), style="Heading1")


def job(dates: str, line: str, text: str) -> str:
    return (
        paragraph(control(run(dates, caps=True)), style="Date")
        + paragraph(control(run(line)), style="Heading2")
        + paragraph(control(run(text)))
    )


def document() -> Package:
    made = Package("Liberation Sans", 10, margins=1134)
    made.style("Heading1", "heading 1", '<w:b/><w:color w:val="006666"/><w:sz w:val="24"/>')
    made.style("Heading2", "heading 2", '<w:b/><w:sz w:val="22"/>')
    made.style(
        "Date", "Date", '<w:color w:val="595959"/><w:sz w:val="18"/>', '<w:spacing w:before="160"/>'
    )
    made.style("Title", "Title", '<w:color w:val="006666"/><w:sz w:val="60"/>')
    rows = [
        [
            paragraph(),
            paragraph(control(run("Joaquín Berasategui Luna")), style="Title")
            + paragraph(
                run("Pamplona, Navarra · 655 501 927 · "),
                made.link("j.berasategui@example.com", "mailto:j.berasategui@example.com"),
                run(" · linkedin.com/in/joaquin-berasategui"),
            ),
        ],
        [
            head("Objetivo"),
            paragraph(
                run(
                    "Dirigir la red comercial de un fabricante de maquinaria agrícola en el norte "
                    "de España y abrir mercado en Portugal."
                )
            ),
        ],
        [
            head("Experiencia"),
            job(
                "Enero de 2019 – Actualidad",
                "Jefe de ventas zona norte • Agromecánica del Ebro, S.A.",
                "Equipo de ocho delegados y cuarenta concesionarios. Ventas de 11 a 17 millones de "
                "euros en cinco años.",
            )
            + job(
                "Marzo de 2012 – Diciembre de 2018",
                "Delegado comercial • Riegos Aranzadi, S.L.",
                "Venta de sistemas de riego a cooperativas de Navarra y La Rioja. Premio al mejor "
                "delegado en 2015 y 2017.",
            )
            + job(
                "Septiembre de 2009 – Febrero de 2012",
                "Dependiente de ferretería • Suministros Baztán",
                "Atención al público y gestión de almacén.",
            ),
        ],
        [
            head("Formación"),
            job(
                "Junio de 2009",
                "Grado superior en Gestión Comercial y Marketing • IES Plaza de la Cruz, Pamplona",
                "Nota media: 8,4.",
            )
            + job(
                "2016", "Curso de Dirección de Ventas • Cámara de Comercio de Navarra", "120 horas."
            ),
        ],
        [
            head("Aptitudes"),
            "".join(
                paragraph(run(line), bullet=True)
                for line in (
                    "Negociación con grandes cuentas",
                    "Salesforce",
                    "Excel avanzado",
                    "Gestión de equipos",
                )
            ),
        ],
        [
            head("Idiomas"),
            paragraph(run("Euskera: nativo. Inglés: B2 (First). Portugués: A2.")),
        ],
        [
            head("Otros datos"),
            paragraph(run("Carné de conducir B y vehículo propio. Disponibilidad para viajar.")),
        ],
    ]
    made.body = [table(rows, (2200, 7400)), paragraph()]
    return made
