"""A résumé as Google Docs exports its "Serif" template: one borderless table of two columns,
entries as headings with a dash, dates as headings below them."""

from wordprocessing import Package, paragraph, run, table


def entry(place: str, what: str, dates: str | None, *texts: str) -> str:
    return (
        paragraph(run(place, bold=True), run(" — "), run(what, italic=True), style="Heading2")
        + (paragraph(run(dates, color="666666", size=8), style="Heading3") if dates else "")
        + "".join(paragraph(run(text)) for text in texts)
    )


def document() -> Package:
    file = Package("Liberation Serif", 9.5, margins=864, letter=True)
    file.style("Title", "Title", '<w:b/><w:sz w:val="72"/>')
    file.style("Subtitle", "Subtitle", '<w:color w:val="666666"/>')
    file.style(
        "Heading1",
        "heading 1",
        '<w:b/><w:color w:val="2079C7"/><w:sz w:val="18"/>',
        '<w:spacing w:before="480"/>',
    )
    file.style("Heading2", "heading 2", '<w:sz w:val="22"/>', '<w:spacing w:before="240"/>')
    file.style("Heading3", "heading 3", "", '<w:spacing w:before="60" w:after="60"/>')
    head = paragraph(run("Solveig Marchetti"), style="Title") + paragraph(
        run("Secondary science teacher who turned a boiler room into a laboratory"),
        style="Subtitle",
    )
    contact = (
        paragraph(run("14 Quay Street\nGalway, H91 X2K4"))
        + paragraph(run("(091) 555 012", bold=True))
        + paragraph(run("solveig.marchetti@school.example.org", bold=True))
    )
    left = (
        paragraph(run("EXPERIENCE"), style="Heading1")
        + entry(
            "Coláiste Bhaile Nua, Galway",
            "Head of Science",
            "SEPTEMBER 2020 - PRESENT",
            "Lead a department of eight. Brought back Physics for the Leaving Certificate after eleven years; 27 pupils chose it in the first year.",
            "Set up the boiler-room laboratory with €4,200 of donations and a lot of paint.",
        )
        + entry(
            "St. Brendan’s College, Tralee",
            "Teacher of Physics and Mathematics",
            "AUG 2014 - JUN 2020",
            "Taught years 1 to 6; coordinated the school’s entry for the Young Scientist Exhibition (two category prizes).",
        )
        + entry("Liceo Galvani, Trieste", "English-language assistant", None)
        + paragraph(run("EDUCATION"), style="Heading1")
        + entry("University of Corrib, Galway", "Professional Master of Education", "2012 - 2014")
        + entry(
            "Università di Trieste",
            "Laurea in Fisica (BSc)",
            "SEPTEMBER 2008 - JULY 2011",
            "Final mark 107/110. Thesis on cosmic-ray muons measured from a cable car.",
        )
        + paragraph(run("PROJECTS"), style="Heading1")
        + entry(
            "Kitchen Physics",
            "Video series",
            "2021 - ONGOING",
            "Forty short experiments with things from a kitchen drawer, with subtitles in Irish and Italian. ",
        )
        + paragraph(
            run("See "),
            file.link("the whole series", "https://kitchenphysics.example.org/episodes"),
            run("."),
        )
    )
    right = (
        paragraph(run("SKILLS"), style="Heading1")
        + paragraph(
            run(
                "Curriculum design, laboratory safety, Arduino, GeoGebra, Google Classroom, video editing (DaVinci Resolve)"
            )
        )
        + paragraph(run("CERTIFICATIONS"), style="Heading1")
        + paragraph(run("Teaching Council Registration", bold=True), run(" No. 148 220"))
        + paragraph(run("First Aid Responder", bold=True), run(", PHECC, March 2024"))
        + paragraph(run("AWARDS"), style="Heading1")
        + paragraph(
            run("Teacher of the Year (Connacht)", bold=True),
            run(" from the Irish Science Forum, 2023"),
        )
        + paragraph(run("LANGUAGES"), style="Heading1")
        + paragraph(run("Italian (native), English (C2), Irish (B2), Norwegian (basic)"))
    )
    file.body = [table([[head, contact], [left, right]], (7300, 3200)), paragraph()]
    return file
