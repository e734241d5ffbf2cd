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
    kind: Any = {
        "company": "employer",
        "title": "title",
        "technologies": "name",
        "location": "name",
    }
    kind = kind.get(field, "date")
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


ROW = {
    "company": "Nordlicht Software GmbH",
    "title": "Senior Backend Engineer",
    "location": "Hamburg",
    "start_date": "2019-03",
    "end_date": "2022-08",
    "description": "Moved to Kubernetes under a product manager. A competitor of Globex.",
}


@pytest.mark.parametrize("company", ["Nordlicht", "Nordlicht Software", "Nordlicht Software Ltd"])
def test_an_employer_may_be_shortened_from_its_end(company: str) -> None:
    assert ungrounded("experience", {"company": company}, [Source("experience", ROW)]) == []


@pytest.mark.parametrize(
    ("field", "claim"),
    [
        ("company", "Globex"),
        ("company", "Software"),
        ("company", "Hamburg"),
        ("company", "Kubernetes"),
        ("institution", "Globex"),
        ("title", "Product Manager"),
    ],
)
def test_whom_the_prose_of_a_row_names_its_owner_neither_was_nor_worked_for(
    field: str, claim: str
) -> None:
    entry = {**ROW, "evidence": [{"field": "description", "text": ROW["description"]}]}
    job = {"title": ROW["title"], "subtitle": ROW["company"], "description": ROW["description"]}
    section = "education" if field == "institution" else "experience"
    for source in (
        Source("experience", ROW),
        Source("import", {"experience": [entry]}),
        Source("resume_job", {"sections": [{"heading": "Work", "items": [job]}]}),
    ):
        assert len(ungrounded(section, {field: claim}, [source])) == 1


def test_prose_says_what_no_field_beside_it_says() -> None:
    prose = "Product Manager at Globex"
    for source in (
        Source("experience", {"description": prose}),
        Source("profile", {"full_name": "Ann Lee", "bio": prose}),
        Source("import", {"experience": [ROW], "unplaced": [{"text": prose}]}),
    ):
        values = {"company": "Globex", "title": "Product Manager"}
        assert ungrounded("experience", values, [source]) == []


def test_an_issuer_may_be_written_short() -> None:
    said = Source("certifications", {"name": "Architect", "issuer": "Amazon Web Services"})
    assert ungrounded("certifications", {"issuer": "AWS"}, [said]) == []
    assert len(ungrounded("certifications", {"issuer": "Services"}, [said])) == 1


def test_what_has_ended_does_not_go_on() -> None:
    values = {"company": "Nordlicht Software", "is_current": True}
    errors = ungrounded("experience", values, [Source("experience", ROW)])
    assert [(error.path, error.code) for error in errors] == [("is_current", "ungrounded_date")]
    other = {**ROW, "company": "Globex", "end_date": None}
    both = [Source("experience", ROW), Source("experience", other)]
    assert len(ungrounded("experience", values, both)) == 1
    assert ungrounded("experience", {**values, "company": "Globex"}, both) == []
    assert ungrounded("experience", {**values, "is_current": False}, both) == []
    found = {**other, "evidence": [{"field": "end_date", "text": "03/2019 - today, Globex"}]}
    going_on = Source("import", {"experience": [found, {**ROW, "evidence": []}]})
    assert ungrounded("experience", {**values, "company": "Globex"}, [going_on]) == []
    free = Source("import", {"unplaced": [{"text": "Nordlicht Software, since 2019"}]})
    assert ungrounded("experience", values, [free]) == []


PERSON = Source("profile", {"full_name": "Anna Maria López-García", "bio": "Ida Berg hired me."})


@pytest.mark.parametrize(
    "name",
    ["Anna López", "Anna M. López-García", "Anna Maria Lopez Garcia", "Anna García"],
)
def test_a_person_may_leave_out_names_of_theirs(name: str) -> None:
    assert ungrounded("profile", {"full_name": name}, [PERSON]) == []


@pytest.mark.parametrize("name", ["María Anna López", "Anna Berg", "Anna L.", "Maria López Anna"])
def test_a_person_may_not_take_another_name(name: str) -> None:
    errors = ungrounded("profile", {"full_name": name}, [PERSON])
    assert [error.code for error in errors] == ["ungrounded_name"]


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("AWS Solutions Architect Associate", True),
        ("Amazon Web Services Solutions Architect - Associate", True),
        ("AWS Certified Solutions Architect – Professional", False),
    ],
)
def test_a_certificate_is_the_same_without_its_certified(name: str, stands: bool) -> None:
    source = {"name": "AWS Certified Solutions Architect – Associate"}
    said = Source("certifications", source)
    assert (ungrounded("certifications", {"name": name}, [said]) == []) is stands
    reverse = Source("certifications", {"name": name})
    assert (ungrounded("certifications", source, [reverse]) == []) is stands


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
    "halves": "by half of the " * 7_000,
    "idioms": "24/7 zero-" * 10_000,
    "Roman numerals": "of MMMCMXCIX " * 8_000,
    "scripts": "a\u0430" * 50_000,
    "zeros": "6O" * 50_000,
    "quarters": "third quarter of a million " * 4_000,
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
