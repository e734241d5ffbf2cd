"""How a Word document of ours looks: every style is changed itself, so that its user may too."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app.cv.model import FONT_SIZE
from app.exporting.look import Look

PRESENT = "Aside"
"""The character style of what stands at the right: dates and places."""

# What Word has that is next to the typefaces of our pages.
_FACES = {
    "arimo": "Arial",
    "inter": "Arial",
    "tinos": "Times New Roman",
    "source-serif-4": "Cambria",
    "eb-garamond": "Garamond",
    "noto-sans": "Segoe UI",
    "jetbrains-mono": "Consolas",
}
_FACE = "Calibri"
_FONTS_OF = {"zh": "Microsoft YaHei", "ja": "Yu Gothic", "ko": "Malgun Gothic"}
_REGION = {"zh": "zh-CN", "ja": "ja-JP", "ko": "ko-KR", "en": "en-GB"}
_RIGHT_TO_LEFT = ("he", "ar")
_INK = RGBColor(0x1C, 0x1E, 0x21)
_SOFT = RGBColor(0x55, 0x5C, 0x66)
_PAPER = {"a4": (Mm(210), Mm(297)), "letter": (Mm(215.9), Mm(279.4))}
_MARGIN = Mm(20)

# Style: size, space before and after in points, bold, italic, colour (None: the accent).
_LOOKS: dict[str, tuple[float, float, float, bool, bool, RGBColor | None]] = {
    "Normal": (10.5, 0, 2, False, False, _INK),
    "Body Text": (10.5, 0, 3, False, False, _INK),
    "Title": (22, 0, 0, True, False, None),
    "Subtitle": (12.5, 0, 3, False, False, _SOFT),
    "Contact": (10, 0, 0, False, False, _INK),
    "Heading 1": (13, 14, 4, True, False, None),
    "Heading 2": (11, 10, 0, True, False, _INK),
    "Subheading": (10.5, 0, 2, False, True, _INK),
    "List Bullet": (10.5, 0, 1.5, False, False, _INK),
}
_ON_ONE_LINE = ("Heading 2", "Subheading")
_WITH_NEXT = ("Heading 1", "Heading 2")
_NEW = {"Contact": "Normal", "Subheading": "Normal"}


def dress(made: Any, language: str, look: Look) -> None:
    """Give a new document of python-docx our styles and `look`, in `language`."""
    page = made.sections[0]
    page.page_width, page.page_height = _PAPER[look.page_size]
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    _drop_thumbnail(made)
    accent = RGBColor.from_string(look.accent[1:].upper())
    for name, parent in _NEW.items():
        made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles[parent]
    for name, (size, before, after, bold, italic, color) in _LOOKS.items():
        style, form = made.styles[name], made.styles[name].paragraph_format
        _letters(style, size * look.font_size / FONT_SIZE, bold, italic, color or accent)
        _faces(style, _FACES.get(look.font_family, _FACE), language)
        form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.08
        form.keep_with_next = name in _WITH_NEXT
        _drop_borders(style)
        if name in _ON_ONE_LINE:
            line = page.page_width - 2 * _MARGIN
            form.tab_stops.add_tab_stop(line, WD_TAB_ALIGNMENT.RIGHT)
    aside = made.styles.add_style(PRESENT, WD_STYLE_TYPE.CHARACTER)
    _letters(aside, 10 * look.font_size / FONT_SIZE, False, False, _SOFT)
    link = made.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = accent, True
    _underline(made.styles["Heading 1"])
    _say_language(made, language)


def _letters(style: Any, size: float, bold: bool, italic: bool, color: RGBColor) -> None:
    """The same for all scripts: Word keeps those from right to left apart."""
    font = style.font
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, italic, color
    font.cs_bold, font.cs_italic = bold, italic
    properties = style.element.rPr
    for old in (*properties.findall(qn("w:szCs")), *properties.findall(qn("w:spacing"))):
        properties.remove(old)
    other = OxmlElement("w:szCs")
    other.set(qn("w:val"), properties.find(qn("w:sz")).get(qn("w:val")))
    properties.find(qn("w:sz")).addnext(other)


def _faces(style: Any, face: str, language: str) -> None:
    style.font.name = face
    fonts = style.element.rPr.rFonts
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:cs"), face)
    fonts.set(qn("w:eastAsia"), _FONTS_OF.get(language, face))


def _drop_borders(style: Any) -> None:
    properties = style.element.pPr
    for border in () if properties is None else properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _underline(style: Any) -> None:
    """A thin rule below each heading."""
    properties = style.element.get_or_add_pPr()
    borders, rule = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "C9CED6")):
        rule.set(qn(f"w:{key}"), value)
    borders.append(rule)
    later = (
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:outlineLvl",
    )
    properties.insert_element_before(borders, *later)


def _say_language(made: Any, language: str) -> None:
    """So that spelling is checked in the language that it is written in."""
    defaults = made.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    said, tag = OxmlElement("w:lang"), _REGION.get(language, language)
    kind = "bidi" if language in _RIGHT_TO_LEFT else "eastAsia" if language in _FONTS_OF else "val"
    said.set(qn("w:val"), "en-GB" if kind != "val" else tag)
    said.set(qn(f"w:{kind}"), tag)
    properties.append(said)


def _drop_thumbnail(made: Any) -> None:
    """The picture of the empty document that python-docx begins with."""
    relations = made.part.package.rels
    for rel_id in [key for key, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        del relations[rel_id]
