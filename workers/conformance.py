"""What makes the PDF of a résumé conform to PDF/A-3a and to PDF/UA-1 at once.

WeasyPrint writes one variant. PDF/A-3a asks for nothing that PDF/UA-1 forbids, so the file is
written as PDF/A-3a and says in its metadata that it is PDF/UA-1 too. PDF/A wants every property of
its metadata described that it does not know itself, and so that of PDF/UA is.
"""

from __future__ import annotations

from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import weasyprint.pdf
import weasyprint.pdf.fonts
from fontTools.ttLib import TTFont
from weasyprint.css import ColorProfile
from weasyprint.pdf.metadata import DocumentMetadata

VARIANT = "pdf/a-3a"

_PDFUA = b"""\
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
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def install() -> None:
    """Have WeasyPrint read the profile of its colours once, and date nothing by the clock.

    A variable face is made static, and saved, in each file that uses it.
    """
    weasyprint.pdf.ColorProfile = _profile
    weasyprint.pdf.fonts.TTFont = partial(TTFont, recalcTimestamp=False)


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

    The packet is not compressed: it is for tools that know XMP and nothing of PDF.
    """

    def include_in_pdf(
        self, pdf: object, variant: str, version: int, conformance: str, compress: bool
    ) -> None:
        super().include_in_pdf(pdf, variant, version, conformance, False)

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        rdf: bytes = super().generate_rdf_metadata(variant, version, conformance)
        return rdf.replace(_END, _PDFUA + _END)
