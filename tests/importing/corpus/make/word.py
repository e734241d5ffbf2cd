"""Pieces that Word documents are made of and python-docx has no words for: tab stops at the right,
links by relationship, lists by numbering, content controls, text boxes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor


def right_tab(paragraph: Any, centimetres: float = 17.0) -> Any:
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(centimetres), WD_TAB_ALIGNMENT.RIGHT)
    return paragraph


def run(
    paragraph: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float | None = None,
    color: str | None = None,
    caps: bool = False,
) -> Any:
    made = paragraph.add_run(text)
    made.bold, made.italic = bold or None, italic or None
    if size:
        made.font.size = Pt(size)
    if color:
        made.font.color.rgb = RGBColor.from_string(color)
    if caps:
        made.font.all_caps = True
    return made


def link(paragraph: Any, text: str, url: str) -> None:
    rel = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), rel)
    made = paragraph.add_run(text)
    element.append(made._r)
    paragraph._p.append(element)


def rule_below(paragraph: Any, color: str = "444444") -> Any:
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" '
        f'w:color="{color}"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().append(borders)
    return paragraph


def controlled(parent: Any, text: str, tag: str, style: str | None = None) -> None:
    """A block content control with one paragraph, as Word's own templates hold their fields."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    parent.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val='{tag}'/><w:tag w:val='{tag}'/>"
            f"</w:sdtPr><w:sdtContent><w:p>{look}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"
            "</w:p></w:sdtContent></w:sdt>"
        )
    )


def text_box(
    paragraph: Any,
    lines: list[tuple[str, bool]],
    left: float,
    top: float,
    width: float,
    height: float,
) -> None:
    """A floating box, with a VML twin as Word writes it; sizes in points, lines as (text, bold)."""
    body = "".join(
        f"<w:p><w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}"
        f"<w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
        for text, bold in lines
    )
    emu = [int(value * 12700) for value in (left, top, width, height)]
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    number = len(paragraph.part.element.findall(f".//{qn('w:drawing')}")) + 1
    paragraph._p.append(
        parse_xml(
            f'<w:r {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
            '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
            f'relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" '
            'allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            '<wp:positionH relativeFrom="page">'
            f"<wp:posOffset>{emu[0]}</wp:posOffset></wp:positionH>"
            '<wp:positionV relativeFrom="page">'
            f"<wp:posOffset>{emu[1]}</wp:posOffset></wp:positionV>"
            f'<wp:extent cx="{emu[2]}" cy="{emu[3]}"/><wp:wrapNone/>'
            f'<wp:docPr id="{number}" name="Text Box {number}"/><wp:cNvGraphicFramePr/>'
            '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
            'wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm>'
            f'<a:off x="0" y="0"/><a:ext cx="{emu[2]}" cy="{emu[3]}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
            f"<wps:txbx><w:txbxContent>{body}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
            "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
            '<mc:Fallback><w:pict><v:shape style="position:absolute;'
            f'margin-left:{left}pt;margin-top:{top}pt;width:{width}pt;height:{height}pt">'
            f"<v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></v:shape></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )


def shatter(document: Any) -> None:
    """Break runs in the middle of words with proofing marks and bookmarks between the pieces, as
    Word leaves a text that was edited many times."""
    for number, element in enumerate(list(document.element.body.iter(qn("w:r")))):
        texts = element.findall(qn("w:t"))
        if number % 3 or len(texts) != 1 or len(element) > 2 or len(texts[0].text or "") < 6:
            continue
        whole = texts[0].text
        middle = len(whole) // 2
        rest = deepcopy(element)
        for piece, text in ((element, whole[:middle]), (rest, whole[middle:])):
            piece.find(qn("w:t")).text = text
            piece.find(qn("w:t")).set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        mark, book = OxmlElement("w:proofErr"), OxmlElement("w:bookmarkStart")
        mark.set(qn("w:type"), "spellStart")
        book.set(qn("w:id"), str(number))
        book.set(qn("w:name"), f"_GoBack{number}")
        for added in (rest, book, mark):
            element.addnext(added)
