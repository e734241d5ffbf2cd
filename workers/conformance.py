"""What makes the PDF of a résumé conform to PDF/A-3a and to PDF/UA-1 at once.

WeasyPrint writes one variant. PDF/A-3a asks for nothing that PDF/UA-1 forbids, so the file is
written as PDF/A-3a and says in its metadata that it is PDF/UA-1 too. PDF/A wants every property of
its metadata described that it does not know itself, and so that of PDF/UA is, and so are the
digests of the enclosed data and of the visible text (`app/cv/enclosed.py`). The latter is known
only when all is written: until then zeros stand in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pydyf
import weasyprint.pdf
import weasyprint.pdf.fonts
from fontTools.ttLib import TTFont
from weasyprint.css import ColorProfile
from weasyprint.formatting_structure.boxes import PageBox
from weasyprint.pdf import tags
from weasyprint.pdf.metadata import DocumentMetadata

from app.cv import enclosed
from workers.faster.files import Finished

VARIANT = "pdf/a-3a"
_POINTS = 72 / 96  # of a pixel
_their_tree = tags._build_box_tree
_their_fonts = weasyprint.pdf.build_fonts_dictionary

_IDENTIFIED = """\
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Digests of a Vitae resume</pdfaSchema:schema>
<pdfaSchema:namespaceURI>%(namespace)s</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>%(prefix)s</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>%(text)s</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>SHA-256 of the visible text</pdfaProperty:description>
</rdf:li><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>%(data)s</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>SHA-256 of the enclosed data</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:%(prefix)s="%(namespace)s">
<%(prefix)s:%(text)s>%(zeros)s</%(prefix)s:%(text)s>
<%(prefix)s:%(data)s>%(digest)s</%(prefix)s:%(data)s>
</rdf:Description>
"""
_ZEROS = "0" * 64
_PLACE = f"<{enclosed.PREFIX}:{enclosed.TEXT_DIGEST}>".encode()
_END = b"</rdf:RDF>"


def install() -> None:
    """Have WeasyPrint read the profile of its colours once, date nothing by the clock, say of parts
    of a document which language they are in, leave out those in which nothing is, and list letters
    in the order of their glyphs.

    A variable face is made static, and saved, in each file that uses it.
    """
    weasyprint.pdf.ColorProfile = _profile
    weasyprint.pdf.fonts.TTFont = partial(TTFont, recalcTimestamp=False)
    tags._build_box_tree = _structure
    weasyprint.pdf.build_fonts_dictionary = _in_order


def _in_order(pdf: Any, fonts: dict[Any, Any], *more: Any) -> Any:
    """The fonts of a file; in what order their letters were drawn does not show."""
    for font in fonts.values():
        font.to_unicode = dict(sorted(font.to_unicode.items()))
    return _their_fonts(pdf, fonts, *more)


def _structure(box: Any, parent: Any, pdf: Any, page: int, *more: Any) -> Iterator[Any]:
    """The structure of a box and all in it, as the function that this stands for makes it.

    A part is empty that only holds a place, or the blank at which a line was broken.
    """
    if isinstance(box, PageBox):
        first = len(pdf.objects)
        yield from _their_tree(box, parent, pdf, page, *more)
        pdf.objects[first:] = map(Finished, pdf.objects[first:])
        return
    element = getattr(box, "element", None)
    language = None if element is None or element.tag == "html" else element.get("lang")
    for part in _their_tree(box, parent, pdf, page, *more):
        if not part["K"] and pdf.objects[-1] is part:
            pdf.objects.pop()
            continue
        if language:
            part["Lang"] = pydyf.String(language)
        if part["S"] == "/Figure":
            height = pdf.objects[pdf.pages["Kids"][3 * page]]["MediaBox"][3]
            part["A"]["BBox"] = _on_page(part["A"]["BBox"], height)
        yield part


def _on_page(area: Sequence[float], height: float) -> pydyf.Array:
    """An area in pixels from the top of a page as points from its foot, where PDF begins."""
    left, top, right, bottom = (length * _POINTS for length in area)
    return pydyf.Array((left, height - bottom, right, height - top))


def _profile(file: IO[bytes], *_: Any) -> ColorProfile:
    file.close()
    return _srgb(file.name)


@cache
def _srgb(path: str) -> ColorProfile:
    return _Srgb(Path(path).read_bytes())


class _Srgb(ColorProfile):  # type: ignore[misc]
    """A profile as it stands in its file: what is read and written anew has today's date."""

    def __init__(self, content: bytes) -> None:
        super().__init__(BytesIO(content), "sRGB", "relative-colorimetric", (["r"], ["g"], ["b"]))
        self._content = content

    @property
    def content(self) -> bytes:
        return self._content


class Metadata(DocumentMetadata):  # type: ignore[misc]
    """Metadata of a document that also names PDF/UA-1.

    The packet is not compressed: it is for tools that know XMP and nothing of PDF, and so that the
    digest of the text can be set in it. `data_digest` is that of what the document encloses.
    """

    data_digest = _ZEROS

    def _own(self) -> bytes:
        return (
            _IDENTIFIED
            % {
                "namespace": enclosed.NAMESPACE,
                "prefix": enclosed.PREFIX,
                "text": enclosed.TEXT_DIGEST,
                "data": enclosed.DATA_DIGEST,
                "zeros": _ZEROS,
                "digest": self.data_digest,
            }
        ).encode()

    def include_in_pdf(
        self, pdf: object, variant: str, version: int, conformance: str, compress: bool
    ) -> None:
        super().include_in_pdf(pdf, variant, version, conformance, False)

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        rdf: bytes = super().generate_rdf_metadata(variant, version, conformance)
        return rdf.replace(_END, self._own() + _END)


def with_text_digest(pdf: bytes, digest: str) -> bytes:
    """The document with the digest of its text in the place that was left for it."""
    return pdf.replace(_PLACE + _ZEROS.encode(), _PLACE + digest.encode(), 1)
