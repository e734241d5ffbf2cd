"""Which sections a reader sees, in which order, and in which typeface."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    def font_family(self) -> str | None:
        """The family that is preferred to any other; one of `app/cv/fonts.py`."""
        return None if self.font_preference == THEME_FONT else self.font_preference


DEFAULT_LAYOUT = Layout()
FONT_PREFERENCES = (THEME_FONT, *fonts.FAMILIES)


def in_full(named: Iterable[str]) -> tuple[str, ...]:
    """An order of all sections: those named, and then the others as they stand by default."""
    return tuple(dict.fromkeys((*(name for name in named if name in SECTIONS), *SECTIONS)))


def checked_sections(field: str, names: Sequence[str]) -> list[str]:
    """`names` if they are sections, each given once; raises ValidationFailed with their places."""
    errors = []
    for index, name in enumerate(names):
        path = f"{field}[{index}]"
        if name not in SECTIONS:
            known = ", ".join(SECTIONS)
            errors.append(FieldError(path, "unknown", f"There is no such section, only {known}."))
        elif name in names[:index]:
            errors.append(FieldError(path, "doubled", "Is named twice."))
    if errors:
        raise ValidationFailed(errors)
    return list(names)


def checked_font(name: str) -> str:
    """The preference by its own name or by one of those of `app/cv/fonts.py`.

    Raises ValidationFailed.
    """
    found = THEME_FONT if name.strip().lower() == THEME_FONT else fonts.family(name)
    if found is None:
        known = ", ".join(FONT_PREFERENCES)
        message = f"There is no such typeface, only {known}."
        raise ValidationFailed([FieldError("font_preference", "unknown", message)])
    return found
