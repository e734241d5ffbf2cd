"""What the letters of a PDF stand for, in scripts that join them.

WeasyPrint tells of each glyph which letters it stands for, once for a whole font. That is not
enough in Arabic, Devanagari or Tamil, where one glyph serves several letters and several glyphs
make one: machines read nonsense, and PDF/A-3a and PDF/UA-1 are broken. Here a cluster of glyphs
says by `ActualText` what it reads where its glyphs do not, and every glyph stands for something.

`install` puts this into WeasyPrint, which goes on to draw all other lines by itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pydyf
from weasyprint.draw import text
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

_draw = text.draw_first_line

# Scripts with marks or joined letters: all from Hebrew to Greek Extended.
_JOINED = re.compile("[\u0590-\u1eff]")
# A script in which readers see blanks between the parts of a letter, unless told what they make.
_STACKED = re.compile("[\u0980-\u09ff]")
# What a glyph stands for that is only part of a letter: this shows nothing and parts nothing.
_JOINER = "\u200d"


class _Glyph(NamedTuple):
    """A glyph as Pango placed it; lengths are those of its units."""

    number: int
    width: int
    x: int
    y: int


def install() -> None:
    """Have WeasyPrint draw lines of text so."""
    text.draw_first_line = draw_line


def draw_line(
    stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any
) -> Any:
    """Draw the first line of `textbox`, as the function of WeasyPrint that this stands for."""
    cut = text_overflow == "ellipsis" or block_ellipsis != "none"
    if cut or not textbox.text.strip() or not _JOINED.search(textbox.text):
        return _draw(stream, textbox, text_overflow, block_ellipsis, matrix)
    layout = textbox.pango_layout
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line, _ = layout.get_first_line()
    runs = [(run, *stream.add_font(run.item.analysis.font)) for run in _runs(line)]
    if any(font.svg or font.png or font.colr or font.bitmap for _, font, _ in runs):
        return _draw(stream, textbox, text_overflow, block_ellipsis, matrix)
    stream.set_text_matrix(*matrix.values)
    utf8 = layout.text.encode()
    for run, font, size in runs:
        stream.set_font_size(font.hash, size)
        _draw_run(stream, run, font, size, utf8)
    return []


def _runs(line: Any) -> Iterator[Any]:
    run = line.runs[0]
    while run != ffi.NULL:
        yield run.data
        run = run.next


def _draw_run(stream: Any, run: Any, font: Any, size: float, utf8: bytes) -> None:
    plain: list[_Glyph] = []
    backwards = run.item.analysis.level % 2 == 1
    for letters, glyphs in _clusters(run, utf8):
        shown = [glyph.number for glyph in glyphs if glyph.number != pango.PANGO_GLYPH_EMPTY]
        for number, part in zip(shown, _parts(letters, len(shown), backwards), strict=True):
            font.to_unicode.setdefault(number, part)
        read = "".join(font.to_unicode[number] for number in shown)
        told = read == (letters[::-1] if backwards else letters)
        if not shown or (told and not (len(shown) > 1 and _STACKED.search(letters))):
            plain += glyphs
            continue
        _show(stream, run, font, size, plain)
        plain = []
        said = pydyf.Dictionary({"ActualText": pydyf.String(letters)})
        stream.begin_marked_content("Span", said.data)
        _show(stream, run, font, size, glyphs)
        stream.end_marked_content()
    _show(stream, run, font, size, plain)


def _parts(letters: str, count: int, backwards: bool) -> list[str]:
    """What each of `count` glyphs stands for, from left to right, that draw `letters` together.

    Readers take what stands in a line from right to left letter by letter, those of one glyph too.
    """
    if backwards:
        letters = letters[::-1]
    if count == len(letters):
        return list(letters)
    return [letters, *[_JOINER] * (count - 1)] if count else []


def _clusters(run: Any, utf8: bytes) -> Iterator[tuple[str, list[_Glyph]]]:
    """The letters that are drawn together, each with the glyphs that draw them, left to right."""
    string = run.glyphs
    count = string.num_glyphs
    starts = list(string.log_clusters[0:count])
    ends = sorted({*starts, run.item.length})
    after = dict(itertools.pairwise(ends))
    at = 0
    while at < count:
        until = at + 1
        while until < count and starts[until] == starts[at]:
            until += 1
        offset = run.item.offset
        letters = utf8[offset + starts[at] : offset + after[starts[at]]].decode()
        yield letters, [_glyph(string.glyphs[each]) for each in range(at, until)]
        at = until


def _glyph(info: Any) -> _Glyph:
    geometry = info.geometry
    return _Glyph(info.glyph, geometry.width, geometry.x_offset, geometry.y_offset)


def _show(stream: Any, run: Any, font: Any, size: float, glyphs: list[_Glyph]) -> None:
    """Show `glyphs`, each moved and raised as it is placed."""
    pieces: list[str] = []

    def show() -> None:
        if pieces:
            stream.show_text(" ".join(pieces).replace("> <", ""))
            pieces.clear()

    for glyph in glyphs:
        if glyph.number == pango.PANGO_GLYPH_EMPTY:
            pieces.append(f"{-glyph.width / size}")
            continue
        offset = glyph.x / size
        if offset:
            pieces.append(f"{-offset}")
        if glyph.y:
            show()
            stream.set_text_rise(-glyph.y / 1000)
        pieces.append(f"<{glyph.number:04x}>")
        if glyph.y:
            show()
            stream.set_text_rise(0)
        width = _width(stream, run, font, size, glyph.number)
        kerning = width + offset - glyph.width * 1000 * FROM_UNITS / size
        if kerning:
            pieces.append(f"{int(kerning)}")
    show()


def _width(stream: Any, run: Any, font: Any, size: float, number: int) -> int:
    """How far a glyph goes, in thousandths of its size."""
    if number not in font.widths:
        pango.pango_font_get_glyph_extents(
            run.item.analysis.font, number, stream.ink_rect, stream.logical_rect
        )
        font.widths[number] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    width: int = font.widths[number]
    return width
