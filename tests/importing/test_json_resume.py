"""JSON Resume as the schema has it, and as people write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importing.json_resume import read_json_resume
from app.importing.preview import Preview
from tests.importing.proof import assert_all_has_evidence, assert_no_word_is_lost, values_of

SAMPLES = Path(__file__).parent / "samples"
OF_THE_FILE = frozenset(("$schema", "meta", "image", "picture"))


def sample(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = orjson.loads((SAMPLES / f"{name}.json").read_bytes())
    return raw


@pytest.fixture(name="new", scope="module")
def _new() -> Preview:
    return read_json_resume(sample("json_resume"))


@pytest.fixture(name="old", scope="module")
def _old() -> Preview:
    return read_json_resume(sample("json_resume_old"))


def work(**members: Any) -> Preview:
    return read_json_resume({"work": [{"name": "Acme", **members}]})


def unplaced(preview: Preview) -> list[tuple[str, str | None]]:
    return [(each.text, each.path) for each in preview.unplaced]


def test_basics_are_the_profile(new: Preview) -> None:
    assert values_of(new.profile) == {
        "full_name": "Nora Lindqvist",
        "headline": "Charge Nurse",
        "bio": "Intensive care nurse.\n\nTrains those who are new.",
        "location": "Malmö, Skåne, SE",
        "website": "https://nora.example.org",
        "github_url": "https://github.com/noralind",
        "linkedin_url": "https://www.linkedin.com/in/nora-lindqvist",
        "email": "nora@example.org",
        "phone": "+46 70 123 45 67",
    }


def test_an_address_made_from_a_user_name_is_less_sure(new: Preview) -> None:
    said, network = (each for each in new.profile.evidence if each.field == "linkedin_url")
    assert network.text == "LinkedIn"
    assert (said.text, said.path) == ("nora-lindqvist", "basics.profiles[0].username")
    assert said.confidence < 1


def test_an_account_elsewhere_stays_as_text(new: Preview) -> None:
    assert ("Mastodon\nnora\nhttps://social.example.org/@nora", "basics.profiles[2]") in unplaced(
        new
    )


def test_work_is_experience(new: Preview) -> None:
    assert values_of(new.experience[0]) == {
        "company": "Skåne University Hospital",
        "title": "Charge Nurse",
        "location": "Malmö",
        "start_date": "2018-04",
        "is_current": True,
        "description": "Runs the night shift of a ward of twelve beds.",
        "bullets": ["Halved the time of handovers.", "Wrote the ward's guide."],
    }
    assert values_of(new.experience[1])["end_date"] == "2018-03-31"


def test_work_without_an_end_goes_on_but_not_for_certain(new: Preview) -> None:
    (said,) = (each for each in new.experience[0].evidence if each.field == "is_current")
    assert said.confidence < 1


def test_volunteering_is_experience_of_its_kind(new: Preview) -> None:
    assert values_of(new.experience[2]) == {
        "company": "Red Cross",
        "title": "First-aid trainer",
        "employment_type": "volunteer",
        "start_date": "2016",
        "is_current": True,
    }


def test_education_has_its_score_and_courses(new: Preview) -> None:
    assert values_of(new.education[0]) == {
        "institution": "Lund University",
        "degree": "BSc",
        "field_of_study": "Nursing",
        "start_date": "2011",
        "end_date": "2014",
        "grade": "VG",
        "bullets": ["Pharmacology"],
    }


def test_each_keyword_is_a_skill_of_its_group(new: Preview) -> None:
    assert [values_of(skill) for skill in new.skills] == [
        {"name": "Ventilation", "category": "Care", "level": "Master"},
        {"name": "Triage", "category": "Care", "level": "Master"},
        {"name": "Teaching", "level": "Advanced"},
    ]


def test_a_project_has_its_roles_and_keywords(new: Preview) -> None:
    assert values_of(new.projects[0]) == {
        "name": "Handover card",
        "role": "Designer, Editor",
        "url": "https://card.example.org",
        "start_date": "2020-01",
        "end_date": "2020-06",
        "description": "A card for handovers.",
        "bullets": ["Used by nine wards."],
        "technologies": ["Print"],
    }


def test_certificates_and_languages_are_read(new: Preview) -> None:
    assert values_of(new.certifications[0]) == {
        "name": "Advanced Life Support",
        "issuer": "ERC",
        "issued_on": "2019-05-20",
        "credential_url": "https://erc.example.org/als",
    }
    assert values_of(new.languages[0]) == {"name": "Swedish", "level": "Native speaker"}


def test_what_a_profile_has_no_place_for_stays_as_text(new: Preview) -> None:
    sections = {each.section for each in new.unplaced}
    assert sections >= {"awards", "publications", "interests", "references"}
    assert ("Storgatan 1\n211 34", "basics.location") in unplaced(new)


def test_an_older_file_reads_as_well(old: Preview) -> None:
    assert values_of(old.profile) == {
        "full_name": "Tomás Rey",
        "website": "http://tomas.example.com",
        "location": "Vigo, Spain",
        "phone": "34986123456",
    }
    assert [entry.company for entry in old.experience] == ["Conservas Rey"]
    assert values_of(old.education[0]) == {
        "institution": "UVigo",
        "field_of_study": "Economía",
        "grade": "8.5",
    }
    assert [skill.name for skill in old.skills] == ["Excel", "Contabilidad"]
    assert [(each.name, each.level) for each in old.languages] == [
        ("Gallego", None),
        ("English", "B2"),
    ]
    assert (old.certifications[0].name, old.certifications[0].issued_on) == ("CPA", None)


def test_what_is_wrong_is_kept_as_text_with_a_warning(old: Preview) -> None:
    warned = {
        (warning.code, old.unplaced[int(str(warning.path)[9:-1])].text) for warning in old.warnings
    }
    assert warned == {
        ("end_before_start", "2008"),
        ("incomplete", "2001"),
        ("type", "odd"),
        ("date", "2012-13"),
        ("incomplete", "without a name\nftp://example.com"),
    }


@pytest.mark.parametrize("name", ["json_resume", "json_resume_old"])
def test_all_has_evidence_and_nothing_is_lost(name: str) -> None:
    preview = read_json_resume(sample(name))
    assert_all_has_evidence(preview)
    assert_no_word_is_lost(preview, sample(name), OF_THE_FILE)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2019", "2019"),
        ("2019-3", "2019-03"),
        ("2019-03-04", "2019-03-04"),
        ("2019-03-04T10:00:00Z", "2019-03-04"),
        ("March 2019", "2019-03"),
        (2019, "2019"),
    ],
)
def test_a_date_keeps_its_precision(written: object, read: str) -> None:
    preview = work(startDate=written)
    assert preview.experience[0].start_date == read
    assert not preview.warnings


@pytest.mark.parametrize("written", ["", None, "  ", []])
def test_a_blank_date_is_none(written: object) -> None:
    preview = work(startDate=written, endDate=written)
    assert values_of(preview.experience[0]) == {"company": "Acme"}
    assert not preview.warnings


@pytest.mark.parametrize("written", ["soon", "2019-02-30", "0000", True, {"year": 2019}])
def test_what_is_no_date_is_kept_as_text(written: object) -> None:
    preview = work(startDate=written)
    assert preview.experience[0].start_date is None
    assert [(each.path, each.section) for each in preview.unplaced] == [
        ("work[0].startDate", "work")
    ]
    assert len(preview.warnings) == 1


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "mailto:a@example.com", "https://user@example.com", "x y.com"]
)
def test_an_address_that_may_not_be_linked_is_kept_as_text(url: str) -> None:
    preview = read_json_resume({"basics": {"name": "A", "url": url}})
    assert preview.profile.website is None
    assert [each.text for each in preview.unplaced] == [url]


def test_a_value_that_is_said_under_two_keys_is_read_once() -> None:
    preview = work(company="Acme", position="Head", title="Boss")
    assert (preview.experience[0].company, preview.experience[0].title) == ("Acme", "Head")
    assert unplaced(preview) == [("Boss", "work[0].title")]


_KEYS = (
    "basics work volunteer education skills languages projects certificates awards name label email"
    " url location city profiles network username position startDate endDate summary highlights"
    " keywords level language institution studyType score description roles other"
)
_texts = st.sampled_from(
    ["Acme", "2019", "2018-13", "Present", "github", "https://github.com/a", "a@example.com", ""]
) | st.text(max_size=8)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_KEYS.split()), inner, max_size=6)
    ),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS.split()), _values, max_size=8))
def test_no_value_makes_it_fail_or_is_lost(raw: dict[str, Any]) -> None:
    preview = read_json_resume(raw)
    assert_all_has_evidence(preview)
    assert_no_word_is_lost(preview, raw, OF_THE_FILE)
