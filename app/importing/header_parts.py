"""The pieces of a header's lines, each saying one thing, with its look and its label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.importing.blocks import Block
from app.importing.contact import Label, is_label, label_of, labelled_pieces, looks_like_name
from app.importing.document import Line
from app.importing.preview import Box
from app.importing.words import title_score

_BETWEEN = re.compile(r"\s*[|·•,，、:：/–—-]?\s*")


@dataclass(slots=True)
class Part:
    """A piece of a line of the header that says one thing.

    `source` is the text it was cut from, shared by all its pieces.
    """

    text: str
    line: Line
    block: Block
    size: float
    bold: bool
    box: Box | None
    order: int
    labelled: str | None = None
    label: str = ""
    source: str = ""

    @property
    def written(self) -> str:
        """The text with the label before it."""
        return f"{self.label} {self.text}".strip()


def parts_of(blocks: Iterable[Block], start: int = 0) -> Iterator[Part]:
    order = start
    for block in blocks:
        if len(block.lines) > 1 and not any(s.gap for line in block.lines for s in line.segments):
            texts = [(block.text, block.first)]
        else:
            texts = [(line.text, line) for line in block.lines]
        for text, line in texts:
            for piece, label in _pieces(text, line):
                size, bold, box = _look(piece, line)
                part = Part(piece, line, block, size, bold, box, order, source=text)
                if label is not None:
                    part.labelled, part.label = label.kind, label.label
                yield part
                order += 1


def between(first: Part, second: Part) -> str | None:
    """The mark that parts two pieces of one text, None where they are not just that far apart."""
    at = first.source.find(first.text) + len(first.text)
    until = second.source.find(second.text, at)
    if second.source is not first.source or not until >= at >= len(first.text):
        return None
    mark = first.source[at:until]
    return mark if _BETWEEN.fullmatch(mark) else None


def rejoined(parts: Sequence[Part], otherwise: str) -> str:
    """The parts as one text: as they were written where one line holds them with a mark between."""
    text = parts[0].text
    for before, part in pairwise(parts):
        mark = between(before, part)
        text += (otherwise if mark is None else " ".join(f".{mark}.".split())[1:-1]) + part.text
    return text


def _pieces(text: str, line: Line) -> Iterator[tuple[str, Label | None]]:
    """The pieces of a line, each with its label: `Tel. 12345`, or `Name` in a column."""
    beside: Label | None = None
    if len(line.segments) > 1 and line.segments[1].gap and line.text == text:
        if is_label(line.segments[0].text):
            beside = label_of(f"{line.segments[0].text.rstrip(' .:：')}: x")
            text = text[len(line.segments[0].text) :]
    elif line.segments and line.text == text:
        wide = (" ".join(segment.text.split()) for segment in line.segments)
        text = "".join(
            ("  " if segment.gap else " ") + each
            for segment, each in zip(line.segments, wide, strict=True)
        ).strip()
    pieces = labelled_pieces(text.replace("・", " · "))
    for index, (piece, label) in enumerate(pieces):
        own = label or (beside if index == 0 else None)
        if own and own.label and piece.startswith(own.label):
            piece = piece[len(own.label) :].strip(" :：")
        if own is None:
            yield from ((each, None) for each in _from_name(piece, line))
        else:
            yield piece, own


def _from_name(piece: str, line: Line) -> Iterator[str]:
    """A name and the profession beside it apart: `Jane Doe, Architect` in one line."""
    cuts = [match.end() for match in re.finditer(r"(?<=,)\s|\s", piece)] if len(piece) < 90 else []
    looks = {len(segment.text) + 1 for segment in line.segments[:1] if len(line.segments) > 1}
    for cut in cuts:
        name, rest = piece[:cut].strip(" ,"), piece[cut:].strip(" ,")
        marked = "," in piece[:cut] or cut in looks or not name.isascii()
        like = looks_like_name(name)
        sure = like >= 0.8 or (like >= 0.6 and title_score(name) < 0.5)
        if marked and sure and title_score(rest) >= 0.6:
            yield name
            yield rest
            return
    yield piece


def _look(piece: str, line: Line) -> tuple[float, bool, Box | None]:
    for segment in line.segments:
        if piece in segment.text or segment.text in piece:
            return segment.size, segment.bold, segment.box
    return line.size, line.bold, line.box
