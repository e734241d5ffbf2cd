# DOCX by python-docx: a CV as British job boards advise, on Word's own Normal style
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt


def document():
    d = Document()
    s = d.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(2.2)
    s.top_margin = s.bottom_margin = Cm(1.9)
    n = d.styles["Normal"]
    n.font.name, n.font.size = "Calibri", Pt(11)
    n.paragraph_format.space_after = Pt(3)

    def line(text, bold=False, size=None, centre=False, under=False, after=None):
        p = d.add_paragraph()
        for number, part in enumerate(text.split("**")):
            r = p.add_run(part)
            r.bold = bold or number % 2 == 1
            r.underline = under
            if size:
                r.font.size = Pt(size)
        if centre:
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if after is not None:
            p.paragraph_format.space_after = Pt(after)
        return p

    def head(text):
        p = line(text, bold=True, size=12, under=True)
        p.paragraph_format.space_before = Pt(10)
        p.paragraph_format.keep_with_next = True

    def points(*texts):
        for t in texts:
            d.add_paragraph(t, style="List Bullet").paragraph_format.space_after = Pt(0)

    line("CURRICULUM VITAE", bold=True, size=14, centre=True)
    line("Bethan Louise Hargreaves", bold=True, size=18, centre=True, after=0)
    line("27 Tolcarne Close, Stockport, Cheshire, SK4 9ZZ", centre=True, after=0)
    line("Tel: 07700 900482 (mobile) / 0161 496 0215 (home)", centre=True, after=0)
    line("Email: beth.hargreaves@example.com", centre=True)
    head("Personal Statement")
    line(
        "A patient and reliable teaching assistant with six years of experience in Key Stage 1 "
        "and 2, including two years of one-to-one support for a child with autism. I am now "
        "looking for a Higher Level Teaching Assistant role in a primary school in Greater "
        "Manchester."
    )
    head("Key Skills")
    points(
        "Phonics (Read Write Inc.)",
        "Makaton",
        "Behaviour management",
        "Safeguarding",
        "Microsoft Office",
    )
    head("Employment History")
    line("**September 2021 – Present**\t**St Aldhelm’s C of E Primary School, Stockport**", after=0)
    line("**Teaching Assistant (Year 2)**")
    points(
        "Run phonics catch-up groups of six; 22 of 26 children passed the re-check in 2024",
        "Support a pupil with an EHCP and write weekly notes for the SENCO",
        "Cover lessons for up to half a day when the class teacher is away",
    )
    line(
        "**January 2018 – July 2021**\t**Little Acorns Day Nursery, Cheadle**", after=0
    ).paragraph_format.space_before = Pt(6)
    line("**Nursery Nurse**")
    points(
        "Key worker for eight children aged two to three",
        "Planned activities after the Early Years Foundation Stage and kept learning journals",
    )
    line(
        "**June 2015 – December 2017**\t**Marks & Morley, Stockport**", after=0
    ).paragraph_format.space_before = Pt(6)
    line("**Sales Assistant (part time)**")
    points("Till and stock work at weekends while at college and during my first training")
    head("Education and Qualifications")
    line("**2017 – 2018**\t**Stockport Vale College**", after=0)
    line("CACHE Level 3 Diploma in Supporting Teaching and Learning – Distinction")
    line("**2014 – 2016**\t**Stockport Vale College**", after=0)
    line("BTEC Level 3 Extended Diploma in Health and Social Care (DMM)")
    line("**2009 – 2014**\t**Heaton Brow High School**", after=0)
    line("9 GCSEs at grades A–C including English, Maths and Science")
    head("Training")
    points("Paediatric First Aid (March 2024)", "Team Teach Level 1 (2022)")
    head("Interests")
    line("I sing in a community choir, enjoy fell walking and help at the local Rainbows unit.")
    head("References")
    line("Available on request.")
    for p in d.paragraphs:
        p.paragraph_format.tab_stops.add_tab_stop(Cm(5.6))
    return d
