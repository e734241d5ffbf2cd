"""What a reader or a machine finds in a rendered PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pypdf
import pypdfium2

from workers.render import Rendered


def words(text: str) -> str:
    """`text` without what setting it may change: blanks, line breaks, capitals, bullet marks, and
    the sign that parts letters in Persian words."""
    hyphens = text.replace("\ufffe", "-")  # how PDFium gives one at the end of a line
    folded = unicodedata.normalize("NFKC", hyphens).casefold()
    return re.sub(r"[\s\u2022\u200c]+", "", folded)


def by_pdfium(rendered: Rendered) -> list[str]:
    document = pypdfium2.PdfDocument(rendered.pdf)
    return [page.get_textpage().get_text_range().replace("\r", "") for page in document]


def by_pypdf(rendered: Rendered) -> list[str]:
    return [page.extract_text() for page in reader(rendered).pages]


def reader(rendered: Rendered) -> Any:
    """pypdf's view, whose types fit no real use of it."""
    return pypdf.PdfReader(io.BytesIO(rendered.pdf))


def font_names(rendered: Rendered) -> set[str]:
    """Names of the embedded faces without their subset tags, such as `Lato Bold`."""
    faces = {
        str(font.get_object()["/BaseFont"])
        for page in reader(rendered).pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    return {face.split("+")[1].replace("-", " ").rstrip(",") for face in faces}


def links(rendered: Rendered) -> list[str]:
    """Addresses that the live areas of all pages lead to."""
    return [
        annotation.get_object()["/A"]["/URI"]
        for page in reader(rendered).pages
        for annotation in page.get("/Annots", [])
    ]


def attachments(rendered: Rendered) -> list[str]:
    """Names of embedded files."""
    return list(reader(rendered).attachments)
