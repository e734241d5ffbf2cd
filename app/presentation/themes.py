"""The themes of the public page: colours for light and dark, and typefaces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours `#rrggbb`. Text, muted text and accent have a contrast of 4.5 with both grounds."""

    background: str
    surface: str  # of what stands out from the background
    text: str
    muted: str
    border: str
    accent: str

    @property
    def grounds(self) -> tuple[str, ...]:
        """What text stands on."""
        return self.background, self.surface


@dataclass(frozen=True, slots=True)
class Theme:
    """`heading_font` and `body_font` are families of `app/cv/fonts.py`."""

    id: str
    name: str
    premium: bool
    light: Palette
    dark: Palette
    heading_font: str
    body_font: str


_TERMINAL = Palette(
    background="#0b0f0c",
    surface="#131a15",
    text="#d6e5d8",
    muted="#8fa893",
    border="#26352a",
    accent="#4ade80",
)

_ALL = (
    Theme(
        id="classic",
        name="Classic",
        premium=False,
        light=Palette(
            background="#ffffff",
            surface="#f6f7f9",
            text="#1c2330",
            muted="#5a6475",
            border="#dde1e8",
            accent="#1d5fb8",
        ),
        dark=Palette(
            background="#12161d",
            surface="#1a2029",
            text="#e6eaf1",
            muted="#9aa5b6",
            border="#2c3542",
            accent="#7db3f5",
        ),
        heading_font="source-sans-3",
        body_font="source-sans-3",
    ),
    Theme(
        id="terminal",
        name="Terminal",
        premium=True,
        light=_TERMINAL,  # a terminal is dark by day too
        dark=_TERMINAL,
        heading_font="inter",
        body_font="inter",
    ),
)

THEMES: dict[str, Theme] = {theme.id: theme for theme in _ALL}
DEFAULT_THEME = "classic"
