"""A lorry driver's CV made in Writer. Made into a PDF by Writer."""

from wordprocessing import Package, paragraph, run


def head(text: str) -> str:
    return paragraph(run(text, bold=True, size=12), style="Head", before=260)


def job(dates: str, employer: str, title: str, *tasks: str) -> str:
    return (
        paragraph(run(employer, bold=True), run(f"\t{dates}"), tabs=(("right", 9600),), before=140)
        + paragraph(run(title, italic=True))
        + "".join(paragraph(run(task), bullet=True) for task in tasks)
    )


def document() -> Package:
    made = Package("Liberation Serif", 11, margins=1134)
    made.style(
        "Head",
        "Head",
        "",
        '<w:pBdr><w:top w:val="single" w:sz="4" w:space="1" w:color="000000"/>'
        '<w:bottom w:val="single" w:sz="4" w:space="1" w:color="000000"/></w:pBdr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="E6E6E6"/><w:jc w:val="center"/>',
    )
    made.body = [
        paragraph(run("CURRICULUM VITAE", bold=True, size=11), align="center"),
        paragraph(run("Gareth Pryce-Jones", bold=True, size=18), align="center"),
        paragraph(run("6 Heol y Felin, Llanelli SA15 9ZZ"), align="center"),
        paragraph(run("Tel: 01632 960 184     Mob: 07700 900 318"), align="center"),
        paragraph(run("Email: gareth.pj@example.org"), align="center"),
        head("PERSONAL PROFILE"),
        paragraph(
            run(
                "Class 1 (C+E) driver with 17 years on the road, clean licence and no at-fault "
                "accidents. Used to nights out, multi-drop and tight city deliveries. I look "
                "after a vehicle as if it was mine."
            )
        ),
        head("EMPLOYMENT HISTORY"),
        job(
            "Feb 2018 to date",
            "Cambrian Haulage Ltd, Swansea",
            "HGV Class 1 Driver",
            "Trunking between Swansea, Avonmouth and Felixstowe, five nights a week",
            "Daily vehicle checks and defect reports, digital tachograph",
            "Mentor to newly passed drivers (four so far)",
        ),
        job(
            "May 2011 – Jan 2018",
            "Tywi Building Supplies, Carmarthen",
            "HGV Class 2 Driver",
            "HIAB deliveries of bricks, block and timber to sites all over west Wales",
            "Loading own vehicle with counterbalance forklift",
        ),
        job(
            "Sept 2008 – May 2011",
            "Various agencies",
            "Van and 7.5t Driver",
        ),
        job(
            "1999 – 2008",
            "Trostre Steelworks, Llanelli",
            "Process Operator",
            "Shift work on the pickle line. Took redundancy in 2008 and retrained.",
        ),
        head("LICENCES & TRAINING"),
        *(
            paragraph(run(line), bullet=True)
            for line in (
                "LGV C+E (passed 2012)",
                "Driver CPC – valid until September 2029",
                "HIAB lorry loader (ALLMI), 2014",
                "ADR Packages and Tanks, expires 11/2027",
                "Counterbalance forklift, RTITB, 2011",
            )
        ),
        head("EDUCATION"),
        paragraph(
            run("Coedcae Comprehensive School, Llanelli\t1994 - 1999"),
            tabs=(("right", 9600),),
        ),
        paragraph(run("7 GCSEs including Maths (C), English (B) and Welsh (A)")),
        head("OTHER INFORMATION"),
        paragraph(run("Fluent Welsh speaker. Under-12s rugby coach. Own transport.")),
        paragraph(),
        paragraph(run("References available on request.", italic=True), align="center"),
    ]
    return made
