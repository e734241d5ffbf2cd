"""A dispatcher's Lebenslauf, typed into Word without a style."""

from wordprocessing import Package, paragraph, run


def lines(*texts: str) -> str:
    return "".join(paragraph(run(text)) for text in texts)


def head(text: str) -> str:
    return paragraph() + paragraph(run(text, bold=True, size=13))


def station(dates: str, *texts: str) -> str:
    return paragraph() + paragraph(run(dates, bold=True)) + lines(*texts)


def document() -> Package:
    made = Package("Liberation Serif", 11.5, margins=1300)
    made.body = [
        paragraph(run("Lebenslauf", bold=True, size=20), align="center"),
        head("Persönliche Angaben"),
        lines(
            "Name:\t\t\tDetlef Wörmann",
            "Anschrift:\t\tHammer Straße 288, 48153 Münster",
            "Telefon:\t\t0251 5550176",
            "Mobil:\t\t\t0151 55501762",
            "E-Mail:\t\t\tdetlef.woermann@example.org",
            "Geburtsdatum:\t\t14.02.1979 in Ahlen",
            "Familienstand:\t\tverheiratet, zwei Kinder",
        ),
        head("Berufserfahrung"),
        station(
            "seit 08/2016",
            "Spedition Hagemeister GmbH & Co. KG, Münster",
            "Disponent Nahverkehr",
            "- Disposition von 24 eigenen Fahrzeugen und ca. 15 Subunternehmern",
            "- Tourenplanung mit Winsped",
            "- Reklamationsbearbeitung und Ansprechpartner für Stammkunden",
        ),
        station(
            "04/2009 – 07/2016",
            "Westfalen Logistik AG, Hamm",
            "Sachbearbeiter Versand",
            "- Erstellen von Fracht- und Zollpapieren",
            "- Vertretung der Lagerleitung",
        ),
        station("11/2008 – 03/2009", "Arbeitsuchend"),
        station(
            "08/2001 – 10/2008",
            "Brinkmann Transporte, Ahlen",
            "Speditionskaufmann",
            "- Auftragsannahme, Fakturierung, Fahrerbetreuung",
        ),
        head("Wehrdienst"),
        station("09/2000 – 06/2001", "Grundwehrdienst, Panzerbataillon 203, Augustdorf"),
        head("Schul- und Berufsausbildung"),
        station(
            "08/1997 – 07/2000",
            "Brinkmann Transporte, Ahlen",
            "Ausbildung zum Speditionskaufmann (Abschlussnote: gut)",
        ),
        station("08/1991 – 06/1997", "Realschule am Ostwall, Ahlen", "Mittlere Reife"),
        head("Weiterbildung"),
        paragraph(),
        lines(
            "2018\tGefahrgutbeauftragter (IHK)",
            "2012\tAusbildereignung AEVO, IHK Nord Westfalen",
        ),
        head("Kenntnisse"),
        paragraph(),
        lines(
            "EDV:\t\tMS Office, Winsped, SAP TM (Grundkenntnisse)",
            "Sprachen:\tEnglisch (gut), Polnisch (Grundkenntnisse)",
            "Führerschein:\tKlassen B, C1E",
        ),
        paragraph(),
        paragraph(),
        lines("Münster, den 3. März 2026", "Detlef Wörmann"),
    ]
    return made
