"""The head of an entry taken apart: its rows, and the pieces of each row without its dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from app.importing.blocks import Block
from app.importing.dates import Span, find_spans, is_only_dates
from app.importing.datewords import WORDS
from app.importing.document import Line, Segment
from app.importing.forms import place_label
from app.importing.preview import Box

_SEPARATORS = re.compile(
    r"\s+[|•·‖∣⋅∙●▪■◆❖♦~]\s*|\s*[|‖∣│｜]\s*|\s+[–—―]\s+|\s+-\s+|\s*\t\s*|\s+@\s+|\s{2,}|\s*\u3000+\s*|(?<=\))\s*[-–—:]\s+"
)
_AT = re.compile(r"(?:at|bei|beim|chez|presso|bij|@)(?:\s+|$)", re.IGNORECASE)
_TRIM = " \t,;:|·•–—-/\u3000、，"
_SURE = 0.45

HeadLook = tuple[float, bool, bool, bool]


@dataclass(slots=True)
class Piece:
    """A part of a row that says one thing. `gap` is true where it is set apart, as at the right,
    and `by_dates` where it shares the cell there with the dates."""

    text: str
    line: Line
    box: Box | None
    bold: bool = False
    italic: bool = False
    size: float = 0.0
    color: str | None = None
    gap: bool = False
    by_dates: bool = False
    row: int = 0
    mark: str = ""  # the separator written before it


@dataclass(slots=True)
class Row:
    """One row of a head: its pieces, and its span with the text around it cut away."""

    block: Block
    pieces: list[Piece] = field(default_factory=list)
    span: Span | None = None
    also: list[Span] = field(default_factory=list)

    @property
    def line(self) -> Line:
        return self.block.first

    @property
    def dated(self) -> bool:
        return self.span is not None

    @property
    def above(self) -> float:
        return self.block.first.above

    @property
    def look(self) -> HeadLook:
        """How the row looks to a reader: size, weight, slant, capitals of its first words."""
        piece = self.pieces[0] if self.pieces else None
        if piece is None:
            return (round(2 * self.line.size) / 2, False, False, False)
        return (
            round(2 * (piece.size or self.line.size)) / 2,
            piece.bold,
            piece.italic,
            piece.text.isupper() and len(piece.text) > 3,
        )


def row_of(block: Block) -> Row:
    """A block read as a row of a head."""
    row = Row(block)
    spans = [span for span in _spans(block) if span.confidence >= _SURE]
    if spans:
        row.span = max(spans, key=lambda span: (span.confidence, -span.at[0]))
        row.also = [span for span in spans if span is not row.span]
    said = ""
    for segment, text, gap in _without_span(block, row.span):
        for index, (mark, part) in enumerate(_split(text)):
            part = trimmed(part)
            if match := _AT.match(part):
                said, part = "at", part[match.end() :]
            if _says_nothing(part):
                continue
            if part:
                mark, said = said or mark, ""
                row.pieces.append(
                    Piece(
                        text=part,
                        line=block.first,
                        box=segment.box if segment else block.first.box,
                        bold=segment.bold if segment else block.first.bold,
                        italic=segment.italic if segment else block.first.italic,
                        size=segment.size if segment else block.first.size,
                        color=segment.color if segment else None,
                        gap=gap and index == 0 and bool(row.pieces),
                        by_dates=gap and _holds(segment, block, row.span),
                        mark=mark,
                    )
                )
    return row


def _holds(segment: Segment | None, block: Block, span: Span | None) -> bool:
    """Whether the last cell of a row holds the dates too."""
    if segment is None or span is None or segment is not block.segments[-1]:
        return False
    return span.at[0] >= len(block.text) - len(segment.text) > 0


def _spans(block: Block) -> list[Span]:
    """The spans of a block; where none shows in the whole, those of its segments."""
    if apart := _span_apart(block):
        return [apart]
    spans = find_spans(block.text)
    if spans or len(block.lines) > 1 or len(block.segments) < 2:
        return spans
    at = 0
    for segment in block.segments:
        at = max(at, block.text.find(segment.text, at))
        for span in find_spans(segment.text):
            moved = (span.at[0] + at, span.at[1] + at)
            spans.append(msgspec.structs.replace(span, at=moved))
        at += len(segment.text)
    return spans


def _says_nothing(text: str) -> bool:
    """Whether a part of a row is an icon, how long the span is, or the like."""
    return not any(char.isalnum() for char in text) or _tells_only_time(text)


def _span_apart(block: Block) -> Span | None:
    """The span in the last cell of a row, where it is all that stands there."""
    if len(block.lines) > 1 or len(block.segments) < 2 or not block.segments[-1].gap:
        return None
    last = block.segments[-1].text
    spans = find_spans(last) if is_only_dates(last) else []
    at = len(block.text) - len(last)
    if len(spans) != 1 or not block.text.endswith(last):
        return None
    return msgspec.structs.replace(spans[0], at=(spans[0].at[0] + at, spans[0].at[1] + at))


def _tells_only_time(text: str) -> bool:
    return is_only_dates(text) or not WORDS.duration.sub("", text).strip(_TRIM + "()")


def trimmed(text: str) -> str:
    """Without the separators and lone brackets at its ends."""
    text = text.strip(_TRIM)
    if text.endswith((" (", "(")) or (text.count("(") > text.count(")") and text.endswith("(")):
        text = text[:-1]
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    if text.startswith(")"):
        text = text[1:]
    return text.strip(_TRIM)


def _split(text: str) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    at, mark = 0, ""
    for match in _SEPARATORS.finditer(text):
        parts.append((mark, text[at : match.start()]))
        at, mark = match.end(), match[0].strip()
    parts.append((mark, text[at:]))
    return parts


def _without_span(block: Block, span: Span | None) -> list[tuple[Segment | None, str, bool]]:
    """The segments of the block, each with its text outside the span and whether a gap parts it."""
    if len(block.lines) > 1 or not block.segments:
        return [(None, part, False) for part in _outside(block.text, 0, span)]
    found: list[tuple[Segment | None, str, bool]] = []
    at = 0
    for segment in _with_labels(block.segments):
        at = max(at, block.text.find(segment.text, at))
        for part in _outside(segment.text, at, span):
            found.append((segment, part, segment.gap))
        at += len(segment.text)
    return found


def _with_labels(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, each that ends as a label does as one with what it labels: `Place: Madrid`."""
    joined: list[Segment] = []
    for segment in segments:
        before = joined[-1].text if joined else ""
        if before.endswith((":", "：")) and place_label(f"{before} x") and not segment.gap:
            text = f"{before} {segment.text}"
            joined[-1] = msgspec.structs.replace(segment, text=text, gap=joined[-1].gap)
        else:
            joined.append(segment)
    return joined


def _outside(text: str, at: int, span: Span | None) -> list[str]:
    if span is None:
        return [text]
    start, end = span.at[0] - at, span.at[1] - at
    if end <= 0 or start >= len(text):
        return [text]
    before, after = text[: max(0, start)], text[max(0, end) :]
    return [part for part in (before, after) if part.strip()]
