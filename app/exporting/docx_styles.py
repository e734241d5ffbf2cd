"""How a Word document of ours looks: every style is changed itself, so that its user may too."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

PRESENT = "Aside"
"""The character style of what stands at the right: dates and places."""

_FONT = "Calibri"
_FONTS_OF = {"zh": "Microsoft YaHei", "ja": "Yu Gothic", "ko": "Malgun Gothic"}
_REGION = {"zh": "zh-CN", "ja": "ja-JP", "ko": "ko-KR", "en": "en-GB"}
_RIGHT_TO_LEFT = ("he", "ar")
_INK = RGBColor(0x1C, 0x1E, 0x21)
_SOFT = RGBColor(0x55, 0x5C, 0x66)
_ACCENT = RGBColor(0x1F, 0x4E, 0x79)
_WIDTH, _HEIGHT, _MARGIN = Mm(210), Mm(297), Mm(20)

# Style: size, space before and after in points, bold, italic, colour.
_LOOKS: dict[str, tuple[float, float, float, bool, bool, RGBColor]] = {
    "Normal": (10.5, 0, 2, False, False, _INK),
    "Body Text": (10.5, 0, 3, False, False, _INK),
    "Title": (22, 0, 0, True, False, _ACCENT),
    "Subtitle": (12.5, 0, 3, False, False, _SOFT),
    "Contact": (10, 0, 0, False, False, _INK),
    "Heading 1": (13, 14, 4, True, False, _ACCENT),
    "Heading 2": (11, 10, 0, True, False, _INK),
    "Subheading": (10.5, 0, 2, False, True, _INK),
    "List Bullet": (10.5, 0, 1.5, False, False, _INK),
}
_ON_ONE_LINE = ("Heading 2", "Subheading")
_WITH_NEXT = ("Heading 1", "Heading 2")
_NEW = {"Contact": "Normal", "Subheading": "Normal"}


def dress(made: Any, language: str) -> None:
    """Give a new document of python-docx our styles, on A4, in `language`."""
    page = made.sections[0]
    page.page_width, page.page_height = _WIDTH, _HEIGHT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    _drop_thumbnail(made)
    for name, parent in _NEW.items():
        made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles[parent]
    for name, look in _LOOKS.items():
        _paragraph_style(made.styles[name], name, *look, language=language)
    aside = made.styles.add_style(PRESENT, WD_STYLE_TYPE.CHARACTER)
    aside.font.bold, aside.font.italic = False, False
    aside.font.size, aside.font.color.rgb = Pt(10), _SOFT
    link = made.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = _ACCENT, True
    _underline(made.styles["Heading 1"])
    _say_language(made, language)


def _paragraph_style(
    style: Any,
    name: str,
    size: float,
    before: float,
    after: float,
    bold: bool,
    italic: bool,
    color: RGBColor,
    *,
    language: str,
) -> None:
    font, form = style.font, style.paragraph_format
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, italic, color
    font.name = _FONT
    fonts = style.element.rPr.rFonts
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:cs"), _FONT)
    fonts.set(qn("w:eastAsia"), _FONTS_OF.get(language, _FONT))
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.08
    form.keep_with_next = name in _WITH_NEXT
    _drop_borders(style)
    if name in _ON_ONE_LINE:
        form.tab_stops.add_tab_stop(_WIDTH - 2 * _MARGIN, WD_TAB_ALIGNMENT.RIGHT)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)


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
