"""The structure of a PDF as pypdf gives it, and what the pages show outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdf
import pypdfium2
from pypdf.generic import DictionaryObject
from pypdfium2 import raw

_KINDS = {
    *("/Document", "/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/Caption", "/NonStruct"),
    *("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/L", "/LI", "/Lbl", "/LBody"),
    *("/Span", "/Link", "/Figure", "/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TH", "/TD"),
}
_HEADING = re.compile(r"/H([1-6])")
_WITHIN = {"/LI": "/L", "/LBody": "/LI", "/Lbl": "/LI"}
_LISTED = {"/L", "/LI", "/Caption"}
_ARTIFACT = "Artifact".encode("utf-16-le")


class Element(NamedTuple):
    """An element of the structure: what it is, what it is part of, and all that is said of it."""

    kind: str
    parent: str
    said: Any


class Structure:
    """What the parts of a document are, in the order in which they are read."""

    def __init__(self, reader: pypdf.PdfReader) -> None:
        root: Any = reader.root_object.get("/StructTreeRoot", DictionaryObject()).get_object()
        self.elements = list(_elements(root))
        self._owners = dict(_owners(root.get("/ParentTree", DictionaryObject())))

    def has_known_kinds(self) -> bool:
        return all(element.kind in _KINDS for element in self.elements)

    def has_headings_in_order(self) -> bool:
        found = (_HEADING.fullmatch(element.kind) for element in self.elements)
        levels = [0, *(int(heading[1]) for heading in found if heading)]
        return all(below - above <= 1 for above, below in pairwise(levels))

    def has_whole_lists(self) -> bool:
        return all(
            _WITHIN.get(element.kind, element.parent) == element.parent
            and (element.parent != "/L" or element.kind in _LISTED)
            for element in self.elements
        )

    def has_described_figures(self) -> bool:
        figures = [element.said for element in self.elements if element.kind == "/Figure"]
        return all(said.get("/Alt") or said.get("/ActualText") for said in figures)

    def has_link(self, annotation: Any) -> bool:
        """Whether an annotation belongs to an element that is a link."""
        owner = self._owners.get(annotation.get("/StructParent"))
        return owner is not None and owner.get_object().get("/S") == "/Link"

    def has_all_content(self, reader: pypdf.PdfReader, pdf: bytes) -> bool:
        """Whether all that pages show is part of an element, or is marked as mere ornament."""
        document = pypdfium2.PdfDocument(pdf)
        try:
            return all(
                _is_ornament(shown) or self._has(page, shown)
                for page, seen in zip(reader.pages, document, strict=True)
                for shown in seen.get_objects(max_depth=1)
            )
        finally:
            document.close()

    def _has(self, page: Any, shown: Any) -> bool:
        owners = self._owners.get(page.get("/StructParents"))
        owners = owners.get_object() if owners is not None else []
        number: int = raw.FPDFPageObj_GetMarkedContentID(shown)
        return 0 <= number < len(owners)


def _elements(root: Any) -> Iterator[Element]:
    left = [("", root)]
    while left:
        parent, reference = left.pop()
        said = reference.get_object()
        if not isinstance(said, dict) or "/Obj" in said:
            continue
        kind = str(said.get("/S", ""))
        if kind:
            yield Element(kind, parent, said)
        kids = said.get("/K", [])
        left += [(kind, kid) for kid in reversed(kids if isinstance(kids, list) else [kids])]


def _owners(tree: Any) -> Iterator[tuple[int, Any]]:
    """What a tree of numbers has of each."""
    tree = tree.get_object()
    for kid in tree.get("/Kids", []):
        yield from _owners(kid)
    numbers = tree.get("/Nums", [])
    yield from zip(numbers[::2], numbers[1::2], strict=True)


def _is_ornament(shown: Any) -> bool:
    marks = (raw.FPDFPageObj_GetMark(shown, at) for at in range(raw.FPDFPageObj_CountMarks(shown)))
    return any(_name(mark).startswith(_ARTIFACT) for mark in marks)


def _name(mark: Any) -> bytes:
    length = raw.c_ulong()
    name = (raw.FPDF_WCHAR * 32)()
    raw.FPDFPageObjMark_GetName(mark, name, 64, length)
    return bytes(name)
