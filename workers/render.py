"""A normalised CV becomes HTML by Jinja2 and a PDF by WeasyPrint.

Nothing is fetched: fonts are files that `fonts.configuration()` shows to Pango, and the
portrait is handed over as bytes. Text of a CV reaches HTML escaped and never reaches CSS,
where only a checked colour, a number and names from `fonts.FAMILIES` go.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.cv import coverage, dates, language, locales
from app.cv.designs import DESIGNS, FOLDER
from app.cv.model import CV, Identity, Item, Section
from app.cv.names import name_parts
from app.exporting.directions import is_right_to_left, leans_right, said
from workers import fonts, ink, lines
from workers.enclosures import enclosures

if TYPE_CHECKING:
    from weasyprint import Document

_MILLIMETRE = 72 / 25.4  # in points
_SIDE_SIZE = 0.92  # of the letters of a side column in rem, as in the stylesheets
_SMALLEST = 0.75  # of the letters around them: contacts smaller than that are broken instead
_HANGING = 0.76  # of letters in a side column: what a second line of a contact is set in by
_SPARSE = 0.2  # a last page that ends above this share of its height is better avoided
_FEW = 3  # pages: among more of them one is no matter, and setting all of it anew takes long
_EMPTY = 0.45  # and a first one that ends above this looks forsaken, unless it is set wider
_AIRY = """
 body { line-height: 1.5rem }
 header { margin-bottom: 2.1rem }
 section { margin-bottom: 1.75rem }
 h2 { margin-bottom: 0.7rem }
 .entry { margin-bottom: 1.05rem }
