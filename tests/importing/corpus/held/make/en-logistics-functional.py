# DOCX by python-docx: a functional resume, skills before a short work history
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt


def document():
    d = Document()
    s = d.sections[0]
    s.left_margin = s.right_margin = Inches(1)
    s.top_margin = s.bottom_margin = Inches(0.8)
    n = d.styles["Normal"]
    n.font.name, n.font.size = "Times New Roman", Pt(11.5)
    n.paragraph_format.space_after = Pt(2)

    def para(*parts, centre=False, after=2):
        p = d.add_paragraph()
        for part in parts:
            bold = part.startswith("*")
            p.add_run(part.lstrip("*")).bold = bold
        if centre:
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        p.paragraph_format.space_after = Pt(after)
        p.paragraph_format.tab_stops.add_tab_stop(Inches(6.5), WD_TAB_ALIGNMENT.RIGHT)
        return p

    def head(text):
        p = para("*" + text, after=4)
        p.paragraph_format.space_before = Pt(9)
        borders = OxmlElement("w:pBdr")
        line = OxmlElement("w:bottom")
        for key, value in (("val", "single"), ("sz", "8"), ("space", "1"), ("color", "auto")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
        p._p.get_or_add_pPr().append(borders)

    def points(*texts):
        for t in texts:
            d.add_paragraph(t, style="List Bullet").paragraph_format.space_after = Pt(0)

    p = para("*DARNELL T. WHITFIELD", centre=True, after=0)
    p.runs[0].font.size = Pt(17)
    para("Killeen, TX 76541 • (254) 555-0192 • dt.whitfield@example.org", centre=True)
    head("OBJECTIVE")
    para(
        "Operations supervisor position in a regional distribution center where eleven years of "
        "military supply experience and a degree in logistics can be put to use."
    )
    head("SELECTED ACCOMPLISHMENTS")
    para("*Leadership")
    points(
        "Supervised up to 38 soldiers and civilians in a warehouse of 120,000 square feet",
        "Wrote the safety program that brought lost-time injuries to zero for 26 months",
    )
    para("*Inventory Control")
    points(
        "Accounted for equipment worth $41 million with 99.6% accuracy at the annual count",
        "Converted paper hand receipts to GCSS-Army in four months",
    )
    para("*Transportation")
    points("Planned 90 convoys and rail moves in Texas, Kuwait and Poland")
    head("WORK HISTORY")
    para("*Supply Sergeant", ", U.S. Army, Fort Cavazos, TX\t2019 - 2025")
    para("*Warehouse Section Chief", ", U.S. Army, Camp Arifjan, Kuwait\t2017 - 2019")
    para("*Automated Logistical Specialist", ", U.S. Army, Fort Bliss, TX\t2014 - 2017")
    para("*Order Picker", ", Lone Star Grocers Distribution, Temple, TX\t2012 - 2014")
    head("EDUCATION")
    para("*Bachelor of Applied Arts and Sciences, Logistics Management\t", "2024")
    para("Brazos Plains University, Killeen, TX")
    para("Minor in Spanish; Dean’s List four semesters; GPA 3.64", after=5)
    para("*A.A., General Studies\t", "2018")
    para("Central Bell College (online)", after=5)
    para("*High School Diploma\t", "2012")
    para("Temple Northside High School, Temple, TX")
    head("CERTIFICATIONS & TRAINING")
    points(
        "Certified in Logistics, Transportation and Distribution (CLTD), ASCM, 2025",
        "OSHA 30-Hour General Industry, 2023",
        "Forklift operator license",
    )
    head("COMPUTER SKILLS")
    para("SAP, GCSS-Army, Microsoft Excel, Power BI")
    return d
