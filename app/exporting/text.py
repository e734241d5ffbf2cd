"""A profile or a résumé as plain text, for pasting into forms and mails."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from app.cv import wording
from app.cv.model import Item, Section
from app.exporting.document import Document, document_of


def text(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The profile as a text file in UTF-8."""
    return written(document_of(record, order, hidden))


def written(document: Document) -> bytes:
    """The document in UTF-8: blocks parted by an empty line, in which no line is wrapped."""
    return "\n".join(f"{block}\n" for block in _blocks(document) if block).encode()


def _blocks(document: Document) -> Iterator[str]:
    yield _lines(document.name, document.headline)
    # A whole address, unlike what is shown where it can be followed.
    yield _lines(
        *(way.href if way.href.startswith("http") else way.text for way in document.contact)
    )
    for section in document.sections:
        yield _capitals(section.heading)
        yield section.content
        compact = section.type == "secondary"
        items = [
            (_compact if compact else _entry)(document, section, item) for item in section.items
        ]
        yield ("\n" if compact else "\n\n").join(filter(None, items))


def _entry(document: Document, section: Section, item: Item) -> str:
    aside = " | ".join(part for part in (document.period(item), item.location) if part)
    bullets = (f"- {bullet}" for bullet in item.bullets)
    return _lines(item.title, item.subtitle, aside, item.description, *bullets)


def _compact(document: Document, section: Section, item: Item) -> str:
    """A label and what is listed under it, in one line."""
    label = item.title if item.title.lower() != section.heading.lower() else ""
    period = document.period(item)
    facts = ", ".join(part for part in (item.subtitle, item.location, period) if part)
    if any(bullet.endswith((".", "!", "?", "\u3002")) for bullet in item.bullets):
        return _lines(_labelled(label, facts), item.description, *item.bullets)
    listed = wording.listed(item.bullets, document.locale)
    told = "; ".join(part for part in (facts, listed) if part)
    return _lines(_labelled(label, told), item.description)


def _labelled(label: str, told: str) -> str:
    return ": ".join(part for part in (label, told) if part)


def _capitals(heading: str) -> str:
    """The heading in capitals, unless it could not be told from them what it was."""
    capitals = heading.upper()
    return capitals if capitals.lower() == heading.lower() else heading


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
