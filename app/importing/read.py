"""A document to a preview: the stages one after another."""

from __future__ import annotations

from app.importing import date_order, pdf
from app.importing.directions import turned_back
from app.importing.document import Document
from app.importing.enclosed import read_enclosed
from app.importing.feet import reach_elsewhere
from app.importing.fields import add_running, read_fields
from app.importing.held import held
from app.importing.leftovers import leftovers
from app.importing.preview import Format, Preview
from app.importing.sections import sections_of


def read_document(document: Document, format: Format) -> Preview:
    """What is found in a document's lines."""
    preview = Preview(format=format, pages=document.pages, warnings=list(document.warnings))
    sections = sections_of(document)
    read_fields(sections, preview)
    date_order.settle(document, preview)
    reach_elsewhere(document, preview)
    preview.unplaced.extend(list(leftovers(document, sections, preview)))
    add_running(document, preview)
    if document.mirrored:
        turned_back(preview, document)
    return preview


def read_pdf(data: bytes, password: str | None = None) -> Preview:
    """What is found in a PDF, by the data that it encloses where its text says the same.

    Raises `Unreadable` as `pdf.read_document` does.
    """
    document = pdf.read_document(data, password)
    found = held(read_document(document, "pdf"), document, read_enclosed(data, password))
    found.page_sizes = list(document.page_sizes)
    return found


def read_text_of_pdf(data: bytes, password: str | None = None) -> Preview:
    """What is found on the pages of a PDF, whatever it encloses; raises `Unreadable` likewise."""
    return read_document(pdf.read_document(data, password), "pdf")
