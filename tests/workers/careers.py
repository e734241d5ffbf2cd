"""People who have nothing in common, and for whom a template must do alike."""

from __future__ import annotations

from app.cv.model import CV, Identity, Item, Section, Template

_FIELDS = ("Rhetoric", "Liturgy", "Manuscripts", "Translation", "Law")
_HEBREW = (
    "על כתבי היד של העיר, חלק",
    "שלושה פיוטים מן הגניזה, ב־",
    "מכתבי סוחרים מן המאה",
    "לתולדות הספר העברי, עמ׳",
    "קטעים חדשים מסידור רב סעדיה,",
    "נוסח ומסורה: עיון בקטע",
    "רשימות ספרים מפוסטאט,",
)
_JOURNALS = ("Journal of Jewish Studies", "Revue des études juives", "Vetus Testamentum")


def nurse(template: Template) -> CV:
    """One page: three posts, a training and four certificates."""
    posts = (
        Item(
            title="Kantonsspital Baden",
            subtitle="Registered Nurse, Intensive Care",
            location="Baden",
            start="2021-03",
            end="Present",
            bullets=(
                "Cares for up to two ventilated patients a shift on a unit of sixteen beds.",
                "Brings in new colleagues: six in the last year, all of whom stayed.",
                "Rewrote the checklist for handing over; missing charts fell by half.",
            ),
        ),
        Item(
            title="Spital Limmattal",
            subtitle="Registered Nurse, Emergency",
            location="Schlieren",
            start="2017-09",
            end="2021-02",
            bullets=("Triage by the Manchester scale, days and nights.", "Trained in paediatrics."),
        ),
        Item(
            title="Spitex Dietikon",
            subtitle="Nurse, Care at Home",
            location="Dietikon",
            start="2015-08",
            end="2017-08",
        ),
    )
    certificates = (
        Item(title="Advanced Cardiovascular Life Support", subtitle="AHA", start="2024-05"),
        Item(title="Paediatric Advanced Life Support", subtitle="AHA", start="2023-11"),
        Item(title="Wound Expert", subtitle="SAfW", start="2022-06"),
        Item(title="Instructor in Practice", subtitle="Canton of Aargau", start="2021-10"),
    )
    school = Item(
        title="Careum Bildungszentrum",
        subtitle="Diploma of Higher Education in Nursing",
        location="Zürich",
        start="2012-09",
        end="2015-07",
    )
    return CV(
        template=template,
        theme_color="#0b7285",
        identity=Identity(
            first_name="Fatima",
            last_name="Okonkwo-Brunner",
            jobtitle="Registered Nurse, Intensive Care",
            email="fatima.okonkwo@example.ch",
            mobile="+41 79 555 01 23",
            address="Baden, Switzerland",
        ),
        sections=(
            Section(
                key="summary",
                heading="Profile",
                type="secondary",
                content="Ten years at the bedside, five of them in intensive care. Calm in a crisis"
                " and glad to teach.",
            ),
            Section(key="experience", heading="Experience", type="main", items=posts),
            Section(key="education", heading="Education", type="main", items=(school,)),
            Section(
                key="certificates", heading="Certificates", type="secondary", items=certificates
            ),
            Section(
                key="languages",
                heading="Languages",
                type="secondary",
                items=(Item(title="Languages", bullets=("English", "German (C1)", "Igbo")),),
            ),
        ),
    )


