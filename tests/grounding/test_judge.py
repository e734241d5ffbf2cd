"""What a text must say for a claim to stand."""

from __future__ import annotations

from typing import Any

import pytest

from app.grounding.judge import ungrounded
from app.grounding.sources import Source
from tests.grounding import tables


def codes(source: str, field: str, claim: Any, section: str = "experience") -> list[str]:
    """The codes of what is refused of one field, by a source that is one text."""
    said = Source("import", {"unplaced": [{"text": source}]})
    return [error.code for error in ungrounded(section, {field: claim}, [said])]


@pytest.mark.parametrize(("claim", "source"), tables.SAID)
def test_a_figure_stands_that_the_source_says_otherwise(claim: str, source: str) -> None:
    assert codes(source, "description", claim) == []


@pytest.mark.parametrize(("claim", "source"), tables.NOT_SAID)
def test_a_figure_that_the_source_does_not_say_is_refused(claim: str, source: str) -> None:
    refused = codes(source, "description", claim)
    assert refused
    assert set(refused) <= {"ungrounded_number", "ungrounded_date"}


@pytest.mark.parametrize("text", tables.NO_CLAIMS)
def test_prose_without_figures_claims_nothing(text: str) -> None:
    assert codes("nothing", "description", text) == []


@pytest.mark.parametrize(("field", "claim", "source"), tables.NAMED)
def test_a_name_or_date_stands_that_the_source_writes_otherwise(
    field: str, claim: str, source: str
) -> None:
    assert codes(source, field, claim) == []


@pytest.mark.parametrize(("field", "claim", "source"), tables.NOT_NAMED)
def test_a_name_or_date_that_the_source_does_not_say_is_refused(
    field: str, claim: str, source: str
) -> None:
    kind = {"company": "employer", "title": "title", "technologies": "name"}.get(field, "date")
    assert codes(source, field, claim) == [f"ungrounded_{kind}"]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Passionate backend engineer", "Backend Engineer"),
        ("Senior Engineer & Lead Developer", "Sr Engineer and Lead Dev"),
        ("Building what lasts", "nothing"),
    ],
)
def test_a_headline_may_say_what_the_source_says_somebody_is(claim: str, source: str) -> None:
    assert codes(source, "headline", claim, "profile") == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Senior Engineer", "Engineer"),
        ("CTO at Acme", "Engineer at Acme"),
        ("Lead Engineer", "Engineer. Lead Paint Removal"),
    ],
)
def test_a_headline_may_not_raise_somebody(claim: str, source: str) -> None:
    said = [Source("import", {"unplaced": [{"text": text}]}) for text in source.split(". ")]
    errors = ungrounded("profile", {"headline": claim}, said)
    assert [error.code for error in errors] == ["ungrounded_title"]


def test_every_bullet_that_claims_too_much_is_named_once() -> None:
    said = Source("experience", {"bullets": ["Led 12 people."]})
    values = {"bullets": ["Led 12 people.", "Led 13, of 13 in all.", None, "In 2020 and May 2021."]}
    found = [(error.path, error.code) for error in ungrounded("experience", values, [said])]
    assert found == [
        ("bullets[1]", "ungrounded_number"),
        ("bullets[3]", "ungrounded_date"),
        ("bullets[3]", "ungrounded_date"),
    ]


def test_a_telephone_number_grounds_no_count() -> None:
    said = Source("profile", {"phone": "+41 79 123 45 67", "website": "https://x.example/45"})
    assert ungrounded("profile", {"phone": "079 123 45 67"}, [said]) == []
    assert [error.code for error in ungrounded("profile", {"bio": "45 clients"}, [said])] == [
        "ungrounded_number"
    ]


def test_ids_times_and_looks_of_a_source_say_nothing() -> None:
    row = {"id": "45", "created_at": "2020-03-15", "position": 12, "version": 7, "name": "Go"}
    values = {"name": "Go", "level": "45, 12, 7, 2020"}
    assert len(ungrounded("skills", values, [Source("skills", row)])) == 4
    job = {"theme_color": "#450000", "font_size": 11, "identity": {}, "sections": []}
    assert len(ungrounded("skills", {"level": "11"}, [Source("resume_job", job)])) == 1


def test_years_of_practice_are_no_months() -> None:
    said = Source("skills", {"name": "Go", "years": 7.5})
    assert ungrounded("skills", {"years": 7.5}, [said]) == []
    assert ungrounded("experience", {"description": "7.5 years of Go"}, [said]) == []
    assert ungrounded("experience", {"description": "7.5 months of Go"}, [said])


HOSTILE = {
    "digits": "1" * 100_000,
    "groups": "1 000 " * 20_000,
    "letters and digits": "a1" * 50_000,
    "signs": "@" * 100_000,
    "marks": "a" + "\u0301\u0316" * 50_000,
    "years": "2020 " * 20_000,
    "strokes": "1/" * 50_000,
    "numerals": "一十百千万" * 20_000,
    "hundreds": "cem " * 25_000,
    "words": "hundred thousand million " * 4_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_source_grounds_nothing_it_does_not_say(text: str) -> None:
    values = {"company": "Acme", "description": "Led 7,777 engineers in May 2019."}
    said = Source("experience", {"description": text})
    assert len(ungrounded("experience", values, [said])) == 3


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_claim_is_judged_too(text: str) -> None:
    said = Source("experience", {"description": text[:5_000]})
    values = {"bullets": [text[:5_000]], "company": text[:500], "title": text[:500]}
    assert len(ungrounded("experience", values, [said])) <= 100
