"""The themes of the public page: colours for light and dark, and typefaces.

What else makes a theme is its stylesheet, `app/web/static/profile`, and
`app/web/profile/structures.py`.
"""

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
    """`heading_font` and `body_font` are faces of `app/web/profile/typefaces.py`.

    One with the same colours in light and dark keeps them at any time of day.
    """

    id: str
    name: str
    premium: bool
    light: Palette
    dark: Palette
    heading_font: str
    body_font: str


_FREE = {
    "classic": (
        "Classic",
        Palette("#ffffff", "#f6f7f9", "#1c2330", "#5a6475", "#dde1e8", "#1d5fb8"),
        Palette("#12161d", "#1a2029", "#e6eaf1", "#9aa5b6", "#2c3542", "#7db3f5"),
        ("source-serif-4", "inter"),
    ),
    "minimal": (
        "Minimal",
        Palette("#ffffff", "#f4f4f2", "#111111", "#5f5f5f", "#d9d9d6", "#c8102e"),
        Palette("#0e0e0e", "#181818", "#f2f2f0", "#a3a3a0", "#2e2e2e", "#ff6b6b"),
        ("inter", "inter"),
    ),
    "academic": (
        "Academic",
        Palette("#fffefb", "#f7f4ec", "#1d1a16", "#5e564b", "#d8d0c0", "#7a1f2b"),
        Palette("#17140f", "#201c16", "#ece4d6", "#a99e8c", "#3a3329", "#e3a098"),
        ("eb-garamond", "eb-garamond"),
    ),
    "studio": (
        "Studio",
        Palette("#ffffff", "#f3f1fb", "#221f33", "#5d5873", "#e2deef", "#5b3fd1"),
        Palette("#131120", "#1c1930", "#eae7f7", "#a49fbe", "#322d4c", "#b3a1ff"),
        ("space-grotesk", "inter"),
    ),
}
_TERMINAL = Palette("#0b0f0c", "#131a15", "#d6e5d8", "#8fa893", "#26352a", "#4ade80")
_MIDNIGHT = Palette("#0a1020", "#111a30", "#e3e9f7", "#93a1c0", "#22304f", "#6ee7d8")
_PREMIUM = {
    "terminal": ("Terminal", _TERMINAL, _TERMINAL, ("jetbrains-mono", "jetbrains-mono")),
    "editorial": (
        "Editorial",
        Palette("#faf6ee", "#f2ebdd", "#221b14", "#665a4b", "#dccfba", "#a03a20"),
        Palette("#1a1613", "#241e19", "#f2e9dc", "#b3a492", "#40362c", "#f0936f"),
        ("fraunces", "newsreader"),
    ),
    "aurora": (
        "Aurora",
        Palette("#f7f8fd", "#ffffff", "#1a1d33", "#525773", "#e1e4f2", "#4f46e5"),
        Palette("#0d0f1e", "#171a2e", "#e8eaf8", "#a3a8c9", "#2a2f4d", "#a5b4fc"),
        ("inter", "inter"),
    ),
    "midnight": ("Midnight", _MIDNIGHT, _MIDNIGHT, ("space-grotesk", "inter")),
    "blueprint": (
        "Blueprint",
        Palette("#f3f7fc", "#e5eef8", "#0f2747", "#43597a", "#b4c8e0", "#0b57a4"),
        Palette("#0b2a4a", "#0e3358", "#e8f2ff", "#a9c6e6", "#2f5a86", "#ffd166"),
        ("jetbrains-mono", "inter"),
    ),
    "poster": (
        "Poster",
        Palette("#fffdf5", "#f6f1e2", "#111111", "#55504a", "#111111", "#c42d0e"),
        Palette("#101010", "#1b1b1b", "#f7f3e8", "#b5b0a5", "#f7f3e8", "#ffd60a"),
        ("space-grotesk", "space-grotesk"),
    ),
    "garden": (
        "Garden",
        Palette("#f8f9f3", "#edf1e4", "#22301f", "#54624e", "#d2dac4", "#3b6b3a"),
        Palette("#131a12", "#1b241a", "#e7eee0", "#a3b29b", "#334030", "#a3cf8e"),
        ("fraunces", "source-serif-4"),
    ),
    "gazette": (
        "Gazette",
        Palette("#fbfaf6", "#f3f0e8", "#1a1a1a", "#5a564e", "#bdb7aa", "#8b1a1a"),
        Palette("#151413", "#1d1c1a", "#eeebe4", "#aca69a", "#4a463f", "#f0a3a0"),
        ("newsreader", "newsreader"),
    ),
}

THEMES: dict[str, Theme] = {
    theme_id: Theme(theme_id, name, premium, light, dark, *fonts)
    for premium, some in ((False, _FREE), (True, _PREMIUM))
    for theme_id, (name, light, dark, fonts) in some.items()
}
DEFAULT_THEME = "classic"
