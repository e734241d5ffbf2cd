"""The text of a PDF as it comes, page by page, without any of its looks."""

from __future__ import annotations

import pypdfium2


def page_texts(data: bytes, password: str | None = None) -> list[str]:
    """The text of each page. Raises pypdfium2.PdfiumError for what can't be opened."""
    pdf = pypdfium2.PdfDocument(data, password=password)
    try:
        texts = []
        for page in pdf:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
        return texts
    finally:
        pdf.close()
