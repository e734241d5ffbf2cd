"""A résumé as Word's "Basic" stock template leaves it: nested content controls, bars in headings."""

from wordprocessing import Package, control, paragraph, run


def bar(*parts: str) -> str:
    return paragraph(
        run(" | ").join(control(run(part), inline=True) for part in parts), style="Heading2"
    )


def bullets(*texts: str) -> str:
    return control("".join(paragraph(run(text), style="ListBullet", bullet=True) for text in texts))


def document() -> Package:
    file = Package("Liberation Sans", 10.5, margins=1080, letter=True)
    file.style("Title", "Title", '<w:color w:val="2A7B88"/><w:sz w:val="56"/>')
    file.style(
        "Heading1",
        "heading 1",
        '<w:b/><w:color w:val="2A7B88"/><w:sz w:val="28"/>',
        '<w:spacing w:before="240" w:after="60"/>',
    )
    file.style(
        "Heading2", "heading 2", '<w:b/><w:caps/><w:sz w:val="21"/>', '<w:spacing w:before="120"/>'
    )
    file.style("ListBullet", "List Bullet")
    file.body = [
        control(paragraph(run("Marguerite Okafor-Hale"), style="Title"), "Your Name"),
        paragraph(
            control(run("2204 Sycamore Court, Dayton, OH 45419"), "Address", inline=True),
            run(" | "),
            control(run("(937) 555-0117"), "Telephone", inline=True),
            run(" | "),
            control(run("m.okaforhale@example.com"), "Email", inline=True),
        ),
        paragraph(run("Objective"), style="Heading1"),
        control(
            paragraph(
                run(
                    "Office manager with a calm manner and a weakness for well-kept spreadsheets, looking for a mid-sized clinic or school where the front desk sets the tone."
                )
            )
        ),
        paragraph(run("Education"), style="Heading1"),
        control(
            bar("Associate of Applied Business", "May 2011", "Miami Valley Community College")
            + bullets(
                "Major: Office Administration",
                "Minor: Spanish",
                "Related coursework: Payroll, records management, business law",
            )
            + bar("High School Diploma", "2008", "Belmont Ridge High School")
        ),
        paragraph(run("Skills & Abilities"), style="Heading1"),
        control(
            bar("Management")
            + bullets("Budgeting and purchasing, staff scheduling, onboarding")
            + bar("Software")
            + bullets(
                "Excel (advanced), QuickBooks, Dentrix, Google Workspace",
                "Typing: 82 words per minute",
            )
            + bar("Communication")
            + bullets("Bilingual front desk (English/Spanish); minutes and newsletters")
        ),
        paragraph(run("Experience"), style="Heading1"),
        control(
            bar("Office Manager", "Riverbend Family Dental", "June 2017 – Present")
            + bullets(
                "Run the front office of a practice with six dentists and 9,400 patients.",
                "Cut unpaid balances over 90 days from $61,000 to $14,000 by calling before mailing.",
                "Hire, train and schedule five receptionists.",
            )
            + bar(
                "Administrative Assistant II",
                "Dayton Public Schools, Office of Transportation",
                "8/2013 – 5/2017",
            )
            + bullets(
                "Scheduled 118 bus drivers and substitutes each morning before 5:30.",
                "Kept the office going through a software change and a strike in the same month.",
            )
            + bar("Receptionist (part-time)", "Hale & Daughters Upholstery", "2009 to 2013")
        ),
        paragraph(run("Certifications"), style="Heading1"),
        control(
            bullets(
                "Certified Administrative Professional (CAP), IAAP – 2019",
                "Notary Public, State of Ohio, commission expires 04/2028",
            )
        ),
        paragraph(run("Leadership"), style="Heading1"),
        paragraph(
            run(
                "Treasurer of the Belmont Ridge PTA since 2020. Organised the 2023 book fair, which paid for 400 library books."
            )
        ),
    ]
    return file
