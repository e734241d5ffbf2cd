"""A résumé after Word's two-column stock templates: a name in the page header, a shaded side
column in a table, and a floating text box for the contact details."""

from wordprocessing import Package, paragraph, run, table, text_box


def job(title: str, company: str, dates: str, *texts: str) -> str:
    return (
        paragraph(run(dates, caps=True, color="666666", size=9), before=160)
        + paragraph(run(title, bold=True), run(" • " + company))
        + "".join(paragraph(run(text), style="Compact") for text in texts)
    )


def document() -> Package:
    file = Package("Liberation Sans", 10, margins=900)
    file.style(
        "Heading1",
        "heading 1",
        '<w:b/><w:caps/><w:spacing w:val="30"/><w:sz w:val="24"/>',
        '<w:spacing w:before="240" w:after="80"/>',
    )
    file.style("Compact", "Resume Text", "", '<w:spacing w:after="40"/>')
    file.style("Name", "Name", '<w:caps/><w:sz w:val="52"/>')
    file.header = [
        paragraph(run("Annelise"), run(" Brandvold", bold=True), style="Name"),
        paragraph(run("Brand & Campaign Manager", color="B85A22", size=13)),
    ]
    file.footer = [paragraph(run("Portfolio and references on request"), align="center")]
    contact = (
        paragraph(run("+47 415 55 0182"))
        + paragraph(
            file.link("annelise@brandvold.example.com", "mailto:annelise@brandvold.example.com")
        )
        + paragraph(
            file.link("LinkedIn", "https://www.linkedin.com/in/annelise-brandvold-example"),
            run("  ·  "),
            file.link("Website", "https://brandvold.example.com/"),
        )
        + paragraph(run("Bergen, Norway"))
    )
    heading = "Heading1"
    side = (
        paragraph(run("Profile"), style=heading)
        + paragraph(
            run(
                "Campaign person who writes her own copy. Nine years in food, outdoor clothing and ferries; happiest when a small budget has to look large."
            )
        )
        + paragraph(run("Skills"), style=heading)
        + "".join(
            paragraph(run(skill))
            for skill in (
                "Brand strategy",
                "Copywriting",
                "Google Analytics 4",
                "HubSpot",
                "Adobe Creative Cloud",
                "Paid social",
                "Event production",
            )
        )
        + paragraph(run("Languages"), style=heading)
        + paragraph(run("Norwegian – mother tongue\nEnglish – fluent\nGerman – school level"))
        + paragraph(run("Interests"), style=heading)
        + paragraph(run("Ski touring, sourdough, brass band (second cornet)"))
    )
    main = (
        paragraph(run("Experience"), style=heading)
        + job(
            "Brand Manager",
            "Fjordline Outfitters AS, Bergen",
            "August 2021 – Present",
            "Own the brand in five markets with a team of three. Led the move from catalogue to film: the 2024 winter series reached 11 million views on a budget of NOK 900,000.",
            "Rewrote the tone of voice together with customer service, which halved complaints about “unclear” e-mails.",
        )
        + job(
            "Campaign Manager",
            "Fjordline Outfitters AS, Bergen",
            "Jan. 2019 – July 2021",
            "Planned and bought seasonal campaigns; introduced a weekly test calendar.",
        )
        + job(
            "Marketing Coordinator",
            "Nordhav Seafood, Ålesund",
            "2016 – 2018",
            "Trade fairs in Boston, Brussels and Qingdao. Edited the recipe magazine (four issues a year, 60,000 copies).",
        )
        + job("Freelance copywriter", "various clients", "2015")
        + paragraph(run("Education"), style=heading)
        + job(
            "BA Marketing Communication",
            "Vestland Business School, Bergen",
            "2012 – 2015",
            "Average grade B. Exchange term at Universität Lindau, Germany.",
        )
        + job("Foundation Year in Drawing", "Ålesund Art School", "Autumn 2011 – Spring 2012")
        + paragraph(run("Volunteer experience"), style=heading)
        + paragraph(run("Press officer, Bergen Brass Days, 2018 and 2019"))
    )
    file.body = [
        paragraph(text_box(contact, left=380, top=30, width=190, height=80)),
        table([[side, main]], (3100, 7000), shades=("EFE7DF", None)),
        paragraph(),
    ]
    return file
