"""The normalised CV: what is stored with a job and what templates are given.

`normalise.py` makes one from the cv_data of a request; nothing else does. Everything a
template needs is decided here: colours are hexadecimal, sections stand in their final order,
text is trimmed and holds no control characters.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Template = str  # a key of `designs.DESIGNS`
PageSize = Literal["a4", "letter"]

THEME_COLOR = "#000000"
FONT_SIZE = 11.0  # points


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A portrait, already re-encoded by us: `data` is base64 of a JPEG without metadata."""

    data: str
    width: int
    height: int


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
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


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of a section. `title` is set first, `subtitle` second (Gateway document).

    `start` and `end` are kept as given: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or words such as
    `Present` or `Summer 2020`; `dates.period()` says how they read. `description` may have several
    lines, set as they stand above the bullets.
    """

    title: str = ""
    subtitle: str = ""
    location: str = ""
    start: str = ""
    end: str = ""
    description: str = ""
    bullets: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A `main` section is set in full; a `secondary` one compactly, in the side column if any.

    `content` may have several lines, set as they stand; every other text but an item's description
    is one line.
    """

    key: str
    heading: str
    type: Literal["main", "secondary"]
    content: str = ""
    items: tuple[Item, ...] = ()


class CV(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A normalised CV. `theme_color` is `#rrggbb`; `font_size` is in points, 9 to 14.

    `locale` is the tag of the language that its headings and dates are in (`locales.canonical`), ""
    where that is told from the text. `resume` is the profile that it was made of as a JSON Resume,
    "" where it was made of none.
    """

    template: Template = "original"
    theme_color: str = THEME_COLOR
    font_size: float = FONT_SIZE
    font_family: str = "arimo"
    page_size: PageSize = "a4"
    locale: str = ""
    identity: Identity
    sections: tuple[Section, ...] = ()
    resume: str = ""
