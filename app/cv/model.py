"""The normalised CV: what is stored with a job and what templates are given.

`normalise.py` makes one from the cv_data of a request; nothing else does. Everything a
template needs is decided here: colours are hexadecimal, sections stand in their final order,
text is trimmed and holds no control characters.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Template = Literal["original", "harvard", "business", "picture"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Picture(_Frozen):
    """A portrait, already re-encoded by us: `data` is base64 of a JPEG without metadata."""

    data: str
    width: int
    height: int


class Identity(_Frozen):
    """The person; an empty string means not given."""

    first_name: str = ""
    last_name: str = ""
    jobtitle: str = ""
    email: str = ""
    mobile: str = ""
    address: str = ""
    linkedin: str = ""
    github: str = ""
    website: str = ""
    picture: Picture | None = None


class Item(_Frozen):
    """One entry of a section. `title` is set first, `subtitle` second (Gateway document).

    `start` and `end` are kept as given: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or words such as
    `Present` or `Summer 2020`; `dates.period()` says how they read.
    """

    title: str = ""
    subtitle: str = ""
    location: str = ""
    start: str = ""
    end: str = ""
    bullets: tuple[str, ...] = ()


class Section(_Frozen):
    """A `main` section is set in full; a `secondary` one compactly, in the side column if any.

    `content` may have several lines, set as they stand; every other text is one line.
    """

    key: str
    heading: str
    type: Literal["main", "secondary"]
    content: str = ""
    items: tuple[Item, ...] = ()


class CV(_Frozen):
    """A normalised CV. `theme_color` is `#rrggbb`; `font_size` is in points, 9 to 14."""

    template: Template = "original"
    theme_color: str = "#000000"
    font_size: float = 11.0
    font_family: str = "arimo"
    identity: Identity
    sections: tuple[Section, ...] = ()
