"""The bytes of a PDF to its lines, or why they can't be read."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from app.importing import directions, preview
from app.importing.document import Document
from app.importing.glyphs import Frame, PageText, Word, read_words
from app.importing.lines import Page, Rule, lines_of
from app.importing.looks import Looks
from app.importing.preview import Box, Unreadable

MOST_PAGES = 50
_MOST_LINKS = 500
_MOST_OBJECTS = 20_000
_MOST_DOTS = 400
_WHITE = 0xF0
_ERROR_PASSWORD = 4
_ERROR_SECURITY = 5
_SCHEMES = re.compile(r"^(?:https?://|mailto:|tel:|www\.)", re.IGNORECASE)

_NO_TEXT = (
    "This PDF has no text layer: its pages are pictures, as from a scanner. Save it as PDF from "
    "the program it was written in, or run text recognition (OCR) over it, and import it again."
)


def read_document(data: bytes, password: str | None = None) -> Document:
    """The lines of a PDF.

    Raises `Unreadable` with encrypted, wrong_password, damaged, too_many_pages or no_text.
    """
    pdf = opened(data, password)
    try:
        return _read(pdf)
    finally:
        pdf.close()


def opened(data: bytes, password: str | None = None) -> Any:
    """The PDF, to be closed; raises `Unreadable` as `read_document` does."""
    try:
        pdf = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        raise _refused(error, password) from None
    pages = len(pdf)
    if pages > MOST_PAGES:
        pdf.close()
        raise Unreadable(
            "too_many_pages", f"This PDF has {pages} pages; at most {MOST_PAGES} are read."
        )
    return pdf


def _refused(error: pypdfium2.PdfiumError, password: str | None) -> Unreadable:
    code = getattr(error, "err_code", None)
    if code == _ERROR_PASSWORD and password is not None:
        return Unreadable("wrong_password", "The password does not open this PDF.")
    if code == _ERROR_PASSWORD:
        return Unreadable("encrypted", "This PDF is encrypted: give its password, or remove it.")
    if code == _ERROR_SECURITY:
        return Unreadable("encrypted", "This PDF is encrypted in a way that can't be opened here.")
    return Unreadable("damaged", "This PDF is damaged or incomplete and can't be opened.")


def _read(pdf: Any) -> Document:
    pages: list[Page] = []
    warnings: list[preview.ImportWarning] = []
    hidden = unreadable = recognised = 0
    language = _language(pdf)
    for number in range(1, len(pdf) + 1):
        try:
            page = pdf[number - 1]
        except pypdfium2.PdfiumError:
            unreadable += 1
            continue
        text, frame = _page_text(page, show_invisible=False)
        if not text.words and text.hidden:
            text, frame = _page_text(page, show_invisible=True)
            recognised += bool(text.words)
        rules, dots, grounds = _drawn(page, frame)
        text.words, unseen = _seen(text.words, grounds)
        hidden += text.hidden + unseen
        pages.append(Page(number, frame.width, frame.height, text.words, text.turned, rules, dots))
        _set_links(pdf, page, frame, text.words)
        _put_in_order(pages[-1], language)
        page.close()
    if not pages:
        raise Unreadable("damaged", "None of the pages of this PDF can be read.")
    if not any(page.words or page.turned for page in pages):
        raise Unreadable("no_text", _NO_TEXT)
    if hidden:
        message = f"{hidden} characters that nobody can see on the page were left out."
        warnings.append(preview.ImportWarning(code="hidden_text", message=message))
    if recognised:
        message = "The text comes from text recognition of a scan and may have mistakes."
        warnings.append(preview.ImportWarning(code="recognised_text", message=message))
    if unreadable:
        message = f"{unreadable} pages could not be read."
        warnings.append(preview.ImportWarning(code="damaged_page", message=message))
    lines, running = lines_of(pages)
    return Document(
        lines=lines,
        pages=len(pdf),
        title=pdf.get_metadata_value("Title") or None,
        running=running,
        mirrored=frozenset(page.number for page in pages if page.mirrored),
        warnings=tuple(warnings),
        page_sizes=tuple(
            preview.PageSize(page=page.number, width=page.width, height=page.height)
            for page in pages
        ),
    )


def _put_in_order(page: Page, language: str) -> None:
    page.mirrored = directions.runs_backwards(language, page.words)
    directions.turn(page.words, page.width, backwards=page.mirrored)
    if page.mirrored:
        page.rules = [(page.width - right, y, page.width - left) for left, y, right in page.rules]
        page.dots = [directions.turned(dot, page.width) for dot in page.dots]


def _language(pdf: Any) -> str:
    """The tag of the language that the document says it is in, "" if it says none."""
    most = 64
    said = (ctypes.c_ushort * most)()
    length = pdfium.FPDFCatalog_GetLanguage(pdf, said, 2 * most)
    return bytes(said)[: max(0, min(length, 2 * most) - 2)].decode("utf-16-le", "replace").strip()


def _page_text(page: Any, *, show_invisible: bool) -> tuple[PageText, Frame]:
    frame = _frame(page)
    text_page = page.get_textpage()
    looks = Looks(frame.turn, show_invisible=show_invisible)
    text = read_words(text_page, frame, looks)
    text_page.close()
    return text, frame


def _frame(page: Any) -> Frame:
    rect = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, rect)
    return Frame(rect.left, rect.bottom, rect.right, rect.top, pdfium.FPDFPage_GetRotation(page))


def _drawn(page: Any, frame: Frame) -> tuple[list[Rule], list[Box], list[Box]]:
    """What is drawn: lines from left to right at least half an inch long, dots that may be bullets,
    and grounds of colour that white text can be read on."""
    rules: list[Rule] = []
    dots: list[Box] = []
    grounds: list[Box] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT or not pdfium.FPDFPageObj_GetBounds(drawn, *edges):
            continue
        box = frame.box(*(edge.value for edge in edges))
        width, height = box[2] - box[0], box[3] - box[1]
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            grounds.append(box)
        elif height <= 3 and width >= 36 and len(rules) < _MOST_DOTS:
            rules.append((box[0], (box[1] + box[3]) / 2, box[2]))
        elif 1 <= width <= 7 and 0.7 <= height / width <= 1.4 and len(dots) < _MOST_DOTS:
            dots.append(box)
        elif width > 7 and height > 7 and len(grounds) < _MOST_DOTS and not _is_white(drawn):
            grounds.append(box)
    return rules, dots, grounds


def _is_white(drawn: Any) -> bool:
    parts = [ctypes.c_uint(0) for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(drawn, *parts):
        return True
    *colours, alpha = (part.value for part in parts)
    return alpha < 20 or min(colours) >= _WHITE


def _seen(words: list[Word], grounds: list[Box]) -> tuple[list[Word], int]:
    """The words without white ones on white, and how many letters those have."""
    seen: list[Word] = []
    unseen = 0
    for word in words:
        color = word.look.color
        white = color is not None and all(int(color[at : at + 2], 16) >= _WHITE for at in (1, 3, 5))
        if white and not any(_holds(ground, word) for ground in grounds):
            unseen += len(word.text)
        else:
            seen.append(word)
    return seen, unseen


def _holds(ground: Box, word: Word) -> bool:
    across, down = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return ground[0] <= across <= ground[2] and ground[1] <= down <= ground[3]


def _set_links(pdf: Any, page: Any, frame: Frame, words: list[Word]) -> None:
    """Tell each word the address of the annotation it lies in."""
    for url, box in _annotated(pdf, page, frame):
        for word in words:
            middle = (word.x0 + word.x1) / 2
            height = (word.top + word.bottom) / 2
            if box[0] - 1 <= middle <= box[2] + 1 and box[1] - 1 <= height <= box[3] + 1:
                word.url = url


def _annotated(pdf: Any, page: Any, frame: Frame) -> Iterator[tuple[str, Box]]:
    position = ctypes.c_int(0)
    link = pdfium.FPDF_LINK()
    rect = pdfium.FS_RECTF()
    for _ in range(_MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, position, link):
            return
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            continue
        length = pdfium.FPDFAction_GetURIPath(pdf, action, None, 0)
        if not 1 < length <= 2048 or not pdfium.FPDFLink_GetAnnotRect(link, rect):
            continue
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFAction_GetURIPath(pdf, action, buffer, length)
        url = buffer.raw[: length - 1].decode("utf-8", "replace").strip()
        if _SCHEMES.match(url):
            across, up = sorted((rect.left, rect.right)), sorted((rect.bottom, rect.top))
            yield url, frame.box(across[0], up[0], across[1], up[1])
