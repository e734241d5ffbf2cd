"""An executive assistant: one table of two columns holds the whole page."""

from wordprocessing import Package, paragraph, run, table


def head(text: str) -> str:
    return paragraph(run(text, bold=True, size=12, color="7A3E48"), before=240)


def text(*lines: str) -> str:
    return "".join(paragraph(run(line)) for line in lines)


def post(title: str, dates: str, place: str, *tasks: str) -> str:
    return (
        paragraph(run(title, bold=True), before=140)
        + paragraph(run(place, italic=True), run(f"\t{dates}"), tabs=(("right", 6500),))
        + "".join(paragraph(run(task), bullet=True) for task in tasks)
    )


def document() -> Package:
    made = Package("Liberation Sans", 10, margins=850)
    left = (
        head("CONTACT")
        + text("9 bis, quai de la Fosse", "44000 Nantes", "06 39 98 01 45")
        + paragraph(made.link("mc.guillou@example.com", "mailto:mc.guillou@example.com"))
        + text("Permis B – véhiculée")
        + head("COMPÉTENCES")
        + text(
            "Gestion d’agendas",
            "Organisation de séminaires",
            "Rédaction de comptes rendus",
            "Pack Office (expert)",
            "SAP Concur",
            "Notes de frais",
        )
        + head("LANGUES")
        + text("Anglais : courant (C1)", "Espagnol : B1", "Breton : notions")
        + head("CENTRES D’INTÉRÊT")
        + text("Voile, chorale, lecture")
    )
    right = (
        paragraph(run("Marie-Claude GUILLOU", bold=True, size=22, color="7A3E48"))
        + paragraph(run("Assistante de direction trilingue", size=13))
        + head("PROFIL")
        + text(
            "Vingt ans auprès de dirigeants d’entreprises industrielles. Discrète, organisée, "
            "à l’aise dans l’urgence comme dans les dossiers de longue haleine."
        )
        + head("EXPÉRIENCE PROFESSIONNELLE")
        + post(
            "Assistante de direction générale",
            "mars 2015 – à ce jour",
            "Chantiers Loire-Océan, Saint-Nazaire",
            "Assistanat du directeur général et de deux directeurs adjoints",
            "Préparation des conseils d’administration (6 par an)",
            "Encadrement d’une assistante et d’une alternante",
        )
        + post(
            "Assistante commerciale export",
            "sept. 2008 – févr. 2015",
            "Biscuiterie Kermor, Vannes",
            "Suivi des commandes Royaume-Uni et Espagne",
            "Organisation des salons (SIAL, Alimentaria)",
        )
        + post(
            "Secrétaire médicale (CDD)",
            "2006 – 2008",
            "Cabinet des docteurs Le Bihan et Morin, Lorient",
        )
        + head("FORMATION")
        + paragraph(run("2006 – BTS Assistant de manager", bold=True), before=100)
        + text("Lycée Dupuy-de-Lôme, Lorient")
        + paragraph(run("2004 – Baccalauréat STT, mention assez bien", bold=True), before=100)
        + text("Lycée Colbert, Lorient")
        + head("CERTIFICATIONS")
        + text("TOEIC : 915 points (2019)", "Certificat Voltaire, niveau expert (2021)")
    )
    made.body = [table([[left, right]], (3300, 6900), shades=("F3E9E6", None)), paragraph()]
    return made
