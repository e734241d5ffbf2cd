# DOCX by python-docx: a Dutch CV of two-column tables without borders, one for each section
from docx import Document
from docx.shared import Cm, Pt, RGBColor


def document():
    d = Document()
    s = d.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(2.2)
    s.top_margin = s.bottom_margin = Cm(2)
    n = d.styles["Normal"]
    n.font.name, n.font.size = "Segoe UI", Pt(10)
    n.paragraph_format.space_after = Pt(2)
    blue = RGBColor(0x1F, 0x3A, 0x5F)

    def head(text):
        p = d.add_paragraph()
        r = p.add_run(text)
        r.bold, r.font.size, r.font.color.rgb = True, Pt(13), blue
        p.paragraph_format.space_before = Pt(10)
        p.paragraph_format.keep_with_next = True

    def rows(*pairs):
        t = d.add_table(0, 2)
        t.autofit = False
        t.columns[0].width, t.columns[1].width = Cm(4), Cm(12.6)
        for left, right in pairs:
            cells = t.add_row().cells
            cells[0].width, cells[1].width = Cm(4), Cm(12.6)
            cells[0].paragraphs[0].add_run(left)
            lines = right if isinstance(right, list) else [right]
            for number, text in enumerate(lines):
                p = cells[1].paragraphs[0] if number == 0 else cells[1].add_paragraph()
                if text.startswith("- "):
                    p.style = d.styles["List Bullet"]
                    text = text[2:]
                r = p.add_run(text.lstrip("*"))
                r.bold = text.startswith("*")
                p.paragraph_format.space_after = Pt(1)

    p = d.add_paragraph()
    r = p.add_run("Curriculum vitae Jeroen Wiegersma")
    r.bold, r.font.size, r.font.color.rgb = True, Pt(18), blue
    head("Personalia")
    rows(
        ("Naam", "Jeroen Wiegersma"),
        ("Adres", "Esdoornlaan 52, 9741 KZ Groningen"),
        ("Telefoon", "06-12345098"),
        ("E-mail", "jeroen@wiegersma.example.org"),
        ("Geboortedatum", "17 november 1986"),
        ("Nationaliteit", "Nederlandse"),
    )
    head("Profiel")
    d.add_paragraph(
        "Systeembeheerder met vijftien jaar ervaring in zorg en onderwijs. Rustig onder druk, "
        "servicegericht en nieuwsgierig naar alles wat zich laat automatiseren."
    )
    head("Werkervaring")
    rows(
        (
            "mei 2018 – heden",
            [
                "*Senior systeembeheerder",
                "Zorggroep Noorderzijl, Groningen",
                "- Beheer van 180 virtuele servers en Microsoft 365 voor 2.400 medewerkers",
                "- Projectleider van de overgang naar Windows 11",
                "- Begeleiden van stagiairs van het mbo",
            ],
        ),
        (
            "sept. 2012 – april 2018",
            [
                "*Systeembeheerder",
                "Scholengemeenschap De Wierde, Winsum",
                "- Netwerk, wifi en digiborden op vier locaties",
                "- Scripts in PowerShell voor de jaarovergang van leerlingen",
            ],
        ),
        (
            "2009 – 2012",
            [
                "*Helpdeskmedewerker",
                "Kabelbedrijf Martini, Groningen",
                "- Eerstelijns storingen per telefoon",
            ],
        ),
    )
    head("Opleiding")
    rows(
        (
            "2010 – 2014",
            [
                "*HBO-bachelor Informatica (deeltijd)",
                "Hogeschool Eemsmond, Groningen",
                "Diploma behaald",
            ],
        ),
        (
            "2005 – 2009",
            ["*MBO niveau 4 ICT-beheerder", "Noordercollege, Assen", "Diploma behaald"],
        ),
        (
            "1999 – 2005",
            ["*HAVO, profiel Natuur en Techniek", "Dollard Lyceum, Winschoten", "Diploma behaald"],
        ),
    )
    head("Cursussen en certificaten")
    rows(
        ("2023", "Microsoft Certified: Azure Administrator Associate"),
        ("2019", "ITIL 4 Foundation"),
        ("2015", "Cisco CCNA Routing and Switching"),
    )
    head("Vaardigheden")
    rows(
        ("Systemen", "Windows Server, VMware vSphere, Intune, Linux (Debian)"),
        ("Talen", "Nederlands (moedertaal), Engels (goed), Fries (redelijk)"),
        ("Rijbewijs", "B"),
    )
    head("Hobby’s")
    d.add_paragraph("Wadlopen, modeltreinen en vrijwilliger bij de dierenambulance")
    return d
