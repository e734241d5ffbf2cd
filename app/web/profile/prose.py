"""Text that a person wrote, as paragraphs and lists: lines that begin like a list are one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

_GAP = re.compile(r"\n\s*\n")
_LIST_LINE = re.compile(r"[-*\u2022\u25aa\u25cf]\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of lines, or a list of items."""

    is_list: bool
    lines: list[str]


def blocks(text: str | None) -> list[Block]:
    """`text` cut at its empty lines, and where a list begins or ends."""
    return [
        Block(is_list, [_LIST_LINE.sub("", line, count=1) for line in lines] if is_list else lines)
        for paragraph in _GAP.split((text or "").strip())
        if paragraph
        for is_list, lines in _runs(paragraph.split("\n"))
    ]


def _runs(lines: list[str]) -> list[tuple[bool, list[str]]]:
    if len(lines) == 1:  # a dash at the head of a single line is punctuation
        return [(False, lines)]
    return [
        (is_list, list(run))
        for is_list, run in groupby(lines, key=lambda line: bool(_LIST_LINE.match(line)))
    ]
