"""Checks of our own on a PDF, and its fonts. They are no conformance test: judges that are not ours
hold all templates to PDF/UA-1 and PDF/A-3a before a release; these tell that one file is like them.
"""

from __future__ import annotations

import re
from typing import Any

import pypdf

_PACKET = re.compile(rb"<\?xpacket begin.*<\?xpacket end", re.DOTALL)
_PART_A = re.compile(rb'pdfaid:part="3"\s+pdfaid:conformance="A"')
_SUBSET = re.compile(r"/?[A-Z]{6}\+")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def fonts(reader: pypdf.PdfReader) -> list[dict[str, Any]]:
    """The fonts of all pages: their names, and whether they are embedded and cut to their use."""
    found: dict[str, dict[str, Any]] = {}
    for page in reader.pages:
        resources: Any = page.get("/Resources", {})
        for reference in resources.get("/Font", {}).values():
            font = reference.get_object()
            name = str(font["/BaseFont"])
            found[name] = {
                "name": _SUBSET.sub("", name).lstrip("/"),
                "embedded": _is_embedded(font),
                "subset": _SUBSET.match(name) is not None,
            }
    return [found[name] for name in sorted(found)]


def _is_embedded(font: Any) -> bool:
    faces = [each.get_object() for each in font.get("/DescendantFonts", [font])]
    described = [face.get("/FontDescriptor", {}).get_object() for face in faces]
    return all(any(key in each for key in _FILES) for each in described)


def checks(reader: pypdf.PdfReader, pdf: bytes) -> list[dict[str, Any]]:
    """Each check with the standard that asks for it and whether the file passes."""
    root: Any = reader.root_object
    found = _PACKET.search(pdf)
    packet = found[0] if found else b""
    told = {
        ("pdfua", "tagged"): bool(root.get("/MarkInfo", {}).get("/Marked")),
        ("pdfua", "structure"): "/StructTreeRoot" in root,
        ("pdfua", "language"): bool(root.get("/Lang")),
        ("pdfua", "title_shown"): bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        ("pdfua", "title"): b"<dc:title>" in packet
        or bool(reader.metadata and reader.metadata.title),
        ("pdfua", "identified"): b"<pdfuaid:part>1<" in packet,
        ("pdfa", "identified"): _PART_A.search(packet) is not None,
        ("pdfa", "colour_profile"): bool(root.get("/OutputIntents")),
        ("pdfa", "fonts_embedded"): all(font["embedded"] for font in fonts(reader)),
        ("pdfa", "not_encrypted"): not reader.is_encrypted,
        ("pdfa", "no_script"): "/JavaScript" not in root.get("/Names", {}),
        ("pdfa", "sources_named"): all(
            "/AFRelationship" in file.get_object() for file in root.get("/AF", [])
        ),
    }
    return [
        {"standard": standard, "name": name, "passed": bool(passed)}
        for (standard, name), passed in told.items()
    ]
