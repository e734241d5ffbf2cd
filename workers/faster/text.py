"""Lines of text, set with fewer calls of Pango, and kept from being laid out until they are drawn.

WeasyPrint makes a context, a font description and a list of attributes for each line, and makes all
of it again to draw the line. They depend on the style alone, and the line that was laid out is the
one to draw.
"""

from __future__ import annotations

import re
import struct
from typing import Any

import weasyprint.text.line_break
from weasyprint.draw import text as drawing
from weasyprint.text import fonts, line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, gobject, pango
from weasyprint.text.line_break import Layout

import workers.drawing

_GLYPH = struct.Struct("=iiii4x")  # number, width, x, y; what it looks like is not asked
_END = 0xFFFFFFFF  # of a text, however long
_PARTED = re.compile("[\n\r\x85\u2028\u2029]")  # what Pango would begin another paragraph at
_OLD_PANGO = pango.pango_version() < 14802  # does not tell the size of a font right
_EMPTY = pango.PANGO_GLYPH_EMPTY
_UNKNOWN = pango.PANGO_GLYPH_UNKNOWN_FLAG

_their_set_text = Layout.set_text
_their_strut = line_break.strut
_their_draw = drawing.draw_first_line


class _Prepared:
    """What Pango has to know of a style."""

    def __init__(self, style: Any) -> None:
        self.context = ffi.gc(
            pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
        )
        pango.pango_context_set_round_glyph_positions(self.context, False)
        pango.pango_context_set_base_dir(self.context, PANGO_DIRECTION[style["direction"]])
        override = style["font_language_override"]
        language = style["lang"]
        if override != "normal":
            language = LST_TO_ISO.get(override.lower(), override)
        self.language = pango.pango_language_get_default()
        if language:
            self.language = pango.pango_language_from_string(language.encode())
            pango.pango_context_set_language(self.context, self.language)
        self.font = fonts.get_font_description(style)
        self.attributes = _attributes(style)
        self.known = {"language": self.language, **self._metrics(style)}

    def _metrics(self, style: Any) -> dict[str, Any]:
        """Where lines below and through the text go, if there are any."""
        names = ("underline_position", "strikethrough_position")
        if style["text_decoration_line"] == "none":
            return dict.fromkeys(("ascent", *names))
        metrics = ffi.gc(
            pango.pango_context_get_metrics(self.context, self.font, self.language),
            pango.pango_font_metrics_unref,
        )
        return {
            name: FROM_UNITS * getattr(pango, f"pango_font_metrics_get_{name}")(metrics)
            for name in ("ascent", *names, "underline_thickness", "strikethrough_thickness")
        }


def _attributes(style: Any) -> Any:
    """The list of Pango's attributes for the whole of any text of `style`; None for none."""
    features = fonts.font_features(
        style["font_kerning"],
        style["font_variant_ligatures"],
        style["font_variant_position"],
        style["font_variant_caps"],
        style["font_variant_numeric"],
        style["font_variant_alternates"],
        style["font_variant_east_asian"],
        style["font_feature_settings"],
    )
    attributes = []
    if features:
        said = ",".join(f"{key} {value}" for key, value in features.items()).encode()
        attributes.append(pango.pango_attr_font_features_new(said))
    if style["letter_spacing"] not in ("normal", 0):
        spacing = int(style["letter_spacing"] * TO_UNITS)
        attributes.append(pango.pango_attr_letter_spacing_new(spacing))
    if style["overflow_wrap"] in ("anywhere", "break-word"):
        attributes.append(pango.pango_attr_insert_hyphens_new(False))
    if not attributes:
        return None
    whole = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for attribute in attributes:
        attribute.start_index, attribute.end_index = 0, _END
        pango.pango_attr_list_change(whole, attribute)
    return whole


