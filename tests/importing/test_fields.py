from __future__ import annotations

import msgspec
import pytest

from app.importing.document import Document, Line
from app.importing.preview import FoundExperience, Preview
from app.importing.read import read_document
from tests.importing.pages import line


def read(*lines: Line) -> Preview:
    """The lines below each other, through all stages from sections on."""
    placed = []
    for i, each in enumerate(lines):
        assert each.box is not None
        top = 14.0 * i
        placed.append(msgspec.structs.replace(each, box=(each.box[0], top, each.box[2], top + 10)))
    return read_document(Document(lines=tuple(placed), pages=1), "pdf")


def head(text: str) -> Line:
    return line(text, bold=True, size=13, above=12)


NAME = line("Ada Lovelace", size=22)


def experience(*lines: Line) -> list[FoundExperience]:
    return read(NAME, head("Experience"), *lines).experience


def told(found: FoundExperience) -> tuple[str | None, ...]:
    return (found.title, found.company, found.location, found.start_date, found.end_date)


WANTED = ("Software Engineer", "Northwind GmbH", "Berlin", "2019-03", "2021-05")


@pytest.mark.parametrize(
    "lines",
    [
        [
            line("Software Engineer", bold=True, right="Mar 2019 - May 2021"),
            line("Northwind GmbH", right="Berlin"),
        ],
        [
            line("Northwind GmbH", bold=True, right="Mar 2019 - May 2021"),
            line("Software Engineer", italic=True, right="Berlin"),
        ],
        [line("Software Engineer | Northwind GmbH | Berlin | 03/2019 - 05/2021")],
        [line("Mar 2019 - May 2021  Software Engineer, Northwind GmbH, Berlin")],
        [line("Software Engineer at Northwind GmbH, Berlin (Mar 2019 - May 2021)")],
        [
            line("Software Engineer", bold=True),
            line("Northwind GmbH, Berlin"),
            line("March 2019 - May 2021"),
        ],
        [
            line("Northwind GmbH \u2014 Software Engineer", bold=True),
            line("03/2019 \u2013 05/2021 | Berlin"),
        ],
    ],
    ids=["title-first", "company-first", "bars", "commas", "at", "stacked", "dash"],
)
def test_a_position_is_read_in_every_usual_layout(lines: list[Line]) -> None:
    (found,) = experience(*lines)
    assert told(found) == WANTED


def test_the_order_of_a_section_decides_where_words_say_nothing() -> None:
    found = experience(
        line("Zeltron", bold=True, right="2019 - 2021"),
        line("Software Engineer"),
        line("Wrote programmes", bullet=True),
        line("Nublar", bold=True, right="2017 - 2019"),
        line("Fixer of things"),
    )
    assert [(each.company, each.title) for each in found] == [
        ("Zeltron", "Software Engineer"),
        ("Nublar", "Fixer of things"),
    ]


def test_description_bullets_and_technologies_are_told_apart() -> None:
    (found,) = experience(
        line("Software Engineer", bold=True, right="2019 - 2021"),
        line("Northwind GmbH"),
        line("Looked after the ordering system of forty shops."),
        line("Halved the time of a build", bullet=True),
        line("Technologies: Python, Kafka"),
    )
    assert found.description == "Looked after the ordering system of forty shops."
    assert found.bullets == ["Halved the time of a build"]
    assert found.technologies == ["Python", "Kafka"]


def test_a_position_that_goes_on_has_no_end() -> None:
    (found,) = experience(
        line("Software Engineer", bold=True, right="May 2021 - Present"), line("Northwind GmbH")
    )
    assert (found.start_date, found.end_date, found.is_current) == ("2021-05", None, True)


