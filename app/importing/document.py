"""A document as lines of text with their look and place: what `pdf` and `docx` read and every
later stage works on."""

from __future__ import annotations

import msgspec

from app.importing.preview import Box, PageSize
from app.importing.preview import ImportWarning as Notice


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A hyperlink of the document: the text it lies on and where it leads."""

    text: str
    url: str


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a line in one look, set off from the next by look, tab stop or wide gap.

    `gap` is true when a tab or a wide gap, and not merely another look, parts it from the segment
    before. `size` is in points. `cell` is the row and the column of the table it stands in, where
    the format tells (DOCX); rows count through all tables.
    """

    text: str
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    color: str | None = None
    gap: bool = False
    box: Box | None = None
    cell: tuple[int, int] | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line as a reader sees it, in reading order.

    `text` is the segments' text, joined by two spaces at a gap and by one elsewhere, without the
    bullet that `bullet` tells of. `region` counts columns, sidebars and headers in the order they
    are read; a line never crosses two of them. `indent` is the distance in points from the left of
    its region, and `above` the empty space between it and the line before in its region. In a DOCX,
    where nothing has a place yet, `paragraph` counts from 1, one line is one paragraph (or one line
    of it where it has breaks), `style` is the name of its style and `level` its heading or list
    level from 1, else 0. `ruled` is true where a
    line is drawn right below or above the text, and `room` is how far to the right text of the
    region may reach, on its page.
    """

    text: str
    segments: tuple[Segment, ...] = ()
    page: int | None = None
    box: Box | None = None
    paragraph: int | None = None
    region: int = 0
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    bullet: bool = False
    indent: float = 0.0
    above: float = 0.0
    style: str | None = None
    level: int = 0
    links: tuple[Link, ...] = ()
    ruled: bool = False
    room: float | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """All lines in reading order. `pages` is None where the format has none.

    `running` are the heads and feet that repeat on its pages and were left out of `lines`. Boxes on
    the pages `mirrored`, which are read from right to left, are those of their mirror image.
    """

    lines: tuple[Line, ...]
    pages: int | None = None
    title: str | None = None
    running: tuple[Line, ...] = ()
    mirrored: frozenset[int] = frozenset()
    warnings: tuple[Notice, ...] = ()
    page_sizes: tuple[PageSize, ...] = ()
