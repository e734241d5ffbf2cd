"""A profile or a résumé as a Word document: real styles, headings and lists, to go on working in.

It reads from top to bottom in one column, as careers offices and the readers of applications like
it, and as the import of ours reads it back.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from app.cv import wording
from app.cv.model import Item, Section
from app.exporting.directions import is_right_to_left, leans_right
from app.exporting.document import Document, document_of, paragraphs
from app.exporting.docx_styles import PRESENT, dress

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)  # of a profile that does not say when it was changed
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_BETWEEN = " | "
_PORTRAIT = Mm(35)


def word(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The DOCX of a profile. The same record makes the same bytes."""
    return written(document_of(record, order, hidden))


def written(document: Document) -> bytes:
    """The DOCX. The same document makes the same bytes."""
    writing = _Writing(document)
    writing.all()
    out = io.BytesIO()
    writing.made.save(out)
    return _settled(out.getvalue())


class _Writing:
    """One document being written."""

    def __init__(self, document: Document) -> None:
        self.made = docx.Document()
        self._document = document
        dress(self.made, document.language, document.look)

    def all(self) -> None:
        self._properties()
        document = self._document
        self._portrait()
        self._line("Title", document.name)
        if document.headline:
            self._line("Subtitle", document.headline)
        self._contact()
        for section in document.sections:
            self._line("Heading 1", section.heading)
            for text in paragraphs(section.content):
                self._line("Body Text", text)
            for item in section.items:
                (self._entry if section.type == "main" else self._compact)(section, item)

    def _properties(self) -> None:
        core, document = self.made.core_properties, self._document
        changed = (document.changed or _BEGINNING).replace(tzinfo=None, microsecond=0)
        core.author = core.last_modified_by = document.name[:255]
        core.title = " – ".join(part for part in (document.name, document.headline) if part)[:255]
        core.subject = document.headline[:255]
        core.comments = core.keywords = core.category = ""
        core.language = document.language
        core.created = core.modified = changed
        core.revision = 1

    def _portrait(self) -> None:
        if picture := self._document.picture:
            data = io.BytesIO(base64.b64decode(picture.data))
            shape = self.made.add_picture(data, height=_PORTRAIT)
            shape._inline.docPr.set("descr", self._document.name)
            for side in ("distT", "distB", "distL", "distR"):
                shape._inline.set(side, "0")  # or it stands apart from the margin

    def _contact(self) -> None:
        """Two lines: how to reach the person, and where to look."""
        contact = self._document.contact
        near = [each for each in contact if not each.href.startswith("http")]
        for group in (near, [each for each in contact if each not in near]):
            if not group:
                continue
            paragraph = self._line("Contact", "")
            for index, each in enumerate(group):
                if index:
                    paragraph.add_run(_BETWEEN)
                if each.href.startswith(("http", "mailto:")):
                    _link(paragraph, each.text, each.href)
                else:
                    paragraph.add_run(each.text)

    def _entry(self, section: Section, item: Item) -> None:
        """Title and dates on one line, subtitle and place on the next, then what was done."""
        when = self._document.period(item)
        from_right = leans_right(section)
        heads = []
        if item.title or when:
            heads.append(self._beside("Heading 2", item.title, when, from_right))
        if item.subtitle or item.location:
            heads.append(self._beside("Subheading", item.subtitle, item.location, from_right))
        told = bool(item.description or item.bullets)
        for head in heads:
            # A page may end behind an entry, not within its head.
            head.paragraph_format.keep_with_next = told or head is not heads[-1]
        for text in paragraphs(item.description):
            line = self._line("Body Text", text)
            line.paragraph_format.keep_with_next = bool(item.bullets)
        for bullet in item.bullets:
            self._line("List Bullet", bullet)

    def _compact(self, section: Section, item: Item) -> None:
        """A label and what is listed under it, in one paragraph."""
        label = item.title if item.title.lower() != section.heading.lower() else ""
        facts = ", ".join(
            part for part in (item.subtitle, item.location, self._document.period(item)) if part
        )
        listed = item.bullets
        if section.key.startswith("summary"):
            for bullet in listed:
                self._line("Body Text", bullet)
            listed = ()
        if not (label or facts or listed or item.description):
            return
        paragraph = self._line("Body Text", "")
        if label:
            paragraph.add_run(label + (": " if listed else ", " if facts else "")).bold = True
        paragraph.add_run(
            ", ".join(part for part in (facts, *_run(listed, self._document.locale)) if part)
        )
        for text in paragraphs(item.description):
            self._line("Body Text", text)

    def _beside(self, style: str, text: str, aside: str, from_right: bool) -> Paragraph:
        """A line that begins on the side on which all entries of its section do."""
        paragraph = self._line(style, text, from_right)
        if aside:
            paragraph.add_run("\t" if text else "")
            paragraph.add_run(aside, style=PRESENT)
        return paragraph

    def _line(self, style: str, text: str, from_right: bool | None = None) -> Paragraph:
        """A paragraph, whose lines break where those of `text` do."""
        paragraph = self.made.add_paragraph(style=style)
        if text:
            paragraph.add_run(text)
        right = is_right_to_left(text)
        if right if from_right is None else from_right:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.runs if right else ():
            run.font.rtl = True
        return paragraph


def _run(listed: Sequence[str], locale: str) -> Iterator[str]:
    """What is listed as one text: names parted by commas, sentences one after the other."""
    if any(text.endswith((".", "!", "?", "\u3002")) for text in listed):
        yield " ".join(listed)
    elif listed:
        yield wording.listed(listed, locale)


def _link(paragraph: Paragraph, text: str, address: str) -> None:
    """A link to an address of the web. Nothing is fetched when the document is opened."""
    rel_id = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), rel_id)
    link.append(paragraph.add_run(text, style="Hyperlink")._r)
    paragraph._p.append(link)


def _settled(made: bytes) -> bytes:
    """The package without the time at which it was written."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(made)) as given, ZipFile(out, "w") as kept:
        for entry in given.infolist():
            kept.writestr(ZipInfo(entry.filename, _ZIP_TIME), given.read(entry), ZIP_DEFLATED)
    return out.getvalue()
