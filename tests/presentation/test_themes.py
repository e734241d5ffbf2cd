"""The themes, each of which can be read."""

from __future__ import annotations

import pytest

from app.presentation import contrast
from app.presentation.themes import DEFAULT_THEME, THEMES, Palette, Theme
from app.web.profile.typefaces import FACES

each_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.id)


def palettes(theme: Theme) -> list[Palette]:
    return [theme.light, theme.dark]


@each_theme
def test_text_of_a_theme_can_be_read_on_each_of_its_grounds(theme: Theme) -> None:
    for palette in palettes(theme):
        for color in (palette.text, palette.muted, palette.accent):
            assert contrast.lowest(color, palette.grounds)[0] >= contrast.TEXT


@each_theme
def test_an_accent_of_any_colour_can_be_made_readable(theme: Theme) -> None:
    for palette in palettes(theme):
        for color in ("#000000", "#808080", "#ffffff"):
            assert contrast.nearest_passing(color, palette.grounds)


@each_theme
def test_a_theme_is_set_in_faces_that_the_page_has(theme: Theme) -> None:
    assert {theme.heading_font, theme.body_font} <= FACES.keys()


def test_a_theme_goes_by_its_id_and_a_name_of_its_own() -> None:
    assert all(theme.id == key for key, theme in THEMES.items())
    assert len({theme.name for theme in THEMES.values()}) == len(THEMES)


def test_the_default_theme_is_free() -> None:
    assert not THEMES[DEFAULT_THEME].premium
