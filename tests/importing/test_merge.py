"""What a commit would change: matching, filling, replacing, and that twice is once."""

from __future__ import annotations

import copy
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importing.merge import PARTS, Mode, Outcome, Plan, plan
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
from app.profile import rules

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
        parses = {str(row["id"]): row.get("parse_id") for row in before[section]}
        after[section] = [
            {
                "id": row.id or f"{section}-{index}-new",
                "origin": origins.get(row.id or "", "import"),
                "parse_id": parses.get(row.id or "", "new"),
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

    def test_what_an_import_says_again_and_no_more_is_said_once(self) -> None:
        whole = FoundExperience(
            company="Acme", title="Engineer", start_date="2019-03", bullets=["a", "b"]
        )
        part = FoundExperience(company="ACME", title="engineer", start_date="2019", bullets=["b"])
        for preview in (found(whole, part), found(part, whole)):
            (row,) = plan(EMPTY, preview, "merge").sections["experience"].inserts
            assert (row["start_date"], row["bullets"]) == ("2019-03", ["a", "b"])

    @pytest.mark.parametrize("mode", ["merge", "replace"])
    @pytest.mark.parametrize(
        ("section", "entries"),
        [
            ("certifications", [{"name": "Security", "issuer": "CompTIA"}, {"issuer": "ISC2"}]),
            ("projects", [{"name": "Website", "url": "https://a.example"}, {"url": "https://b.x"}]),
            ("projects", [{"name": "Website", "description": "One"}, {"description": "Two"}]),
            (
                "experience",
                [
                    {"company": "Self-employed", "title": "Painter", "is_current": True,
                     "start_date": "2015"},
                    {"start_date": "2018"},
                ],
            ),
            ("experience", [{"title": "Painter", "bullets": ["a"]}, {"bullets": ["b"]}]),
            ("education", [{"institution": "ETH", "degree": "MSc"}, {"institution": "EPFL"}]),
            (
                "education",
                [
                    {"institution": "ETH", "degree": "MSc", "field_of_study": "Physics"},
                    {"field_of_study": "Law"},
                ],
            ),
            ("skills", [{"name": "Go", "category": "Languages"}, {"category": "Games"}]),
        ],
        ids=["issuer", "url", "text", "start", "bullets", "school", "field", "category"],
    )  # fmt: skip
    def test_entries_that_differ_in_anything_are_two(
        self, section: str, entries: list[dict[str, Any]], mode: Any
    ) -> None:
        first, other = ({**entries[0], **more} for more in entries)
        one, both = ({"format": "pdf", section: listed} for listed in ([first], [first, other]))
        alone, together = (msgspec.convert(each, Preview) for each in (one, both))
        start = plan(EMPTY, alone, mode)
        assert len(plan(EMPTY, together, mode).sections[section].inserts) == 2
        after = plan(committed(EMPTY, start), together, mode).sections[section]
        assert [row.id is None for row in after.rows] == [False, True]
        assert not after.updates

    def test_a_preview_that_was_sent_is_taken_entry_by_entry(self) -> None:
        twice = [FoundExperience(company="Acme", title="Engineer") for _ in range(2)]
        for mode in get_args(Mode):
            planned = plan(EMPTY, found(*twice), mode, as_sent=True)
            assert len(planned.sections["experience"].inserts) == 2

    def test_of_two_rows_that_fit_alike_none_is_guessed(self) -> None:
        rows = [position("1"), position("2", company="Beta", start_date="2015")]
        preview = found(FoundExperience(title="Engineer", bullets=["Built it"]))
        before = record(experience=rows)
        planned = plan(before, preview, "merge")
        assert only(planned).outcome == "created"
        assert not planned.sections["experience"].updates
        again = plan(committed(before, planned), preview, "merge")
        assert only(again).outcome == "left"

    def test_what_says_nothing_new_of_either_of_two_rows_is_left(self) -> None:
        rows = [position("1"), position("2", company="Beta", start_date="2015")]
        planned = plan(record(experience=rows), found(FoundExperience(title="Engineer")), "merge")
        assert only(planned).outcome == "left"
        assert not planned.sections["experience"].changes

    @pytest.mark.parametrize(
        ("edit", "dates"),
        [
            ({"title": "Chief of all"}, {"start_date": "2019", "end_date": "2021"}),
            ({"company": "Other"}, {"start_date": "2019", "end_date": "2021"}),
            ({"title": "Chief of all"}, {"start_date": "2019"}),
        ],
        ids=["title", "company", "start"],
    )
    def test_a_row_that_was_renamed_by_hand_is_known_by_its_dates(
        self, edit: dict[str, Any], dates: dict[str, Any]
    ) -> None:
        row = position(parse_id="p", **{**dates, **edit})
        preview = found(FoundExperience(company="Acme", title="Engineer", **dates))
        planned = plan(record(experience=[row]), preview, "merge")
        assert (only(planned).id, only(planned).differing) == ("1", tuple(edit))
        assert not planned.sections["experience"].changes

    def test_positions_of_one_company_at_one_time_are_not_taken_for_each_other(self) -> None:
        dates: dict[str, Any] = {"start_date": "2019", "end_date": "2021"}
        entries = [FoundExperience(company="ETH", title=name, **dates) for name in ("A", "B")]
        imported = position(company="ETH", title="C", origin="import", parse_id="p", **dates)
        edited = {**imported, "id": "2", "origin": "hand"}
        for row, some in ((imported, entries[:1]), (edited, entries)):
            planned = plan(record(experience=[row]), found(*some), "merge").sections["experience"]
            assert len(planned.inserts) == len(some)
            assert not planned.updates

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

    def test_the_lists_of_an_imported_row_that_was_edited_stay(self) -> None:
        row = position(parse_id="p", bullets=["Built it well"], technologies=[])
        entry = FoundExperience(
            company="Acme",
            title="Engineer",
            location="Bern",
            bullets=["Built it", "Ran it"],
            technologies=["C"],
        )
        planned = plan(record(experience=[row]), found(entry), "merge")
        assert planned.sections["experience"].updates == {"1": {"location": "Bern"}}
        assert only(planned).differing == ("bullets", "technologies")

    def test_no_more_text_is_added_than_a_row_may_have(self) -> None:
        row = position(bullets=["a" * 4000, "b" * 4000])
        entry = FoundExperience(
            company="Acme",
            title="Engineer",
            description="d" * 2500,
            bullets=["c" * 1500, "e" * 900],
        )
        planned = plan(record(experience=[row]), found(entry), "merge")
        (update,) = planned.sections["experience"].updates.values()
        assert [text[0] for text in update["bullets"]] == ["a", "b", "c"]
        assert only(planned).differing == ("description", "bullets")
        rules.entry("experience", {**row, **update})

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
_urls = st.none() | st.sampled_from(["https://a.example", "https://b.example"])
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
    projects=st.lists(st.builds(FoundProject, name=_names, url=_urls, bullets=_texts), max_size=3),
    certifications=st.lists(
        st.builds(FoundCertification, name=_names, issuer=_titles, issued_on=st.none() | _years),
        max_size=3,
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
                row["parse_id"] = draw(st.sampled_from([None, "p"]))
    return made


@settings(max_examples=150, deadline=None)
@given(_records(), _previews, st.sampled_from(["merge", "replace"]), st.booleans())
def test_a_second_commit_changes_nothing(
    existing: dict[str, Any], preview: Preview, mode: Any, as_sent: bool
) -> None:
    once = committed(existing, plan(existing, preview, mode, as_sent=as_sent))
    again = plan(once, preview, mode, as_sent=as_sent)
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
