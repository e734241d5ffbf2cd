"""PDFs of ours with one thing spoilt in each, so that who judges PDFs can show that it sees it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdf
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

UA, A = "pdfua", "pdfa"
_Spoil = Callable[[pypdf.PdfWriter], None]


class Spoilt(NamedTuple):
    """A PDF that breaks `standards`, and what was done to it."""

    name: str
    standards: frozenset[str]
    pdf: bytes


def spoilt(pdf: bytes) -> Iterator[Spoilt]:
    """`pdf`, which must have a portrait, links and lists, spoilt in one way after the other."""
    return (spoilt_by(name, pdf) for name in WAYS)


def spoilt_by(name: str, pdf: bytes) -> Spoilt:
    """The same in one of the `WAYS`."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    WAYS[name](writer)
    return Spoilt(name, frozenset(_SPOILT[WAYS[name]]), _written(writer))


def unspoilt(pdf: bytes) -> bytes:
    """`pdf` as it is, written anew by what writes the spoilt ones."""
    return _written(pypdf.PdfWriter(clone_from=io.BytesIO(pdf)))


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _not_marked(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/MarkInfo"]


def _without_structure(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/StructTreeRoot"]


def _without_language(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/Lang"]


def _file_name_shown(writer: pypdf.PdfWriter) -> None:
    shown = _at(writer.root_object["/ViewerPreferences"])
    shown[NameObject("/DisplayDocTitle")] = BooleanObject(False)


def _without_title(writer: pypdf.PdfWriter) -> None:
    _metadata(writer, b"<dc:title>", b"<dc:rights>", b"</dc:title>", b"</dc:rights>")


def _not_said_to_be_ua(writer: pypdf.PdfWriter) -> None:
    _metadata(writer, b"<pdfuaid:part>1<", b"<pdfuaid:part>7<")


def _not_said_to_be_a(writer: pypdf.PdfWriter) -> None:
    _metadata(writer, b'pdfaid:part="3"', b'pdfaid:part="9"')


def _without_metadata(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/Metadata"]


def _portrait_not_described(writer: pypdf.PdfWriter) -> None:
    del _element(writer, "/Figure")["/Alt"]


def _link_not_described(writer: pypdf.PdfWriter) -> None:
    del _link(writer)["/Contents"]


def _link_out_of_structure(writer: pypdf.PdfWriter) -> None:
    del _link(writer)["/StructParent"]


def _link_not_printed(writer: pypdf.PdfWriter) -> None:
    _link(writer)[NameObject("/F")] = NumberObject(0)


def _link_that_starts_a_program(writer: pypdf.PdfWriter) -> None:
    _link(writer)[NameObject("/A")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/Launch"),
            NameObject("/F"): TextStringObject("program"),
        }
    )


def _content_out_of_structure(writer: pypdf.PdfWriter) -> None:
    page = writer.pages[0]
    stream = DecodedStreamObject()
    stream.set_data(b"0 0 9 9 re f ")
    added = writer._add_object(stream)
    content = page.raw_get("/Contents")
    listed = content if isinstance(content, ArrayObject) else ArrayObject([content])
    page[NameObject("/Contents")] = ArrayObject([*listed, added])


def _tabs_in_no_order(writer: pypdf.PdfWriter) -> None:
    del writer.pages[0]["/Tabs"]


def _heading_left_out(writer: pypdf.PdfWriter) -> None:
    _element(writer, "/H2")[NameObject("/S")] = NameObject("/H4")


def _list_without_items(writer: pypdf.PdfWriter) -> None:
    _element(writer, "/LI")[NameObject("/S")] = NameObject("/P")


def _element_of_no_kind(writer: pypdf.PdfWriter) -> None:
    _element(writer, "/P")[NameObject("/S")] = NameObject("/Paragraph")


def _colours_of_no_profile(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/OutputIntents"]


def _font_not_embedded(writer: pypdf.PdfWriter) -> None:
    described = _descriptor(writer)
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        described.pop(NameObject(key), None)


def _letters_of_no_meaning(writer: pypdf.PdfWriter) -> None:
    del _font(writer)["/ToUnicode"]


def _letters_of_wrong_widths(writer: pypdf.PdfWriter) -> None:
    _face(writer)[NameObject("/W")] = ArrayObject()


def _portrait_smoothed(writer: pypdf.PdfWriter) -> None:
    for image in _at(_at(writer.pages[0]["/Resources"])["/XObject"]).values():
        _at(image)[NameObject("/Interpolate")] = BooleanObject(True)


def _source_not_named(writer: pypdf.PdfWriter) -> None:
    del _at(_at(writer.root_object["/AF"])[0])["/AFRelationship"]


def _source_of_no_page(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/AF"]


def _script_at_opening(writer: pypdf.PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('Hello');"),
        }
    )


def _encrypted(writer: pypdf.PdfWriter) -> None:
    writer.encrypt("", owner_password="owner", algorithm="AES-128")


# What is done, and which standards ask for it to be undone.
_SPOILT: dict[_Spoil, tuple[str, ...]] = {
    _not_marked: (UA, A),
    _without_structure: (UA, A),
    _without_language: (UA,),
    _file_name_shown: (UA,),
    _without_title: (UA,),
    _not_said_to_be_ua: (UA,),
    _not_said_to_be_a: (A,),
    _without_metadata: (UA, A),
    _portrait_not_described: (UA,),
    _link_not_described: (UA,),
    _link_out_of_structure: (UA,),
    _link_not_printed: (A,),
    _link_that_starts_a_program: (A,),
    _content_out_of_structure: (UA,),
    _tabs_in_no_order: (UA,),
    _heading_left_out: (UA,),
    _list_without_items: (UA,),
    _element_of_no_kind: (UA, A),
    _colours_of_no_profile: (A,),
    _font_not_embedded: (UA, A),
    _letters_of_no_meaning: (UA, A),
    _letters_of_wrong_widths: (UA, A),
    _portrait_smoothed: (A,),
    _source_not_named: (A,),
    _source_of_no_page: (A,),
    _script_at_opening: (A,),
    _encrypted: (A,),
}
WAYS = {spoil.__name__.strip("_"): spoil for spoil in _SPOILT}


def _at(reference: Any) -> Any:
    """What stands where `reference` leads: pypdf's types fit no real use of it."""
    return reference.get_object()


def _dictionary(kid: Any) -> Any:
    found = _at(kid)
    return found if isinstance(found, DictionaryObject) else {}


def _metadata(writer: pypdf.PdfWriter, *changes: bytes) -> None:
    stream = _at(writer.root_object["/Metadata"])
    packet = stream.get_data()
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in packet
        packet = packet.replace(old, new)
    stream.set_data(packet)


def _element(writer: pypdf.PdfWriter, kind: str) -> Any:
    """The first element of the structure that is a `kind`."""
    left = [writer.root_object["/StructTreeRoot"]]
    while left:
        element = _dictionary(left.pop(0))
        if element.get("/S") == kind:
            return element
        kids = _at(element.get("/K", ArrayObject()))
        left[:0] = kids if isinstance(kids, ArrayObject) else [kids]
    raise LookupError(kind)


def _link(writer: pypdf.PdfWriter) -> Any:
    return _at(_at(writer.pages[0]["/Annots"])[0])


def _font(writer: pypdf.PdfWriter) -> Any:
    fonts = _at(_at(writer.pages[0]["/Resources"])["/Font"])
    return _at(fonts[min(fonts)])


def _face(writer: pypdf.PdfWriter) -> Any:
    return _at(_font(writer)["/DescendantFonts"][0])


def _descriptor(writer: pypdf.PdfWriter) -> Any:
    return _at(_face(writer)["/FontDescriptor"])
