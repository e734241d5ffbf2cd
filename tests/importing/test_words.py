"""Companies, titles, schools, degrees and grades, told by their words."""

from __future__ import annotations

import pytest

from app.importing.words import (
    company_score,
    degree_of,
    employment_type_of,
    grade_of,
    institution_score,
    technologies_label,
    title_score,
)

TITLES = """Software Engineer|Senior Software Engineer|Head of Marketing|Registered Nurse|Barista
    Working Student|CEO & Founder|Product Manager, Payments|Data Scientist II|Teaching Assistant
    Vice President of Sales|Leiter Vertrieb|Krankenpflegerin|Wissenschaftlicher Mitarbeiter
    Entwickler/in (m/w/d)|Softwareentwicklerin|Kauffrau im Einzelhandel|Filialleiterin
    Ingénieur logiciel|Responsable marketing|Chef de partie|Stagiaire|Desarrollador web
    Jefe de cocina|Architetto|Contador Sênior|Docent biologie|高级软件工程师|営業部長
    Forklift Operator"""
NO_TITLES = """Google|Acme GmbH|Berlin, Germany|University of Oxford|Bachelor of Science|Python
    Led a team of engineers to deliver the platform|Work Experience|jane@example.org|2019 – 2021"""
COMPANIES = """Acme GmbH|Google|Marlowe & Finch LLP|Prairie Implement Co.|Tidewater Community Bank
    Städtisches Klinikum Kiel|CHU de Saint-Étienne|Ayuntamiento de Valencia|株式会社サンプル
    江南科技有限公司|Universitätsklinikum Köln|Zalando SE|St. Mary's Hospital
    Grupo Araucária S.A."""
SCHOOLS = """University of Leeds|Technische Universität Braunschweig|IES Benlliure|MIT|ETH Zürich
    Kieler Gelehrtenschule|Lincoln High School|江南理工大学|Rijksuniversiteit Groningen
    Lycée Jean Moulin|Università degli Studi di Padova|Universidade do Norte Pioneiro"""

DEGREES = [
    ("Bachelor of Science in Computer Science", "Bachelor of Science", "Computer Science", ""),
    ("BSc Computer Science", "BSc", "Computer Science", ""),
    ("BSc (Hons) Computer Science", "BSc (Hons)", "Computer Science", ""),
    ("Ph.D., Biology", "Ph.D.", "Biology", ""),
    ("Doctor of Philosophy (Ph.D.) in Chemistry", "Doctor of Philosophy (Ph.D.)", "Chemistry", ""),
    ("Bachelor's degree in Marketing", "Bachelor's degree", "Marketing", ""),
    ("M.S. in Geology, University of Iron Range", "M.S.", "Geology", "University of Iron Range"),
    ("Bachelor of Arts in Computer Science, Minor in Music", "Bachelor of Arts",
     "Computer Science, Minor in Music", ""),
    ("BSc Nursing (Adult)", "BSc", "Nursing (Adult)", ""),
    ("Computer Science, B.Sc.", "B.Sc.", "Computer Science", ""),
    ("University of York – BSc Nursing, 2015", "BSc", "Nursing", "University of York, 2015"),
    ("MBA", "MBA", None, ""),
    ("High School Diploma", "High School Diploma", None, ""),
    ("GED, Adult Learning Center", "GED", None, "Adult Learning Center"),
    ("Informatik (M.Sc.)", "M.Sc.", "Informatik", ""),
    ("Diplom-Ingenieurin Maschinenbau", "Diplom-Ingenieurin", "Maschinenbau", ""),
    ("Abitur (Note 1,3)", "Abitur", None, "Note 1,3"),
    ("Bachelor Betriebswirtschaftslehre, Note: 1,7", "Bachelor", "Betriebswirtschaftslehre",
     "Note: 1,7"),
    ("Ausbildung zur Kauffrau für Spedition", "Ausbildung zur Kauffrau für Spedition", None, ""),
    ("Licence en droit", "Licence", "droit", ""),
    ("Licence professionnelle Métiers du web", "Licence professionnelle", "Métiers du web", ""),
    ("BTS Comptabilité", "BTS", "Comptabilité", ""),
    ("Diplôme d’État d’infirmier", "Diplôme d’État d’infirmier", None, ""),
    ("Técnico Superior en Dirección de Cocina", "Técnico Superior", "Dirección de Cocina", ""),
    ("Grado en Historia", "Grado", "Historia", ""),
    ("Laurea Magistrale in Economia e Commercio", "Laurea Magistrale", "Economia e Commercio", ""),
    ("Licenciatura em Direito", "Licenciatura", "Direito", ""),
    ("HBO Bedrijfskunde", "HBO", "Bedrijfskunde", ""),
    ("计算机科学与技术 硕士", "硕士", "计算机科学与技术", ""),
    ("江南理工大学 计算机科学与技术 硕士", "硕士", "计算机科学与技术", "江南理工大学"),
    ("情報工学 修士課程", "修士課程", "情報工学", ""),
]  # fmt: skip

