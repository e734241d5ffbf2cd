"""Shades of one theme colour that stay readable, whatever colour was chosen."""

from __future__ import annotations

import re

READABLE = 4.5  # WCAG 2.2, contrast (minimum) of text

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_WHITE = (255, 255, 255)
_BLACK = (0, 0, 0)

Colour = tuple[int, int, int]


def shades(theme: str) -> dict[str, str]:
    """CSS colours by name, made from `theme` (`#rrggbb`; anything else raises ValueError).

    `accent` is the colour itself, for areas; `ink` for text and rules on white, `accent` darkened
    as far as it must be; `on-accent` for text on `accent`, and `soft-on-accent` for rules there.
    """
    if not _HEX.fullmatch(theme):
        raise ValueError(f"{theme!r} is not a colour of the form #rrggbb")
    accent: Colour = (int(theme[1:3], 16), int(theme[3:5], 16), int(theme[5:7], 16))
    on_accent = max(_WHITE, _BLACK, key=lambda text: contrast(text, accent))
    colours = {
        "accent": accent,
        "ink": _readable_on_white(accent),
        "on-accent": on_accent,
        "soft-on-accent": _mix(on_accent, accent, 0.6),
    }
    return {name: _css(colour) for name, colour in colours.items()}


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _readable_on_white(colour: Colour) -> Colour:
    steps = (_mix(colour, _BLACK, step / 50) for step in range(51))
    return next(shade for shade in steps if contrast(shade, _WHITE) >= READABLE)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 3294.6 if part <= 10.31 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _css(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
