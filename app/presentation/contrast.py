"""Contrast of colours by WCAG 2, and the nearest colour that has enough of it.

Colours are `#rrggbb`. How near two are is their distance in OKLab, where equal distances look about
equally large (Ottosson, "A perceptual color space for image processing").
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

TEXT = 4.5  # what WCAG AA (1.4.3) asks of text of ordinary size

RGB = tuple[int, int, int]
Lab = tuple[float, float, float]

_STRIDES = (32, 16, 8, 4, 2, 1)
_NEIGHBOURS = [step for step in product((-1, 0, 1), repeat=3) if any(step)]
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


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

    The nearest is darker or lighter than all of them. Raises ValueError where neither black nor
    white has enough contrast with all.
    """
    if lowest(color, backgrounds)[0] >= needed:
        return color
    luminances = [_luminance(_rgb(background)) for background in backgrounds]
    wanted, target = _lab(_rgb(color)), _rgb(color)
    found = [
        _nearest(target, wanted, end, luminances, needed)
        for end in (_BLACK, _WHITE)
        if _passes(end, luminances, needed)
    ]
    if not found:
        raise ValueError(f"No colour has a contrast of {needed} with all of {backgrounds}.")
    return _hex(min(found, key=lambda rgb: _squared(_lab(rgb), wanted)))


def _nearest(start: RGB, wanted: Lab, end: RGB, luminances: list[float], needed: float) -> RGB:
    """The nearest passing colour on the side of `end`, black or white, which passes.

    Between the colour and `end` contrast only grows, so that halving finds where it is enough. From
    there single channels are moved, in ever smaller strides, as long as that comes nearer.
    """
    failing, passing = 0, 256
    while passing - failing > 1:
        middle = (failing + passing) // 2
        if _passes(_between(start, end, middle), luminances, needed):
            passing = middle
        else:
            failing = middle
    best = _between(start, end, passing)
    least = _squared(_lab(best), wanted)
    for stride in _STRIDES:
        moved = True
        while moved:
            moved = False
            for rgb in _around(best, stride):
                squared = _squared(_lab(rgb), wanted)
                if squared < least and _passes(rgb, luminances, needed):
                    best, least, moved = rgb, squared, True
    return best


def _between(start: RGB, end: RGB, part: int) -> RGB:
    """The colour `part` of 256 on the way."""
    red, green, blue = (a + (b - a) * part // 256 for a, b in zip(start, end, strict=True))
    return red, green, blue


def _around(rgb: RGB, stride: int) -> Iterator[RGB]:
    for step in _NEIGHBOURS:
        red, green, blue = (c + s * stride for c, s in zip(rgb, step, strict=True))
        if 0 <= red <= 255 and 0 <= green <= 255 and 0 <= blue <= 255:
            yield red, green, blue


def _passes(rgb: RGB, luminances: list[float], needed: float) -> bool:
    own = _luminance(rgb)
    return all(_contrast(own, each) >= needed for each in luminances)


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(rgb: RGB) -> float:
    red, green, blue = rgb
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


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
