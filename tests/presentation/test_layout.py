"""Orders of sections, what is hidden of them, and typefaces by name."""

from __future__ import annotations

from typing import Any

import pytest

from app.cv import fonts
from app.cv.from_profile import SECTIONS
from app.errors import ValidationFailed
from app.presentation.layout import (
    DEFAULT_LAYOUT,
    FONT_PREFERENCES,
    THEME_FONT,
    Layout,
    checked_font,
    doubled,
    stored_layout,
)
from app.web.profile.typefaces import FACES
from schema.types.presentation import PageSection


def stored(**chosen: Any) -> Layout:
    nothing = {"section_order": None, "hidden_sections": None, "font_preference": None}
    return stored_layout(nothing | chosen)


def test_who_chose_nothing_has_the_default() -> None:
    assert stored() == DEFAULT_LAYOUT == stored(section_order=[], hidden_sections=[])
    assert DEFAULT_LAYOUT.section_order == SECTIONS
    assert DEFAULT_LAYOUT.font_family is None


def test_sections_that_are_not_named_follow_as_they_stand_by_default() -> None:
    order = stored(section_order=["skills", "summary"]).section_order
    assert order == (
        "skills", "summary", "experience", "education", "projects", "languages", "certifications"
    )  # fmt: skip


def test_a_section_that_is_no_more_is_passed_over() -> None:
    assert set(stored(section_order=["hobbies", "skills"]).section_order) == set(SECTIONS)


def test_what_is_hidden_is_not_shown() -> None:
    layout = stored(section_order=["skills"], hidden_sections=["summary", "projects"])
    assert layout.shown_sections == (
        "skills", "experience", "education", "languages", "certifications"
    )  # fmt: skip


def test_each_further_naming_is_told_by_its_place() -> None:
    errors = doubled("order", ["a", "b", "a", "a"])
    assert [(error.path, error.code) for error in errors] == [
        ("order[2]", "doubled"),
        ("order[3]", "doubled"),
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [("theme", "theme"), ("Theme ", "theme"), ("Arial", "arimo"), ("sans", "arimo"),
     ("serif", "tinos"), ("mono", "jetbrains-mono"), ("Georgia", "source-serif-4"),
     ("lato", "lato")],
    ids=lambda value: value.strip(),
)  # fmt: skip
def test_a_typeface_goes_by_any_of_its_names(name: str, found: str) -> None:
    assert checked_font(name) == found
    assert found in FONT_PREFERENCES


def test_a_typeface_that_can_be_preferred_is_there_for_page_and_pdf_alike() -> None:
    for name in FONT_PREFERENCES:
        assert name == THEME_FONT or (name in FACES and name in fonts.FAMILIES)


@pytest.mark.parametrize("name", ["comic sans", "", "a\0b"], ids=["unknown", "none", "nul"])
def test_a_typeface_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        checked_font(name)
    assert [field.path for field in refused.value.fields] == ["font_preference"]


def test_the_api_names_the_sections_that_there_are() -> None:
    assert tuple(section.value for section in PageSection) == SECTIONS
