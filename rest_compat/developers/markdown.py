"""Markdown as safe HTML: guides, translated block by block, and the changelog."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markupsafe import Markup

_FENCE = "```"
_MARKS = re.compile(r"(#{1,4} |[-*] |\d+\. )")
# HTML in the source is shown as text, and addresses with other schemes than these lead nowhere.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Block:
    """What is translated at once: `text` on one line, after `mark`; or code, as it stands."""

    mark: str
    text: str
    is_code: bool = False


def blocks(source: str) -> Iterator[Block]:
    """The headings, paragraphs, entries of lists and code of a guide, in their order."""
    pieces = re.split(rf"^({_FENCE}.*?^{_FENCE})$", source, flags=re.MULTILINE | re.DOTALL)
    for piece in pieces:
        if piece.startswith(_FENCE):
            yield Block("", piece, is_code=True)
            continue
        for paragraph in re.split(r"\n\s*\n|\n(?=[-*] |\d+\. )", piece):
            if text := " ".join(paragraph.split()):
                mark = _MARKS.match(text)
                start = mark[0] if mark else ""
                yield Block(start, text.removeprefix(start))


def translated(source: str, translate: Callable[[str], str]) -> str:
    """A guide with each block but its code in another language."""
    return "\n\n".join(
        block.text if block.is_code else block.mark + translate(block.text)
        for block in blocks(source)
    )


def html(source: str) -> Markup:
    """The HTML of Markdown; what is HTML in it is text."""
    return Markup(_MARKDOWN.render(source))  # noqa: S704 - rendered with html switched off
