"""How the text objects of a PDF page look: size, weight, slant, colour, and whether they show."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

_BOLD = re.compile(
    r"bold|black|heavy|semibold|demi|[-,_](?:bd|sb|b)(?:$|[^a-z])|^(?:cm|sf|ec|la|pl)?(?:bx|ssbx|"
    r"cmbx|cmb|cmssbx|ecbx|sfbx)\d|medi(?:um)?(?:ital)?$|[a-z](?:bd|b)mt$",
    re.IGNORECASE,
)
_LIGHT_MEDIUM = re.compile(
    r"(?:roboto|inter|lato|poppins|montserrat|source|noto|sans).*medium", re.I
)
_ITALIC = re.compile(
    r"italic|oblique|slanted|[-,_]it(?:$|[^a-z])|^(?:cm|sf|ec)(?:ti|sl|bxti|ssi|csc?sl)\d|kursiv",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(
    r"awesome|marvosym|ifsym|wingding|webding|dingbat|material.?(?:icon|symbol)|typicons|entypo|"
    r"academicons|icomoon|ionicons|glyphicon|segoemdl|bootstrap-icons|^symbol",
    re.IGNORECASE,
)
_FORCE_BOLD = 1 << 18
_INVISIBLE = 3


@dataclass(frozen=True, slots=True)
class Look:
    """`size` is in points, `turned` is for text that does not run from left to right."""

    size: float
    bold: bool = False
    italic: bool = False
    color: str | None = None
    symbols: bool = False
    hidden: bool = False
    invisible: bool = False
    turned: bool = False
    font: str = ""


class Looks:
    """The looks of one page. PDFium is asked once for every text object, not for every letter."""

    def __init__(self, turn: int, *, show_invisible: bool = False) -> None:
        self._turn = turn
        self._show_invisible = show_invisible
        self._by_object: dict[int | None, Look] = {}
        self._same: dict[Look, Look] = {}
        self._fonts: dict[int | None, tuple[str, int, bool]] = {}
        self.white: set[int | None] = set()

    def of(self, text_page: Any, index: int) -> Look:
        address = _address(pdfium.FPDFText_GetTextObject(text_page, index))
        look = self._by_object.get(address)
        if look is None:
            look = self._read(text_page, index)
            look = self._same.setdefault(look, look)
            self._by_object[address] = look
        return look

    def _read(self, text_page: Any, index: int) -> Look:
        text_object = pdfium.FPDFText_GetTextObject(text_page, index)
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text_page, index, matrix)
        height = math.hypot(matrix.c, matrix.d) or 1.0
        size = round(abs(pdfium.FPDFText_GetFontSize(text_page, index)) * height, 2)
        name, weight, slanted = self._font(text_object)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(text_object)
        invisible = mode in (_INVISIBLE, 7)
        bold = weight >= 600 or mode == 2 or bool(_BOLD.search(name))
        if _LIGHT_MEDIUM.search(name) and "bold" not in name.lower():
            bold = True
        color, alpha = _color(text_page, index)
        return Look(
            size=size,
            bold=bold,
            italic=slanted or bool(_ITALIC.search(name)) or _sheared(matrix),
            color=color,
            symbols=bool(_SYMBOLS.search(name)),
            hidden=(invisible and not self._show_invisible) or alpha == 0,
            invisible=invisible,
            turned=_turned(matrix, self._turn),
            font=name,
        )

    def _font(self, text_object: Any) -> tuple[str, int, bool]:
        """Base name without its subset tag, weight and whether it leans."""
        font = pdfium.FPDFTextObj_GetFont(text_object)
        address = _address(font)
        if address not in self._fonts:
            self._fonts[address] = _font_facts(font)
        return self._fonts[address]


def _font_facts(font: Any) -> tuple[str, int, bool]:
    if not font:
        return "", 400, False
    buffer = ctypes.create_string_buffer(256)
    length = pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
    name = buffer.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
    name = re.sub(r"^[A-Z]{6}\+", "", name)
    weight = pdfium.FPDFFont_GetWeight(font)
    if pdfium.FPDFFont_GetFlags(font) & _FORCE_BOLD:
        weight = max(weight, 700)
    angle = ctypes.c_int(0)
    pdfium.FPDFFont_GetItalicAngle(font, angle)
    return name, weight, angle.value != 0


def _address(pointer: Any) -> int | None:
    return ctypes.cast(pointer, ctypes.c_void_p).value


def _color(text_page: Any, index: int) -> tuple[str | None, int]:
    parts = [ctypes.c_uint(0) for _ in range(4)]
    if not pdfium.FPDFText_GetFillColor(text_page, index, *parts):
        return None, 255
    red, green, blue, alpha = (part.value for part in parts)
    return f"#{red:02x}{green:02x}{blue:02x}", alpha


def _sheared(matrix: Any) -> bool:
    """Letters slanted by the program that wrote the file, for want of an italic face."""
    across, up = abs(matrix.c), abs(matrix.d)
    return bool(abs(matrix.b) < 1e-3 and across > 0.1 * up and up > 1e-3)


def _turned(matrix: Any, turn: int) -> bool:
    """Whether text runs otherwise than from left to right on the page as it is seen."""
    across, up = matrix.a, matrix.b
    for _ in range(turn):
        across, up = up, -across
    return bool(across <= 0 or abs(up) > 0.2 * abs(across))
