"""A pharmacist, as Google Docs exports a page begun from one of its templates."""

from wordprocessing import Package, paragraph, run


def section(text: str) -> str:
    return paragraph(run(text, bold=True, size=9, color="2079C7"), style="Heading1", before=400)


def entry(dates: str, company: str, rest: str, title: str) -> str:
    return paragraph(run(dates, size=8, color="666666"), style="Heading3", before=160) + paragraph(
        run(company, bold=True), run(rest), run(title, italic=True), style="Heading2"
    )


def bullets(*lines: str) -> str:
    return "".join(paragraph(run(line), bullet=True, indent=(720, 360)) for line in lines)


def document() -> Package:
    made = Package("Liberation Sans", 10, margins=1440, letter=True)
    for number in (1, 2, 3):
        made.style(f"Heading{number}", f"heading {number}", "", "<w:keepNext/>")
    made.style("Title", "Title", '<w:b/><w:sz w:val="72"/>')
    made.style("Subtitle", "Subtitle", '<w:color w:val="666666"/>')
    made.body = [
        paragraph(run("Gurpreet "), run("Sandhu"), style="Title"),
        paragraph(run("Clinical pharmacist"), style="Subtitle"),
        paragraph(),
        paragraph(run("77 Orchard Road, Brampton, ON L6V 2K9")),
        paragraph(run("905-555-0163")),
        paragraph(made.link("gurpreet.sandhu@example.org", "mailto:gurpreet.sandhu@example.org")),
        section("EXPERIENCE"),
        entry(
            "September 2020 - Present",
            "Credit Valley General Hospital, ",
            "Mississauga — ",
            "Clinical Pharmacist",
        ),
        bullets(
            "Round daily with the internal medicine team; about 40 interventions a week, 93% accepted",
            "Wrote the hospital’s protocol for vancomycin dosing by area under the curve",
            "Preceptor to two pharmacy residents each year",
        ),
        entry(
            "June 2017 - August 2020", "Maple Leaf Drug Mart, ", "Brampton — ", "Staff Pharmacist"
        ),
        bullets(
            "Dispensed 250 prescriptions a day with one technician",
            "Ran the flu clinic: 1,900 vaccinations over three seasons",
        ),
        entry(
            "May 2016 - August 2016",
            "Northlake Pharma Inc., ",
            "Toronto — ",
            "Pharmacy Student Intern",
        ),
        bullets("Checked stability data for 12 generic products"),
        section("EDUCATION"),
        entry(
            "September 2013 - June 2017",
            "University of Western Lake, ",
            "Toronto — ",
            "Doctor of Pharmacy (PharmD)",
        ),
        paragraph(
            run("Graduated with distinction. Poster prize at the 2017 student research day.")
        ),
        entry(
            "September 2010 - April 2013",
            "McKellar University, ",
            "Hamilton — ",
            "BSc Biochemistry",
        ),
        section("LICENCES"),
        paragraph(run("Ontario College of Pharmacists, Part A, no. 614402 (2017)")),
        paragraph(run("Injection and immunization certificate, OCP, 2017")),
        section("SKILLS"),
        paragraph(
            run(
                "Antimicrobial stewardship, anticoagulation, medication reconciliation, "
                "Meditech, Kroll, evidence appraisal"
            )
        ),
        section("LANGUAGES"),
        paragraph(run("English, Punjabi (native), Hindi (conversational)")),
        section("AWARDS"),
        paragraph(run("Preceptor of the Year, 2022")),
    ]
    return made
