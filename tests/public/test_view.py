"""What a page says of entries, spans and prose."""

from __future__ import annotations

from datetime import date

import pytest

from app.web.profile.prose import blocks
from app.web.profile.spans import length, span
from app.web.profile.view import profile_of, shown_url
from tests.public.people import record_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2024-01", "2024-01", "1 mo"),
        ("2024-01", "2024-12", "1 yr"),
        ("2021-03", "2026-11", "5 yrs 9 mos"),
        ("2021", "2026-11", ""),
        ("2026-11", "2021-03", ""),
        ("", "2021-03", ""),
        ("spring 2020", "2021-03", ""),
    ],
)
def test_a_span_is_as_long_as_its_months(start: str, end: str, told: str) -> None:
    assert length(start, end) == told


def test_what_goes_on_is_measured_up_to_today() -> None:
    found = span("2026-10", None, is_open=True, today=TODAY)
    assert found is not None
    assert (found.is_open, found.end, found.length) == (True, None, "2 mos")


def test_what_began_and_ended_in_one_month_is_said_once() -> None:
    found = span("2024", "2024")
    assert found is not None
    assert found.end is None


def test_nothing_known_of_when_is_no_span() -> None:
    assert span(None, None) is None


def test_prose_is_paragraphs_and_lists() -> None:
    found = blocks("One.\nTwo.\n\n- a\n- b\n\nEnd - of it.")
    assert [(each.is_list, each.lines) for each in found] == [
        (False, ["One.", "Two."]),
        (True, ["a", "b"]),
        (False, ["End - of it."]),
    ]


def test_a_list_may_follow_its_line_of_introduction() -> None:
    found = blocks("I did:\n• a\n• b")
    assert [each.is_list for each in found] == [False, True]


def test_a_position_without_title_is_named_by_its_company() -> None:
    view = profile_of(record_of({"experience": [{"company": "ACME"}]}), (), TODAY)
    entry = view.sections[0].entries[0]
    assert (entry.title, entry.by) == ("ACME", "")


def test_a_project_that_began_and_has_no_end_goes_on() -> None:
    rows = [{"name": "P", "start_date": "2020"}, {"name": "Q"}]
    view = profile_of(record_of({"projects": rows}), (), TODAY)
    first, second = view.sections[0].entries
    assert first.span is not None
    assert first.span.is_open
    assert second.span is None


def test_skills_are_grouped_by_category_and_those_without_come_first() -> None:
    rows = [
        {"name": "Rust", "category": "Languages", "level": "expert", "years": 1},
        {"name": "Chess"},
        {"name": "Go", "category": "Languages", "years": 2.5},
    ]
    (section,) = profile_of(record_of({"skills": rows}), (), TODAY).sections
    assert [(group.title, [tuple(item) for item in group.items]) for group in section.groups] == [
        ("", [("Chess", "")]),
        ("Languages", [("Rust", "expert, 1 yr"), ("Go", "2.5 yrs")]),
    ]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ines Vauquelin-Roth", "IV"), ("Bo", "B"), ("Ann van der Lee", "AL"), ("«»", "")],
)
def test_initials_are_of_the_first_and_the_last_name(name: str, initials: str) -> None:
    record = record_of({"profile": {"full_name": name}})
    assert profile_of(record, (), TODAY).initials == initials


def test_a_long_address_is_shown_short() -> None:
    shown = shown_url("https://www.example.com/" + "a" * 100 + "/")
    assert shown.startswith("example.com/")
    assert shown.endswith("…")
    assert len(shown) == 48


def test_the_line_for_previews_is_cut_between_words() -> None:
    record = record_of({"profile": {"bio": "word " * 100}})
    summary = profile_of(record, (), TODAY).summary
    assert summary.endswith("word…")
    assert len(summary) <= 200