def test_every_value_has_evidence_with_its_place() -> None:
    (found,) = experience(
        line("Software Engineer", bold=True, right="Mar 2019 - May 2021"),
        line("Northwind GmbH", right="Berlin"),
    )
    proofs = {proof.field: proof for proof in found.evidence}
    assert set(proofs) == {"title", "company", "location", "start_date", "end_date"}
    assert proofs["start_date"].text == "Mar 2019 - May 2021"
    assert all(
        proof.page == 1 and proof.box and 0 < proof.confidence <= 1 for proof in found.evidence
    )


def test_education_has_institution_degree_field_and_grade() -> None:
    (found,) = read(
        NAME,
        head("Education"),
        line("University of Leeds", bold=True, right="2015 - 2018"),
        line("BSc in Computer Science", right="Leeds"),
        line("GPA: 3.8/4.0"),
    ).education
    assert (found.institution, found.degree, found.field_of_study) == (
        "University of Leeds",
        "BSc",
        "Computer Science",
    )
    assert (found.location, found.start_date, found.end_date) == ("Leeds", "2015", "2018")
    assert (found.grade, found.description) == ("GPA: 3.8/4.0", None)


def test_the_only_date_of_a_study_is_its_end() -> None:
    (found,) = read(
        NAME, head("Education"), line("MSc Physics, University of Leeds, 2018")
    ).education
    assert (found.start_date, found.end_date) == (None, "2018")


def test_the_header_says_who_and_how_to_reach_them() -> None:
    profile = read(
        NAME,
        line("Software Engineer", size=12),
        line("ada@example.org | +44 7700 900123 | London, UK | github.com/ada | ada.example.org"),
        line("linkedin.com/in/ada-lovelace"),
        head("Experience"),
    ).profile
    assert (profile.full_name, profile.headline) == ("Ada Lovelace", "Software Engineer")
    assert (profile.email, profile.phone) == ("ada@example.org", "+44 7700 900123")
    assert profile.location == "London, UK"
    assert profile.github_url == "https://github.com/ada"
    assert profile.linkedin_url == "https://linkedin.com/in/ada-lovelace"
    assert profile.website == "https://ada.example.org"


def test_a_document_without_a_name_gets_none() -> None:
    profile = read(line("ada@example.org"), head("Skills"), line("Python, Kafka")).profile
    assert profile.full_name is None
    assert profile.email == "ada@example.org"


def test_lists_are_skills_with_categories_and_languages_with_levels() -> None:
    preview = read(
        NAME,
        head("Skills"),
        line("Backend: Python, Kafka"),
        head("Languages"),
        line("French (native), English (C1)"),
    )
    assert [(skill.name, skill.category) for skill in preview.skills] == [
        ("Python", "Backend"),
        ("Kafka", "Backend"),
    ]
    assert [(each.name, each.level) for each in preview.languages] == [
        ("French", "native"),
        ("English", "C1"),
    ]


def test_certificates_have_an_issuer_and_a_date() -> None:
    (found,) = read(
        NAME,
        head("Certifications"),
        line("Certified Kubernetes Administrator, CNCF", right="Apr 2021"),
    ).certifications
    assert (found.name, found.issuer, found.issued_on) == (
        "Certified Kubernetes Administrator",
        "CNCF",
        "2021-04",
    )


def test_projects_have_links_and_technologies() -> None:
    (found,) = read(
        NAME,
        head("Projects"),
        line("Kubeclean | Go, Kubernetes", right="2019 - 2021"),
        line("https://github.com/ada/kubeclean"),
        line("Removes what nobody uses", bullet=True),
    ).projects
    assert (found.name, found.technologies) == ("Kubeclean", ["Go", "Kubernetes"])
    assert found.repository_url == "https://github.com/ada/kubeclean"
    assert found.bullets == ["Removes what nobody uses"]


def test_other_sections_are_unplaced_below_their_heading() -> None:
    preview = read(NAME, head("Publications"), line("Notes on the Engine, 1843"), head("Skills"))
    assert [(left.section, left.text) for left in preview.unplaced] == [
        ("Publications", "Notes on the Engine, 1843")
    ]


