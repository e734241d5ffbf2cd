"""Paragraphs of a DOCX as lines: their runs with looks, tabs, breaks, links and text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from app.importing.dates import find_span
from app.importing.document import Line, Link, Segment
from app.importing.docx_parts import Element, local
from app.importing.docx_styles import (
    Layout,
    Lists,
    Look,
    Style,
    Styles,
    attribute,
    child,
    layout_of,
    look_of,
)
from app.importing.headings import section_of
from app.importing.preview import Unreadable

MOST_PARAGRAPHS = 20_000
_MOST_LINKS = 2_000
_LONGEST_URL = 2_048
_LEFT_OUT = frozenset(
    ("del", "moveFrom", "rPr", "pPr", "instrText", "delText", "sdtPr", "sdtEndPr", "rt", "object",
     "footnoteReference", "endnoteReference", "commentReference", "annotationRef", "proofErr")
)  # fmt: skip
_TYPED_BULLET = re.compile(
    r"^\s*(?:[•‣◦▪▫■□●○◆◇►▸➢➤✓✔❖⁃∙·・\uf000-\uf0ff]\s*|[-–—*o]\s+|[-–—*](?=[^\W\d_]))(?=\S)"
)
_TYPED_NUMBER = re.compile(r"^\s*\(?\d{1,2}(?:[.)]\s|[、．）])\s*(?=[^\W\d_])")
_WIDE = re.compile(r" {3,}|\u3000{2,}")
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]+)"')
_SYMBOLS = {"b7": "•", "a7": "•", "d8": "•", "fc": "•", "2d": "-", "28": "☎", "2a": "✉"}


class _Piece(msgspec.Struct):
    text: str
    look: Look
    gap: bool = False


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph's lines and the text boxes that hang on it, each as its `w:txbxContent`."""

    lines: tuple[Line, ...]
    boxes: tuple[Element, ...]


class Writer:
    """Makes lines of paragraphs; counts paragraphs and keeps the space that empty ones leave."""

    def __init__(self, styles: Styles, lists: Lists, links: dict[str, str]) -> None:
        self._styles = styles
        self._lists = lists
        self.links = links
        self.count = 0
        self._space = 0.0
        self._links_left = _MOST_LINKS

    def start_region(self) -> None:
        self._space = 0.0

    def paragraph(self, element: Element, region: int) -> Paragraph:
        """Raises Unreadable `too_large` after `MOST_PARAGRAPHS`."""
        self.count += 1
        if self.count > MOST_PARAGRAPHS:
            raise Unreadable("too_large", f"A document may have {MOST_PARAGRAPHS:,} paragraphs.")
        properties = child(element, "pPr")
        style, layout, look = self._set(properties)
        reading = _Reading(self._styles, self.links, look)
        reading.read(element)
        lines = [
            line
            for row, links in zip(reading.rows, reading.links, strict=True)
            if (line := self._line(row, links, style, layout, look, region)) is not None
        ]
        if not lines:
            self._space += (look.size or 10.0) * 1.2 + (layout.before or 0) + (layout.after or 0)
        else:
            above = self._space + (layout.before or 0.0)
            lines[0] = msgspec.structs.replace(lines[0], above=round(above, 1))
            self._space = layout.after or 0.0
        return Paragraph(lines=tuple(lines), boxes=tuple(reading.boxes))

    def _set(self, properties: Element | None) -> tuple[Style, Layout, Look]:
        key = None
        if properties is not None and (named := child(properties, "pStyle")) is not None:
            key = attribute(named, "val")
        style = self._styles.paragraph(key)
        layout = style.layout
        if properties is not None:
            layout = layout_of(properties).over(layout)
        return style, layout, style.look

    def _line(
        self,
        row: list[_Piece],
        links: list[tuple[str, str]],
        style: Style,
        layout: Layout,
        look: Look,
        region: int,
    ) -> Line | None:
        text, segments = _segments(row)
        if not text:
            return None
        if "\u3000" in text and find_span(text) is not None:
            segments = _at_wide_spaces(segments)
            text = _text_of(segments)
        level = layout.list_level or 0
        heading = layout.outline is not None
        listed = self._lists.is_item(layout.list_id, level) and not heading
        typed = _TYPED_BULLET.match(text) or (
            _TYPED_NUMBER.match(text) if section_of(text) is None else None
        )
        if typed and not heading:
            text, segments = _without(typed.end(), text, segments)
        indent = layout.indent
        if indent is None and listed:
            indent = self._lists.indent(layout.list_id, level)
        taken = tuple(Link(text=text, url=url) for text, url in links if text)[: self._links_left]
        self._links_left -= len(taken)
        return Line(
            text=text,
            segments=segments,
            paragraph=self.count,
            region=region,
            size=max(segment.size for segment in segments),
            bold=all(segment.bold for segment in segments),
            italic=all(segment.italic for segment in segments),
            bullet=bool(listed or (typed and not heading)),
            indent=indent or 0.0,
            style=style.name,
            level=(layout.outline or 0) + 1 if heading else level + 1 if listed else 0,
            links=taken,
            ruled=bool(layout.ruled),
        )


