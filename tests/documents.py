"""What stands as code in the documents of the project: each block of it is run by a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from app.settings import PROJECT

README, CONTRIBUTING = "README.md", "CONTRIBUTING.md"

_NAMED = re.compile(r"<!-- example: (.*?) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """`name` is that of the comment above it, and else its first line; `kind` as after a fence."""

    document: str
    name: str
    kind: str
    text: str


def blocks(document: str) -> list[Block]:
    """The blocks of a document, in their order."""
    return list(_blocks(document, (PROJECT / document).read_text("utf-8")))


def _blocks(document: str, source: str) -> Iterator[Block]:
    name = ""
    for token in MarkdownIt("commonmark").parse(source):
        if token.type == "html_block" and (named := _NAMED.search(token.content)):
            name = named[1]
        elif token.type in ("fence", "code_block"):
            first = token.content.strip().splitlines()[0]
            yield Block(document, name or first, token.info, token.content)
            name = ""