"""
_WEB = re.compile(r"https?://(www\.)?", re.IGNORECASE)
_LONGEST_TITLE = 120


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
    cv = coverage.as_set(cv)
    spoken = cv.locale or language.of(_texts(cv))
    mirrored = locales.right_to_left(spoken)
    parts = name_parts(cv.identity.first_name, cv.identity.last_name)
    name = " ".join(parts)
    jobtitle = cv.identity.jobtitle
    template = _environment().get_template(f"{cv.template}/template.html")
    html = template.render(
        language=spoken,
        period=_period(cv.locale, spoken),
        title=_title(name, jobtitle),
        description=jobtitle or "CV",
        name=name,
        name_parts=[(part, _fits_a_line(cv, part)) for part in parts],
        identity=cv.identity,
        contact=[
            (entries, _wraps(cv, entries))
            for entries in (tuple(_direct(cv.identity)), tuple(_web(cv.identity)))
            if entries
        ],
        sections=[section for section in cv.sections if section.content or section.items],
        mirrored=mirrored,
        locale=cv.locale,
        mixed=any(language.of_part(text, spoken) for text in _texts(cv)),
        part_of=partial(language.of_part, whole=spoken),
        bidi=mirrored or any(map(is_right_to_left, _texts(cv))),
        leaves=leaves,
    )
    return lines.breakable_words(html)


def render_pdf(cv: CV) -> Rendered:
    """The CV as a PDF/A-3a that is a PDF/UA-1 too and encloses its cv_data.

    A side column stands beside the flow of pages and is cut off where the main column ends,
    so pages are added until the whole of it is there. Lines that are left over for a second or
    third page are drawn onto the one before by setting everything a little tighter, where that is
    enough; a page that would be more than half empty is set wider.

    Raises ValueError for a theme colour that is not `#rrggbb`, KeyError for a family that is
    not bundled, and `layout.FetchRefused` where anything would be fetched.
    """
    from workers import layout  # brings in WeasyPrint: almost a second

    own = variables(cv)
    document = _laid_out(cv, own)
    end = layout.end_of_last_page(document)
    if len(document.pages) == 1 and end < _EMPTY:
        document = _laid_out(cv, own + _AIRY)
    elif 1 < len(document.pages) <= _FEW and end < _SPARSE:
        tighter = _laid_out(cv, own, tight=True)
        document = min(tighter, document, key=lambda each: len(each.pages))
    return Rendered(pdf=layout.write(document, enclosures(cv)), pages=len(document.pages))


def _laid_out(cv: CV, own: str, tight: bool = False) -> Document:
    from workers import layout

    picture = cv.identity.picture
    portrait = base64.b64decode(picture.data) if picture else None

    def laid_out(leaves: int) -> tuple[str, Document]:
        html = render_html(cv, leaves)
        return html, layout.lay_out(html, cv.template, own, portrait, tight)

    leaves = 0
    html, document = laid_out(leaves)
    while layout.SIDE_END in html and not layout.side_column_ends(document):
        leaves = 8 * leaves + 7
        html, document = laid_out(leaves)
    if leaves and (spare := len(document.pages) - layout.side_column_ends(document)):
        _, document = laid_out(leaves - spare)
    return document


def warm() -> None:
    """Load what a first render would: WeasyPrint, fonts, and a template.

    The other templates would take as long again; each is read when it is first asked for, which
    takes that render a third longer.
    """
    item = Item(title="Title", subtitle="Subtitle", start="2020", bullets=("One", "Two"))
    sections = tuple(
        Section(key=kind, heading="Heading", type=kind, content="Text", items=(item,))
        for kind in ("main", "secondary")
    )
    render_pdf(CV(identity=Identity(first_name="A"), sections=sections))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "as_run": lines.as_run,
        "breakable": lines.breakable,
        "comma": lines.comma,
        "ended": lines.ended,
        "kept": lines.kept,
        "paragraphs": lines.paragraphs,
        "room": lines.room,
        "running": lines.running,
    }
    environment.filters["said"] = said
    environment.tests["right_to_left"] = is_right_to_left
    environment.tests["leaning_right"] = leans_right
    environment.tests["brief"] = _brief
    environment.tests["short_span"] = _short_span
    return environment


def variables(cv: CV) -> str:
    """The stylesheet of this one CV: its paper, size, families and colours."""
    families = ", ".join(
        f'"{name}"' for name in fonts.stack(cv.font_family, "".join(_texts(cv)), cv.locale)
    )
    colours = "".join(f" --{name}: {value};" for name, value in ink.shades(cv.theme_color).items())
    page = f"@page {{ size: {cv.page_size} }} "
    own = f"html {{ font-size: {cv.font_size:g}pt; font-family: {families};{colours} }}"
    return page + own + _dates_in_one_line(cv) + _contacts_in_a_side_column(cv)


def _dates_in_one_line(cv: CV) -> str:
    """The rule that gives `_short_span` its room where all letters are as wide as a figure."""
    alike = fonts.width(cv.font_family, "i") == fonts.width(cv.font_family, "0")
    return " .when { width: 19ch }" if alike else ""


def _contacts_in_a_side_column(cv: CV) -> str:
    """The rule that makes contacts in a side column as small as they need to be to break well.

    That is, an e-mail address not at all and a link only behind a stroke. What would have to be too
    small for that breaks where it must.
    """
    side = DESIGNS[cv.template].side_width * _MILLIMETRE
    if not side:
        return ""
    size = cv.font_size * _SIDE_SIZE
    mail = cv.identity.email
    wholes = [(mail, 0.0)] if mail else []
    for link in _web(cv.identity):
        first, *others = re.split("(?<=/)", link.text)
        wholes += [(first, 0.0), *((other, _HANGING) for other in others)]
    shares = {
        text: 0.98 * (side - indent * size) / max(1, fonts.width(cv.font_family, text) * size)
        for text, indent in wholes
    }
    fitting = {text: share for text, share in shares.items() if share >= _SMALLEST}
    share = min(1.0, *fitting.values()) if fitting else 1.0
    # Lines of smaller letters stand closer too, so that two of them still read as one contact.
    rule = f" aside .contact > li {{ font-size: {_SIDE_SIZE * share:.3f}rem; line-height: 1.4 }}"
    whole = ' a[href^="mailto:"] { white-space: nowrap }' if mail in fitting else ""
    return (rule if share < 1 else "") + whole


def _texts(cv: CV) -> Iterator[str]:
    """What is read in the CV, less dates and links."""
    person = cv.identity
    texts = [person.first_name, person.last_name, person.jobtitle, person.address]
    for section in cv.sections:
        texts += (section.heading, section.content)
        for item in section.items:
            texts += (item.title, item.subtitle, item.location, item.description, *item.bullets)
    return iter(texts)


def _title(name: str, jobtitle: str) -> str:
    """What a window that shows the document is called."""
    whole = " – ".join(part for part in (name, jobtitle) if part) or "CV"
    return whole if len(whole) <= _LONGEST_TITLE else f"{whole[: _LONGEST_TITLE - 1].rstrip()}…"


def _period(locale: str, spoken: str) -> Callable[[str, str], str]:
    """How spans read: in the words of the locale, in English, or else in figures."""
    if not locale and spoken != language.ENGLISH:
        return dates.period_in_figures
    return partial(dates.period, locale=locale)


def _short_span(text: str) -> bool:
    """Whether `text` is a span of dates that fits its column: `Sep 2018 – Jul 2021`."""
    return len(text) < 20 and re.search(r"\d{4}", text) is not None


def _fits_a_line(cv: CV, part: str) -> bool:
    """Whether `part` of a name, which could break inside, fits a line whole."""
    design = DESIGNS[cv.template]
    bold = 1.1 * design.name_size * fonts.width(cv.font_family, part) * cv.font_size
    return bool(re.search(r"[\s-]", part)) and bold < design.name_width * _MILLIMETRE


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
        if url:
            scheme = _WEB.match(url)
            yield Contact(url[scheme.end() if scheme else 0 :].rstrip("/"), url if scheme else "")


def _wraps(cv: CV, entries: tuple[Contact, ...]) -> bool:
    """Whether `entries` need more than one line, and so stand without bullets between them."""
    line = DESIGNS[cv.template].contact_width * _MILLIMETRE
    letters = fonts.width(cv.font_family, " \u2022 ".join(entry.text for entry in entries))
    return letters * cv.font_size > 0.95 * line


def _brief(section: Section) -> bool:
    """Whether `section` is so short that a page break inside it would look torn."""
    if section.type == "main" or len(section.items) > 4:
        return False
    told = [text for item in section.items for text in (item.description, *item.bullets)]
    return len(section.content) + sum(map(len, told)) <= 800
