"""A dental hygienist, in the manner of Word's plain templates for applicant tracking systems."""

from wordprocessing import Package, control, paragraph, run, table


def job(title: str, company: str, dates: str) -> str:
    """Title, company and dates in one line, each in its own control, as the template has them."""
    bar = run(" | ")
    return paragraph(
        control(run(title), "Job title", inline=True),
        bar,
        control(run(company), "Company", inline=True),
        bar,
        control(run(dates), "Dates", inline=True),
        style="Heading2",
    )


def heading(text: str) -> str:
    return paragraph(control(run(text), inline=True), style="Heading1")


def bullets(*lines: str) -> str:
    return "".join(paragraph(run(line), style="ListBullet", bullet=True) for line in lines)


def document() -> Package:
    made = Package("Liberation Sans", 10.5, margins=1300, letter=True)
    made.style("Title", "Title", '<w:b/><w:color w:val="2B579A"/><w:sz w:val="56"/>')
    made.style(
        "Heading1",
        "heading 1",
        '<w:b/><w:color w:val="2B579A"/><w:sz w:val="28"/>',
        '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="2B579A"/></w:pBdr>'
        '<w:spacing w:before="240" w:after="80"/>',
    )
    made.style("Heading2", "heading 2", "<w:b/>", '<w:spacing w:before="120" w:after="40"/>')
    made.style("ListBullet", "List Bullet")
    half = (4820, 4820)
    made.body = [
        paragraph(control(run("Shanice Delacroix-Moore, RDH"), "Your name"), style="Title"),
        paragraph(
            run("318 Magnolia Bend, Baton Rouge, LA 70806 | (225) 555-0147 | "),
            made.link("shanice.dmoore@example.com", "mailto:shanice.dmoore@example.com"),
            run(" | "),
            made.link(
                "www.linkedin.com/in/shanice-dmoore", "https://www.linkedin.com/in/shanice-dmoore"
            ),
        ),
        heading("Profile"),
        paragraph(
            run(
                "Registered dental hygienist with nine years in family and periodontal practices. "
                "Calm with anxious patients and quick with a digital scanner. Looking for a "
                "practice that takes prevention as seriously as repair."
            )
        ),
        heading("Experience"),
        job("Lead Dental Hygienist", "Pelican Family Dentistry", "March 2019 – Present"),
        bullets(
            "See 8 to 10 patients a day, from first cleanings to periodontal maintenance.",
            "Introduced a recall system that brought the share of overdue patients from 31% to 12%.",
            "Train and schedule two hygienists and one assistant.",
        ),
        job("Dental Hygienist", "Gulf Coast Periodontics", "July 2015 – February 2019"),
        bullets(
            "Scaling and root planing under local anesthesia for a referral practice of three "
            "periodontists.",
            "Took and mounted full-mouth radiographs; kept charts in Dentrix.",
        ),
        job("Dental Assistant (part-time)", "Dr. Emile Fontenot, DDS", "2013 – 2015"),
        paragraph(run("Chairside assistance, sterilization and front desk while studying.")),
        heading("Education"),
        paragraph(
            run("B.S. in Dental Hygiene | May 2015 | Bayou State University, New Orleans, LA"),
            style="Heading2",
        ),
        bullets("GPA 3.7, Dean’s List four semesters"),
        paragraph(run("High School Diploma | 2011 | Istrouma High School"), style="Heading2"),
        heading("Licenses & certifications"),
        bullets(
            "Registered Dental Hygienist, Louisiana State Board of Dentistry, 2015",
            "Local Anesthesia Permit, Louisiana State Board of Dentistry, 2016",
            "Basic Life Support (BLS), American Heart Association, expires 08/2026",
        ),
        heading("Skills & abilities"),
        table(
            [
                [
                    bullets(
                        "Scaling and root planing", "Digital radiography", "Intraoral scanning"
                    ),
                    bullets("Dentrix", "Eaglesoft", "Patient education"),
                ]
            ],
            half,
        ),
        heading("Activities and interests"),
        paragraph(run("Volunteer, Mission of Mercy free dental days • Choir • Zydeco dancing")),
    ]
    return made