def test_a_summary_without_a_heading_is_the_paragraph_below_the_name() -> None:
    text = (
        "Analyst of engines with a taste for poetry and numbers who writes programmes for machines."
    )
    assert read(NAME, line(text), head("Skills"), line("Python, Go")).profile.bio == text


def test_what_shares_the_cell_of_the_dates_is_a_place_known_or_not() -> None:
    (found,) = experience(
        line("Engine Works – Analyst", right="2019 - 2021, Upper Nowhere"),
        line("Wrote programmes", bullet=True),
    )
    assert (found.company, found.title) == ("Engine Works", "Analyst")
    assert (found.location, found.start_date) == ("Upper Nowhere", "2019")


KITCHENS = [
    head("Kitchens"),
    line("Le Petit Four", bold=True, right="2019 - Present"),
    line("Head Chef", right="Lyon, France"),
    line("Brasserie Zum Hirschen", bold=True, right="Apr 2014 - Dec 2018"),
    line("Sous-Chef", right="Basel, Switzerland"),
]
SKILLED = [head("Skills"), line("Sauces, game"), head("Languages"), line("German, French")]
REACHED = [NAME, line("ada@example.org")]


def test_positions_under_a_heading_of_their_own_are_experience_where_none_is_headed_so() -> None:
    found = read(*REACHED, *KITCHENS, *SKILLED).experience
    assert [(each.title, each.company) for each in found] == [
        ("Head Chef", "Le Petit Four"),
        ("Sous-Chef", "Brasserie Zum Hirschen"),
    ]


def test_positions_under_a_heading_of_their_own_stay_there_beside_experience() -> None:
    worked = [head("Experience"), line("Waiter, Gasthof Adler, 2010 - 2013")]
    found = read(*REACHED, *worked, *KITCHENS, *SKILLED)
    assert [each.title for each in found.experience] == ["Waiter"]
    assert "Kitchens" in {each.section for each in found.unplaced}


def test_what_happened_once_under_an_unknown_heading_is_no_position() -> None:
    shows = [
        head("Pop-ups"),
        line("Harbour Nights", bold=True, right="2019"),
        line("Guest Chef", right="Lyon, France"),
        line("Winter Table", bold=True, right="2018"),
        line("Guest Chef", right="Basel, Switzerland"),
    ]
    assert read(*REACHED, *shows, *SKILLED).experience == []


def test_languages_that_a_label_lists_among_personal_details_are_spoken() -> None:
    found = read(
        NAME,
        *(head("Skills"), line("Languages : Java, Python")),
        *(head("Personal details"), line("Languages Known : English, Tamil, Hindi")),
    )
    assert [each.name for each in found.languages] == ["English", "Tamil", "Hindi"]
    assert [each.name for each in found.skills] == ["Java", "Python"]


def test_a_place_in_brackets_is_one_though_no_list_knows_it_where_others_have_theirs() -> None:
    found = experience(
        *(
            each
            for title, company, dates in (
                ("Assistante", "Menuiserie Pascal (Villeurbanne)", "2019 - 2021"),
                ("Secrétaire", "Cabinet Morel Avocats (Lyon 6e)", "2017 - 2019"),
                ("Hôtesse de caisse", "Supermarché Les Halles (Bron)", "2015 - 2017"),
            )
            for each in (line(title, bold=True, right=dates), line(company))
        )
    )
    places = [(each.company, each.location) for each in found]
    assert places == [
        ("Menuiserie Pascal", "Villeurbanne"),
        ("Cabinet Morel Avocats", "Lyon 6e"),
        ("Supermarché Les Halles", "Bron"),
    ]


def test_a_department_before_the_title_describes_a_position() -> None:
    (found,) = experience(
        line("2019年4月～現在　株式会社みなとシステムズ"),
        line("2019年4月～現在", right="システム開発部　主任"),
    )
    assert (found.company, found.title) == ("株式会社みなとシステムズ", "主任")
    assert found.description == "システム開発部"