def professor(template: Template) -> CV:
    """Several pages: two chairs and forty publications, half of them in Hebrew."""
    papers = tuple(
        Item(
            title=f"{_HEBREW[number % 7]} {number}"
            if number % 2
            else f"{_FIELDS[number // 2 % 5]} in the Genizah: Notes on Fragment T-S {number}.12",
            subtitle=f"תרביץ {94 - number}"
            if number % 2
            else f"{_JOURNALS[number % 3]} {80 - number}",
            start=str(2025 - number // 2),
        )
        for number in range(40)
    )
    chairs = (
        Item(
            title="Hebrew University of Jerusalem",
            subtitle="Professor of Jewish Thought",
            location="Jerusalem",
            start="2011-10",
            end="Present",
            bullets=(
                "Leads a group of eight who read, date and edit fragments of the Cairo Genizah.",
                "חוקרת ומלמדת את תולדות הספר העברי בימי הביניים.",
            ),
        ),
        Item(
            title="University of Cambridge",
            subtitle="Lecturer in Hebrew Palaeography",
            location="Cambridge",
            start="2003-10",
            end="2011-09",
        ),
    )
    return CV(
        template=template,
        theme_color="#5b2333",
        identity=Identity(
            first_name="Noa",
            last_name="Ben-Ami לוי",
            jobtitle="Professor of Jewish Thought",
            email="noa.benami@example.ac.il",
            address="Jerusalem",
            website="https://example.ac.il/~benami",
        ),
        sections=(
            Section(key="posts", heading="Appointments", type="main", items=chairs),
            Section(key="publications", heading="Publications", type="main", items=papers),
            Section(
                key="languages",
                heading="Languages",
                type="secondary",
                items=(Item(title="Languages", bullets=("Hebrew", "Arabic", "Aramaic")),),
            ),
        ),
    )


def chef(template: Template) -> CV:
    """One page without any schooling: kitchens, awards, languages."""
    kitchens = (
        Item(
            title="Le Petit Four",
            subtitle="Head Chef",
            location="Lyon, France",
            start="2019",
            end="Present",
            bullets=(
                "Runs a brigade of fourteen; a hundred and ten covers a night, five nights a week.",
                "Brought the cost of food from 36 % down to 28 % by writing the menu after the"
                " market and not before it.",
                "One star since 2022.",
            ),
        ),
        Item(
            title="Brasserie Zum Hirschen",
            subtitle="Sous-Chef",
            location="Basel, Switzerland",
            start="2014-04",
            end="2018-12",
            bullets=(
                "Stood at every post from garde-manger to saucier before taking over the pass.",
                "Trained three apprentices.",
            ),
        ),
        Item(
            title="MS Rhein-Prinzessin",
            subtitle="Commis, then Chef de Partie",
            location="Basel to Amsterdam",
            start="2010",
            end="2014",
        ),
        Item(title="Bäckerei Öhler", subtitle="Baker", start="2007", end="2010"),
    )
    return CV(
        template=template,
        theme_color="#8a3324",
        identity=Identity(
            first_name="Bo",
            last_name="Li",
            jobtitle="Chef",
            email="bo@lepetitfour.example",
            mobile="+33 4 00 00 00 00",
        ),
        sections=(
            Section(key="experience", heading="Kitchens", type="main", items=kitchens),
            Section(
                key="awards",
                heading="Awards",
                type="secondary",
                items=(
                    Item(title="One star", subtitle="Guide of France", start="2022"),
                    Item(title="Young Chef of the Year, second place", start="2017"),
                ),
            ),
            Section(
                key="skills",
                heading="Skills",
                type="secondary",
                items=(
                    Item(title="Cuisine", bullets=("Sauces", "Game", "Bread", "Charcuterie")),
                    Item(title="House", bullets=("HACCP", "Buying", "Rosters", "Costing")),
                ),
            ),
            Section(
                key="languages",
                heading="Languages",
                type="secondary",
                items=(
                    Item(title="Languages", bullets=("Cantonese", "German (C1)", "French (B2)")),
                ),
            ),
        ),
    )


def student(template: Template) -> CV:
    """Half a page: a school, a summer, and a wish."""
    school = Item(
        title="Kantonsschule Wettingen",
        subtitle="Matura, Mathematics and Physics",
        location="Wettingen",
        start="2022-08",
        end="2026-06",
    )
    summer = Item(
        title="Bike Shop Limmat",
        subtitle="Help in the Workshop",
        location="Baden",
        start="2025-07",
        end="2025-08",
        bullets=("Mended some two hundred bicycles.",),
    )
    return CV(
        template=template,
        identity=Identity(
            first_name="Mia",
            last_name="Keller",
            email="mia.keller@example.ch",
            mobile="+41 79 555 98 76",
            address="Neuenhof, Switzerland",
        ),
        sections=(
            Section(key="education", heading="Education", type="main", items=(school,)),
            Section(key="experience", heading="Experience", type="main", items=(summer,)),
            Section(
                key="languages",
                heading="Languages",
                type="secondary",
                items=(Item(title="Languages", bullets=("German", "French (B2)", "English (C1)")),),
            ),
        ),
    )


_FIRMS = (
    ("Hadley Wickersham & Montague LLP", "Partner, Cross-Border Restructuring", "London"),
    ("Büchi Rechtsanwälte", "Counsel, Arbitration and Enforcement of Foreign Awards", "Zürich"),
    ("Conyers Brandt", "Senior Associate, Banking and Finance", "Frankfurt am Main"),
    ("Office of the General Counsel, European Investment Fund", "Legal Officer", "Luxembourg"),
    ("Hadley Wickersham & Montague LLP", "Associate, Mergers and Acquisitions", "London"),
    ("Supreme Court of Judicature", "Clerk to Lord Justice Pemberton-Smythe", "London"),
)
_MATTERS = (
    "Advised the steering committee of senior lenders, whose claims came to some EUR 2.3 billion,"
    " on the restructuring of a group of thirty-one companies in nine jurisdictions, from the"
    " standstill agreement to the sanction of three parallel schemes of arrangement.",
    "Represented a manufacturer of turbines before an arbitral tribunal of the ICC seated in"
    " Geneva against a claim for delay and consequential loss, which was dismissed in full, with"
    " costs.",
    "Drafted and negotiated a syndicated revolving credit facility under English law, the"
    " intercreditor agreement and the security over shares, receivables and intellectual property"
    " in Germany, the Netherlands and Poland.",
    "Led a team of eleven associates and two trainees; responsible for its budget, its training"
    " and the quality of its written work.",
)


def lawyer(template: Template) -> CV:
    """Three pages of long sentences, and no list of skills."""
    posts = tuple(
        Item(
            title=firm,
            subtitle=post,
            location=place,
            start=f"{2021 - 4 * at}-09",
            end=f"{2025 - 4 * at}-08" if at else "Present",
            description="" if at % 2 else "Reports to the managing partner.",
            bullets=tuple(_MATTERS[(at + turn) % 4] for turn in range(4 - at % 2)),
        )
        for at, (firm, post, place) in enumerate(_FIRMS)
    )
    studies = (
        Item(
            title="University of Oxford",
            subtitle="Bachelor of Civil Law, with distinction",
            location="Oxford",
            start="1999-10",
            end="2000-07",
        ),
        Item(
            title="Ludwig-Maximilians-Universität München",
            subtitle="First State Examination",
            location="München",
            start="1994-10",
            end="1999-08",
        ),
    )
    articles = tuple(
        Item(title=title, subtitle=journal, start=year)
        for title, journal, year in (
            (
                "The Gibbs Rule after Brexit: Discharge of English-Law Debt by Foreign Plans",
                "International Insolvency Review",
                "2023",
            ),
            ("Security for Costs in Investor-State Arbitration", "Arbitration Quarterly", "2019"),
            ("Who Is a Related Party?", "Zeitschrift für Gesellschaftsrecht", "2016"),
        )
    )
    return CV(
        template=template,
        theme_color="#1f2a44",
        identity=Identity(
            first_name="Theodora Wilhelmina",
            last_name="Ashworth-Papadimitriou",
            jobtitle="Solicitor (England and Wales) and Rechtsanwältin",
            email="theodora.ashworth-papadimitriou@example.com",
            mobile="+44 20 7946 0000",
            address="London, United Kingdom",
            linkedin="https://www.linkedin.com/in/theodora-ashworth-papadimitriou",
        ),
        sections=(
            Section(
                key="summary",
                heading="Summary",
                type="secondary",
                content="Twenty-five years of practice in restructuring, finance and arbitration,"
                " before the courts of two countries and in four languages; recommended by the"
                " directories since 2014 and, which matters more, by those who were on the other"
                " side.",
            ),
            Section(key="experience", heading="Experience", type="main", items=posts),
            Section(key="education", heading="Education", type="main", items=studies),
            Section(key="articles", heading="Articles", type="secondary", items=articles),
            Section(
                key="admissions",
                heading="Admissions",
                type="secondary",
                items=(
                    Item(title="Solicitor", subtitle="England and Wales", start="2004"),
                    Item(title="Rechtsanwältin", subtitle="Munich", start="2002"),
                ),
            ),
            Section(
                key="languages",
                heading="Languages",
                type="secondary",
                items=(
                    Item(title="Languages", bullets=("English", "German", "Greek", "French (C1)")),
                ),
            ),
        ),
    )
