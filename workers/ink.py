"""Shades of one theme colour that stay readable, whatever colour was chosen."""

from __future__ import annotations

import re

from app.cv.model import THEME_COLOR
from app.cv.palette import contrast, mix, readable

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_WHITE = "#ffffff"
_BLACK = "#000000"
_SLATE = "#2b3a4a"
# From here on, white is what people expect on a colour, and black looks like a mistake.
_CALLS_FOR_WHITE = 2.5


def shades(theme: str) -> dict[str, str]:
    """CSS colours by name, made from `theme` (`#rrggbb`; anything else raises ValueError).

    `ink`, for text and rules on white, is the colour, darkened as far as it must be. `accent`, for
    areas, is the same unless the colour is light enough to carry black text; the default, which
    nobody chose, gives slate where black would weigh on the page. `on-accent` is for text on
    `accent`, and `soft-on-accent` for rules there.
    """
    if not _HEX.fullmatch(theme):
        raise ValueError(f"{theme!r} is not a colour of the form #rrggbb")
    theme = theme.lower()
    ink = readable(theme)
    light = contrast(theme, _WHITE) < _CALLS_FOR_WHITE
    accent = _SLATE if theme == THEME_COLOR else theme if light else ink
    on_accent = _BLACK if light else _WHITE
    return {
        "accent": accent,
        "ink": ink,
        "on-accent": on_accent,
        "soft-on-accent": mix(on_accent, accent, 0.6),
    }
