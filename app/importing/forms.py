"""Forms: entries whose every row says at its left what it holds, as in the Europass CV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import msgspec

from app.importing import lexicon
from app.importing.blocks import Block
from app.importing.document import Segment
from app.importing.folding import fold
from app.importing.preview import Box

_ASKED = ("time", "title", "company", "tasks", "sector", "degree", "school", "subjects")
_BROKEN = 14  # letters of a label that tell it though its end stands in the next line
_HEADS = frozenset({"time", "title", "company", "degree", "school"})


@cache
def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for asked in _ASKED:
        for phrase in lexicon.phrases("forms", asked):
            found.setdefault(_compact(phrase), asked)
    return found


def _compact(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def asked_for(label: str) -> str | None:
    """What a label of a form asks for, one of time, title, company, tasks, degree, school, …"""
    if not 1 < len(label) < 90:
        return None
    compact = _compact(label)
    known = _labels().get(compact)
    if known is None and len(compact) >= _BROKEN:
        return next((asked for full, asked in _labels().items() if full.startswith(compact)), None)
    return known


def place_label(text: str) -> str | None:
    """The place that a text names behind a label, as in `City: Faro` and `Country: Portugal`."""
    label, colon, value = text.replace("：", ":").partition(":")
    known = colon and len(label) < 40 and _compact(label) in _places()
    return (value.strip() or None) if known else None


@cache
def _places() -> frozenset[str]:
    return frozenset(map(_compact, lexicon.phrases("forms", "place")))


def ends_label(text: str) -> bool:
    """Whether a text is the rest of a label that breaks over two lines."""
    compact = _compact(text)
    return len(compact) > 3 and any(
        full.endswith(compact) and len(full) >= _BROKEN + len(compact) for full in _labels()
    )


def without_labels(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a form as those of a plain section: heads first, in the order people use.

    A section that is no form comes back as it is.
    """
    blocks = [block for block in blocks if not _names_columns(block)]
    asked = [_asked(block) for block in blocks]
    if sum(one is not None for one in asked) < 3 or "time" not in asked:
        return list(blocks)
    entries: list[dict[str, list[Block]]] = []
    before: list[Block] = []
    last = "tasks"
    for block, one in zip(blocks, asked, strict=True):
        if one in _HEADS and (not entries or one in entries[-1]):
            entries.append({})
        if one is not None:
            last = one
            block = _unlabelled(block)
        if not entries:
            before.append(block)
        elif asked_for(block.text) is None and not (one is None and ends_label(block.text)):
            entries[-1].setdefault(last if one else "tasks", []).append(block)
    order = ("time", "title", "degree", "company", "school", "tasks", "subjects", "sector")
    return before + [block for entry in entries for one in order for block in entry.get(one, [])]


def _names_columns(block: Block) -> bool:
    """Whether a row is the head of a table: a label over each of its columns."""
    names = [segment.text for segment in block.segments]
    if len(names) < 2 or not all(segment.gap for segment in block.segments[1:]):
        return False
    return all(asked_for(name) is not None or _compact(name) in _places() for name in names)


def _asked(block: Block) -> str | None:
    segments = block.segments
    if len(segments) >= 2 and segments[1].gap:
        return asked_for(segments[0].text)
    label, colon, value = block.text.replace("：", ":").partition(":")
    return asked_for(label) if colon and value.strip() and len(label) < 40 else None


def _unlabelled(block: Block) -> Block:
    first = block.first
    if len(first.segments) < 2 or not first.segments[1].gap:
        return _behind_colon(block)
    rest = (msgspec.structs.replace(first.segments[1], gap=False), *first.segments[2:])
    text = first.text[len(first.segments[0].text) :].strip()
    line = msgspec.structs.replace(first, text=text, segments=rest, above=0.0)
    return Block([line, *block.lines[1:]], block.text[len(first.segments[0].text) :].strip())


def _behind_colon(block: Block) -> Block:
    """The block without the label that its text begins with."""
    cut = re.match(r"[^:：]*[:：]\s*", block.text)
    at = cut.end() if cut else 0
    left = at
    segments: list[Segment] = []
    for segment in block.segments:
        kept = segment.text[left:].lstrip()
        left = max(0, left - len(segment.text) - 1)
        if kept:
            gap = segment.gap and bool(segments)
            box = segment.box if segments else _from_label(block, segment)
            segments.append(msgspec.structs.replace(segment, text=kept, gap=gap, box=box))
    first = block.first
    line = msgspec.structs.replace(first, text=first.text[at:], segments=tuple(segments), above=0.0)
    return Block([line, *block.lines[1:]], block.text[at:])


def _from_label(block: Block, segment: Segment) -> Box | None:
    """The box of what a label names, from where the label begins: there all rows of a form do."""
    first = block.segments[0].box
    return (first[0], *segment.box[1:]) if first and segment.box else segment.box
