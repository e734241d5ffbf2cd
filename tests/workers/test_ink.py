from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.ink import READABLE, contrast, shades


def parsed(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(parsed("#ffffff"), parsed("#000000")) == pytest.approx(21)
    assert contrast(parsed("#777777"), parsed("#ffffff")) == pytest.approx(4.48, abs=0.01)


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
@example("#000000")
@example("#ffffff")
@example("#fff3a0")
@example("#777777")
def test_text_is_readable_on_whatever_it_stands(theme: str) -> None:
    colours = {name: parsed(colour) for name, colour in shades(theme).items()}
    assert contrast(colours["ink"], parsed("#ffffff")) >= READABLE
    assert contrast(colours["on-accent"], colours["accent"]) >= READABLE


def test_a_readable_colour_is_used_as_it_is() -> None:
    colours = shades("#006EB8")
    assert colours["accent"] == colours["ink"] == "#006eb8"


@pytest.mark.parametrize("theme", ["red", "#fff", "#00000g", "#000000;", "#000000\n", ""])
def test_what_is_no_colour_is_refused(theme: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        shades(theme)
