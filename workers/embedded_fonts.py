"""The fonts of a PDF, as its pages name them and as they are inside it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Any

import pypdf
from fontTools.ttLib import TTFont

_SUBSET = re.compile(r"/?[A-Z]{6}\+")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_NAMED = re.compile(rb"^<([0-9a-fA-F]{4})> <", re.MULTILINE)
_MISSING = 0  # the glyph for what a font lacks: named always, and shown never
_UNLESS_TOLD = 1000  # thousandths of its size: how wide a glyph is of which nothing is said


def fonts(reader: pypdf.PdfReader) -> list[dict[str, Any]]:
    """The fonts of all pages: their names, and whether they are embedded and cut to their use."""
    found = {str(font["/BaseFont"]): font for font in used(reader)}
    return [
        {
            "name": _SUBSET.sub("", name).lstrip("/"),
            "embedded": is_embedded(font),
            "subset": _SUBSET.match(name) is not None,
        }
        for name, font in sorted(found.items())
    ]


def used(reader: pypdf.PdfReader) -> list[Any]:
    """The fonts that pages name, each once, in pypdf's dictionaries."""
    found: dict[int, Any] = {}
    for page in reader.pages:
        resources: Any = page.get("/Resources", {})
        for reference in resources.get("/Font", {}).values():
            font = reference.get_object()
            found[id(font)] = font
    return list(found.values())


def is_embedded(font: Any) -> bool:
    return all(map(_program, _faces(font)))


def has_named_letters(font: Any) -> bool:
    """Whether a machine is told which letters the glyphs of `font` stand for."""
    return "/ToUnicode" in font


def has_true_widths(font: Any) -> bool:
    """Whether the glyphs in use are as wide in the embedded font as the PDF says, to one unit."""
    if not has_named_letters(font):
        return True
    named = _NAMED.findall(font["/ToUnicode"].get_object().get_data())
    numbers = {int(each, 16) for each in named} - {_MISSING}
    return all(_agree(face, numbers) for face in _faces(font))


def _faces(font: Any) -> list[Any]:
    return [each.get_object() for each in font.get("/DescendantFonts", [font])]


def _program(face: Any) -> Any:
    described = face.get("/FontDescriptor", {}).get_object()
    return next((described[key].get_object() for key in _FILES if key in described), None)


def _agree(face: Any, numbers: set[int]) -> bool:
    program = _program(face)
    if program is None:
        return True
    said = dict(_said(face.get("/W", [])))
    with TTFont(io.BytesIO(program.get_data()), lazy=True) as font:
        units, measured = font["head"].unitsPerEm, font["hhea"].numberOfHMetrics
        advances = [
            width for width, _ in struct.iter_unpack(">Hh", font.reader["hmtx"][: 4 * measured])
        ]
    return all(
        abs(advances[min(number, measured - 1)] * 1000 / units - said.get(number, _UNLESS_TOLD))
        <= 1
        for number in numbers
    )


def _said(widths: Any) -> Iterator[tuple[int, float]]:
    """The glyphs of `[first [width …] first last width …]`, and how wide each is said to be."""
    left = iter(widths)
    for first in left:
        then = next(left)
        if isinstance(then, list):
            yield from enumerate(map(float, then), start=int(first))
        else:
            width = float(next(left))
            yield from ((number, width) for number in range(int(first), int(then) + 1))
