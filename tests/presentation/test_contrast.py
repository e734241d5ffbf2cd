"""Contrast, and the nearest colour that has enough of it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.presentation import contrast
from app.presentation.themes import THEMES

_UNSEEN = 0.001  # of the distance from black to white

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
grounds = st.sampled_from(
    [palette.grounds for theme in THEMES.values() for palette in (theme.light, theme.dark)]
    + [("#ffffff",), ("#000000",), ("#767676",), ("#fdf6e3", "#eee8d5")]
)
_CUBE = ["#{:02x}{:02x}{:02x}".format(*rgb) for rgb in product(range(0, 256, 17), repeat=3)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#000000", 5.25),
    ],
    ids=["most", "least", "just-enough", "just-not", "blue", "red"],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast.ratio(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast.ratio(other, one) == contrast.ratio(one, other)


def test_black_and_white_are_one_apart() -> None:
    assert contrast.distance("#000000", "#ffffff") == pytest.approx(1, abs=1e-6)
    assert contrast.distance("#123456", "#123456") == 0


def test_the_worst_of_several_grounds_counts() -> None:
    ratio, ground = contrast.lowest("#888888", ("#ffffff", "#999999"))
    assert (ratio, ground) == (contrast.ratio("#888888", "#999999"), "#999999")


@given(color=colors, backgrounds=grounds)
@settings(max_examples=60, deadline=None)
def test_a_suggestion_can_be_read_and_is_no_farther_than_it_must_be(
    color: str, backgrounds: tuple[str, ...]
) -> None:
    found = contrast.nearest_passing(color, backgrounds)
    assert contrast.lowest(found, backgrounds)[0] >= contrast.TEXT
    away = contrast.distance(color, found)
    for other in _CUBE:
        if contrast.distance(color, other) < away - _UNSEEN:
            assert contrast.lowest(other, backgrounds)[0] < contrast.TEXT


@given(color=colors, backgrounds=grounds)
@settings(max_examples=100, deadline=None)
def test_a_colour_that_can_be_read_is_left_as_it_is(
    color: str, backgrounds: tuple[str, ...]
) -> None:
    if contrast.lowest(color, backgrounds)[0] >= contrast.TEXT:
        assert contrast.nearest_passing(color, backgrounds) == color
    found = contrast.nearest_passing(color, backgrounds)
    assert contrast.nearest_passing(found, backgrounds) == found


def test_where_nothing_can_be_read_nothing_is_suggested() -> None:
    with pytest.raises(ValueError, match="No colour"):
        contrast.nearest_passing("#808080", ("#000000", "#ffffff"), 7)
