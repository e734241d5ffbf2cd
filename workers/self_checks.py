"""Checks of our own on a PDF. They are no conformance test: judges that are not ours hold all
templates to PDF/UA-1 and PDF/A-3a before a release, and these to them; these tell of one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pypdf

from workers.embedded_fonts import has_named_letters, has_true_widths, is_embedded, used
from workers.tagging import Structure

_UA, _A = "pdfua", "pdfa"
_PART_A = re.compile(rb'pdfaid:part="3"\s+pdfaid:conformance="A"')
_LEADS = {"/URI", "/GoTo"}  # what following a link may do
_HIDDEN, _PRINTED = 1 | 2 | 32 | 256, 4  # flags of an annotation


def checks(reader: pypdf.PdfReader, pdf: bytes) -> list[dict[str, Any]]:
    """Each check with the standard that asks for it and whether the file passes."""
    structure = Structure(reader)
    told = {
        **_of_tags(structure, reader, pdf),
        **_of_what_is_said(reader),
        **_of_links(structure, reader),
        **_of_what_is_used(reader),
    }
    return [
        {"standard": standard, "name": name, "passed": bool(passed)}
        for standard in (_UA, _A)
        for (standards, name), passed in told.items()
        if standard in standards
    ]


# What is looked at, with the standards that ask for it, and whether it is as it should be.
_Told = dict[tuple[tuple[str, ...], str], bool]


def _of_tags(structure: Structure, reader: pypdf.PdfReader, pdf: bytes) -> _Told:
    return {
        ((_UA, _A), "tagged"): _is_true(reader.root_object.get("/MarkInfo"), "/Marked"),
        ((_UA, _A), "structure"): bool(structure.elements),
        ((_UA, _A), "kinds_known"): structure.has_known_kinds(),
        ((_UA,), "content_tagged"): structure.has_all_content(reader, pdf),
        ((_UA,), "headings_in_order"): structure.has_headings_in_order(),
        ((_UA,), "lists_whole"): structure.has_whole_lists(),
        ((_UA,), "pictures_described"): structure.has_described_figures(),
    }


def _of_what_is_said(reader: pypdf.PdfReader) -> _Told:
    root: Any = reader.root_object
    packet = root["/Metadata"].get_object().get_data() if "/Metadata" in root else b""
    enclosed = [file.get_object() for file in root.get("/AF", [])]
    return {
        ((_UA,), "language"): bool(root.get("/Lang")),
        ((_UA,), "title_shown"): _is_true(root.get("/ViewerPreferences"), "/DisplayDocTitle"),
        ((_UA,), "title"): b"<dc:title>" in packet,
        ((_UA,), "identified"): b"<pdfuaid:part>1<" in packet,
        ((_A,), "identified"): _PART_A.search(packet) is not None,
        ((_A,), "colour_profile"): bool(root.get("/OutputIntents")),
        ((_A,), "not_encrypted"): not reader.is_encrypted,
        ((_A,), "no_script"): "/JavaScript" not in root.get("/Names", {}),
        ((_A,), "nothing_at_opening"): "/OpenAction" not in root and "/AA" not in root,
        ((_A,), "sources_named"): all("/AFRelationship" in file for file in enclosed),
        ((_A,), "sources_listed"): {file["/UF"] for file in enclosed} == set(reader.attachments),
    }


def _of_links(structure: Structure, reader: pypdf.PdfReader) -> _Told:
    pages: list[Any] = list(reader.pages)
    links = [each.get_object() for page in pages for each in page.get("/Annots", [])]
    flags = [int(link.get("/F", 0)) for link in links]
    actions = [link["/A"].get("/S") for link in links if "/A" in link]
    ordered = all(page.get("/Tabs") == "/S" for page in pages if "/Annots" in page)
    return {
        ((_UA,), "links_described"): all(link.get("/Contents") for link in links),
        ((_UA,), "links_tagged"): all(map(structure.has_link, links)),
        ((_UA,), "links_in_order"): ordered,
        ((_A,), "links_printed"): all(each & _PRINTED and not each & _HIDDEN for each in flags),
        ((_A,), "links_only_lead"): all(action in _LEADS for action in actions),
    }


def _of_what_is_used(reader: pypdf.PdfReader) -> _Told:
    fonts = used(reader)
    return {
        ((_UA, _A), "fonts_embedded"): all(map(is_embedded, fonts)),
        ((_UA, _A), "letters_named"): all(map(has_named_letters, fonts)),
        ((_UA, _A), "letters_measured"): all(map(has_true_widths, fonts)),
        ((_A,), "pictures_plain"): not any(
            _is_true(image, "/Interpolate") for image in _images(reader)
        ),
    }


def _images(reader: pypdf.PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        resources: Any = page.get("/Resources", {})
        yield from (each.get_object() for each in resources.get("/XObject", {}).values())


def _is_true(said: Any, name: str) -> bool:
    """Whether it is: an object of pypdf that stands for false is not false itself."""
    return said is not None and said.get_object().get(name) == True  # noqa: E712
