"""What a commit would change: matching, filling, replacing, and that twice is once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importing.merge import PARTS, Outcome, Plan, plan
from app.importing.preview import (
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundProject,
    FoundSkill,
    Preview,
)

EMPTY: dict[str, Any] = {
    "profile": {"full_name": "Ada", "languages": []},
    "skills": [],
    "experience": [],
    "education": [],
    "projects": [],
    "certifications": [],
}
POSITION: dict[str, Any] = {
    "company": "Acme",
    "title": "Engineer",
    "location": None,
    "employment_type": None,
    "start_date": "2019",
    "end_date": None,
    "is_current": False,
    "description": None,
    "bullets": [],
    "technologies": [],
}


def record(**sections: Any) -> dict[str, Any]:
    return {**copy.deepcopy(EMPTY), **sections}


def position(id: str = "1", origin: str = "hand", **fields: Any) -> dict[str, Any]:
    return {"id": id, "origin": origin, **POSITION, **fields}


def found(*experience: FoundExperience, **more: Any) -> Preview:
    return Preview(format="json_resume", experience=list(experience), **more)


def only(of: Plan, section: str = "experience") -> Outcome:
    (outcome,) = (each for each in of.summary if each.section == section)
    return outcome


def committed(before: dict[str, Any], of: Plan) -> dict[str, Any]:
    """The record after the plan, as a commit writes it."""
    after = copy.deepcopy(before)
    after["profile"] |= of.profile
    for section, rows in of.sections.items():
        origins = {str(row["id"]): row["origin"] for row in before[section]}
        after[section] = [
            {
                "id": row.id or f"{section}-{index}-new",
                "origin": origins.get(row.id or "", "import"),
                **copy.deepcopy(row.values),
            }
            for index, row in enumerate(rows.rows)
        ]
    return after


class TestMatching:
    @pytest.mark.parametrize(
        ("company", "title"),
        [
            ("ACME", "engineer"),
            ("Acme Inc.", "Engineer"),
            ("Acme, GmbH", "Engineer"),
            ("Acmé S.A.", "Éngineer"),
            ("株式会社Acme", "Engineer"),
            ("Acme", None),
        ],
    )
    def test_a_position_is_known_by_its_company_and_title(
        self, company: str, title: str | None
    ) -> None:
        preview = found(FoundExperience(company=company, title=title, start_date="2019-03"))
        assert only(plan(record(experience=[position()]), preview, "merge")).id == "1"

    @pytest.mark.parametrize(
        ("start", "end", "there"),
        [
            ("2019", None, True),
            ("2019-05", "2020", True),
            ("2018", "2020", True),
            (None, None, True),
            ("2020", "2021", False),
            ("2012", "2019", False),
        ],
    )
    def test_another_stint_at_a_company_is_another_position(
        self, start: str | None, end: str | None, there: bool
    ) -> None:
        preview = found(
            FoundExperience(company="Acme", title="Engineer", start_date=start, end_date=end)
        )
        existing = record(experience=[position(start_date="2019", end_date="2020")])
        expected = "left" if start in ("2019", None, "2019-05", "2018") else "created"
        assert (only(plan(existing, preview, "merge")).outcome == expected) is True
        assert (only(plan(existing, preview, "merge")).id == "1") is there

    def test_another_title_is_another_position(self) -> None:
        preview = found(FoundExperience(company="Acme", title="Head", start_date="2019"))
        outcome = only(plan(record(experience=[position()]), preview, "merge"))
        assert (outcome.outcome, outcome.label) == ("created", "Head, Acme")

    def test_each_row_takes_one_entry_and_the_likest(self) -> None:
        rows = [position("1", title=None), position("2", start_date="2019-05")]
        preview = found(
            FoundExperience(company="Acme", title="Engineer", start_date="2019-05"),
            FoundExperience(company="Acme", title="Lead", start_date="2019"),
        )
        outcomes = plan(record(experience=rows), preview, "merge", ["experience"]).summary
        assert [outcome.id for outcome in outcomes] == ["2", "1"]

    def test_what_an_import_says_twice_is_put_together(self) -> None:
        preview = found(
            FoundExperience(company="Acme", title="Engineer", start_date="2019", bullets=["a"]),
            FoundExperience(company="ACME Ltd", title="Engineer", location="Bern", bullets=["b"]),
        )
        (row,) = plan(EMPTY, preview, "merge").sections["experience"].inserts
        assert (row["location"], row["bullets"]) == ("Bern", ["a", "b"])

    def test_a_degree_under_another_name_is_known_by_school_and_years(self) -> None:
        there = {
            "id": "1",
            "origin": "hand",
            "institution": "ETH",
            "degree": "BSc",
            "field_of_study": "Physics",
            "start_date": "2010",
            "end_date": "2013",
        }
        entry = FoundEducation(
            institution="ETH", degree="Bachelor of Science", start_date="2010", end_date="2013"
        )
        preview = Preview(format="pdf", education=[entry])
        outcome = only(plan(record(education=[there]), preview, "merge"), "education")
        assert (outcome.outcome, outcome.differing) == ("left", ("degree",))

    @pytest.mark.parametrize(
        ("one", "other", "there"),
        [
            ("Node.js", "NodeJS", True),
            ("c++", "C++", True),
            ("C", "C++", False),
            ("C#", "C", False),
            ("Spring Boot", "spring-boot", True),
        ],
    )
    def test_skills_are_known_by_name(self, one: str, other: str, there: bool) -> None:
        skill = {"id": "1", "origin": "hand", "name": one, "category": None}
        preview = Preview(format="pdf", skills=[FoundSkill(name=other)])
        outcome = only(plan(record(skills=[skill]), preview, "merge"), "skills")
        assert (outcome.outcome == "left") is there

    def test_a_certificate_that_was_renewed_is_another(self) -> None:
        there = {"id": "1", "origin": "hand", "name": "CKA", "issued_on": "2019-01"}
        entries = [FoundCertification(name="CKA", issued_on=year) for year in ("2019", "2022")]
        preview = Preview(format="pdf", certifications=entries)
        outcomes = plan(record(certifications=[there]), preview, "merge").summary
        assert [each.outcome for each in outcomes if each.section == "certifications"] == [
            "left",
            "created",
        ]


class TestMerging:
    def test_blank_fields_are_filled_and_written_ones_stay(self) -> None:
        preview = found(
            FoundExperience(
                company="Acme",
                title="Engineer",
                location="Bern",
                description="New",
                start_date="2019",
            )
        )
        planned = plan(record(experience=[position(description="Mine")]), preview, "merge")
        assert planned.sections["experience"].updates == {"1": {"location": "Bern"}}
        assert only(planned).fields == ("location",)
        assert only(planned).differing == ("description",)

    def test_bullets_and_technologies_that_are_not_there_are_added(self) -> None:
        preview = found(
            FoundExperience(
                company="Acme",
                title="Engineer",
                bullets=["Built it.", "Ran it"],
                technologies=["c++", "C"],
            )
        )
        row = position(bullets=["Built it"], technologies=["C++"])
        planned = plan(record(experience=[row]), preview, "merge")
        assert planned.sections["experience"].updates == {
            "1": {"bullets": ["Built it", "Ran it"], "technologies": ["C++", "C"]}
        }

    def test_no_more_bullets_are_added_than_a_row_may_have(self) -> None:
        preview = found(
            FoundExperience(company="Acme", title="Engineer", bullets=[f"b{n}" for n in range(40)])
        )
        row = position(bullets=[f"a{n}" for n in range(30)])
        planned = plan(record(experience=[row]), preview, "merge")
        assert len(planned.sections["experience"].updates["1"]["bullets"]) == 50
        assert only(planned).differing == ("bullets",)

    def test_an_untouched_import_takes_newer_values(self) -> None:
        row = position(origin="import", location="Berne", is_current=True)
        preview = found(
            FoundExperience(
                company="Acme Ltd",
                title="Engineer",
                location="Bern",
                start_date="2019-03",
                end_date="2021",
            )
        )
        assert plan(record(experience=[row]), preview, "merge").sections["experience"].updates == {
            "1": {
                "company": "Acme Ltd",
                "location": "Bern",
                "start_date": "2019-03",
                "end_date": "2021",
                "is_current": False,
            }
        }

    def test_a_vaguer_date_is_no_news(self) -> None:
        row = position(origin="import", start_date="2019-03")
        preview = found(FoundExperience(company="Acme", title="Engineer", start_date="2019"))
        planned = plan(record(experience=[row]), preview, "merge")
        assert not planned.sections["experience"].changes
        assert only(planned).differing == ()

    def test_a_position_that_goes_on_by_hand_is_not_ended(self) -> None:
        preview = found(
            FoundExperience(company="Acme", title="Engineer", start_date="2019", end_date="2021")
        )
        planned = plan(record(experience=[position(is_current=True)]), preview, "merge")
        assert (only(planned).outcome, only(planned).differing) == ("left", ("end_date",))

    def test_a_filled_date_never_ends_before_the_start(self) -> None:
        preview = found(FoundExperience(company="Acme", title="Engineer", end_date="2019-01"))
        row = position(start_date="2019-01-20")
        planned = plan(record(experience=[row]), preview, "merge")
        assert planned.sections["experience"].updates == {"1": {"end_date": "2019-01"}}
        preview.experience[0].end_date = "2019-01-02"
        planned = plan(record(experience=[row]), preview, "merge")
        assert not planned.sections["experience"].updates

    def test_new_rows_stand_beside_those_they_were_found_beside(self) -> None:
        rows = [position("1", company="B"), position("2", company="D"), position("3", company="Z")]
        preview = found(
            *(
                FoundExperience(company=name, title="Engineer", start_date="2019")
                for name in "ABCDE"
            )
        )
        planned = plan(record(experience=rows), preview, "merge").sections["experience"]
        assert [row.values["company"] for row in planned.rows] == ["A", "B", "C", "D", "E", "Z"]
        assert not planned.deletes

    def test_the_profile_is_filled_where_it_is_blank(self) -> None:
        existing = record(profile={"full_name": "Ada", "headline": None, "languages": []})
        profile = FoundProfile(full_name="Ada King", headline="Engineer")
        planned = plan(existing, Preview(format="pdf", profile=profile), "merge")
        assert planned.profile == {"headline": "Engineer"}
        assert only(planned, "profile").differing == ("full_name",)

    def test_languages_are_added_and_their_levels_filled(self) -> None:
        spoken = [{"name": "French", "level": None}, {"name": "Dutch", "level": "A2"}]
        existing = record(profile={"full_name": "Ada", "languages": spoken})
        languages = [FoundLanguage(name="french", level="C1"), FoundLanguage(name="German")]
        planned = plan(existing, Preview(format="pdf", languages=languages), "merge")
        assert planned.profile["languages"] == [
            {"name": "French", "level": "C1"},
            {"name": "German", "level": None},
            {"name": "Dutch", "level": "A2"},
        ]

    def test_only_the_named_sections_are_taken(self) -> None:
        preview = found(FoundExperience(company="Acme"), skills=[FoundSkill(name="Go")])
        planned = plan(EMPTY, preview, "merge", ["skills"])
        assert (list(planned.sections), planned.profile) == (["skills"], {})


class TestReplacing:
    def test_a_section_becomes_what_was_found_and_known_rows_keep_their_id(self) -> None:
        rows = [position("1", bullets=["mine"]), position("2", company="Gone")]
        preview = found(
            FoundExperience(company="New", title="Lead"),
            FoundExperience(company="Acme", title="Engineer", start_date="2019", bullets=["b"]),
        )
        planned = plan(record(experience=rows), preview, "replace").sections["experience"]
        assert [row.id for row in planned.rows] == [None, "1"]
        assert planned.updates == {"1": {"bullets": ["b"]}}
        assert planned.deletes == ["2"]

    def test_the_summary_names_what_is_deleted(self) -> None:
        planned = plan(record(experience=[position()]), found(), "replace", ["experience"])
        assert [(each.outcome, each.id, each.label) for each in planned.summary] == [
            ("deleted", "1", "Engineer, Acme")
        ]

    def test_fields_of_the_profile_that_were_not_found_stay(self) -> None:
        existing = record(profile={"full_name": "Ada", "phone": "1", "languages": []})
        preview = Preview(format="pdf", profile=FoundProfile(full_name="Bea"))
        assert plan(existing, preview, "replace").profile == {"full_name": "Bea"}

    def test_another_order_alone_is_a_change(self) -> None:
        rows = [position("1"), position("2", company="B")]
        preview = found(
            FoundExperience(company="B", title="Engineer", start_date="2019"),
            FoundExperience(company="Acme", title="Engineer", start_date="2019"),
        )
        planned = plan(record(experience=rows), preview, "replace").sections["experience"]
        assert planned.changes
        assert not planned.updates


# Few values, so that entries meet.
_names = st.sampled_from(["Acme", "ACME Inc.", "Böll", "Boll GmbH", "C"])
_maybe_names = st.none() | _names
_titles = st.none() | st.sampled_from(["Engineer", "engineer", "Lead"])
_texts = st.lists(st.sampled_from(["a", "A.", "b", "c++", "c", "C#", "…"]), max_size=3)
_years = st.sampled_from(["2018", "2019", "2019-03", "2019-03-04", "2020", "2021-01"])


@st.composite
def _spans(draw: st.DrawFn) -> dict[str, Any]:
    start, end = draw(st.none() | _years), draw(st.none() | _years)
    if start and end and end[: len(start)] < start[: len(end)]:
        start, end = end, start
    current = end is None and draw(st.booleans())
    return {"start_date": start, "end_date": end, "is_current": current}


@st.composite
def _positions(draw: st.DrawFn) -> FoundExperience:
    company = draw(_maybe_names)
    return FoundExperience(
        company=company,
        title=draw(_titles) or (None if company else "Lead"),
        location=draw(st.none() | st.sampled_from(["Bern", "Berne"])),
        bullets=draw(_texts),
        technologies=draw(_texts),
        **draw(_spans()),
    )


@st.composite
def _studies(draw: st.DrawFn) -> FoundEducation:
    span = draw(_spans())
    del span["is_current"]
    return FoundEducation(
        institution=draw(_names),
        degree=draw(st.sampled_from([None, "BSc", "MSc"])),
        field_of_study=draw(st.sampled_from([None, "Physics", "Maths"])),
        **span,
    )


_previews = st.builds(
    Preview,
    format=st.just("pdf"),
    experience=st.lists(_positions(), max_size=5),
    education=st.lists(_studies(), max_size=4),
    skills=st.lists(st.builds(FoundSkill, name=_names, level=_titles), max_size=4),
    projects=st.lists(st.builds(FoundProject, name=_names, bullets=_texts), max_size=3),
    certifications=st.lists(
        st.builds(FoundCertification, name=_names, issued_on=st.none() | _years), max_size=3
    ),
    languages=st.lists(st.builds(FoundLanguage, name=_names, level=_titles), max_size=3),
)


@st.composite
def _records(draw: st.DrawFn) -> dict[str, Any]:
    """A record with rows by hand and rows of an import, as another commit left it."""
    made = committed(EMPTY, plan(EMPTY, draw(_previews), "replace"))
    for section in made:
        if section != "profile":
            for row in made[section]:
                row["origin"] = draw(st.sampled_from(["hand", "import"]))
    return made


@settings(max_examples=150, deadline=None)
@given(_records(), _previews, st.sampled_from(["merge", "replace"]))
def test_a_second_commit_changes_nothing(
    existing: dict[str, Any], preview: Preview, mode: Any
) -> None:
    once = committed(existing, plan(existing, preview, mode))
    again = plan(once, preview, mode)
    assert {each.outcome for each in again.summary} <= {"left"}
    assert again.profile == {}
    assert not any(section.changes for section in again.sections.values())


@settings(max_examples=100, deadline=None)
@given(_records(), _previews)
def test_merging_deletes_nothing_and_leaves_what_was_written(
    existing: dict[str, Any], preview: Preview
) -> None:
    after = committed(existing, plan(existing, preview, "merge"))
    for section in (name for name in PARTS if name in existing and name != "profile"):
        there = {row["id"]: row for row in after[section]}
        for row in existing[section]:
            for field, value in row.items():
                now = there[row["id"]][field]
                if isinstance(value, list):
                    assert now[: len(value)] == value
                elif value not in (None, "", False) and row["origin"] == "hand":
                    assert now == value
