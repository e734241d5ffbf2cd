"""A résumé as people type it into an empty Word document: no styles, tabs, typed bullets, empty lines."""

from wordprocessing import Package, paragraph, run

BLANK = paragraph()


def heading(text: str) -> str:
    return paragraph(run(text, bold=True))


def typed(*texts: str) -> list[str]:
    return [paragraph(run(text)) for text in texts]


def document() -> Package:
    file = Package("Liberation Serif", 12, margins=1440, letter=True)
    file.body = [
        paragraph(run("DWAYNE P. CASTELLANOS", bold=True, size=16), align="center"),
        paragraph(run("1190 County Road 14, Brandon, MB  R7A 5Y1"), align="center"),
        paragraph(run("Home 204-555-0161   Cell 204-555-0188"), align="center"),
        paragraph(run("dwayne.castellanos@prairie.example.com"), align="center"),
        BLANK,
        heading("OBJECTIVE:"),
        *typed(
            "Steady work as a journeyman electrician or lead hand with a company that takes safety seriously."
        ),
        BLANK,
        heading("WORK HISTORY:"),
        BLANK,
        paragraph(
            run("Assiniboine Electric Ltd., Brandon MB", bold=True), run("\t\t\tApril 2016-Present")
        ),
        *typed(
            "Journeyman Electrician / Lead Hand",
            "·       Service calls, panel upgrades, barn and grain dryer wiring",
            "·       Run crews of 2 to 5 on schools and arenas",
            "·       Zero lost-time injuries since 2016",
        ),
        BLANK,
        paragraph(
            run("Keewatin Mining Camp Services, Flin Flon MB", bold=True), run("\t\t2013-16")
        ),
        *typed(
            "Electrician, fly in fly out (2 weeks in / 2 out)",
            "·       Maintained generators, heat trace and camp distribution at -40",
            "·       Trained four apprentices, all passed",
        ),
        BLANK,
        paragraph(run("Wheat City Wiring", bold=True), run("\t\t\t\t\tSept '09 to March '13")),
        *typed("Apprentice Electrician"),
        BLANK,
        paragraph(run("Castellanos & Sons Farm", bold=True)),
        *typed("Farm hand. Fixed whatever broke."),
        BLANK,
        heading("EDUCATION & TRAINING:"),
        BLANK,
        *typed(
            "Red River Valley Trades College, Winnipeg\t\t\tGraduated June 2013",
            "Construction Electrician, Level 4",
            "",
            "Crocus Hill Collegiate, Brandon\t\t\t\t\t2009",
            "Grade 12 Diploma",
        ),
        BLANK,
        heading("TICKETS:"),
        *typed(
            "Interprovincial Red Seal, Construction Electrician (2013)",
            "Fall Protection - expires Oct 2027",
            "Standard First Aid/CPR C, St. Boniface Ambulance Society, Jan 2025",
            "Class 5 licence, clean abstract",
        ),
        BLANK,
        heading("SKILLS:"),
        *typed(
            "conduit bending, motor controls, fire alarm, PLC troubleshooting (Allen-Bradley), blueprint reading, aerial lift, Spanish and English spoken"
        ),
        BLANK,
        heading("HOBBIES:"),
        *typed("Curling (skip), ice fishing, coaching minor hockey"),
        BLANK,
        heading("REFERENCES:"),
        *typed("Available upon request"),
    ]
    return file
