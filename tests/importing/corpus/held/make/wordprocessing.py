"""WordprocessingML as Word and Google Docs write it, by hand: no library smooths its structure.

Functions return XML of runs, paragraphs, tables, content controls and text boxes; a `Package`
is the file. Sizes are points, widths twentieths of a point, colours six hexadecimal digits.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def run(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    caps: bool = False,
    size: float | None = None,
    color: str | None = None,
    style: str | None = None,
) -> str:
    """Text in one look; a tab and a line feed become Word's own elements."""
    look = (
        (f'<w:rStyle w:val="{style}"/>' if style else "")
        + ("<w:b/>" if bold else "")
        + ("<w:i/>" if italic else "")
        + ("<w:caps/>" if caps else "")
        + (f'<w:color w:val="{color}"/>' if color else "")
        + (f'<w:sz w:val="{round(size * 2)}"/>' if size else "")
    )
    inner = escape(text).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    inner = inner.replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f"<w:r>{properties}<w:t xml:space='preserve'>{inner}</w:t></w:r>"


def paragraph(
    *runs: str,
    style: str | None = None,
    bullet: bool = False,
    align: str | None = None,
    tabs: tuple[tuple[str, int], ...] = (),
    indent: tuple[int, int] | None = None,
    before: int | None = None,
    page_break: bool = False,
) -> str:
    """A paragraph; `tabs` are kinds and places, `indent` is left and hanging."""
    stops = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in tabs)
    properties = (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:pageBreakBefore/>" if page_break else "")
        + ('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if bullet else "")
        + (f"<w:tabs>{stops}</w:tabs>" if stops else "")
        + (f'<w:spacing w:before="{before}"/>' if before is not None else "")
        + (f'<w:ind w:left="{indent[0]}" w:hanging="{indent[1]}"/>' if indent else "")
        + (f'<w:jc w:val="{align}"/>' if align else "")
    )
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def control(content: str, title: str = "", *, inline: bool = False) -> str:
    """A content control, as Word's own templates have them round everything one fills in."""
    alias = f"<w:alias w:val={quoteattr(title)}/>" if title else ""
    kind = "<w:text/>" if inline else ""
    return f"<w:sdt><w:sdtPr>{alias}{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def table(
    rows: list[list[str]],
    widths: tuple[int, ...],
    *,
    borders: bool = False,
    shades: tuple[str | None, ...] = (),
    spans: dict[tuple[int, int], int] | None = None,
) -> str:
    """Cells hold paragraphs; `spans` says over how many columns a cell goes."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    kind = "single" if borders else "nil"
    lines = "".join(f'<w:{edge} w:val="{kind}" w:sz="4" w:space="0"/>' for edge in edges)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = ""
    for number, row in enumerate(rows):
        column, cells = 0, ""
        for cell in row:
            over = (spans or {}).get((number, column), 1)
            shade = shades[column] if column < len(shades) else None
            cells += (
                f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths[column : column + over])}" w:type="dxa"/>'
                + (f'<w:gridSpan w:val="{over}"/>' if over > 1 else "")
                + (f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else "")
                + f"</w:tcPr>{cell}</w:tc>"
            )
            column += over
        body += f"<w:tr>{cells}</w:tr>"
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def text_box(content: str, *, left: int, top: int, width: int, height: int) -> str:
    """A run with a floating box (points from the page's corner), with Word's older fallback."""
    emu = 12700
    shape = (
        f'<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" '
        f'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{left * emu}</wp:posOffset>'
        f'</wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>{top * emu}'
        f'</wp:posOffset></wp:positionV><wp:extent cx="{width * emu}" cy="{height * emu}"/>'
        f'<wp:wrapNone/><wp:docPr id="1" name="Text Box 1"/><a:graphic><a:graphicData '
        f'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{width * emu}" cy="{height * emu}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>'
        f"{content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        f"</wp:anchor>"
    )
    old = (
        f'<v:shape type="#_x0000_t202" style="position:absolute;margin-left:{left}pt;'
        f'margin-top:{top}pt;width:{width}pt;height:{height}pt"><v:textbox><w:txbxContent>'
        f"{content}</w:txbxContent></v:textbox></v:shape>"
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict>{old}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


class Package:
    """One DOCX file: its styles, its links, and what stands in body, header and footer."""

    def __init__(
        self, font: str, size: float = 11, *, margins: int = 1134, letter: bool = False
    ) -> None:
        self._font, self._size, self._margins, self._letter = font, size, margins, letter
        self._styles = ""
        self._links: list[str] = []
        self.body: list[str] = []
        self.header: list[str] = []
        self.footer: list[str] = []

    def style(
        self, identifier: str, name: str, look: str = "", layout: str = "", kind: str = "paragraph"
    ) -> None:
        """Add a style; `look` and `layout` are the inside of its w:rPr and w:pPr."""
        based = '<w:basedOn w:val="Normal"/>' if kind == "paragraph" else ""
        self._styles += (
            f'<w:style w:type="{kind}" w:styleId="{identifier}"><w:name w:val="{name}"/>{based}'
            f"<w:pPr>{layout}</w:pPr><w:rPr>{look}</w:rPr></w:style>"
        )

    def link(self, text: str, target: str, *, bold: bool = False) -> str:
        """A hyperlink; a relationship holds its target."""
        self._links.append(target)
        return (
            f'<w:hyperlink r:id="rLink{len(self._links)}">'
            f"{run(text, bold=bold, color='1155CC')}</w:hyperlink>"
        )

    def save(self, path: Path) -> None:
        """Write the file; the same content gives the same bytes."""
        parts = {
            "[Content_Types].xml": self._content_types(),
            "_rels/.rels": _relationships([("rId1", "officeDocument", "word/document.xml", "")]),
            "word/document.xml": self._document(),
            "word/styles.xml": self._styles_part(),
            "word/numbering.xml": _NUMBERING,
            "word/_rels/document.xml.rels": self._document_relationships(),
        }
        for name, content in (("header1", self.header), ("footer1", self.footer)):
            tag = "hdr" if name == "header1" else "ftr"
            parts[f"word/{name}.xml"] = (
                f"{_HEAD}<w:{tag} {_NAMESPACES}>{''.join(content) or '<w:p/>'}</w:{tag}>"
            )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, xml in parts.items():
                entry = zipfile.ZipInfo(name, (2026, 3, 1, 9, 0, 0))
                file.writestr(entry, xml.encode(), zipfile.ZIP_DEFLATED)

    def _document(self) -> str:
        page = (12240, 15840) if self._letter else (11906, 16838)
        edges = " ".join(
            f'w:{edge}="{self._margins}"' for edge in ("top", "right", "bottom", "left")
        )
        return (
            f"{_HEAD}<w:document {_NAMESPACES}><w:body>{''.join(self.body)}"
            f'<w:sectPr><w:headerReference w:type="default" r:id="rHeader"/>'
            f'<w:footerReference w:type="default" r:id="rFooter"/>'
            f'<w:pgSz w:w="{page[0]}" w:h="{page[1]}"/>'
            f'<w:pgMar {edges} w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
            f"</w:body></w:document>"
        )

    def _styles_part(self) -> str:
        fonts = f'w:ascii="{self._font}" w:hAnsi="{self._font}" w:eastAsia="{self._font}"'
        return (
            f"{_HEAD}<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
            f'<w:rFonts {fonts} w:cs="{self._font}"/><w:sz w:val="{round(self._size * 2)}"/>'
            f"</w:rPr></w:rPrDefault></w:docDefaults>"
            f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
            f'<w:name w:val="Normal"/></w:style>{self._styles}</w:styles>'
        )

    def _document_relationships(self) -> str:
        own = [
            ("rStyles", "styles", "styles.xml", ""),
            ("rNumbering", "numbering", "numbering.xml", ""),
            ("rHeader", "header", "header1.xml", ""),
            ("rFooter", "footer", "footer1.xml", ""),
        ]
        links = [
            (f"rLink{number}", "hyperlink", target, "External")
            for number, target in enumerate(self._links, 1)
        ]
        return _relationships(own + links)

    @staticmethod
    def _content_types() -> str:
        parts = (
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("header1", "header"),
            ("footer1", "footer"),
        )
        return (
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + "".join(
                f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
                for name, kind in parts
            )
            + "</Types>"
        )


def _relationships(entries: list[tuple[str, str, str, str]]) -> str:
    return (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target={quoteattr(target)}'
            + (f' TargetMode="{mode}"' if mode else "")
            + "/>"
            for identifier, kind, target, mode in entries
        )
        + "</Relationships>"
    )


_NUMBERING = (
    f'{_HEAD}<w:numbering {_NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:pPr>'
    '<w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
