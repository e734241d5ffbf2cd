"""A nurse's curriculum vitae with labels and tabs. Made into a PDF by Writer."""

from wordprocessing import Package, paragraph, run

_STOP = (("left", 2400),)


def head(text: str) -> str:
    return paragraph(run(text, bold=True, size=13, color="2E7D5B"), before=300)


def row(label: str, text: str, *, bold: bool = False, before: int = 0) -> str:
    return paragraph(
        run(f"{label}\t"),
        run(text, bold=bold),
        tabs=_STOP,
        indent=(2400, 2400),
        before=before,
    )


def job(dates: str, title: str, employer: str, *tasks: str) -> str:
    return (
        row(dates, title, bold=True, before=120)
        + paragraph(run(employer), indent=(2400, 0))
        + "".join(paragraph(run(task), bullet=True, indent=(2700, 300)) for task in tasks)
    )


def document() -> Package:
    made = Package("Noto Sans", 10, margins=1134)
    made.body = [
        paragraph(run("Curriculum vitae Femke Dijkgraaf", bold=True, size=20, color="2E7D5B")),
        head("Personalia"),
        row("Naam", "Femke Dijkgraaf"),
        row("Adres", "Singelweg 54, 7411 AB Deventer"),
        row("Telefoon", "06-55501236"),
        row("E-mail", "femke.dijkgraaf@example.org"),
        row("Geboortedatum", "5 mei 1991"),
        row("Rijbewijs", "B"),
        head("Profiel"),
        paragraph(
            run(
                "Betrokken wijkverpleegkundige die rust brengt in lastige situaties thuis. Sterk in "
                "het indiceren van zorg en het begeleiden van leerlingen."
            )
        ),
        head("Werkervaring"),
        job(
            "mrt 2019 – heden",
            "Wijkverpleegkundige",
            "Thuiszorg Salland, Deventer",
            "Indiceren en evalueren van zorg volgens Omaha",
            "Werkbegeleider van hbo-v-studenten",
            "Lid van de werkgroep wondzorg",
        ),
        job(
            "aug 2014 – feb 2019",
            "Verpleegkundige interne geneeskunde",
            "IJsselstreek Ziekenhuis, Zutphen",
            "Zorg voor 30 bedden, waarvan 6 voor oncologie",
            "Invoering van het elektronisch dossier als key-user",
        ),
        job(
            "2012 – 2014",
            "Bijbaan verzorgende (oproepkracht)",
            "Woonzorgcentrum De Boomgaard, Zwolle",
        ),
        head("Opleidingen"),
        job("2018 – 2019", "Post-hbo Wijkverpleegkunde", "Hogeschool Overijssel, diploma behaald"),
        job("2010 – 2014", "HBO-Verpleegkunde", "Hogeschool Overijssel, Zwolle, diploma behaald"),
        job("2003 – 2010", "Havo, profiel Natuur & Gezondheid", "Vechtstede College, Ommen"),
        head("Cursussen en registraties"),
        row("2014", "BIG-registratie, nr. 99012345601"),
        row("2021", "Palliatieve zorg, V&VN"),
        row("jaarlijks", "BLS/AED"),
        head("Vaardigheden"),
        row("Computer", "Nedap Ons, ChipSoft HiX, Word"),
        row("Talen", "Nederlands (moedertaal), Engels (goed), Duits (redelijk)"),
        head("Hobby’s"),
        paragraph(run("Roeien, moestuin en met de camper naar Scandinavië.")),
    ]
    return made
