"""cv_data as people write it, read as a profile. The way from a profile and back is tested in
tests/cv/test_from_profile.py."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importing.cv_data import read_cv_data
from app.importing.preview import Preview
from tests.cv.samples import EXAMPLE
from tests.importing.proof import assert_all_has_evidence, assert_no_word_is_lost, values_of

LOOK = frozenset(
    (
        "template",
        "theme_color",
        "font_size",
        "font_family",
        "page_size",
        "sections_order",
        "picture",
        "type",
    )
)


def read(key: str, heading: str | None = None, **section: Any) -> Preview:
    if heading:
        section["heading"] = heading
    return read_cv_data({"identity": {"first_name": "Ada"}, "sections": {key: section}})


def test_the_documented_example_is_read_whole() -> None:
    preview = read_cv_data(EXAMPLE, "cv_data")
    assert values_of(preview.profile) == {
        "full_name": "Leif Doxarve",
        "headline": "AI Product Engineer",
        "bio": EXAMPLE["sections"]["summary"]["content"],
        "location": "Lausanne, Switzerland",
        "website": "https://doxai.ch",
        "github_url": "https://github.com/mieleif",
        "linkedin_url": "https://linkedin.com/in/leif-doxarve",
        "email": "leif@example.com",
        "phone": "+41 79 123 45 67",
    }
    assert values_of(preview.experience[0]) == {
        "company": "DoxAI",
        "title": "Founder & Product Engineer",
        "location": "Lausanne, CH",
        "start_date": "2024-06",
        "is_current": True,
        "bullets": EXAMPLE["sections"]["experience"]["items"][0]["bullets"],
    }
    assert values_of(preview.education[0]) == {
        "institution": "University Example",
        "degree": "BSc",
        "field_of_study": "Computer Science",
        "location": "Switzerland",
        "start_date": "2018-09",
        "end_date": "2021-07",
        "bullets": EXAMPLE["sections"]["education"]["items"][0]["bullets"],
    }
    assert (preview.projects[0].name, preview.projects[0].role) == (
        "CV API Gateway",
        "Public Tools-Only Runtime",
    )
    assert [(skill.name, skill.category) for skill in preview.skills][:2] == [
        ("TypeScript", "Tech Stack"),
        ("Node.js", "Tech Stack"),
    ]
    assert [(each.name, each.level) for each in preview.languages] == [
        ("French", "native"),
        ("English", "professional"),
    ]
    assert (preview.unplaced, preview.warnings) == ([], [])
    assert_all_has_evidence(preview)
    # An item is titled Languages, as its section is.
    assert_no_word_is_lost(preview, EXAMPLE, LOOK | {"languages"})


def test_evidence_names_the_place() -> None:
    preview = read_cv_data(EXAMPLE, "cv_data")
    said = {evidence.field: evidence.path for evidence in preview.education[0].evidence}
    assert said["field_of_study"] == "cv_data.sections.education.items[0].subtitle"


@pytest.mark.parametrize(
    ("key", "heading", "section"),
    [
        ("experience", None, "experience"),
        ("work_experience", None, "experience"),
        ("workExperience", None, "experience"),
        ("berufserfahrung", None, "experience"),
        ("a", "Expérience professionnelle", "experience"),
        ("section_1", "职业经历", "experience"),
        ("formazione", None, "education"),
        ("b", "学歴", "education"),
        ("projetos", None, "projects"),
        ("zertifikate", None, "certifications"),
    ],
)
def test_a_section_may_be_called_so_in_any_language(
    key: str, heading: str | None, section: str
) -> None:
    preview = read(key, heading, items=[{"title": "Acme", "start": "2019"}])
    assert len(getattr(preview, section)) == 1


def test_a_section_of_its_own_stays_as_text() -> None:
    preview = read(
        "hobbies", content="I sail.", items=[{"title": "Club", "bullets": ["Cup", "Regatta"]}]
    )
    assert [(each.text, each.section) for each in preview.unplaced] == [
        ("Club\nCup\nRegatta", "Hobbies"),
        ("I sail.", "Hobbies"),
    ]


def test_volunteering_is_experience_of_its_kind() -> None:
    preview = read("volunteering", items=[{"title": "Red Cross", "subtitle": "Driver"}])
    assert values_of(preview.experience[0]) == {
        "company": "Red Cross",
        "title": "Driver",
        "employment_type": "volunteer",
    }
    assert_all_has_evidence(preview)


@pytest.mark.parametrize(
    ("subtitle", "title", "kind"),
    [
        ("Engineer (freelance)", "Engineer", "freelance"),
        ("Engineer (Full-time)", "Engineer", "Full-time"),
        ("Engineer (Platform)", "Engineer (Platform)", None),
    ],
)
def test_a_kind_of_employment_may_follow_the_position(
    subtitle: str, title: str, kind: str | None
) -> None:
    preview = read("experience", items=[{"title": "Acme", "subtitle": subtitle}])
    assert (preview.experience[0].title, preview.experience[0].employment_type) == (title, kind)


def test_bullets_under_a_label_are_fields() -> None:
    preview = read(
        "experience",
        items=[
            {
                "title": "Acme",
                "description_bullets": [
                    "Built it",
                    "Technologies: Go, C++ (Qt, Boost)",
                    "Grade: A",
                ],
            }
        ],
    )
    assert preview.experience[0].technologies == ["Go", "C++ (Qt, Boost)"]
    assert preview.experience[0].bullets == ["Built it", "Grade: A"]


def test_an_item_of_bullets_alone_goes_on_with_the_one_before() -> None:
    preview = read("experience", items=[{"title": "Acme"}, {"bullets": ["more"]}])
    assert [entry.bullets for entry in preview.experience] == [["more"]]
    assert read("experience", items=[{"bullets": ["more"]}]).warnings[0].code == "incomplete"


@pytest.mark.parametrize(
    ("end", "read_as"),
    [
        ("Present", (None, True)),
        ("heute", (None, True)),
        ("至今", (None, True)),
        ("2021", ("2021", False)),
        (2021, ("2021", False)),
        ("Summer 2021", ("2021", False)),
        ("March 2021", ("2021-03", False)),
        ("", (None, False)),
        (None, (None, False)),
    ],
)
def test_a_span_ends_in_figures_or_words(end: object, read_as: tuple[str | None, bool]) -> None:
    preview = read("experience", items=[{"title": "Acme", "start": "2019-02", "end": end}])
    (entry,) = preview.experience
    assert (entry.end_date, entry.is_current) == read_as
    assert not preview.warnings


@pytest.mark.parametrize("end", ["2018", "when it was done", "2021-13"])
def test_an_end_that_is_none_stays_as_text(end: str) -> None:
    preview = read("experience", items=[{"title": "Acme", "start": "2019-02", "end": end}])
    assert (preview.experience[0].end_date, preview.unplaced[0].text) == (None, end)
    assert len(preview.warnings) == 1


def test_skills_are_read_from_content_bullets_and_titles() -> None:
    preview = read(
        "skills",
        content="Go, Rust",
        items=[
            {"title": "Data", "bullets": ["PostgreSQL (expert, 5 years)", "Redis, Kafka"]},
            {"title": "Mentoring", "subtitle": "good"},
            {"title": "Skills", "bullets": ["Sales"]},
        ],
    )
    assert [values_of(skill) for skill in preview.skills] == [
        {"name": "Go"},
        {"name": "Rust"},
        {"name": "PostgreSQL", "category": "Data", "level": "expert", "years": 5.0},
        {"name": "Redis", "category": "Data"},
        {"name": "Kafka", "category": "Data"},
        {"name": "Mentoring", "level": "good"},
        {"name": "Sales"},
    ]
    assert_all_has_evidence(preview)


def test_languages_are_read_from_content_bullets_and_titles() -> None:
    preview = read(
        "languages",
        content="French (native), English – C1",
        items=[
            {"title": "Languages", "bullets": ["Romansh (some)", "Klingon"]},
            {"title": "Dutch", "subtitle": "A2"},
        ],
    )
    assert [(each.name, each.level) for each in preview.languages] == [
        ("French", "native"),
        ("English", "C1"),
        ("Romansh", "some"),
        ("Klingon", None),
        ("Dutch", "A2"),
    ]
    assert_all_has_evidence(preview)


def test_certificates_are_items_or_bullets() -> None:
    preview = read(
        "certifications",
        items=[
            {
                "title": "CKA",
                "subtitle": "CNCF",
                "start": "2023-05",
                "end": "2026-05",
                "bullets": ["Credential ID: LF-1", "https://example.com/LF-1", "With honours"],
            },
            {"title": "Certifications", "bullets": ["First aid", "Forklift"]},
        ],
    )
    assert values_of(preview.certifications[0]) == {
        "name": "CKA",
        "issuer": "CNCF",
        "issued_on": "2023-05",
        "expires_on": "2026-05",
        "credential_id": "LF-1",
        "credential_url": "https://example.com/LF-1",
    }
    assert [each.name for each in preview.certifications[1:]] == ["First aid", "Forklift"]
    assert [each.text for each in preview.unplaced] == ["With honours"]


def test_a_name_of_east_asian_letters_reads_as_it_is_set() -> None:
    preview = read_cv_data({"identity": {"first_name": "太郎", "last_name": "山田"}})
    assert preview.profile.full_name == "山田太郎"


def test_a_second_summary_stays_as_text() -> None:
    sections = {"summary": {"content": "One."}, "profile": {"content": "Two."}}
    preview = read_cv_data({"identity": {}, "sections": sections})
    assert preview.profile.bio == "One."
    assert [each.text for each in preview.unplaced] == ["Two."]


_WHOLE = ["identity", "sections", "first_name", "jobtitle", "website"]
_NAMES = ["summary", "experience", "education", "skills", "languages", "projects", "hobbies"]
_OF_ITEMS = ["title", "subtitle", "location", "start", "end", "bullets"]
_KEYS = [*_WHOLE, *_NAMES, "type", "heading", "content", "items", *_OF_ITEMS]
_texts = st.sampled_from(
    ["Acme", "2019", "Present", "Grade: A", "Technologies: Go", "French (native)", "BSc in Maths"]
) | st.text(max_size=8)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | _texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6)
    ),
    max_leaves=30,
)
_items = st.lists(
    st.dictionaries(st.sampled_from(_OF_ITEMS), _texts | st.lists(_texts)), max_size=3
)
_sections = st.dictionaries(
    st.sampled_from([*_NAMES, "certifications"]),
    st.fixed_dictionaries({"items": _items}, optional={"content": _texts}) | _values,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _values, max_size=5), _sections)
def test_no_value_makes_it_fail_or_is_lost(raw: dict[str, Any], sections: dict[str, Any]) -> None:
    whole = {"sections": sections, **raw}
    preview = read_cv_data(whole)
    assert_all_has_evidence(preview)
    # A heading is told by the section of what stands below it.
    assert_no_word_is_lost(preview, whole, LOOK | {"heading", "title"})