GRADES = [
    ("GPA: 3.8/4.0", "GPA: 3.8/4.0"),
    ("CGPA 9.1/10", "CGPA 9.1/10"),
    ("Cum. GPA: 3.9 / 4.0", "GPA: 3.9 / 4.0"),
    ("3.8/4.0 GPA", "3.8/4.0 GPA"),
    ("B.S. Accounting, magna cum laude, GPA 3.82", "magna cum laude, GPA 3.82"),
    ("Note: 1,3", "1,3"),
    ("Abitur (Note 1,3)", "1,3"),
    ("Gesamtnote: 1,7 (gut)", "1,7 (gut)"),
    ("mention très bien", "mention très bien"),
    ("First Class Honours", "First Class Honours"),
    ("BSc (Hons) Mathematics, 2:1", "2:1"),
    ("Voto: 110/110 e lode", "110/110 e lode"),
    ("Nota media: 8,5", "8,5"),
    ("Média final: 16 valores", "16 valores"),
    ("Gemiddeld cijfer 8,2", "8,2"),
    ("mit Auszeichnung", "mit Auszeichnung"),
    ("sobresaliente", "sobresaliente"),
    ("Grade: A", "A"),
    ("03/2020", None),
    ("03/20", None),
    ("Managed 12/20 projects", None),
    ("first in class", None),
    ("Physics", None),
]


def listed(text: str) -> list[str]:
    return [one.strip() for one in text.replace("\n", "|").split("|") if one.strip()]


@pytest.mark.parametrize("text", listed(TITLES))
def test_a_title_is_likelier_a_title_than_a_company(text: str) -> None:
    assert title_score(text) >= 0.85
    assert company_score(text) < 0.5


@pytest.mark.parametrize("text", listed(NO_TITLES))
def test_other_lines_are_no_title(text: str) -> None:
    assert title_score(text) < 0.5


@pytest.mark.parametrize("text", listed(COMPANIES))
def test_a_company_is_likelier_a_company_than_a_title(text: str) -> None:
    assert company_score(text) >= 0.7
    assert title_score(text) < 0.5


@pytest.mark.parametrize("text", listed(SCHOOLS))
def test_a_place_to_learn_is_known(text: str) -> None:
    assert institution_score(text) >= 0.9


@pytest.mark.parametrize("text", ["School Teacher", "High School Diploma", "Google", "Education"])
def test_other_words_with_schools_are_no_place_to_learn(text: str) -> None:
    assert institution_score(text) < 0.5


@pytest.mark.parametrize(("text", "degree", "field", "rest"), DEGREES)
def test_a_degree_is_parted_from_its_field(
    text: str, degree: str, field: str | None, rest: str
) -> None:
    found = degree_of(text)
    assert found is not None
    assert (found.degree, found.field_of_study, found.rest) == (degree, field, rest)


@pytest.mark.parametrize(
    "text", ["Boston, MA", "Scrum Master", "Lincoln High School", "Google", "as a team", "master"]
)
def test_words_that_resemble_a_degree_are_none(text: str) -> None:
    assert degree_of(text) is None


@pytest.mark.parametrize(("text", "grade"), GRADES)
def test_a_grade_is_kept_as_written(text: str, grade: str | None) -> None:
    assert grade_of(text) == grade


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Software Engineer (Full-time)", "Full-time"),
        ("Google · Full-time", "Full-time"),
        ("Verkäuferin, befristet", "befristet"),
        ("Infirmière – CDD", "CDD"),
        ("正社員", "正社員"),
        ("I worked full-time", None),
        ("Werkstudent IT", None),
    ],
)
def test_a_kind_of_employment_counts_where_it_stands_by_itself(text: str, kind: str | None) -> None:
    assert employment_type_of(text) == kind


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Technologies: Python, Go", "Python, Go"),
        ("Umgebung: Java", "Java"),
        ("Tech stack – Rust, Go", "Rust, Go"),
        ("技术栈：Java", "Java"),
        ("Responsible for: all", None),
        ("Technologies", None),
    ],
)
def test_a_list_of_technologies_is_known_by_its_label(text: str, rest: str | None) -> None:
    assert technologies_label(text) == rest
