"""A Dutch curriculum vitae typed in Word and made a PDF by Writer: two pages, a letterhead, an entry across the break."""

from wordprocessing import Package, paragraph, run, table

RIGHT = (("right", 9350),)


def job(title: str, dates: str, company: str, *texts: str) -> list[str]:
    return [
        paragraph(run(title, bold=True), run(f"\t{dates}"), tabs=RIGHT, before=140),
        paragraph(run(company, italic=True)),
        *(paragraph(run(text), bullet=True) for text in texts),
    ]


def document() -> Package:
    file = Package("Liberation Serif", 12, margins=1400)
    file.style(
        "Kop1",
        "heading 1",
        '<w:b/><w:smallCaps/><w:color w:val="7A1F1F"/><w:sz w:val="28"/>',
        '<w:keepNext/><w:pBdr><w:top w:val="single" w:sz="6" w:space="2"/></w:pBdr><w:spacing w:before="260" w:after="60"/>',
    )
    file.header = [
        paragraph(
            run("Curriculum vitae – J.W. (Jan-Willem) van der Sluijs", size=9, color="777777"),
            align="right",
        )
    ]
    file.footer = [paragraph(run("Vertrouwelijk", size=9, color="777777"), align="center")]
    personal = [
        ("Naam", "Jan-Willem van der Sluijs"),
        ("Adres", "Kerkbuurt 41, 3361 BD Sliedrecht"),
        ("Telefoon", "06 - 5555 0172"),
        ("E-mail", "jw@vandersluijs.example.org"),
        ("Geboren", "23 juni 1979 te Gorinchem"),
        ("Rijbewijs", "B, BE"),
    ]
    file.body = [
        paragraph(run("Jan-Willem van der Sluijs", bold=True, size=20)),
        paragraph(run("Hoofduitvoerder grond-, weg- en waterbouw", size=13, color="7A1F1F")),
        paragraph(run("Personalia"), style="Kop1"),
        table(
            [[paragraph(run(label + ":")), paragraph(run(value))] for label, value in personal],
            (2200, 7000),
        ),
        paragraph(run("Profiel"), style="Kop1"),
        paragraph(
            run(
                "Uitvoerder van de oude stempel met een tablet onder de arm. Ruim twintig jaar ervaring met kades, sluizen en dijkversterking. Rustig als het water stijgt, streng op veiligheid en gewend om met omwonenden te praten."
            )
        ),
        paragraph(run("Werkervaring"), style="Kop1"),
        *job(
            "Hoofduitvoerder",
            "mei 2018 - heden",
            "Waterbouw De Merwe B.V., Sliedrecht",
            "Dijkversterking Hagestein-Oost: 6,2 km, 41 miljoen euro, aansturing van vier uitvoerders en tot negentig vakmensen",
            "Vervanging van de deuren van de Prinsessesluis in een stremming van drie weken",
            "Invoering van digitale dagstaten en drone-inmeting; faalkosten gedaald van 7 naar 4 procent",
        ),
        *job(
            "Uitvoerder",
            "2011 - april 2018",
            "Waterbouw De Merwe B.V., Sliedrecht",
            "Kadevernieuwing in Dordrecht, Schiedam en Gorinchem, vaak vanaf het water",
            "Lid van het calamiteitenteam tijdens het hoogwater van januari 2012",
        ),
        *job(
            "Assistent-uitvoerder",
            "sept. 2004 – dec. 2010",
            "Aannemersbedrijf Gebr. Kooiman, Werkendam",
            "Maatvoering, planning en inkoop voor rioleringswerk in twaalf gemeenten",
            "Begeleiding van leerlingen uit het praktijkonderwijs op de bouwplaats, van wie er zeven in dienst zijn gekomen en er nu nog vier als vakman werken",
            "Verzorgde de wekelijkse veiligheidsinstructie (toolboxmeeting) en de registratie van bijna-ongevallen",
            "Opleveringen met gemeente en waterschap; afhandeling van meer- en minderwerk",
            "Beheer van het materieel van de werkplaats: pompen, damwandplanken, rijplaten en keten",
            "Vervanger van de uitvoerder tijdens vakanties en bij de nachtelijke afsluitingen van de A15",
        ),
        *job("Grondwerker", "zomer 2003", "Van Drimmelen Loonwerk, Werkendam"),
        paragraph(run("Opleiding"), style="Kop1"),
        *job(
            "HBO Civiele Techniek (deeltijd)",
            "2006 – 2010",
            "Hogeschool Rijnmond, Rotterdam",
            "Diploma behaald",
        ),
        *job("MTS Weg- en Waterbouw", "1996 - 2000", "Da Vinci Lyceum, Dordrecht"),
        paragraph(run("Cursussen en certificaten"), style="Kop1"),
        paragraph(run("VCA-VOL, geldig tot 11-2028"), bullet=True),
        paragraph(run("Asbestherkenning, 2022"), bullet=True),
        paragraph(run("UAV-GC 2005 basiscursus, Bouwend Rijnmond, maart 2016"), bullet=True),
        paragraph(run("Vaardigheden"), style="Kop1"),
        paragraph(run("AutoCAD Civil 3D; Relatics; MS Project; Leica maatvoering; Excel")),
        paragraph(run("Talen"), style="Kop1"),
        paragraph(
            run(
                "Nederlands – moedertaal\nDuits – goed\nEngels – redelijk\nPools – een paar woorden, maar de goede"
            )
        ),
        paragraph(run("Vrije tijd"), style="Kop1"),
        paragraph(
            run("Schaatsen, vrijwilliger bij de reddingsbrigade, restauratie van een vlet uit 1931")
        ),
        paragraph(run("Referenties"), style="Kop1"),
        paragraph(run("Op aanvraag beschikbaar.")),
    ]
    return file