class _Reading:
    """One walk through a paragraph: pieces of its lines, links and text boxes."""

    def __init__(self, styles: Styles, addresses: dict[str, str], look: Look) -> None:
        self._styles = styles
        self._addresses = addresses
        self._base = look
        self.rows: list[list[_Piece]] = [[]]
        self.links: list[list[tuple[str, str]]] = [[]]
        self.boxes: list[Element] = []
        self._gap = False
        self._url: str | None = None
        self._linked: list[str] = []
        self._instruction: list[str] | None = None

    def read(self, paragraph: Element) -> None:
        # A walk of its own and not a recursion, since a stranger decides how deep a document is.
        stack: list[tuple[Iterator[Element], Look, bool]] = [(iter(paragraph), self._base, False)]
        while stack:
            parts, look, ends_link = stack[-1]
            element = next(parts, None)
            if element is None:
                stack.pop()
                if ends_link:
                    self._end_link()
                continue
            name = local(element)
            if name == "r":
                stack.append((iter(element), self._run_look(element, look), False))
            elif name in ("t", "tab", "br", "cr", "ptab", "noBreakHyphen", "sym", "fldChar"):
                self._mark(name, element, look)
            elif name == "instrText" and self._instruction is not None:
                self._instruction.append(element.text or "")
            elif name in ("hyperlink", "fldSimple"):
                self._start_link(_address(element, self._addresses))
                stack.append((iter(element), look, True))
            elif name == "AlternateContent":
                stack.append((iter(_choice(element)), look, False))
            elif name == "txbxContent":
                self.boxes.append(element)
            elif name == "sdt" and _is_placeholder(element):
                continue
            elif name not in _LEFT_OUT:
                stack.append((iter(element), look, False))
        self._end_link()

    def _run_look(self, run: Element, look: Look) -> Look:
        properties = child(run, "rPr")
        if properties is None:
            return look
        own = look_of(properties)
        if (named := child(properties, "rStyle")) is not None:
            own = own.over(self._styles.character(attribute(named, "val")))
        return own.over(look)

    def _mark(self, name: str, element: Element, look: Look) -> None:
        if name == "fldChar":
            self._field(attribute(element, "fldCharType"))
        elif look.hidden:
            return
        elif name == "t":
            self._put(element.text or "", look)
        elif name in ("tab", "ptab"):
            self._gap = True
        elif name in ("br", "cr"):
            self.rows.append([])
            self.links.append([])
            self._gap = False
        elif name == "noBreakHyphen":
            self._put("-", look)
        elif name == "sym":
            code = (attribute(element, "char") or "").lower().removeprefix("f0")
            self._put(_SYMBOLS.get(code, " "), look)

    def _put(self, text: str, look: Look) -> None:
        text = text.replace("\u00a0", " ").replace("\u00ad", "").replace("\n", " ")
        row = self.rows[-1]
        for index, part in enumerate(_WIDE.split(text.replace("\t", "   "))):
            self._gap = self._gap or index > 0
            if not part:
                continue
            if row and not self._gap and row[-1].look == look:
                row[-1].text += part
            elif part.strip() or not self._gap:
                row.append(_Piece(part, look, self._gap and bool(row)))
                self._gap = False
        if self._url is not None:
            self._linked.append(text)

    def _field(self, kind: str | None) -> None:
        """A field's instruction stands between its begin and its separator, its text after."""
        if kind == "begin":
            self._instruction = []
        elif kind == "separate" and self._instruction is not None:
            found = _HYPERLINK.search("".join(self._instruction))
            if found:
                self._start_link(found[1])
            self._instruction = None
        elif kind == "end":
            self._instruction = None
            self._end_link()

    def _start_link(self, url: str | None) -> None:
        self._end_link()
        self._url, self._linked = url, []

    def _end_link(self) -> None:
        if self._url is not None and _is_safe(self._url):
            self.links[-1].append(("".join(self._linked).strip(), self._url))
        self._url, self._linked = None, []


