"""The style of one page beside its stylesheets: the colours and typefaces in effect, as variables.

It stands in the page itself, and the page's policy allows it by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from app.presentation import contrast
from app.presentation.effective import Presentation
from app.presentation.themes import Palette
from app.web.profile import typefaces

_PRINT = Palette(
    background="#ffffff",
    surface="#ffffff",
    text="#14171a",
    muted="#54595f",
    border="#c9ced4",
    accent="#14171a",
)


@dataclass(frozen=True, slots=True)
class Style:
    """`css` goes into a style element; `source` allows it in a Content-Security-Policy.

    `faces` are the typefaces that it names.
    """

    css: str
    source: str
    faces: frozenset[str]


@lru_cache(maxsize=512)
def _style(css: str, faces: frozenset[str]) -> Style:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Style(css, f"'sha256-{digest}'", faces)


def style_of(presentation: Presentation) -> Style:
    """What is in effect of a presentation; holds nothing that a person wrote but a colour."""
    theme, font = presentation.theme, presentation.layout.font_family
    heading, body = (font, font) if font else typefaces.faces_of(theme)
    faces = frozenset((heading, body))
    light = _colors(theme.light, presentation.light_accent)
    dark = _colors(theme.dark, presentation.dark_accent)
    printed = _colors(_PRINT, contrast.nearest_passing(presentation.light_accent, _PRINT.grounds))
    scheme = theme_scheme(theme.light, theme.dark)
    css = (
        f"{typefaces.rules(faces)}"
        f":root{{color-scheme:{scheme};{light}"
        f"--head:{typefaces.stack(heading)};--body:{typefaces.stack(body)}}}"
    )
    if theme.light != theme.dark:
        css += f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    css += f"@media print{{:root{{color-scheme:light;{printed}}}}}"
    return _style(css, faces)


def theme_scheme(light: Palette, dark: Palette) -> str:
    """The value of `color-scheme`: both, or the one that a theme has at any time of day."""
    if light != dark:
        return "light dark"
    is_dark = contrast.ratio(light.background, "#ffffff") > contrast.ratio(
        light.background, "#000000"
    )
    return "dark" if is_dark else "light"


@lru_cache(maxsize=512)
def _colors(palette: Palette, accent: str) -> str:
    on_accent = max(("#ffffff", "#000000"), key=lambda color: contrast.ratio(color, accent))
    return (
        f"--paper:{palette.background};--panel:{palette.surface};--ink:{palette.text};"
        f"--muted:{palette.muted};--line:{palette.border};--accent:{accent};"
        f"--on-accent:{on_accent};"
    )
