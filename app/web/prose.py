"""The little Markdown that descriptions use, as safe HTML: `##` headings, paragraphs, `code`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty before the first) and the paragraphs below it."""

    heading: str
    body: Markup


def sections(text: str) -> list[Section]:
    """`text` cut at its `##` headings."""
    head, *rest = re.split(r"^## +", text, flags=re.MULTILINE)
    cut = [part.partition("\n") for part in rest]
    return [Section("", paragraphs(head)), *(Section(h, paragraphs(body)) for h, _, body in cut)]


def paragraphs(text: str) -> Markup:
    """Each block between blank lines as a paragraph."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(Markup("<p>{}</p>").format(inline(b)) for b in blocks if b)


def inline(text: str) -> Markup:
    """One line of text, with its `code` marked; everything else is escaped."""
    pieces = _CODE.split(" ".join(text.split()))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )
