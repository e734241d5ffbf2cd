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

from app.cv.dates import period
from app.cv.model import CV, Identity, Item, Section, Template
from workers import fonts, ink

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

_TEMPLATES = Path(__file__).with_name("templates")
_PORTRAIT = "portrait:"


@dataclass(frozen=True)
class Rendered:
    """A finished document: the file's bytes and its number of pages."""

    pdf: bytes
    pages: int


class Contact(NamedTuple):
    """One way to reach the person: what is read and where it leads, "" for nowhere."""

    text: str
    href: str


def render_html(cv: CV) -> str:
    """The CV as one HTML document, without its stylesheets."""
    name = " ".join(part for part in (cv.identity.first_name, cv.identity.last_name) if part)
    template = _environment().get_template(f"{cv.template}/template.html")
    return template.render(
        title=f"{name} – {cv.identity.jobtitle}" if cv.identity.jobtitle else name or "CV",
        description=cv.identity.jobtitle or "CV",
        name=name,
        identity=cv.identity,
        contact=tuple(_contact(cv.identity)),
        portrait=_PORTRAIT if cv.identity.picture else "",
        sections=cv.sections,
    )


def render_pdf(cv: CV) -> Rendered:
    """The CV as a tagged PDF on A4."""
    from weasyprint import CSS, HTML

    html = HTML(string=render_html(cv), url_fetcher=_fetcher(cv))
    own = CSS(string=_variables(cv))
    document = html.render(
        font_config=_fonts(), stylesheets=[*_stylesheets(cv.template), own], pdf_tags=True
    )
    pdf = document.write_pdf(pdf_tags=True)
    return Rendered(pdf=pdf, pages=len(document.pages))


def warm() -> None:
    """Load what a first render would: WeasyPrint, fonts, templates, stylesheets."""
    item = Item(title="Title", subtitle="Subtitle", start="2020", bullets=("One", "Two"))
    sections = tuple(
        Section(key=kind, heading="Heading", type=kind, content="Text", items=(item,))
        for kind in ("main", "secondary")
    )
    for template in get_args(Template):
        render_pdf(CV(template=template, identity=Identity(first_name="A"), sections=sections))


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
    families = ", ".join(f'"{name}"' for name in fonts.stack(cv.font_family, _all_text(cv)))
    colours = ink.shades(cv.theme_color)
    declared = "".join(f"--{name}: {value};" for name, value in colours.items())
    return f"html {{ font-size: {cv.font_size:g}pt; font-family: {families}; {declared} }}"


def _all_text(cv: CV) -> str:
    texts: list[str] = [cv.identity.first_name, cv.identity.last_name, cv.identity.jobtitle]
    for section in cv.sections:
        texts += (section.heading, section.content)
        for item in section.items:
            texts += (item.title, item.subtitle, item.location, *item.bullets)
    return "".join(text for text in texts if not text.isascii())


def _contact(identity: Identity) -> Iterator[Contact]:
    if identity.email:
        yield Contact(identity.email, f"mailto:{identity.email}")
    if identity.mobile:
        digits = re.sub(r"[^\d+]", "", identity.mobile)
        yield Contact(identity.mobile, f"tel:{digits}" if len(digits) > 4 else "")
    if identity.address:
        yield Contact(identity.address, "")
    for url in (identity.linkedin, identity.github, identity.website):
        if url:
            yield Contact(re.sub(r"^https?://(www\.)?|/$", "", url), _web(url))


def _web(url: str) -> str:
    return url if re.match(r"https?://", url) else ""


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
