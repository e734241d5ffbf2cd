"""The pieces of a header's lines, each saying one thing, with its look and its label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.importing.blocks import Block
from app.importing.contact import Label, label_of, split_contact_line
from app.importing.document import Line
from app.importing.preview import Box


@dataclass(slots=True)
class Part:
    """A piece of a line of the header that says one thing."""

    text: str
    line: Line
    block: Block
    size: float
    bold: bool
    box: Box | None
    order: int
    labelled: str | None = None
    label: str = ""

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
                part = Part(piece, line, block, size, bold, box, order)
                if label is not None:
                    part.labelled, part.label = label.kind, label.label
                yield part
                order += 1


def _pieces(text: str, line: Line) -> Iterator[tuple[str, Label | None]]:
    """The pieces of a line, the first with its label: `Tel. 12345`, or `Name` in a column."""
    label = label_of(text)
    if len(line.segments) > 1 and line.segments[1].gap and line.text == text:
        beside = label_of(f"{line.segments[0].text}: x")
        if beside is not None:
            label, text = beside, text[len(line.segments[0].text) :]
    elif line.segments and line.text == text:
        wide = (" ".join(segment.text.split()) for segment in line.segments)
        text = "".join(
            ("  " if segment.gap else " ") + each
            for segment, each in zip(line.segments, wide, strict=True)
        ).strip()
    for index, piece in enumerate(split_contact_line(text.replace("・", " · "))):
        if label and label.label and piece.startswith(label.label):
            piece = piece[len(label.label) :].strip(" :：")
        yield piece, label if index == 0 else None


def _look(piece: str, line: Line) -> tuple[float, bool, Box | None]:
    for segment in line.segments:
        if piece in segment.text or segment.text in piece:
            return segment.size, segment.bold, segment.box
    return line.size, line.bold, line.box
