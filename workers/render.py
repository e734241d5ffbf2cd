"""A normalised CV becomes HTML by Jinja2 and a PDF by WeasyPrint.

Nothing is fetched: fonts are files that `fonts.configuration()` shows to Pango, and the
portrait is handed over as bytes. Text of a CV reaches HTML escaped and never reaches CSS,
where only a checked colour, a number and names from `fonts.FAMILIES` go.

One render at a time in a process; WeasyPrint's fonts must not be shared between threads.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.cv.dates import period
from app.cv.model import CV, Identity, Item, Section, Template
from workers import fonts, ink

if TYPE_CHECKING:
    from weasyprint import CSS, Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

_TEMPLATES = Path(__file__).with_name("templates")
_PORTRAIT = "portrait:"
_SIDE_END = "side-end"


@dataclass(frozen=True)
class Rendered:
    """A finished document: the file's bytes and its number of pages."""

    pdf: bytes
    pages: int


class Contact(NamedTuple):
    """One way to reach the person: what is read and where it leads, "" for nowhere."""

    text: str
    href: str


def render_html(cv: CV, leaves: int = 0) -> str:
    """The CV as one HTML document, without its stylesheets.

    `leaves` are pages added to the end for a side column longer than the main one.
    """
    name = _full_name(cv.identity)
    template = _environment().get_template(f"{cv.template}/template.html")
    return template.render(
        title=f"{name} – {cv.identity.jobtitle}" if cv.identity.jobtitle else name or "CV",
        description=cv.identity.jobtitle or "CV",
        name=name,
        identity=cv.identity,
        contact=(tuple(_direct(cv.identity)), tuple(_web(cv.identity))),
        portrait=_PORTRAIT if cv.identity.picture else "",
        sections=[section for section in cv.sections if section.content or section.items],
        bidi=any(_right_to_left(text) for text in _texts(cv)),
        leaves=leaves,
    )


def render_pdf(cv: CV) -> Rendered:
    """The CV as a tagged PDF on A4."""
    document = _laid_out(cv)
    return Rendered(pdf=document.write_pdf(pdf_tags=True), pages=len(document.pages))


def warm() -> None:
    """Load what a first render would: WeasyPrint, fonts, templates, stylesheets."""
    item = Item(title="Title", subtitle="Subtitle", start="2020", bullets=("One", "Two"))
    sections = tuple(
        Section(key=kind, heading="Heading", type=kind, content="Text", items=(item,))
        for kind in ("main", "secondary")
    )
    for template in get_args(Template):
        render_pdf(CV(template=template, identity=Identity(first_name="A"), sections=sections))


def _laid_out(cv: CV) -> Document:
    """The CV in pages, as many as its longer column needs.

    A side column stands beside the flow of the page and ends, cut off, where the main column
    ends; so pages are added until the whole of it is there.
    """
    html = render_html(cv)
    document = _layout(cv, html)
    if _SIDE_END not in html:
        return document
    pages = len(document.pages)
    leaves = 0
    while not (last := _page_of(_SIDE_END, document)):
        leaves = 2 * leaves + 1
        document = _layout(cv, render_html(cv, leaves))
    if pages < last < len(document.pages):
        document = _layout(cv, render_html(cv, last - pages))
    return document


def _layout(cv: CV, html: str) -> Document:
    from weasyprint import CSS, HTML

    return HTML(string=html, url_fetcher=_fetcher(cv)).render(
        font_config=_fonts(),
        stylesheets=[*_stylesheets(cv.template), CSS(string=_variables(cv))],
        pdf_tags=True,
    )


def _page_of(anchor: str, document: Document) -> int:
    """The number of the page that holds `anchor`, from 1; 0 if none does."""
    pages = enumerate(document.pages, start=1)
    return next((number for number, page in pages if anchor in page.anchors), 0)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
    environment.globals["period"] = period
    environment.filters["breakable"] = _breakable
    environment.tests["right_to_left"] = _right_to_left
    return environment


@cache
def _fonts() -> FontConfiguration:
    return fonts.configuration()


@cache
def _stylesheets(template: Template) -> tuple[CSS, ...]:
    from weasyprint import CSS

    files = (_TEMPLATES / "shared" / "base.css", _TEMPLATES / template / "style.css")
    return tuple(CSS(string=file.read_text(encoding="utf-8")) for file in files)


def _variables(cv: CV) -> str:
    """The stylesheet of this one CV: its size, families and colours."""
    families = ", ".join(f'"{name}"' for name in fonts.stack(cv.font_family, "".join(_texts(cv))))
    colours = ink.shades(cv.theme_color)
    declared = "".join(f"--{name}: {value};" for name, value in colours.items())
    size = f"font-size: {cv.font_size:g}pt"
    return f"html {{ {size}; font-family: {families}; {declared} }}"


def _texts(cv: CV) -> Iterator[str]:
    """What is read in the CV, less dates and addresses, where it is more than ASCII."""
    person = cv.identity
    texts = [person.first_name, person.last_name, person.jobtitle, person.address]
    for section in cv.sections:
        texts += (section.heading, section.content)
        for item in section.items:
            texts += (item.title, item.subtitle, item.location, *item.bullets)
    return (text for text in texts if not text.isascii())


def _full_name(identity: Identity) -> str:
    """First name, then last; the other way round where both are Chinese, Japanese or Korean."""
    first, last = identity.first_name, identity.last_name
    if first and last and not re.search(r"[^\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]", first + last):
        return last + first
    return " ".join(part for part in (first, last) if part)


def _direct(identity: Identity) -> Iterator[Contact]:
    if identity.email:
        yield Contact(identity.email, f"mailto:{identity.email}")
    if identity.mobile:
        digits = re.sub(r"[^\d+]", "", identity.mobile)
        yield Contact(identity.mobile, f"tel:{digits}" if len(digits) > 4 else "")
    if identity.address:
        yield Contact(identity.address, "")


def _web(identity: Identity) -> Iterator[Contact]:
    for url in (identity.linkedin, identity.github, identity.website):
        shown = re.sub(r"^https?://(www\.)?|/$", "", url)
        if shown:
            yield Contact(shown, url if re.match(r"https?://", url) else "")


def _breakable(address: str) -> Markup:
    """An address that may continue on the next line at its joints, with nothing added to it."""
    return Markup("<wbr>").join(re.split(r"(?=@)|(?<=/)", address))


def _right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a right-to-left script."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _fetcher(cv: CV) -> URLFetcher:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    portrait = cv.identity.picture

    class PortraitOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if portrait is None or url != _PORTRAIT:
                raise FatalURLFetchingError(f"A résumé may not fetch {url[:80]!r}.")
            return URLFetcherResponse(url, base64.b64decode(portrait.data))

    return PortraitOnly()
