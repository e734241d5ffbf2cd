"""A profile or a résumé as a document says it: what markdown, HTML, DOCX and text set, each in
its own way.

The words are those of our résumés (`app.cv.from_profile`), so that whoever reads one of them in,
we among others, finds what it finds in our PDFs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from app.cv import dates, language
from app.cv.from_profile import cv_data_of
from app.cv.model import CV, Identity, Item, Picture, Section
from app.cv.names import name_parts
from app.exporting.look import UNCHOSEN, Look, look_of
from app.exporting.moments import moment

_WEB = re.compile(r"https://", re.IGNORECASE)


class Contact(NamedTuple):
    """One way to reach the person: what is read and where it leads, "" for nowhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Document:
    """`language` is a tag such as `en`; `changed` is when it last was, if that is known.
    `locale` is the language that was asked for, "" for none.

    An item of a `main` section is set in full, one of a `secondary` section compactly.
    """

    name: str
    headline: str
    contact: tuple[Contact, ...]
    sections: tuple[Section, ...]
    language: str
    changed: datetime | None
    picture: Picture | None = None
    locale: str = ""
    look: Look = UNCHOSEN

    def period(self, item: Item) -> str:
        """How the span of an item reads; names of months are English, so others get figures."""
        if self.locale or self.language == language.ENGLISH:
            return dates.period(item.start, item.end, self.locale)
        return dates.period_in_figures(item.start, item.end)


def document_of(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> Document:
    """The document of a record, its sections in `order` and without those `hidden`.

    A profile of nothing but a name makes one without sections.
    """
    cv_data = cv_data_of(record, sections_order=order, hidden=hidden)
    identity = msgspec.convert(cv_data["identity"], Identity)
    changed = moment((record.get("profile") or {}).get("updated_at"))
    return _document(identity, tuple(_sections(cv_data["sections"])), changed)


def document_of_cv(cv: CV, changed: datetime | None) -> Document:
    """The document of a résumé, which says all that its pages do."""
    sections = tuple(section for section in cv.sections if section.content or section.items)
    return _document(cv.identity, sections, changed, cv.locale, look_of(cv))


def _document(
    identity: Identity,
    sections: tuple[Section, ...],
    changed: datetime | None,
    locale: str = "",
    look: Look = UNCHOSEN,
) -> Document:
    name = full_name(identity)
    return Document(
        name=name,
        headline=identity.jobtitle,
        contact=tuple(_contact(identity)),
        sections=sections,
        language=locale or language.of((name, identity.jobtitle, *_texts(sections))),
        changed=changed,
        picture=identity.picture,
        locale=locale,
        look=look,
    )


def full_name(identity: Identity) -> str:
    """Both names, as the templates set them: the last one first where they are East Asian."""
    return " ".join(name_parts(identity.first_name, identity.last_name))


def _sections(given: Mapping[str, Any]) -> Iterator[Section]:
    for key, section in given.items():
        named = {"key": key, "heading": key[:1].upper() + key[1:]}
        yield msgspec.convert({**named, **section}, Section)


def _contact(identity: Identity) -> Iterator[Contact]:
    if identity.email:
        yield Contact(identity.email, f"mailto:{identity.email}")
    if identity.mobile:
        digits = re.sub(r"[^\d+]", "", identity.mobile)
        yield Contact(identity.mobile, f"tel:{digits}" if digits else "")
    if identity.address:
        yield Contact(identity.address, "")
    for url in (identity.linkedin, identity.github, identity.website):
        if url:
            yield Contact(_WEB.sub("", url, count=1), url)


def _texts(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield section.content
        for item in section.items:
            yield from (item.title, item.subtitle, item.description, *item.bullets)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, in which lines may break."""
    return re.split(r"\n\s*\n", text) if text else []
