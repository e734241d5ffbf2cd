"""A DOCX as a document of lines: body, tables, text boxes, headers, in the order they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from app.importing.document import Document, Line
from app.importing.docx_lines import Writer
from app.importing.docx_parts import Element, Parts, local
from app.importing.docx_styles import Lists, Styles, attribute, child
from app.importing.docx_tables import Cell, in_cells, is_layout, row_lines
from app.importing.headings import section_of
from app.importing.preview import Unreadable

_DEEPEST = 12  # tables in tables
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "subDoc", "body"}
)


def read_docx(data: bytes) -> Document:
    """All lines of a DOCX.

    Raises Unreadable: `encrypted`, `unknown_format`, `damaged`, `too_large`, `too_deep`, `no_text`.
    """
    parts = Parts(data)
    styles = Styles(_first(parts, "styles"))
    lists = Lists(_first(parts, "numbering"))
    reading = _Reading(Writer(styles, lists, parts.links(parts.main_name)))
    heads, running = _heads_and_feet(parts)
    for name in heads:
        reading.part(parts, name)
    body = child(parts.main, "body")
    if body is not None:
        reading.links_of(parts.links(parts.main_name))
        reading.body(body)
    lines = tuple(reading.lines)
    if not lines:
        raise Unreadable("no_text", "The document has no text; pictures of text can't be read.")
    feet = _Reading(Writer(styles, lists, {}), region=reading.region + 1)
    for name in running:
        feet.part(parts, name)
    return Document(lines=lines, title=_title(parts), running=tuple(feet.lines))


class _Reading:
    """Lines gathered from parts of a document; each box, column and part is a region of its own."""

    def __init__(self, writer: Writer, region: int = 0) -> None:
        self._writer = writer
        self.region = region
        self.rows = 0
        self.lines: list[Line] = []

    def links_of(self, addresses: dict[str, str]) -> None:
        self._writer.links = addresses

    def part(self, parts: Parts, name: str) -> None:
        """A header or a footer."""
        root = parts.tree(name)
        if root is None:
            return
        self.links_of(parts.links(name))
        lines, boxes = self._flow(root, self.region, 0)
        self.lines.extend(lines)
        self.lines.extend(line for box in boxes for line in box)
        if lines or boxes:
            self.region += 1

    def body(self, body: Element) -> None:
        """The body, and boxes where they are read.

        A box without a heading of its own is read where it hangs, as a name at the top is. One
        with headings is a sidebar, and would cut the section that flows round it in two.
        """
        lines, boxes = self._flow(body, self.region, 0)
        beside = [box for box in boxes if any(map(_heads, box))]
        inside = [box for box in boxes if not any(map(_heads, box))]
        pending = sorted(inside, key=lambda box: box[0].paragraph or 0)
        for line in lines:
            while pending and (pending[0][0].paragraph or 0) < (line.paragraph or 0):
                self.lines.extend(pending.pop(0))
            self.lines.append(line)
        for box in [*pending, *beside]:
            self.lines.extend(box)

    def _flow(
        self, container: Element, region: int, depth: int
    ) -> tuple[list[Line], list[list[Line]]]:
        """The lines of a body, a cell or a box, and the boxes that hang on its paragraphs."""
        if depth > _DEEPEST:
            raise Unreadable("too_deep", "The document's tables are nested too deeply to be read.")
        self._writer.start_region()
        lines: list[Line] = []
        boxes: list[list[Line]] = []
        for element in _blocks(container):
            if local(element) == "tbl":
                lines.extend(self._table(element, region, depth, boxes))
                continue
            paragraph = self._writer.paragraph(element, region)
            lines.extend(paragraph.lines)
            for content in paragraph.boxes:
                self.region += 1
                inner, nested = self._flow(content, self.region, depth + 1)
                if inner:
                    boxes.append(inner)
                boxes.extend(nested)
        return lines, boxes

    def _table(
        self, table: Element, region: int, depth: int, boxes: list[list[Line]]
    ) -> Iterable[Line]:
        lines: list[Line] = []
        for row in _inside(table, "tr"):
            cells: list[Cell] = []
            for cell in _inside(row, "tc"):
                if _continues_above(cell):
                    continue
                inner, nested = self._flow(cell, region, depth + 1)
                boxes.extend(nested)
                cells.append(inner)
            if is_layout(cells):
                for inner in cells:
                    self.region += 1
                    lines.extend(
                        msgspec.structs.replace(line, region=self.region)
                        if line.region == region
                        else line
                        for line in inner
                    )
            else:
                self.rows += 1
                lines.extend(row_lines(in_cells(cells, self.rows)))
        return lines


def _blocks(container: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, out of whatever is wrapped round them."""
    stack = [iter(container)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            continue
        name = local(element)
        if name in ("p", "tbl"):
            yield element
        elif name in _WRAPPERS:
            stack.append(iter(element))


def _inside(container: Element, wanted: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, out of content controls and marks of revision."""
    stack = [iter(container)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            continue
        name = local(element)
        if name == wanted:
            yield element
        elif name in _WRAPPERS:
            stack.append(iter(element))


def _continues_above(cell: Element) -> bool:
    """Whether a cell is merged into the one above it."""
    properties = child(cell, "tcPr")
    merged = child(properties, "vMerge") if properties is not None else None
    return merged is not None and attribute(merged, "val") in (None, "continue")


def _heads(line: Line) -> bool:
    found = section_of(line.text)
    return found is not None and found.exact and found.section != "contact"


def _first(parts: Parts, kind: str) -> Element | None:
    for name in parts.related(kind):
        return parts.tree(name)
    return None


def _heads_and_feet(parts: Parts) -> tuple[list[str], list[str]]:
    """Names of the parts with the first page's header, and of all other headers and footers."""
    names = parts.by_id()
    heads: dict[str, str] = {}
    others: list[str] = []
    titled = False
    for section in parts.main.iter():
        if local(section) != "sectPr":
            continue
        for part in section:
            name = local(part)
            if name == "titlePg":
                titled = titled or attribute(part, "val") not in ("0", "false")
            elif name in ("headerReference", "footerReference"):
                kind = attribute(part, "type") or "default"
                target = next(
                    (names.get(v) for k, v in part.attrib.items() if k.endswith("}id")), None
                )
                if target is None:
                    continue
                if name == "headerReference" and kind not in heads:
                    heads[kind] = target
                else:
                    others.append(target)
    first = heads.get("first" if titled and "first" in heads else "default")
    rest = [name for name in dict.fromkeys([*heads.values(), *others]) if name != first]
    return [first] if first else [], rest


def _title(parts: Parts) -> str | None:
    root = parts.tree("docProps/core.xml")
    for element in root if root is not None else ():
        if local(element) == "title" and (element.text or "").strip():
            return str(element.text).strip()[:300]
    return None
