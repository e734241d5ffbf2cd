"""What each stage of the reader saw in one file, as text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from app.importing.document import Document, Line
from app.importing.entries import entries_of
from app.importing.heads import Row
from app.importing.preview import Evidence, Preview
from app.importing.read import read_document
from app.importing.sections import Section, sections_of

_ENTRIES = ("experience", "education", "projects", "certifications")
_LISTS = ("experience", "education", "projects", "certifications", "languages", "skills")


def explain(document: Document, format: str = "pdf") -> Iterator[str]:
    """The stages one after another: lines, sections with their blocks, entries, fields, the rest.

    In a line, `[…]` is a segment, `*` bold, `/` italic, `>` a wide gap before it; the numbers are
    page, region, indent, space above and size.
    """
    yield from _lines(document)
    sections = sections_of(document)
    yield from _sections(sections)
    yield from _entries(sections)
    preview = read_document(document, "pdf" if format == "pdf" else "docx")
    yield from _fields(preview)


def _lines(document: Document) -> Iterator[str]:
    yield f"Lines ({len(document.lines)}, pages {document.pages or '–'})"
    for line in document.lines:
        yield f"  {_place(line)} {_marks(line)} {_segments(line)}"
    for line in document.running:
        yield f"  running head or foot: {line.text}"
    for warning in document.warnings:
        yield f"  warning {warning.code}: {warning.message}"


def _place(line: Line) -> str:
    if line.paragraph is not None:
        return f"paragraph {line.paragraph:3} {line.style or '':12.12} {line.level}"
    return (
        f"p{line.page} r{line.region} indent {line.indent:5.1f} above {line.above:5.1f} "
        f"size {line.size:4.1f}"
    )


def _marks(line: Line) -> str:
    return ("•" if line.bullet else " ") + ("_" if line.ruled else " ")


def _segments(line: Line) -> str:
    shown = []
    for segment in line.segments:
        look = ("*" if segment.bold else "") + ("/" if segment.italic else "")
        shown.append(f"{'> ' if segment.gap else ''}[{look}{segment.text}]")
    return " ".join(shown) or line.text


def _sections(sections: Sequence[Section]) -> Iterator[str]:
    yield f"Sections ({len(sections)})"
    for section in sections:
        also = f", also {', '.join(section.also)}" if section.also else ""
        yield f"  {section.name}{also}: {section.title or '(no heading)'}"
        for block in section.blocks:
            joined = f"({len(block.lines)} lines) " if len(block.lines) > 1 else ""
            yield f"    {'•' if block.bullet else '-'} {joined}{block.text}"


def _entries(sections: Sequence[Section]) -> Iterator[str]:
    yield "Entries"
    for section in sections:
        if section.name not in _ENTRIES:
            continue
        found = entries_of(section.blocks)
        yield f"  {section.title or section.name} ({len(found.entries)})"
        for block in found.before:
            yield f"    before them: {block.text}"
        for entry in found.entries:
            yield f"    {' / '.join(_row(row) for row in entry.head)}"
            if entry.under:
                yield f"      under {' / '.join(_row(row) for row in entry.under)}"
            yield f"      and {len(entry.body)} blocks"


def _row(row: Row) -> str:
    pieces = " | ".join(piece.text for piece in row.pieces)
    return f"{pieces} <{row.span.text}>" if row.span else pieces


def _fields(preview: Preview) -> Iterator[str]:
    yield "Fields"
    yield from _found("profile", preview.profile, preview.profile.evidence)
    for name in _LISTS:
        for index, found in enumerate(getattr(preview, name)):
            yield from _found(f"{name}[{index}]", found, found.evidence)
    yield f"Unplaced ({len(preview.unplaced)})"
    for left in preview.unplaced:
        yield f"  {left.section or '–'}: {left.text}"
    for warning in preview.warnings:
        yield f"  warning {warning.code}: {warning.message}"


def _found(path: str, found: msgspec.Struct, proofs: Sequence[Evidence]) -> Iterator[str]:
    for name in found.__struct_fields__:
        value = getattr(found, name)
        if name == "evidence" or value in (None, [], False):
            continue
        own = [proof for proof in proofs if proof.field == name]
        sure = max((proof.confidence for proof in own), default=0.0)
        rules = ", ".join(dict.fromkeys(proof.rule for proof in own)) or "no evidence"
        yield f"  {path}.{name} = {value!r}  ({sure:.2f}, {rules})"
