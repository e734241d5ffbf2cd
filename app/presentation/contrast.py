"""Contrast of colours by WCAG 2, and the nearest colour that has enough of it.

Colours are `#rrggbb`. How near two are is their distance in OKLab, where equal distances look about
equally large (Ottosson, "A perceptual color space for image processing").
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

TEXT = 4.5  # what WCAG AA (1.4.3) asks of text of ordinary size

RGB = tuple[int, int, int]
Lab = tuple[float, float, float]

_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722  # parts of luminance
_ROUNDING = 1e-9
_STRIDES = (16, 4, 1)
_REACH = (16, 6, 10)  # in strides; the last is wide, for there rounding moves the best about


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else math.pow((share + 0.055) / 1.055, 2.4)


_LINEAR = tuple(map(_linear, range(256)))


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, whichever is in front."""
    return _contrast(_luminance(_rgb(one)), _luminance(_rgb(other)))


def lowest(color: str, backgrounds: Iterable[str]) -> tuple[float, str]:
    """The least contrast that `color` has with any of the backgrounds, and with which."""
    return min((ratio(color, background), background) for background in backgrounds)


def distance(one: str, other: str) -> float:
    """How far apart two colours look; black and white are 1 apart."""
    return math.sqrt(_squared(_lab(_rgb(one)), _lab(_rgb(other))))


@lru_cache(maxsize=4096)
def nearest_passing(color: str, backgrounds: tuple[str, ...], needed: float = TEXT) -> str:
    """`color` if it has the contrast needed with each of the backgrounds, or else the nearest.

    No other is nearer by more than 0.001, which no eye sees. The nearest is darker or lighter than
    all of them. Raises ValueError where neither black nor white has enough contrast with all.
    """
    if lowest(color, backgrounds)[0] >= needed:
        return color
    luminances = [_luminance(_rgb(background)) for background in backgrounds]
    darkest, lightest = min(luminances), max(luminances)
    wanted = _lab(_rgb(color))
    found = [
        *_nearest(wanted, (darkest + 0.05) / needed - 0.05 - _ROUNDING, darker=True),
        *_nearest(wanted, (lightest + 0.05) * needed - 0.05 + _ROUNDING, darker=False),
    ]
    if not found:
        raise ValueError(f"No colour has a contrast of {needed} with all of {backgrounds}.")
    return _hex(min(found)[1])


def _nearest(wanted: Lab, limit: float, *, darker: bool) -> list[tuple[float, RGB]]:
    """The nearest colour of at most (`darker`) or at least the luminance `limit`, if there is one.

    It has that luminance as nearly as 8 bits allow, so green follows from red and blue, and those
    two are searched for on a grid that gets finer.
    """
    red = blue = 128
    best: tuple[float, RGB] | None = None
    for stride, reach in zip(_STRIDES, _REACH, strict=True):
        grid = range(-reach * stride, reach * stride + 1, stride)
        for r, b in product(_within(red, grid), _within(blue, grid)):
            green = _green(limit - _RED * _LINEAR[r] - _BLUE * _LINEAR[b], darker=darker)
            if green is not None:
                candidate = (_squared(_lab((r, green, b)), wanted), (r, green, b))
                best = min(best or candidate, candidate)
        if best is None:
            return []
        red, _, blue = best[1]
    return [best] if best else []


def _within(middle: int, grid: range) -> list[int]:
    return sorted({min(max(middle + step, 0), 255) for step in grid})


def _green(luminance: float, *, darker: bool) -> int | None:
    """The most green of at most, or the least of at least, so much luminance; None if none is."""
    share = luminance / _GREEN
    if darker:
        return bisect_right(_LINEAR, share) - 1 if share >= 0 else None
    found = bisect_left(_LINEAR, share)
    return found if found < 256 else None


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(rgb: RGB) -> float:
    red, green, blue = rgb
    return _RED * _LINEAR[red] + _GREEN * _LINEAR[green] + _BLUE * _LINEAR[blue]


def _lab(rgb: RGB) -> Lab:
    red, green, blue = (_LINEAR[channel] for channel in rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _squared(one: Lab, other: Lab) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _rgb(color: str) -> RGB:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(rgb: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)
