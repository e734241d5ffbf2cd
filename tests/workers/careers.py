"""Two people who have nothing in common, and for whom a template must do alike."""

from __future__ import annotations

from app.cv.model import CV, Identity, Item, Section, Template

_FIELDS = ("Rhetoric", "Liturgy", "Manuscripts", "Translation", "Law")
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
            title=f"על כתבי היד של העיר, חלק {number}"
            if number % 2
            else f"{_FIELDS[number // 2 % 5]} in the Genizah: Notes on Fragment T-S {number}.12",
            subtitle="תרביץ" if number % 2 else _JOURNALS[number // 2 % 3],
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
