"""How what was found in a résumé is set out."""

from __future__ import annotations

from typing import Any

from app.cli.client import review


def _entry(title: str, /, **fields: tuple[Any, float]) -> dict[str, Any]:
    evidence = [
        {"field": name, "confidence": sure, "page": 1} for name, (_, sure) in fields.items()
    ]
    return {**{name: value for name, (value, _) in fields.items()}, "evidence": evidence}


PREVIEW = {
    "profile": _entry("", full_name=("Ann Lee", 0.93)),
    "skills": [_entry("", name=("Python", 0.85)), _entry("", name=("Rust", 0.85))],
    "experience": [
        _entry("", company=("Acme", 0.9), title=("Smith", 0.6), bullets=(["x " * 60], 0.95))
    ],
}


def test_the_doubtful_stands_first_with_what_it_belongs_to() -> None:
    told = review.lines(review.values_of(PREVIEW), 80)
    assert told[0] == "Look at these:"
    assert "60%" in told[1]
    assert "experience, title" in told[1]
    assert "Smith  (Acme)" in told[1]


def test_the_rest_stands_under_its_entry_and_names_under_their_section() -> None:
    told = review.lines(review.values_of(PREVIEW), 80)
    assert told.index("skills") < told.index("experience: Acme")
    assert "skills: Python" not in told
    assert sum("Smith" in line for line in told) == 1


def test_no_line_is_wider_than_the_terminal_and_long_values_go_on_below() -> None:
    for width in (60, 80, 120):
        told = review.lines(review.values_of(PREVIEW), width)
        assert max(map(len, told)) <= width
        assert sum(line.count("x") for line in told if "experience" not in line) >= 60


def test_nothing_doubtful_needs_no_heading() -> None:
    told = review.lines(review.values_of({"profile": PREVIEW["profile"]}), 80)
    assert told[0] == "profile"
