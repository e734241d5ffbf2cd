"""What of a chosen presentation is in effect under the plan of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plans import Entitlements
from app.presentation import contrast
from app.presentation.layout import Layout, stored_layout
from app.presentation.themes import DEFAULT_THEME, THEMES, Palette, Theme


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a profile is shown. `accent_color` is the one chosen, None for those of the theme."""

    theme: Theme
    accent_color: str | None
    layout: Layout

    @property
    def light_accent(self) -> str:
        """The accent to use in light: the one chosen, or the nearest to it that can be read."""
        return self._accent(self.theme.light)

    @property
    def dark_accent(self) -> str:
        """The same in dark."""
        return self._accent(self.theme.dark)

    def _accent(self, palette: Palette) -> str:
        if self.accent_color is None:
            return palette.accent
        return contrast.nearest_passing(self.accent_color, palette.grounds)


def presentation_of(stored: Mapping[str, Any], entitlements: Entitlements) -> Presentation:
    """What is in effect of a row of `presentations`, all of whose columns may be null."""
    return Presentation(
        theme=theme_of(stored["theme_id"], entitlements),
        accent_color=stored["accent_color"] if entitlements.premium_themes else None,
        layout=layout_of(stored, entitlements),
    )


def theme_of(theme_id: str | None, entitlements: Entitlements) -> Theme:
    """The theme chosen, or the default where there is none such or the plan has it not."""
    theme = THEMES.get(theme_id or DEFAULT_THEME, THEMES[DEFAULT_THEME])
    return theme if entitlements.premium_themes or not theme.premium else THEMES[DEFAULT_THEME]


def layout_of(stored: Mapping[str, Any], entitlements: Entitlements) -> Layout:
    """The layout chosen, under a plan that has it.

    Under any other what is hidden stays hidden: a plan that ends must not show to strangers what
    its owner took away from them.
    """
    layout = stored_layout(stored)
    return layout if entitlements.layout else Layout(hidden_sections=layout.hidden_sections)
