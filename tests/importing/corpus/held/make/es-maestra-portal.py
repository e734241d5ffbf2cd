# DOCX by python-docx: a curriculum with a photo's empty cell, after those of Spanish job portals
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor


def document():
    d = Document()
    s = d.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(2)
    s.top_margin = s.bottom_margin = Cm(1.8)
    n = d.styles["Normal"]
    n.font.name, n.font.size = "Verdana", Pt(9.5)
    n.paragraph_format.space_after = Pt(2)
    teal = RGBColor(0x16, 0x7D, 0xA7)

    def head(text):
        p = d.add_paragraph()
        r = p.add_run(text)
        r.bold, r.font.size, r.font.color.rgb = True, Pt(12), teal
        p.paragraph_format.space_before = Pt(10)
        p.paragraph_format.keep_with_next = True

    def entry(first, second, third, *texts):
        p = d.add_paragraph()
        p.add_run(first).bold = True
        p.paragraph_format.space_after = Pt(0)
        p = d.add_paragraph(second)
        p.paragraph_format.space_after = Pt(0)
        p = d.add_paragraph()
        r = p.add_run(third)
        r.italic, r.font.color.rgb = True, RGBColor(0x66, 0x66, 0x66)
        for t in texts:
            d.add_paragraph(t)
        d.paragraphs[-1].paragraph_format.space_after = Pt(7)

    table = d.add_table(1, 2)
    left, right = table.rows[0].cells
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Cm(13.5), Cm(3.5)
    left.width, right.width = Cm(13.5), Cm(3.5)
    p = left.paragraphs[0]
    r = p.add_run("Nuria Castellanos Peiró")
    r.bold, r.font.size, r.font.color.rgb = True, Pt(20), teal
    left.add_paragraph("Maestra de Educación Primaria")
    left.add_paragraph("C/ Poeta Querol 118, 3.º B - 46021 Valencia")
    left.add_paragraph("Teléfono: 612 345 098")
    left.add_paragraph("Correo electrónico: nuria.castellanos@example.org")
    left.add_paragraph("Fecha de nacimiento: 23/04/1990")
    right.paragraphs[0].add_run(" ")
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "E8EEF2")):
        shade.set(qn(f"w:{key}"), value)
    right._tc.get_or_add_tcPr().append(shade)

    head("Experiencia profesional")
    entry(
        "Tutora de 3.º de Primaria",
        "Colegio Concertado Santa Rita de Benimaclet, Valencia",
        "Septiembre de 2019 - Actualidad",
        "Tutoría de 25 alumnos, coordinación del segundo ciclo y responsable del huerto escolar. "
        "Implantación del trabajo por proyectos en Conocimiento del Medio.",
    )
    entry(
        "Maestra de inglés",
        "Academia Lenguas del Turia, Mislata (Valencia)",
        "Octubre de 2015 - Junio de 2019",
        "Grupos de niños de 6 a 12 años y preparación de los exámenes Starters, Movers y Flyers.",
    )
    entry(
        "Monitora de comedor y extraescolares",
        "CEIP Les Acequies, Alboraya",
        "2013 - 2015",
    )
    entry("Au pair", "Familia particular, Bristol (Reino Unido)", "Verano de 2012")
    head("Formación académica")
    entry(
        "Máster Universitario en Atención a la Diversidad",
        "Universidad del Levante",
        "2017 - 2018",
        "Trabajo final sobre la dislexia en el aula",
    )
    entry(
        "Grado en Maestro de Educación Primaria, mención en Lengua Extranjera",
        "Universidad del Levante, Facultad de Magisterio",
        "2009 - 2013",
        "Nota media: 7,9. Beca Erasmus en Gante (Bélgica), 2.º semestre de 2012",
    )
    entry("Bachillerato de Humanidades", "IES Horta Nord, Alboraya", "2007 - 2009")
    head("Cursos")
    d.add_paragraph("Monitor de actividades de tiempo libre, Escola Lluerna, 2011 (300 horas)")
    d.add_paragraph("Capacitació per a l’ensenyament en valencià, 2014")
    head("Idiomas")
    d.add_paragraph("Castellano: lengua materna")
    d.add_paragraph("Valenciano: C1")
    d.add_paragraph("Inglés: C1 (Advanced)")
    head("Conocimientos informáticos")
    d.add_paragraph("Google Classroom - Genially - Canva - Paquete Office")
    head("Otros datos")
    d.add_paragraph("Carné de conducir B y vehículo propio. Disponibilidad inmediata.")
    return d
