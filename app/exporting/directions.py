"""Which way a text runs."""

from __future__ import annotations

import unicodedata

from app.cv.model import Item, Section


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of `text` belongs to a script that runs from right to left."""
    if text.isascii():
        return False
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def said(item: Item) -> str:
    """The words of `item`, of which the first letter tells its direction."""
    return "".join((item.title, item.subtitle, item.description, *item.bullets))


def leans_right(section: Section) -> bool:
    """Whether most of `section` is read from right to left; if it is half, its heading decides."""
    right = sum(is_right_to_left(said(item)) for item in section.items)
    left = len(section.items) - right
    return right > left or (right == left and is_right_to_left(section.heading))
