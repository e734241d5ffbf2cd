from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.cv.model import THEME_COLOR
from app.cv.palette import READABLE, contrast
from workers.ink import shades


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
@example("#000000")
@example("#ffffff")
@example("#fff3a0")
@example("#777777")
def test_text_is_readable_on_whatever_it_stands(theme: str) -> None:
    colours = shades(theme)
    assert contrast(colours["ink"], "#ffffff") >= READABLE
    assert contrast(colours["on-accent"], colours["accent"]) >= READABLE


def test_a_readable_colour_is_used_as_it_is() -> None:
    colours = shades("#006EB8")
    assert colours["accent"] == colours["ink"] == "#006eb8"


@pytest.mark.parametrize("theme", ["#f26b5e", "#e8590c", "#2f9e44", "#0f5c4c"])
def test_a_saturated_colour_is_darkened_until_white_is_readable_on_it(theme: str) -> None:
    assert shades(theme)["on-accent"] == "#ffffff"


@pytest.mark.parametrize("theme", ["#fff3a0", "#ffcc00", "#9be7c4"])
def test_a_light_colour_stays_and_carries_black(theme: str) -> None:
    assert shades(theme)["accent"] == theme
    assert shades(theme)["on-accent"] == "#000000"


def test_without_a_chosen_colour_areas_are_slate_and_text_is_black() -> None:
    colours = shades(THEME_COLOR)
    assert (colours["accent"], colours["ink"]) == ("#2b3a4a", "#000000")


@pytest.mark.parametrize("theme", ["red", "#fff", "#00000g", "#000000;", "#000000\n", ""])
def test_what_is_no_colour_is_refused(theme: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        shades(theme)
