"""HTML of a résumé becomes pages and a PDF by WeasyPrint.

Importing this takes almost a second. WeasyPrint's fonts must not be shared between threads:
one process, one render at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.cv.enclosed import data_digest, text_digest
from app.importing.plain import page_texts
from workers import conformance, drawing, faster, fonts
from workers.enclosures import Enclosure

PORTRAIT = "portrait:"  # the only address that a résumé may name
SIDE_END = "side-end"  # id of the last element of a side column
END = "end"  # and of the whole document
# PDF/A-3 wants a date of all that is attached; one that is true would make every file another.
_TIMELESS = datetime(2000, 1, 1, tzinfo=UTC)

_TIGHT = """
    body { line-height: 1.3rem }
    h1 { line-height: 2.6rem }
    section { margin-bottom: 0.85rem }
    .entry { margin-bottom: 0.5rem }
"""
_TEMPLATES = Path(__file__).with_name("templates")

faster.install()
drawing.install()
conformance.install()


class FetchRefused(RuntimeError):
    """Something in a résumé was to be fetched from outside it."""


class _PortraitOnly(URLFetcher):  # type: ignore[misc]
    """Fetches the portrait; `_fetcher` makes one without all that opening addresses takes."""

    _portrait: bytes | None = None

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url != PORTRAIT or self._portrait is None:
            # WeasyPrint would log any other error and go on.
            raise FatalURLFetchingError(url[:100])
        return URLFetcherResponse(url, self._portrait)


def _fetcher(portrait: bytes | None) -> _PortraitOnly:
    fetcher = copy(_nothing_fetched())
    fetcher._portrait = portrait
    return fetcher


@cache
def _nothing_fetched() -> _PortraitOnly:
    return _PortraitOnly()


class _Page(HTML):  # type: ignore[misc]
    """A document of ours: well-formed, so that it need not be read by the rules for all of HTML.

    Reading it as XML, and with a stylesheet for the elements that it has in place of all there are,
    makes a fifth of a render.
    """

    def __init__(self, html: str, url_fetcher: URLFetcher) -> None:
        self.base_url = None
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(
            ElementTree.fromstring(html),  # noqa: S314 (ours, and what is said in it is escaped)
            content_language=None,
        )
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_elements()]


def lay_out(
    html: str, template: str, variables: str, portrait: bytes | None = None, tight: bool = False
) -> Document:
    """`html` in pages, by the stylesheets of `template` and the one-line sheet `variables`.

    `tight` puts lines and sections closer to each other, in letters of the same size.

    Raises FetchRefused when anything but the portrait is to be fetched.
    """
    with _refusing():
        return _Page(html, _fetcher(portrait)).render(
            font_config=_fonts(),
            counter_style=_counters(),
            stylesheets=[
                *_stylesheets(template),
                *([_tight()] if tight else []),
                _sheet(variables),
            ],
            pdf_tags=True,
        )


def side_column_ends(document: Document) -> int:
    """The number of the page on which the side column ends, from 1; 0 if it was cut off."""
    pages = enumerate(document.pages, start=1)
    return next((number for number, page in pages if SIDE_END in page.anchors), 0)


def end_of_last_page(document: Document) -> float:
    """Where the text of the last page ends, as a share of the page's height from its top."""
    page = document.pages[-1]
    ends = [place[1] for name, place in page.anchors.items() if name in (END, SIDE_END)]
    return float(max(ends, default=0) / page.height)


def write(document: Document, enclosed: Sequence[Enclosure]) -> bytes:
    """The document as a PDF/A-3a that is a PDF/UA-1 too, with the data that it shows `enclosed`.

    The same document gives the same bytes. Raises FetchRefused for any other attachment.
    """
    document.metadata = conformance.Metadata(**vars(document.metadata))
    document.metadata.data_digest = data_digest((each.name, each.content) for each in enclosed)
    attachments = [
        Attachment(
            string=each.content,
            name=each.name,
            description=each.description,
            relationship="Source",
            created=_TIMELESS,
            modified=_TIMELESS,
            url_fetcher=_nothing_fetched(),
        )
        for each in enclosed
    ]
    with _refusing():
        pdf: bytes = document.write_pdf(attachments=attachments, pdf_variant=conformance.VARIANT)
    return conformance.with_text_digest(pdf, text_digest(page_texts(pdf)))


@contextmanager
def _refusing() -> Iterator[None]:
    # WeasyPrint's own error is no Exception and would pass by whoever asked for the render.
    try:
        yield
    except FatalURLFetchingError as refused:
        raise FetchRefused(f"A résumé may not fetch {refused}.") from None


@cache
def _fonts() -> FontConfiguration:
    return fonts.configuration()


@cache
def _counters() -> CounterStyle:
    """Where stylesheets put their `@counter-style` rules, which they do not keep themselves."""
    return CounterStyle()


@cache
def _elements() -> CSS:
    """What a browser knows of elements, of those in templates."""
    return CSS(string=(_TEMPLATES / "shared" / "elements.css").read_text(encoding="utf-8"))


@cache
def _tight() -> CSS:
    return CSS(string=_TIGHT)


@lru_cache(maxsize=32)
def _sheet(variables: str) -> CSS:
    return CSS(string=variables)


@cache
def _stylesheets(template: str) -> tuple[CSS, ...]:
    files = (_TEMPLATES / "shared" / "base.css", _TEMPLATES / template / "style.css")
    return tuple(
        CSS(
            string=file.read_text(encoding="utf-8"),
            url_fetcher=_nothing_fetched(),
            counter_style=_counters(),
        )
        for file in files
    )