def setup(self: Any, style: Any) -> None:
    """Ready the layout for `style`."""
    try:
        prepared = style.prepared
    except AttributeError:
        prepared = style.prepared = _Prepared(style)
    self.__dict__.update(prepared.known)
    self.style = style
    self.first_line_direction = 0
    self.drawn = False
    self.layout = layout = ffi.gc(pango.pango_layout_new(prepared.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout, False)
    pango.pango_layout_set_font_description(layout, prepared.font)
    if prepared.attributes is not None:
        pango.pango_layout_set_attributes(layout, prepared.attributes)


def set_text(self: Any, text: str, justify: bool = False) -> None:
    """Set the text, of which only the first line matters."""
    if self.style["word_spacing"] or (justify and self.justification_spacing):
        # Theirs adds to the list of attributes, which must not be that of all texts.
        own = _attributes(self.style)
        # Pango would keep the list that is there for one that is equal to it.
        pango.pango_layout_set_attributes(self.layout, ffi.NULL)
        if own is not None:
            pango.pango_layout_set_attributes(self.layout, own)
        _their_set_text(self, text, justify)
        return
    index = text.find("\n")
    if index != -1:
        text = text[: index + 2]
    self.text = text
    utf8 = text.encode()
    if b"\0" in utf8:
        utf8 = utf8.replace(b"\0", b"")
    pango.pango_layout_set_text(self.layout, utf8, len(utf8))
    if b"\t" in utf8:
        self.set_tabs()


def deactivate(self: Any) -> None:
    """Lay the line by until it is drawn, or away when that is done."""
    if self.drawn:
        self.drawn = False
        del self.layout, self.language, self.style


def reactivate(self: Any, style: Any) -> None:
    """Have the line back for drawing."""
    if self.justification_spacing or vars(self).get("style") is not style:
        self.setup(style)
        self.set_text(self.text, justify=True)
    elif _PARTED.search(self.text):
        # Theirs sees to that when there is only one paragraph.
        pango.pango_layout_set_width(self.layout, -1)
    self.drawn = True


def strut(style: Any) -> Any:
    """The height of an empty line and where its letters stand."""
    try:
        return style.strut
    except AttributeError:
        found = style.strut = _their_strut(style)
        return found


def draw_first_line(
    stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any
) -> Any:
    """Draw the line of `textbox`; nothing of what it returns is in plain fonts."""
    layout = textbox.pango_layout
    if (
        text_overflow == "ellipsis"
        or block_ellipsis != "none"
        or _PARTED.search(layout.text)
        or textbox.style["font_size"] < 1e-6
    ):
        return _their_draw(stream, textbox, text_overflow, block_ellipsis, matrix)
    if not textbox.text.strip():
        return []
    shown = _shown(stream, layout, textbox.style["font_size"])
    if shown is None:
        return _their_draw(stream, textbox, text_overflow, block_ellipsis, matrix)
    stream.set_text_matrix(*matrix.values)
    for font, size, string in shown:
        stream.set_font_size(font.hash, size)
        stream.show_text(string)
    return []


def _shown(stream: Any, layout: Any, style_size: float) -> list[tuple[Any, float, str]] | None:
    """What is shown in each font; None if there is anything but glyphs side by side."""
    known = vars(stream).setdefault("known_fonts", {})
    shown: list[tuple[Any, float, list[str]]] = []
    pieces: list[str] = []
    previous = None
    line, _ = layout.get_first_line()
    run = line.runs[0]
    while run != ffi.NULL:
        item = run.data
        run = run.next
        pango_font = item.item.analysis.font
        if pango_font != previous:
            previous = pango_font
            if pango_font not in known:
                # The layout keeps the font, and so its address, from being another's.
                known[pango_font] = *stream.add_font(pango_font), layout.layout
            font, size, _ = known[pango_font]
            if font.svg or font.png or font.colr or font.bitmap:
                return None
            if _OLD_PANGO:
                size = style_size
            pieces = []
            shown.append((font, size, pieces))
            glyphs = vars(font).setdefault("glyphs", {}).setdefault(size, {})
        pieces.append("<")
        string = item.glyphs
        for index, key in enumerate(
            _GLYPH.iter_unpack(ffi.buffer(string.glyphs, _GLYPH.size * string.num_glyphs))
        ):
            piece = glyphs.get(key)
            if piece is None:
                piece = _piece(stream, layout, font, size, item, index, key)
                if piece is None:
                    return None
                glyphs[key] = piece
            pieces.append(piece)
        if pieces[-1][-1] == "<":
            pieces[-1] = pieces[-1][:-1]
        else:
            pieces.append(">")
    return [(font, size, "".join(pieces)) for font, size, pieces in shown]


def _piece(
    stream: Any,
    layout: Any,
    font: Any,
    size: float,
    item: Any,
    index: int,
    key: tuple[int, int, int, int],
) -> str | None:
    """What shows a glyph, and remembers which letters it stands for; None for no plain one."""
    glyph, width, x, y = key
    if glyph == _EMPTY:
        return f">{-width / size}<"
    if glyph & _UNKNOWN or y:
        return None
    if glyph not in font.to_unicode:
        clusters, length = item.glyphs.log_clusters, item.item.length
        start = clusters[index]
        if item.item.analysis.level % 2:
            end = length if index == 0 else clusters[index - 1]
        else:
            end = length if index == item.glyphs.num_glyphs - 1 else clusters[index + 1]
        offset = item.item.offset
        font.to_unicode[glyph] = layout.text.encode()[offset + start : offset + end].decode()
    if glyph not in font.widths:
        pango.pango_font_get_glyph_extents(
            item.item.analysis.font, glyph, stream.ink_rect, stream.logical_rect
        )
        font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    offset = x / size
    kerning = font.widths[glyph] + offset - width * 1000 * FROM_UNITS / size
    before = f">{-offset}<" if offset else ""
    after = f">{int(kerning)}<" if kerning else ""
    return f"{before}{glyph:04x}{after}"


REPLACED = [
    (Layout, "setup", setup),
    (Layout, "set_text", set_text),
    (Layout, "deactivate", deactivate),
    (Layout, "reactivate", reactivate),
    (weasyprint.text.line_break, "strut", strut),
    (workers.drawing, "_draw", draw_first_line),  # which draws what needs no care
]