def _address(element: Element, addresses: dict[str, str]) -> str | None:
    instruction = attribute(element, "instr")
    if instruction is not None:
        found = _HYPERLINK.search(instruction)
        return found[1] if found else None
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == "id":
            return addresses.get(value)
    return None


def _is_safe(url: str) -> bool:
    return len(url) <= _LONGEST_URL and url.lower().startswith(("http://", "https://", "mailto:"))


def _choice(alternatives: Element) -> tuple[Element, ...]:
    """The first of the alternatives, which say the same in newer and in older words."""
    chosen = next((part for part in alternatives if local(part) == "Choice"), None)
    if chosen is None:
        chosen = next((part for part in alternatives if local(part) == "Fallback"), None)
    return tuple(chosen) if chosen is not None else ()


def _is_placeholder(control: Element) -> bool:
    """Whether a content control shows nothing but its own prompt."""
    properties = child(control, "sdtPr")
    return properties is not None and child(properties, "showingPlcHdr") is not None


def _segments(row: list[_Piece]) -> tuple[str, tuple[Segment, ...]]:
    """A line's text and its segments, which meet at spaces: a look that changes inside a word, or
    before a comma, changes after it."""
    pieces: list[_Piece] = []
    for piece in row:
        touches = pieces and not piece.gap and not pieces[-1].text[-1:].isspace()
        if touches and not piece.text[:1].isspace():
            head, space, tail = piece.text.partition(" ")
            pieces[-1].text += head
            if not space:
                continue
            piece = _Piece(tail, piece.look)
        if piece.text.strip():
            pieces.append(piece)
    segments = tuple(
        Segment(
            text=" ".join(piece.text.split(" ")).strip(),
            size=piece.look.size or 10.0,
            bold=bool(piece.look.bold),
            italic=bool(piece.look.italic),
            color=piece.look.color,
            gap=piece.gap and index > 0,
        )
        for index, piece in enumerate(pieces)
    )
    return _text_of(segments), segments


def _text_of(segments: tuple[Segment, ...]) -> str:
    parts = [("  " if segment.gap else " ") + segment.text for segment in segments]
    return "".join(parts).strip()


def _at_wide_spaces(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """In a dated line an ideographic space parts what tabs part elsewhere."""
    parted: list[Segment] = []
    for segment in segments:
        for index, text in enumerate(filter(None, segment.text.split("\u3000"))):
            gap = segment.gap if index == 0 else True
            parted.append(msgspec.structs.replace(segment, text=text, gap=gap))
    return tuple(parted)


def _without(
    length: int, text: str, segments: tuple[Segment, ...]
) -> tuple[str, tuple[Segment, ...]]:
    """Without a bullet that was typed, which may be a segment of its own."""
    left = text[length:].lstrip()
    kept = list(segments)
    while kept and not left.startswith(kept[0].text):
        bare = _TYPED_NUMBER.sub("", _TYPED_BULLET.sub("", kept[0].text)).strip()
        if bare and bare != kept[0].text and left.startswith(bare):
            kept[0] = msgspec.structs.replace(kept[0], text=bare)
            break
        kept.pop(0)
    if not kept:
        return text, segments
    kept[0] = msgspec.structs.replace(kept[0], gap=False)
    return _text_of(tuple(kept)), tuple(kept)
