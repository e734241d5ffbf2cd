"""Which sections a reader sees, in which order, and in which typeface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cv import fonts
from app.cv.from_profile import SECTIONS
from app.errors import FieldError, ValidationFailed

THEME_FONT = "theme"
"""The preference for no typeface: that of the theme, or of the template of a résumé."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`section_order` names every section once; `font_preference` is a family or `theme`."""

    section_order: tuple[str, ...] = SECTIONS
    hidden_sections: frozenset[str] = frozenset()
    font_preference: str = THEME_FONT

    @property
    def shown_sections(self) -> tuple[str, ...]:
        """The sections that are not hidden, in order."""
        return tuple(name for name in self.section_order if name not in self.hidden_sections)

    @property
    def font_family(self) -> str | None:
        """The family that is preferred to any other; one of `app/cv/fonts.py`."""
        return None if self.font_preference == THEME_FONT else self.font_preference


DEFAULT_LAYOUT = Layout()
FONT_PREFERENCES = (THEME_FONT, *fonts.FAMILIES)


def stored_layout(stored: Mapping[str, Any]) -> Layout:
    """The layout that was chosen, of a row of `presentations` all of whose columns may be null."""
    return Layout(
        section_order=_in_full(stored["section_order"] or ()),
        hidden_sections=frozenset(stored["hidden_sections"] or ()),
        font_preference=stored["font_preference"] or THEME_FONT,
    )


def _in_full(named: Iterable[str]) -> tuple[str, ...]:
    """All sections: those named, and then the others as they stand by default."""
    return tuple(dict.fromkeys((*(name for name in named if name in SECTIONS), *SECTIONS)))


def doubled(field: str, names: Sequence[str]) -> list[FieldError]:
    """What is wrong with sections of which one is named again: each such place."""
    return [
        FieldError(f"{field}[{index}]", "doubled", f"{name} is named twice.")
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def checked_font(name: str) -> str:
    """The preference by its own name or by one of those of `app/cv/fonts.py`.

    Raises ValidationFailed.
    """
    found = THEME_FONT if name.strip().lower() == THEME_FONT else fonts.family(name)
    if found is None:
        message = f"There is no such typeface, only {', '.join(FONT_PREFERENCES)}."
        raise ValidationFailed([FieldError("font_preference", "unknown", message)])
    return found
