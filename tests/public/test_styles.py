"""Colours and stylesheets of the themes: what is read can be read, and there is one of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app.presentation import contrast
from app.presentation.effective import Presentation
from app.presentation.layout import DEFAULT_LAYOUT, FONT_PREFERENCES, Layout
from app.presentation.themes import THEMES, Palette
from app.web.assets import assets
from app.web.profile.styles import style_of
from app.web.profile.typefaces import FACES, NARROW, WIDE, early, is_wide

FOLDER = Path(__file__).parents[2] / "app/web/static/profile"
FONTS = FOLDER.parent / "fonts"
# Each of these is hard to read on some ground.
ACCENTS = ("#ffffff", "#000000", "#ffff00", "#0000ff", "#ff0000", "#00ff00", "#808080", "#c0ffee")
VARIABLES = ("paper", "panel", "ink", "muted", "accent", "on-accent")

_BLOCK = re.compile(r":root\{([^}]*)\}")


def palettes_of(presentation: Presentation) -> list[dict[str, str]]:
    """The variables of each state of the page: light, dark where it differs, printed."""
    blocks = _BLOCK.findall(style_of(presentation).css)
    return [dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", block)) for block in blocks]


@pytest.mark.parametrize("accent", [None, *ACCENTS])
@pytest.mark.parametrize("theme", THEMES)
def test_text_has_the_contrast_of_wcag_aa_with_any_accent(theme: str, accent: str | None) -> None:
    palettes = palettes_of(Presentation(THEMES[theme], accent, DEFAULT_LAYOUT))
    assert len(palettes) == (2 if THEMES[theme].light == THEMES[theme].dark else 3)
    for colors in palettes:
        assert set(VARIABLES) <= set(colors)
        for ground in ("paper", "panel"):
            for front in ("ink", "muted", "accent"):
                assert contrast.ratio(colors[front], colors[ground]) >= 4.5, (front, ground)
        assert contrast.ratio(colors["on-accent"], colors["accent"]) >= 4.5


def test_each_theme_has_a_stylesheet_and_no_stylesheet_is_of_none() -> None:
    found = {path.stem for path in FOLDER.glob("*.css")} - {"base"}
    assert found == set(THEMES)


def test_no_two_themes_look_alike() -> None:
    sheets = {assets()[f"profile/{theme}.css"].body for theme in THEMES}
    grounds = {(theme.light.background, theme.light.accent) for theme in THEMES.values()}
    assert len(sheets) == len(grounds) == len(THEMES)


def test_stylesheets_use_only_variables_that_there_are() -> None:
    sheets = {path.stem: path.read_text() for path in FOLDER.glob("*.css")}
    base = set(re.findall(r"--([a-z-]+):", sheets["base"]))
    page = {*VARIABLES, "line", "head", "body"}
    for name, sheet in sheets.items():
        used = set(re.findall(r"var\(--([a-z-]+)\)", sheet))
        own = set(re.findall(r"--([a-z-]+):", sheet))
        assert used <= base | page | own, name
        assert sheet.count("{") == sheet.count("}"), name
        assert "http" not in sheet, name


@pytest.mark.parametrize("font", FONT_PREFERENCES)
def test_a_typeface_that_is_preferred_is_used_for_all(font: str) -> None:
    css = style_of(Presentation(THEMES["classic"], None, Layout(font_preference=font))).css
    if font == "theme":
        assert FACES["inter"].name in css
    else:
        assert f'--head:"{FACES[font].name}"' in css
        assert f'--body:"{FACES[font].name}"' in css


def test_each_file_of_a_face_is_served() -> None:
    for face in FACES.values():
        for file in face.files:
            for part in ("", "-wide"):
                assert assets()[f"fonts/{file.name}{part}.woff2"].media_type == "font/woff2"
    for theme in THEMES.values():
        assert {theme.heading_font, theme.body_font} <= set(FACES)


@pytest.mark.parametrize(
    "name", sorted(file.name for face in FACES.values() for file in face.files)
)
def test_a_face_is_cut_where_its_style_says(name: str) -> None:
    narrow, wide = (
        {chr(code) for code in TTFont(FONTS / f"{name}{part}.woff2").getBestCmap()}
        for part in ("", "-wide")
    )
    assert set("Zoë Müller – 5 €") - {" "} <= narrow
    assert set("łŁőğŘ") <= wide
    assert not any(is_wide(letter) for letter in narrow)
    assert all(is_wide(letter) for letter in wide)


def test_the_pages_of_the_site_cut_their_typeface_alike() -> None:
    sheet = (FONTS.parent / "tokens.css").read_text()
    said = re.findall(r"unicode-range:([^;]*);", sheet)
    assert ["".join(one.split()) for one in said] == [WIDE, NARROW]


def test_letters_that_a_name_needs_are_fetched_early() -> None:
    faces = frozenset({"inter"})
    assert early(faces, slanted=False, wide=False) == (FACES["inter"].files[0].url,)
    assert FACES["inter"].files[0].wide_url in early(faces, slanted=False, wide=True)


def test_a_theme_of_one_palette_keeps_it_by_day_and_night() -> None:
    css = style_of(Presentation(THEMES["terminal"], None, DEFAULT_LAYOUT)).css
    assert "color-scheme:dark;" in css
    assert "prefers-color-scheme" not in css


def test_the_script_is_small() -> None:
    assert len(assets()["profile/audience.js"].body) <= 1500


def test_palettes_are_complete_colours() -> None:
    fields = Palette.__dataclass_fields__
    for theme in THEMES.values():
        for palette in (theme.light, theme.dark):
            for name in fields:
                assert re.fullmatch(r"#[0-9a-f]{6}", getattr(palette, name)), (theme.id, name)
