"""A German "tabellarischer Lebenslauf" as people type it: dates, a tab, the rest, and more tabs."""

from wordprocessing import Package, paragraph, run

STOP = (("left", 2835),)


def line(left: str, *right: str) -> str:
    runs = [run(f"{left}\t")]
    for number, text in enumerate(right):
        runs.append(run(("\n\t" if number else "") + text, bold=number == 0 and bool(left)))
    return paragraph(*runs, tabs=STOP, indent=(2835, 2835))


def document() -> Package:
    file = Package("Liberation Sans", 11, margins=1300)
    heading = "berschrift1"
    file.style(
        heading,
        "Überschrift 1",
        '<w:b/><w:sz w:val="26"/>',
        '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1"/></w:pBdr><w:spacing w:before="240" w:after="80"/>',
    )
    file.body = [
        paragraph(run("Lebenslauf", bold=True, size=22), align="center"),
        paragraph(run("Persönliche Daten"), style=heading),
        line("Name:", "Thorben Kallweit"),
        line("Anschrift:", "Deichstraße 9a, 27568 Bremerhaven"),
        line("Telefon:", "0471 5550 193 (abends)"),
        line("E-Mail:", "t.kallweit@netz.example.org"),
        line("Geburtsdatum / -ort:", "03.02.1991, Cuxhaven"),
        line("Staatsangehörigkeit:", "deutsch"),
        line("Familienstand:", "ledig"),
        paragraph(run("Beruflicher Werdegang"), style=heading),
        line(
            "seit 01.10.2019",
            "Servicetechniker Windenergie",
            "Nordwind Service GmbH, Bremerhaven",
            "– Wartung und Entstörung von 84 Offshore-Anlagen",
            "– Vorarbeiter eines Dreierteams seit 2022",
            "– Höhenrettung (Übungsleiter)",
        ),
        line(
            "02/2016 – 09/2019",
            "Mechatroniker Instandhaltung",
            "Weserfisch Tiefkühlkost AG, Bremerhaven",
            "– Umbau von drei Verpackungslinien auf Siemens S7-1500",
            "– Schichtarbeit im Drei-Schicht-Betrieb",
        ),
        line(
            "03/2014 – 01/2016",
            "Mechatroniker (Leiharbeit)",
            "Persona Zeitarbeit, Einsatz bei Werftbetrieben in Bremen und Emden",
        ),
        line("02/2014", "arbeitsuchend"),
        paragraph(run("Aus- und Weiterbildung"), style=heading),
        line(
            "09/2023 – 06/2025",
            "Staatlich geprüfter Techniker, Elektrotechnik (berufsbegleitend)",
            "Technikerschule Unterweser, Abschlussnote 1,7",
        ),
        line(
            "08/2010 – 01/2014",
            "Ausbildung zum Mechatroniker",
            "Seehafen Lehrwerkstatt GmbH, Cuxhaven",
            "Abschluss: IHK-Facharbeiterbrief, Note: gut",
        ),
        paragraph(run("Schulbildung"), style=heading),
        line("2001 – 2010", "Realschule am Meer, Cuxhaven", "Realschulabschluss"),
        paragraph(run("Kenntnisse und Fähigkeiten"), style=heading),
        line("EDV:", "MS Office (gut), EPLAN (Grundkenntnisse), SAP PM (sehr gut)"),
        line("Technik:", "SPS-Programmierung / Hydraulik / Mittelspannung bis 30 kV"),
        line(
            "Sprachen:",
            "Deutsch (Muttersprache), Englisch (B1, technisches Englisch), Plattdeutsch",
        ),
        line(
            "Zertifikate:",
            "GWO Basic Safety Training, gültig bis 04/2027",
            "Schaltberechtigung bis 30 kV, 2021",
        ),
        line("Führerschein:", "Klassen B, BE, C1"),
        paragraph(run("Hobbys"), style=heading),
        line("", "Freiwillige Feuerwehr, Kitesurfen, alte Mopeds"),
        paragraph(run("Bremerhaven, den 12. Januar 2026"), before=480),
        paragraph(run("Thorben Kallweit", italic=True)),
    ]
    return file
