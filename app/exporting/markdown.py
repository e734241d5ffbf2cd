"""A profile or a résumé as Markdown: CommonMark in which all that a person wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from app.cv.model import Item, Section
from app.exporting.document import Document, document_of, paragraphs

# Whatever may begin emphasis, code, a link, an entity, a tag, a table or strikethrough anywhere.
_MARK = re.compile(r"[\\`*_\[\]<>&|~]")
# What means a heading, a list, a quote, a rule or an underline at the beginning of a line alone.
_AT_START = re.compile(r"[#+\-=:]|[0-9]{1,9}(?=[.)])")
_NOT_IN_HREF = re.compile(r"[\\<>\s]")
_BLANKS = re.compile(r"[ \t\r\n]+")


def markdown(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The profile as a Markdown file in UTF-8."""
    return written(document_of(record, order, hidden))


def written(document: Document) -> bytes:
    """A document as a Markdown file in UTF-8."""
    return "".join(f"{block}\n\n" for block in _blocks(document)).encode()


def _blocks(document: Document) -> Iterator[str]:
    yield f"# {_line(document.name)}"
    if document.headline:
        yield f"**{_line(document.headline)}**"
    if document.contact:
        yield "\n".join(
            f"- {_link(text, href) if href else _line(text)}" for text, href in document.contact
        )
    for section in document.sections:
        yield f"## {_line(section.heading)}"
        if section.content:
            yield _prose(section.content)
        for item in section.items:
            yield from _item(document, section, item)


def _item(document: Document, section: Section, item: Item) -> Iterator[str]:
    names = [_line(name) for name in (item.title, item.subtitle) if name]
    aside = " · ".join(part for part in (document.period(item), item.location) if part)
    if section.type == "secondary":
        if names:
            yield f"**{', '.join(names)}**"
    elif names:
        yield f"### {' — '.join(names)}"
    if aside:
        yield f"*{_line(aside)}*"
    if item.description:
        yield _prose(item.description)
    if item.bullets:
        yield "\n".join(f"- {_line(bullet)}" for bullet in item.bullets)


def _prose(text: str) -> str:
    """Paragraphs, in which lines break where they did."""
    return "\n\n".join("\\\n".join(map(_line, each.split("\n"))) for each in paragraphs(text))


def _line(text: str) -> str:
    """One line of text that reads as it stands wherever a line may begin."""
    escaped = _MARK.sub(r"\\\g<0>", _BLANKS.sub(" ", text).strip())
    if start := _AT_START.match(escaped):
        mark = start[0]
        # Of a number its dot is what makes a list, and a digit can't be escaped.
        kept, at = (mark, len(mark)) if mark[0].isdigit() else ("", 0)
        escaped = f"{kept}\\{escaped[at:]}"
    return escaped


def _link(text: str, href: str) -> str:
    target = _NOT_IN_HREF.sub(lambda found: f"%{ord(found[0]):02X}", href)
    target = target.replace("&", r"\&")
    return f"[{_line(text)}](<{target}>)"
