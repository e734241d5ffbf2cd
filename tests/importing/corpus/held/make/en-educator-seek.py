# DOCX by python-docx: a resume after the templates of an Australian job board, Word's headings
from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt, RGBColor


def document():
    d = Document()
    s = d.sections[0]
    s.page_width, s.page_height = Cm(21), Cm(29.7)
    s.left_margin = s.right_margin = Cm(2.3)
    s.top_margin = s.bottom_margin = Cm(2)
    n = d.styles["Normal"]
    n.font.name, n.font.size = "Arial", Pt(10)
    n.paragraph_format.space_after = Pt(3)
    for name, size in (("Title", 24), ("Heading 1", 13), ("Heading 2", 11)):
        st = d.styles[name]
        st.font.name, st.font.size, st.font.bold = "Arial", Pt(size), True
        st.element.rPr.rFonts.attrib.clear()
        st.font.name = "Arial"
        st.font.color.rgb = RGBColor(0x0D, 0x38, 0x80)
    d.styles["Heading 2"].font.color.rgb = RGBColor(0x20, 0x20, 0x20)

    def para(text, after=3, italic=False):
        p = d.add_paragraph()
        p.add_run(text).italic = italic
        p.paragraph_format.space_after = Pt(after)
        return p

    def job(title, span, place):
        p = d.add_heading(title, 2)
        p.paragraph_format.tab_stops.add_tab_stop(Cm(16.4), WD_TAB_ALIGNMENT.RIGHT)
        p.add_run("\t" + span).bold = False
        para(place, 2, True)

    def points(label, *texts):
        if label:
            p = para(label, 1)
            p.runs[0].bold = True
        for t in texts:
            d.add_paragraph(t, style="List Bullet").paragraph_format.space_after = Pt(1)

    d.add_paragraph("Tayla Nguyen-Marsh", style="Title")
    para("Early Childhood Educator")
    para("0491 570 737  |  tayla.nm@example.com  |  Geelong VIC 3220")
    d.add_heading("Career Summary", 1)
    para(
        "Diploma-qualified educator with seven years in long day care and kindergarten. I plan "
        "from children’s interests, work well with families and have led a room through Assessment "
        "and Rating with an Exceeding result."
    )
    d.add_heading("Skills", 1)
    para(
        "EYLF V2.0, programming and documentation, Storypark, allergy management, "
        "mentoring trainees"
    )
    d.add_heading("Work History", 1)
    job("Room Leader, Kinder", "Feb 2021 – Current", "Corio Bay Early Learning, Geelong VIC")
    points(
        "Responsibilities",
        "Lead a team of four in a room of 33 children aged three to five",
        "Write the fortnightly program and meet with families each term",
    )
    points("Achievements", "Room rated Exceeding in three quality areas in 2023")
    job("Educator", "Nov 2017 – Jan 2021", "Wattle Grove Children’s Centre, Werribee VIC")
    points(
        None,
        "Cared for babies and toddlers in a team of three",
        "Educational Leader support: set up the sustainability garden with a council grant "
        "of $4,000",
    )
    job("Trainee Educator", "Feb 2016 – Oct 2017", "Wattle Grove Children’s Centre, Werribee VIC")
    d.add_heading("Education", 1)
    para("Diploma of Early Childhood Education and Care (CHC50113)", 0).runs[0].bold = True
    para("Barwon Institute of TAFE, Geelong")
    para("Completed 2020", 5)
    para("Certificate III in Early Childhood Education and Care", 0).runs[0].bold = True
    para("Western Plains TAFE, Werribee")
    para("Completed 2017", 5)
    para("Victorian Certificate of Education (VCE)", 0).runs[0].bold = True
    para("Manor Lakes Secondary College")
    para("Completed 2015", 5)
    d.add_heading("Licences & Certifications", 1)
    points(
        None,
        "Working with Children Check (Victoria), expires June 2028",
        "HLTAID012 First Aid in an Education and Care Setting, 2025",
    )
    d.add_heading("Languages", 1)
    para("English (native), Vietnamese (conversational)")
    d.add_heading("Referees", 1)
    para("Joanne Petrakis, Centre Director, Corio Bay Early Learning – 0491 571 266")
    return d
