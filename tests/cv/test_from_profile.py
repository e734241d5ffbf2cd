"""A profile as a résumé, and that nothing is lost on the way there and back.

What is, stands in EXCEPTIONS, which may only shrink.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.cv import bounds, wording
from app.cv.from_profile import cv_data_of
from app.cv.normalise import TEMPLATES as ALL
from app.cv.normalise import normalise
from app.errors import ValidationFailed
from app.importing import words
from app.importing.cv_data import read_cv_data
from app.importing.cv_entries import parted_degree
from app.profile import rules
from tests.importing.proof import assert_all_has_evidence, values_of

RECORD: dict[str, Any] = orjson.loads(
    (Path(__file__).parents[1] / "importing" / "samples" / "vitae.json").read_bytes()
)
TEMPLATES = [template for template in ALL if template != "picture"]


def record(**sections: Any) -> dict[str, Any]:
    return {"profile": {"full_name": "Ada King"}, **sections}


def sections_of(of: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = cv_data_of(of)["sections"]
    return made


def item(section: str, **row: Any) -> dict[str, Any]:
    ((made,),) = (part["items"] for part in [sections_of(record(**{section: [row]}))[section]])
    return dict(made)


class TestTheResume:
    def test_a_profile_is_set_out_as_a_resume_says_it(self) -> None:
        cv_data = cv_data_of(RECORD, template="harvard")
        assert cv_data["template"] == "harvard"
        assert cv_data["identity"] == {
            "first_name": "Nora",
            "last_name": "Lindqvist",
            "jobtitle": "Charge Nurse",
            "email": "nora@example.org",
            "mobile": "+46 70 123 45 67",
            "address": "Malmö, Sweden",
            "linkedin": "https://www.linkedin.com/in/nora-lindqvist",
            "website": "https://nora.example.org",
        }
        assert cv_data["sections_order"] == list(cv_data["sections"])
        assert cv_data["sections"] == {
            "summary": {
                "type": "secondary",
                "content": "Intensive care nurse.\n\nTrains those who are new.",
            },
            "experience": {
                "type": "main",
                "items": [
                    {
                        "title": "Skåne University Hospital",
                        "subtitle": "Charge Nurse (part-time)",
                        "location": "Malmö",
                        "start": "2018-04",
                        "end": "Present",
                        "description": "Runs the night shift.",
                        "bullets": [
                            "Halved the time of handovers.",
                            "Technologies: COSMIC",
                        ],
                    }
                ],
            },
            "education": {
                "type": "main",
                "items": [
                    {
                        "title": "Lund University",
                        "subtitle": "BSc in Nursing",
                        "location": "Lund",
                        "start": "2011",
                        "end": "2014-06-01",
                        "description": "With a term in Graz.",
                        "bullets": ["Grade: VG", "Thesis on handovers."],
                    }
                ],
            },
            "projects": {
                "type": "main",
                "items": [
                    {
                        "title": "Handover card",
                        "subtitle": "Designer",
                        "start": "2020-01",
                        "end": "2020-06",
                        "bullets": [
                            "Technologies: Print",
                            "Website: https://card.example.org",
                            "Repository: https://github.com/example/card",
                        ],
                    }
                ],
            },
            "skills": {
                "type": "secondary",
                "items": [{"title": "Care", "bullets": ["Triage (expert, 11.5 years)"]}],
            },
            "languages": {
                "type": "secondary",
                "items": [{"bullets": ["Swedish (native)", "German"]}],
            },
            "certifications": {
                "type": "main",
                "items": [
                    {
                        "title": "Advanced Life Support",
                        "subtitle": "ERC",
                        "start": "2019-05-20",
                        "end": "2023-05",
                        "bullets": [
                            "Credential ID: A-1",
                            "https://erc.example.org/als",
                        ],
                    }
                ],
            },
        }

    @pytest.mark.parametrize("template", TEMPLATES)
    def test_it_renders_without_a_warning(self, template: str) -> None:
        assert normalise(cv_data_of(RECORD, template=template)).warnings == ()

    def test_a_section_that_is_empty_or_hidden_is_left_out(self) -> None:
        assert list(sections_of(record(skills=[], experience=[{"company": "Acme"}]))) == [
            "experience"
        ]
        made = cv_data_of(RECORD, hidden=("skills", "summary", "nonsense"))
        assert not {"skills", "summary"} & made["sections"].keys()

    def test_sections_stand_in_the_order_asked_for(self) -> None:
        made = cv_data_of(RECORD, sections_order=("skills", "nonsense", "education", "skills"))
        assert made["sections_order"][:3] == ["skills", "education", "summary"]
        assert normalise(made).warnings == ()

    def test_a_profile_of_a_name_alone_makes_no_cv(self) -> None:
        with pytest.raises(ValidationFailed) as caught:
            normalise(cv_data_of(record()))
        assert [field.code for field in caught.value.fields] == ["empty"]

    def test_it_leaves_the_record_as_it_was(self) -> None:
        before = copy.deepcopy(RECORD)
        cv_data_of(RECORD)
        assert before == RECORD

    @pytest.mark.parametrize(
        ("full_name", "first", "last"),
        [
            ("Ada King", "Ada", "King"),
            ("Maria da Silva Santos", "Maria", "da Silva Santos"),
            ("Ludwig van der Rohe", "Ludwig", "van der Rohe"),
            ("Anna Lena Weiß", "Anna Lena", "Weiß"),
            ("Martin Luther King Jr.", "Martin Luther", "King Jr."),
            ("Dr. Anna Schmidt, PhD", "Dr. Anna", "Schmidt, PhD"),
            ("Prince", "Prince", None),
            ("山田太郎", "山田太郎", None),
            ("山田 太郎", "山田 太郎", None),
        ],
    )
    def test_a_name_is_parted_as_names_are(
        self, full_name: str, first: str, last: str | None
    ) -> None:
        identity = cv_data_of({"profile": {"full_name": full_name}})["identity"]
        assert (identity["first_name"], identity.get("last_name")) == (first, last)

    @pytest.mark.parametrize(
        ("kind", "subtitle", "bullets"),
        [
            ("freelance", "Engineer (freelance)", None),
            ("full-time", "Engineer", None),
            ("on call", "Engineer", ["Employment type: on call"]),
        ],
    )
    def test_unusual_employment_is_said(
        self, kind: str, subtitle: str, bullets: list[str] | None
    ) -> None:
        made = item("experience", company="Acme", title="Engineer", employment_type=kind)
        assert (made["subtitle"], made.get("bullets")) == (subtitle, bullets)

    @pytest.mark.parametrize(
        ("degree", "field", "subtitle"),
        [
            ("BSc", "Physics", "BSc in Physics"),
            ("Laurea", "Fisica", "Laurea, Fisica"),
            ("BSc", None, "BSc"),
            (None, "Physics", None),
            ("MSc in Arts", "Painting", "MSc in Arts"),
        ],
    )
    def test_a_degree_names_its_field(
        self, degree: str | None, field: str | None, subtitle: str | None
    ) -> None:
        made = item("education", institution="ETH", degree=degree, field_of_study=field)
        assert made.get("subtitle") == subtitle
        told = ["Field of study: " + str(field)] if subtitle in (None, "MSc in Arts") else None
        assert made.get("bullets") == told

    def test_what_has_no_end_goes_on_where_the_api_says_so(self) -> None:
        assert item("projects", name="P", start_date="2019")["end"] == "Present"
        assert "end" not in item("education", institution="ETH", start_date="2019")
        assert "end" not in item("experience", company="Acme", start_date="2019")

    def test_a_certificate_of_which_only_the_end_is_known_says_so(self) -> None:
        made = item("certifications", name="CKA", expires_on="2026-05")
        assert made == {"title": "CKA", "bullets": ["Valid until: May 2026"]}

    def test_skills_without_a_category_stand_first(self) -> None:
        skills = [{"name": "Go", "category": "IT"}, {"name": "Sales"}]
        items = sections_of(record(skills=skills))["skills"]["items"]
        assert items == [{"bullets": ["Sales"]}, {"title": "IT", "bullets": ["Go"]}]

    def test_a_description_stands_above_the_bullets(self) -> None:
        told = {"description": "One\ntwo.\n\nThree.", "bullets": ["Four."]}
        assert item("experience", company="A", **told) == {"title": "A", **told}

    def test_a_description_that_is_written_as_a_list_becomes_bullets(self) -> None:
        assert item("experience", company="A", description="- One\n- Two")["bullets"] == [
            "One",
            "Two",
        ]

    def test_more_than_an_item_may_hold_goes_on_in_another(self) -> None:
        bullets = [f"b{n}" for n in range(bounds.BULLETS + 5)]
        skills = [{"name": f"s{n}", "category": "All"} for n in range(120)]
        made = record(experience=[{"company": "Acme", "bullets": bullets}], skills=skills)
        parts = sections_of(made)
        assert parts["experience"]["items"][1] == {"bullets": bullets[bounds.BULLETS :]}
        assert [(part["title"], len(part["bullets"])) for part in parts["skills"]["items"]] == [
            ("All", 50),
            ("All", 50),
            ("All", 20),
        ]
        assert normalise(cv_data_of(made)).warnings == ()
        preview = read_cv_data(cv_data_of(made))
        assert [entry.bullets for entry in preview.experience] == [bullets]
        assert len(preview.skills) == 120

    def test_the_fullest_profile_makes_a_cv(self) -> None:
        line, prose = "x" * bounds.LINE, "y " * (bounds.TEXT // 2)
        position = {
            "company": line,
            "title": line,
            "location": line,
            "employment_type": "freelance",
            "start_date": "2019",
            "description": prose,
            "bullets": [prose] * bounds.BULLETS,
            "technologies": ["z" * rules.SHORT] * rules.TECHNOLOGIES,
        }
        skill = {"name": line, "level": "x" * rules.SHORT, "years": 3.5}
        full = record(
            experience=[position] * bounds.ITEMS,
            projects=[{**position, "name": line}] * bounds.ITEMS,
            skills=[skill | {"category": f"c{n}"} for n in range(300)],
        )
        full["profile"] |= {"bio": prose, "headline": line}
        made = normalise(cv_data_of(full))
        assert made.warnings == ()
        assert len(made.cv.sections[1].items) > 20


# There and back

# What does not come back as it was: section, row, and what comes instead of it.
EXCEPTIONS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a description that is written as a list is the first bullets": (
        "experience",
        {"company": "Acme", "description": "- One\n- Two", "bullets": ["Three."]},
        {"bullets": ["One", "Two", "Three."]},
    ),
    "full-time, which a résumé takes for granted, is not said": (
        "experience",
        {"company": "Acme", "title": "Engineer", "employment_type": "full-time"},
        {},
    ),
    "a title that ends in a kind of employment is parted from it": (
        "experience",
        {"company": "Acme", "title": "Engineer (freelance)"},
        {"title": "Engineer", "employment_type": "freelance"},
    ),
    "a degree that names its field is parted from it": (
        "education",
        {"institution": "ETH", "degree": "BSc in Physics"},
        {"degree": "BSc", "field_of_study": "Physics"},
    ),
    "a bullet that reads like a label of ours goes where it says": (
        "education",
        {"institution": "ETH", "bullets": ["Grade: 5.5"]},
        {"grade": "5.5"},
    ),
    "a lone technology with a comma is parted, and any with a semicolon": (
        "projects",
        {"name": "P", "technologies": ["Rust, the language"]},
        {"technologies": ["Rust", "the language"]},
    ),
    "a skill whose name has marks of lists is parted": (
        "skills",
        {"name": "Go, Rust"},
        {"name": "Go"},
    ),
    "a skill that ends in what reads like a level has one": (
        "skills",
        {"name": "Photography (basic)"},
        {"name": "Photography", "level": "basic"},
    ),
    "a category that is called as its section is none": (
        "skills",
        {"name": "Go", "category": "Skills"},
        {},
    ),
    "a certificate that is called as its section is none": (
        "certifications",
        {"name": "Certifications", "credential_id": "A-1"},
        {"name": "Credential ID: A-1"},
    ),
    "a language with parentheses has a level": (
        "languages",
        {"name": "Chinese (Mandarin)"},
        {"name": "Chinese", "level": "Mandarin"},
    ),
}


@pytest.mark.parametrize(("section", "row", "instead"), EXCEPTIONS.values(), ids=EXCEPTIONS.keys())
def test_what_does_not_come_back_is_known(
    section: str, row: dict[str, Any], instead: dict[str, Any]
) -> None:
    made = record(**{section: [row]})
    if section == "languages":
        made["profile"]["languages"] = [row]
    came = values_of(getattr(read_cv_data(cv_data_of(made)), section)[0])
    assert came != row  # or the table is longer than it need be
    assert {name: came.get(name) for name in instead} == instead


_letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn"))
_any_text = st.text(_letters, max_size=20)
_real = st.sampled_from(
    ["Acme GmbH", "Engineer", "Head of Sales", "Zürich", "東京", "Built it, and ran it.", "A/B: C"]
)


def _cleaned(rule: Callable[[str], Any]) -> Callable[[st.SearchStrategy[str]], Any]:
    return lambda texts: texts.map(rule).filter(lambda text: text is not None)


_line = _cleaned(rules.line)(_real | _any_text)
_maybe = st.none() | _line
_prose = st.none() | _cleaned(rules.prose)(st.lists(_real | _any_text, max_size=3).map("\n\n".join))
_MARKS = set(",;()[]|/:%\t·•●○★☆–—、，：（）")
_plain = _line.filter(lambda text: not (set(text) & _MARKS or " -" in text or "- " in text))
_bullet = _line.filter(
    lambda text: not wording.read_label(text) and not words.technologies_label(text)
)
_bullets = st.lists(_bullet, max_size=3)
_technologies = st.lists(
    _line.filter(lambda text: not set(text) & set(";()[]")), max_size=3
).filter(lambda names: len(names) != 1 or "," not in names[0])
_date = st.none() | st.dates(
    min_value=date(1950, 1, 1),
    max_value=date(2035, 1, 1),
).flatmap(lambda day: st.sampled_from([str(day)[:4], str(day)[:7], str(day)]))
_url = st.sampled_from([None, "https://example.com/a", "http://exämple.org/x?y=z"])


@st.composite
def _spans(draw: st.DrawFn) -> dict[str, Any]:
    start, end = draw(_date), draw(_date)
    if start and end and end[: len(start)] < start[: len(end)]:
        start, end = end, start
    return {"start_date": start, "end_date": end}


@st.composite
def _positions(draw: st.DrawFn) -> dict[str, Any]:
    title = draw(_maybe)
    assume(not (title and wording.read_parentheses(title)))
    span = draw(_spans())
    kinds = st.sampled_from([None, "freelance", "part-time", "on call"])
    return {
        "company": draw(_maybe if title else _line),
        "title": title,
        "location": draw(_maybe),
        "employment_type": draw(kinds),
        **span,
        "is_current": span["end_date"] is None and draw(st.booleans()),
        "description": draw(_prose),
        "bullets": draw(_bullets),
        "technologies": draw(_technologies),
    }


@st.composite
def _studies(draw: st.DrawFn) -> dict[str, Any]:
    degrees = st.sampled_from(["BSc", "Master of Arts", "Laurea", "Diplom", "学士"]) | _line
    degree = draw(st.none() | degrees.filter(lambda text: not parted_degree(text)))
    return {
        "institution": draw(_maybe if degree else _line),
        "degree": degree,
        "field_of_study": draw(_maybe),
        "location": draw(_maybe),
        **draw(_spans()),
        "grade": draw(_maybe),
        "description": draw(_prose),
        "bullets": draw(_bullets),
    }


@st.composite
def _projects(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "name": draw(_line),
        "role": draw(_maybe),
        "url": draw(_url),
        "repository_url": draw(_url),
        **draw(_spans()),
        "description": draw(_prose),
        "bullets": draw(_bullets),
        "technologies": draw(_technologies),
    }


@st.composite
def _certificates(draw: st.DrawFn) -> dict[str, Any]:
    span = draw(_spans())
    return {
        "name": draw(_line.filter(lambda text: text.lower() != "certifications")),
        "issuer": draw(_maybe),
        "issued_on": span["start_date"],
        "expires_on": span["end_date"],
        "credential_id": draw(_maybe),
        "credential_url": draw(_url),
    }


_records = st.fixed_dictionaries(
    {
        "profile": st.fixed_dictionaries(
            {
                "full_name": _cleaned(rules.line)(
                    st.sampled_from(["Ada King", "山田 太郎", "Maria da Silva"])
                    | st.text(_letters, min_size=1, max_size=20)
                ).filter(lambda name: any(map(str.isalnum, name))),
                "headline": _maybe,
                "bio": _prose,
                "location": _maybe,
                "website": _url,
                "github_url": st.sampled_from([None, "https://github.com/ada"]),
                "linkedin_url": st.sampled_from([None, "https://www.linkedin.com/in/ada"]),
                "email": st.sampled_from([None, "ada@example.com"]),
                "phone": st.sampled_from([None, "+41 79 123 45 67"]),
                "languages": st.lists(
                    st.fixed_dictionaries({"name": _plain, "level": st.none() | _plain}),
                    max_size=3,
                ),
            }
        ),
        "skills": st.lists(
            st.fixed_dictionaries(
                {
                    "name": _plain,
                    "category": st.none() | _line.filter(lambda text: text.lower() != "skills"),
                    "level": st.sampled_from([None, "expert", "4/5", "80%", "guru"]),
                    "years": st.sampled_from([None, 1.0, 2.5, 12.0]),
                }
            ),
            max_size=4,
        ),
        "experience": st.lists(_positions(), max_size=3),
        "education": st.lists(_studies(), max_size=3),
        "projects": st.lists(_projects(), max_size=3),
        "certifications": st.lists(_certificates(), max_size=3),
    }
)


def expected(section: str, row: dict[str, Any]) -> dict[str, Any]:
    """What of a row comes back: all that it has."""
    return {name: value for name, value in row.items() if value not in (None, [], False)}


@settings(max_examples=60, deadline=None)
@given(_records)
def test_a_profile_comes_back_from_its_resume(made: dict[str, Any]) -> None:
    cv_data = cv_data_of(made)
    if cv_data["sections"]:
        assert {each.code for each in normalise(cv_data).warnings} <= {"missing_glyphs"}
    preview = read_cv_data(cv_data)
    assert_all_has_evidence(preview)
    assert (preview.unplaced, preview.warnings) == ([], [])
    profile = {name: value for name, value in made["profile"].items() if value}
    assert values_of(preview.profile) == {
        name: value for name, value in profile.items() if name != "languages"
    }
    assert [values_of(each) for each in preview.languages] == [
        expected("languages", row) for row in made["profile"]["languages"]
    ]
    categories = list(dict.fromkeys(row["category"] for row in made["skills"]))
    made["skills"].sort(
        key=lambda row: categories.index(row["category"]) if row["category"] else -1
    )
    for section in ("experience", "education", "projects", "certifications", "skills"):
        assert [values_of(entry) for entry in getattr(preview, section)] == [
            expected(section, row) for row in made[section]
        ]
