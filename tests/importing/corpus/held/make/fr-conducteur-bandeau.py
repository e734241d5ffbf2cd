# Writer makes the PDF of a DOCX by python-docx: bands as headings, an entry on one line
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor


def document():
    d = Document()
    s = d.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(2)
    s.top_margin = s.bottom_margin = Cm(1.6)
    n = d.styles["Normal"]
    n.font.name, n.font.size = "Liberation Sans", Pt(10)
    n.paragraph_format.space_after = Pt(2)

    def para(*parts, size=None, centre=False, after=2, before=0, color=None):
        p = d.add_paragraph()
        for part in parts:
            r = p.add_run(part.lstrip("*_"))
            r.bold, r.italic = part.startswith("*"), part.startswith("_")
            if size:
                r.font.size = Pt(size)
            if color:
                r.font.color.rgb = RGBColor.from_string(color)
        if centre:
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        p.paragraph_format.space_after, p.paragraph_format.space_before = Pt(after), Pt(before)
        return p

    def band(text):
        p = para("*" + text, size=11, color="FFFFFF", before=9, after=4)
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", "4A4A4A")):
            shade.set(qn(f"w:{key}"), value)
        p._p.get_or_add_pPr().append(shade)
        p.paragraph_format.keep_with_next = True

    def points(*texts):
        for t in texts:
            d.add_paragraph(t, style="List Bullet").paragraph_format.space_after = Pt(0)

    para("Karim BENSALEM-ROUX", size=17, after=0)
    para("12 impasse des Charmilles, 38400 Saint-Martin-d’Hères", after=0)
    para("Tél. : 07 55 50 14 83 – Courriel : k.bensalem.roux@example.com", after=0)
    para("36 ans – Permis B – Mobile en Auvergne-Rhône-Alpes", after=6)
    para("*CONDUCTEUR DE TRAVAUX GROS ŒUVRE", size=14, centre=True)
    band("EXPÉRIENCES PROFESSIONNELLES")
    para("*Conducteur de travaux", " – Alpes Construction Générale, Grenoble (depuis janvier 2019)")
    points(
        "Conduite simultanée de 3 à 4 chantiers de logements, 2 à 9 M€",
        "Encadrement de 5 chefs de chantier ; zéro accident avec arrêt en 2023 et 2024",
        "Négociation avec les sous-traitants et suivi budgétaire mensuel",
    )
    para(
        "*Aide-conducteur de travaux", " – Bertholet TP, Voiron (sept. 2014 – déc. 2018)", before=5
    )
    points(
        "Métrés, commandes, planning et situations de travaux",
        "Réalisation d’un parking silo de 420 places",
    )
    para("*Chef d’équipe coffreur-bancheur", " – Bertholet TP, Voiron (2011 – 2013)", before=5)
    para("*Maçon intérimaire", " – Intérim Dauphiné, Isère (2009 – 2011)", before=5)
    band("FORMATION")
    para(
        "2014 : ",
        "*Licence professionnelle Conduite de travaux",
        ", Université des Trois-Massifs, Grenoble (en alternance), mention assez bien",
    )
    para("2011 : ", "*DUT Génie civil", ", IUT des Balmes, Villeurbanne")
    para("2009 : ", "*Bac professionnel Technicien du bâtiment", ", Lycée Vaucansson, Voiron")
    para("2007 : ", "*BEP Gros œuvre", ", Lycée Vaucansson, Voiron")
    band("HABILITATIONS")
    points(
        "CACES R482 catégorie A (valable jusqu’en 2027)",
        "Sauveteur secouriste du travail, 2024",
        "Habilitation électrique H0B0",
    )
    band("COMPÉTENCES")
    para("*Technique", " : béton armé, précontrainte, VRD, lecture de plans")
    para("*Logiciels", " : AutoCAD, MS Project, Revit (notions)")
    para("*Langues", " : arabe (langue maternelle), anglais (niveau scolaire)")
    band("CENTRES D’INTÉRÊT")
    para("Entraîneur de football (U13) – Randonnée et ski de fond")
    return d
