"""What a preview says can be committed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.cv import bounds
from app.importing.preview import (
    Evidence,
    FoundCertification,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundProject,
    FoundSkill,
    Preview,
)
from app.importing.storable import make_storable
from app.profile import rules
from tests.importing.proof import assert_all_has_evidence, found_in


def said(entry: Any) -> Any:
    """`entry` with evidence of all its values."""
    for name, value in structs.asdict(entry).items():
        for each in value if isinstance(value, list) else [value]:
            if each and name != "evidence":
                told = Evidence(
                    field=name, text=str(each), confidence=1.0, rule="pdf.x", page=1, path="p"
                )
                entry.evidence.append(told)
    return entry


def made(**parts: Any) -> Preview:
    preview = Preview(format="pdf", **parts)
    for entry in found_in(preview):
        said(entry)
    make_storable(preview)
    return preview


def left(preview: Preview) -> list[tuple[str, str]]:
    """The text of what was left out and why."""
    return [
        (warning.code, preview.unplaced[int(str(warning.path)[9:-1])].text)
        for warning in preview.warnings
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("github_url", "https://example.com/me", "host"),
        ("phone", "call me", "phone"),
        ("email", "nobody", "email"),
        ("website", "javascript:x", "scheme"),
        ("headline", "x" * 600, "too_long"),
    ],
)
def test_a_value_that_can_not_be_stored_is_text(field: str, value: str, code: str) -> None:
    profile = FoundProfile(full_name="Ada")
    setattr(profile, field, value)
    preview = made(profile=profile)
    assert getattr(preview.profile, field) is None
    assert preview.profile.full_name == "Ada"
    assert left(preview) == [(code, value)]
    assert preview.unplaced[0].page == 1
    assert_all_has_evidence(preview)


def test_dates_that_contradict_each_other_leave_the_start() -> None:
    preview = made(
        experience=[FoundExperience(company="Acme", start_date="2020", end_date="2019")],
        certifications=[FoundCertification(name="A", issued_on="2020-14", expires_on="2021")],
    )
    assert (preview.experience[0].start_date, preview.experience[0].end_date) == ("2020", None)
    assert preview.certifications[0].expires_on == "2021"
    assert left(preview) == [("before_start", "2019"), ("date", "2020-14")]


def test_one_of_a_list_is_taken_out_and_the_others_stay() -> None:
    long = "x" * (rules.SHORT + 1)
    names = ["Go", long, "C", long + "y"]
    preview = made(projects=[FoundProject(name="P", technologies=names)])
    assert preview.projects[0].technologies == ["Go", "C"]
    assert left(preview) == [("too_long", long + "y"), ("too_long", long)]
    assert_all_has_evidence(preview)


def test_what_a_list_has_too_many_is_text() -> None:
    bullets = [f"b{n}" for n in range(bounds.BULLETS + 3)]
    preview = made(experience=[FoundExperience(company="A", bullets=list(bullets))])
    assert preview.experience[0].bullets == bullets[: bounds.BULLETS]
    assert [each.text for each in preview.unplaced] == bullets[bounds.BULLETS :]


def test_an_entry_whose_name_can_not_be_stored_is_text() -> None:
    preview = made(skills=[FoundSkill(name="x" * 600, level="good"), FoundSkill(name="Go")])
    assert [skill.name for skill in preview.skills] == ["Go"]
    assert {each.text for each in preview.unplaced} == {"x" * 600, "good"}


def test_rows_beyond_what_a_section_may_have_are_text() -> None:
    most = rules.most_rows("skills")
    preview = made(skills=[FoundSkill(name=f"s{n}") for n in range(most + 2)])
    assert len(preview.skills) == most
    assert [each.text for each in preview.unplaced] == [f"s{most}", f"s{most + 1}"]
    assert [warning.code for warning in preview.warnings] == ["too_many"]


def test_languages_are_held_to_their_rules() -> None:
    preview = made(languages=[FoundLanguage(name="French", level="x" * 200)])
    assert (preview.languages[0].name, preview.languages[0].level) == ("French", None)
    assert left(preview) == [("too_long", "x" * 200)]


def test_text_is_as_it_will_be_stored() -> None:
    preview = made(
        projects=[FoundProject(name=" A  b\u200b ", url="example.com", bullets=["", "x "])]
    )
    (project,) = preview.projects
    assert (project.name, project.url, project.bullets) == ("A b", "https://example.com", ["x"])


_texts = st.sampled_from(["Acme", "2019", "2018-05", "1", "x" * 600, "", " "]) | st.text(max_size=5)
_lists = st.lists(_texts, max_size=60)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            FoundExperience,
            company=st.none() | _texts,
            title=st.none() | _texts,
            start_date=st.none() | _texts,
            end_date=st.none() | _texts,
            is_current=st.booleans(),
            bullets=_lists,
            technologies=_lists,
        ),
        max_size=2,
    ),
    st.lists(st.builds(FoundLanguage, name=_texts, level=st.none() | _texts), max_size=2),
    st.builds(FoundProfile, full_name=st.none() | _texts, phone=st.none() | _texts),
)
def test_whatever_was_found_can_be_committed(
    experience: list[FoundExperience], languages: list[FoundLanguage], profile: FoundProfile
) -> None:
    preview = made(experience=experience, languages=languages, profile=profile)
    for entry in preview.experience:
        values = {field: getattr(entry, field) for field in rules.FIELDS["experience"]}
        assert rules.entry("experience", values) == values
    spoken = [{"name": each.name, "level": each.level} for each in preview.languages]
    assert rules.profile({"languages": spoken})["languages"] == spoken
