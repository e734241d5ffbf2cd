"""How a document looks in the formats that have looks."""

from __future__ import annotations

from dataclasses import dataclass

from app.cv.model import CV, FONT_SIZE, PageSize
from app.cv.palette import readable


@dataclass(frozen=True, slots=True)
class Look:
    """`color` is `#rrggbb`, `font_family` a key of our fonts, `font_size` in points.

    The defaults are those of a profile, for which nobody chose.
    """

    color: str = "#1f4e79"
    font_family: str = "carlito"
    font_size: float = FONT_SIZE
    page_size: PageSize = "a4"

    @property
    def accent(self) -> str:
        """The colour as it is readable on white."""
        return readable(self.color)


def look_of(cv: CV) -> Look:
    """What was chosen for the pages of `cv`."""
    return Look(cv.theme_color, cv.font_family, cv.font_size, cv.page_size)


UNCHOSEN = Look()
