"""Plain text: everything, in the order in which it is read, and no line wrapped."""

from __future__ import annotations

from app.cv.normalise import normalise
from app.exporting.document import document_of_cv
from app.exporting.text import text, written
from tests.cv.samples import EXAMPLE
from tests.exporting.profiles import EMPTY, FULL


def test_a_profile_reads_from_top_to_bottom() -> None:
    lines = text(FULL).decode().splitlines()
    assert lines[:3] == ["Zoë Müller-Łuć", "Staff Engineer, Platforms; C++ & Go", ""]
    assert lines.index("SUMMARY") < lines.index("EXPERIENCE") < lines.index("SKILLS")
    at = lines.index("Globex, Inc.")
    assert lines[at + 1 : at + 3] == ["Staff Engineer (part-time)", "Feb 2020 – Present | Zürich"]
    assert "- Cut costs by 40 %." in lines
    assert "https://github.com/zoe" in lines


def test_blocks_are_parted_by_one_empty_line() -> None:
    made = text(FULL).decode()
    assert "\n\n\n" not in made
    assert made.endswith("\n")
    assert not made.endswith("\n\n")


def test_no_line_is_wrapped() -> None:
    bullet = " ".join(["long"] * 300)
    cv = normalise({**EXAMPLE, "sections": {"work": {"items": [{"bullets": [bullet]}]}}}).cv
    assert f"- {bullet}" in written(document_of_cv(cv, None)).decode().splitlines()


def test_who_says_nothing_has_a_name() -> None:
    assert text(EMPTY).decode().strip() != ""


def test_a_heading_whose_capitals_say_something_else_stays() -> None:
    sections = {
        "a": {"heading": "Straße", "content": "x"},
        "b": {"heading": "Café", "content": "y"},
    }
    cv = normalise({**EXAMPLE, "sections_order": ["a", "b"], "sections": sections}).cv
    lines = written(document_of_cv(cv, None)).decode().splitlines()
    assert {"Straße", "CAFÉ"} <= set(lines)
