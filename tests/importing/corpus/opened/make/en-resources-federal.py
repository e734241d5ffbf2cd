"""A federal résumé as typed in Word: hours a week, grade and supervisor below each position."""

from docx import Document
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH


def document() -> File:
    file = Document()
    for text in (
        "DANA K. WHITEHORSE",
        "1420 Example Avenue, Apt 3B, Tulsa, OK 74104",
        "Mobile: 918-555-0136 | Email: dana.whitehorse@example.com",
        "Citizenship: U.S. Citizen | Veterans' Preference: 5-point | Highest Grade: GS-11",
    ):
        line = file.add_paragraph(text)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.runs[0].bold = text.isupper()
    _heading(file, "WORK EXPERIENCE")
    _job(
        file,
        "U.S. Department of the Interior, Bureau of Indian Affairs, Tulsa, OK",
        "Natural Resources Specialist",
        "06/2019 - Present",
        "Grade Level: GS-0401-11",
        "Supervisor: Ruth Colbert (918-555-0171), may contact",
    )
    for text in (
        "Review grazing permits for 210,000 acres of trust land.",
        "Wrote the drought plan that three agencies adopted.",
    ):
        file.add_paragraph(text, style="List Bullet")
    _job(
        file,
        "Oklahoma Conservation Commission, Oklahoma City, OK",
        "Soil Conservation Technician",
        "08/2015 - 05/2019",
        "Grade Level: n/a",
        "Supervisor: Len Marsh (918-555-0172), may contact",
    )
    file.add_paragraph("Measured erosion on 140 farms.", style="List Bullet")
    _heading(file, "EDUCATION")
    file.add_paragraph().add_run("Oklahoma State University, Stillwater, OK").bold = True
    file.add_paragraph("Bachelor of Science, Natural Resource Ecology, 05/2015")
    _heading(file, "JOB RELATED TRAINING")
    file.add_paragraph("NEPA for Practitioners, 2021")
    file.add_paragraph("Wildland Firefighter Type 2, 2018")
    return file


def _heading(file: File, text: str) -> None:
    run = file.add_paragraph().add_run(text)
    run.bold = run.underline = True


def _job(file: File, employer: str, title: str, dates: str, grade: str, supervisor: str) -> None:
    file.add_paragraph().add_run(employer).bold = True
    for text in (title, dates, "Hours per week: 40", grade, supervisor):
        file.add_paragraph(text)
