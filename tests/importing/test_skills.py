"""Lists of skills as people write them."""

from __future__ import annotations

import pytest

from app.importing.skills import SkillText, opens_aside, split_skills

PLAIN = [
    ("Python, Go, Rust", ["Python", "Go", "Rust"]),
    ("Python; Go; Rust", ["Python", "Go", "Rust"]),
    ("Python | Go | Rust", ["Python", "Go", "Rust"]),
    ("Python · Go • Rust", ["Python", "Go", "Rust"]),
    ("Python\tGo\tRust", ["Python", "Go", "Rust"]),
    ("Python  Go  Rust", ["Python", "Go", "Rust"]),
    ("Python\nGo\nRust", ["Python", "Go", "Rust"]),
    ("• Python\n• Go", ["Python", "Go"]),
    ("- Python\n- Go", ["Python", "Go"]),
    ("✓ Python ✓ Go", ["Python", "Go"]),
    ("Python - Go - Rust", ["Python", "Go", "Rust"]),
    ("Python、Java、Go", ["Python", "Java", "Go"]),
    ("Python，Java；Go", ["Python", "Java", "Go"]),
    ("Java、Python、Goなど", ["Java", "Python", "Go"]),
    ("إدارة المشاريع، التخطيط، المحاسبة", ["إدارة المشاريع", "التخطيط", "المحاسبة"]),
    ("Excel, Chain of custody", ["Excel", "Chain of custody"]),
    ("Java / Kotlin / Scala", ["Java", "Kotlin", "Scala"]),
    ("HTML/CSS/JavaScript", ["HTML", "CSS", "JavaScript"]),
    ("C/C++, CI/CD, TCP/IP, PL/SQL", ["C/C++", "CI/CD", "TCP/IP", "PL/SQL"]),
    ("Node.js, R&D, Ruby on Rails", ["Node.js", "R&D", "Ruby on Rails"]),
    (".NET, ASP.NET, C#", [".NET", "ASP.NET", "C#"]),
    ("UI/UX, A/B testing", ["UI/UX", "A/B testing"]),
    ("AWS (EC2, S3, Lambda), Docker", ["AWS (EC2, S3, Lambda)", "Docker"]),
    ("SQL (PostgreSQL, MySQL); NoSQL", ["SQL (PostgreSQL, MySQL)", "NoSQL"]),
    ("Photoshop, Illustrator, and InDesign", ["Photoshop", "Illustrator", "InDesign"]),
    ("Python, Go and Rust", ["Python", "Go", "Rust"]),
    ("Java, Kotlin und Scala", ["Java", "Kotlin", "Scala"]),
    ("Git, Docker et Kubernetes", ["Git", "Docker", "Kubernetes"]),
    ("Excel, Word y PowerPoint", ["Excel", "Word", "PowerPoint"]),
    ("Excel, Word e PowerPoint", ["Excel", "Word", "PowerPoint"]),
    ("Excel, Word en PowerPoint", ["Excel", "Word", "PowerPoint"]),
    ("Microsoft Word, Excel, etc.", ["Microsoft Word", "Excel"]),
    ("Machine Learning & AI, NLP", ["Machine Learning & AI", "NLP"]),
    ("wound care, health and safety", ["wound care", "health and safety"]),
    ("PostgreSQL 12, MySQL 8.0", ["PostgreSQL 12", "MySQL 8.0"]),
    ("Adobe Photoshop    Adobe Illustrator", ["Adobe Photoshop", "Adobe Illustrator"]),
    ("Wundversorgung, Medikamentengabe", ["Wundversorgung", "Medikamentengabe"]),
    ("Team work", ["Team work"]),
    ("Git", ["Git"]),
    ("", []),
    (" , ;", []),
]

GRADED = [
    ("Python (5 years)", SkillText("Python", None, None, 5.0)),
    ("Java (8+ yrs)", SkillText("Java", None, None, 8.0)),
    ("Python 5 years", SkillText("Python", None, None, 5.0)),
    ("Python, 5 years", SkillText("Python", None, None, 5.0)),
    ("SQL, 3,5 Jahre", SkillText("SQL", None, None, 3.5)),
    ("Java: 8 ans", SkillText("Java", None, None, 8.0)),
    ("Python (5 years, expert)", SkillText("Python", None, "expert", 5.0)),
    ("Go (expert)", SkillText("Go", None, "expert")),
    ("Python – expert", SkillText("Python", None, "expert")),
    ("Excel - Advanced", SkillText("Excel", None, "Advanced")),
    ("Python: Advanced", SkillText("Python", None, "Advanced")),
    ("Python  Advanced", SkillText("Python", None, "Advanced")),
    ("Excel – fortgeschritten", SkillText("Excel", None, "fortgeschritten")),
    ("MS Office (sehr gut)", SkillText("MS Office", None, "sehr gut")),
    ("Excel (maîtrise)", SkillText("Excel", None, "maîtrise")),
    ("Excel: avanzado", SkillText("Excel", None, "avanzado")),
    ("Excel (zeer goed)", SkillText("Excel", None, "zeer goed")),
    ("Python ●●●○○", SkillText("Python", None, "●●●○○")),
    ("Python ★★★★☆", SkillText("Python", None, "★★★★☆")),
    ("Python 4/5", SkillText("Python", None, "4/5")),
    ("Photoshop 80%", SkillText("Photoshop", None, "80%")),
    ("English: C1", SkillText("English", None, "C1")),
]


@pytest.mark.parametrize(("text", "names"), PLAIN)
def test_a_list_is_parted_where_a_reader_parts_it(text: str, names: list[str]) -> None:
    assert [skill.name for skill in split_skills(text)] == names


@pytest.mark.parametrize(("text", "skill"), GRADED)
def test_level_and_years_are_told_from_the_name(text: str, skill: SkillText) -> None:
    assert split_skills(text) == [skill]


@pytest.mark.parametrize(
    ("text", "category"),
    [("Languages: Python, Go", "Languages"), ("Outils : Git, Docker", "Outils")],
)
def test_a_label_is_the_category_of_its_list(text: str, category: str) -> None:
    assert {skill.category for skill in split_skills(text)} == {category}


def test_each_label_of_a_line_has_its_own_list() -> None:
    assert split_skills("Languages: Python, Go | Tools: Git") == [
        SkillText("Python", "Languages"),
        SkillText("Go", "Languages"),
        SkillText("Git", "Tools"),
    ]


@pytest.mark.parametrize("text", ["Expert: Python, Go", "精通：Python，Go"])
def test_a_label_that_is_a_level_holds_for_its_list(text: str) -> None:
    level = text[: text.index("ython") - 1].rstrip(" :：")
    assert split_skills(text) == [
        SkillText("Python", None, level),
        SkillText("Go", None, level),
    ]


def test_a_bracket_that_is_never_shut_hides_nothing() -> None:
    assert [skill.name for skill in split_skills("Python (3.11, Go, Rust")][1:] == ["Go", "Rust"]


def test_a_link_is_not_parted_at_its_colon() -> None:
    assert [skill.name for skill in split_skills("https://example.org/x")] == [
        "https://example.org/x"
    ]


def test_a_bracket_that_a_line_leaves_open_is_told_from_those_it_shuts() -> None:
    assert opens_aside("Knowledge), Python (level:")
    assert not opens_aside("Python (level: fair), Tools:")
