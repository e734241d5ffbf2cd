"""The parts of a DOCX: found by their relationships, inflated within limits, parsed without help
from outside."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipInfo

from lxml import etree

from app.importing.archive import MOST_INFLATED, Archive
from app.importing.preview import Unreadable

_MOST_OF_PART = (
    24 * 1024 * 1024
)  # inflated bytes of one part of XML, which takes several times that
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_KINDS = {"xl/": "a workbook", "ppt/": "a presentation"}

Element = Any  # lxml has no types of its own


class Parts:
    """A document's parts of XML by name, each parsed once.

    Raises Unreadable: `encrypted`, `unknown_format` for what is no document of Word, `damaged`,
    `too_large`, `too_deep`.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            raise _old_container(data)
        self._archive = Archive(data)
        self._entries: dict[str, ZipInfo] = {
            entry.filename.lstrip("/"): entry for entry in self._archive.entries
        }
        if sum(entry.file_size for entry in self._archive.entries) > MOST_INFLATED:
            raise _too_large()
        self.main_name = self._main()
        main = self.tree(self.main_name)
        if main is None:
            raise Unreadable("damaged", "The document has no text part; save it again.")
        if local(main) != "document":
            raise _no_document(self._entries)
        self.main: Element = main

    def _main(self) -> str:
        for kind, target, external in self._related("_rels/.rels", ""):
            if kind == "officeDocument" and not external:
                return target
        if "word/document.xml" in self._entries:
            return "word/document.xml"
        raise _no_document(self._entries)

    def tree(self, name: str) -> Element | None:
        """The root element of a part, or None if there is no such part."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.file_size > _MOST_OF_PART:
            raise _too_large()
        data = self._archive.read(entry)
        if len(data) > _MOST_OF_PART:
            raise _too_large()
        return _parsed(data)

    def links(self, name: str) -> dict[str, str]:
        """The addresses outside that a part leads to, by relationship id."""
        root = self.tree(_relations_of(name))
        found = {}
        for relation in root if root is not None else ():
            target = relation.get("Target") or ""
            if _kind(relation) == "hyperlink" and relation.get("TargetMode") == "External":
                found[relation.get("Id") or ""] = target
        return found

    def related(self, kind: str) -> list[str]:
        """Names of the parts that the main part leads to by relationships of a kind."""
        relations = self._related(_relations_of(self.main_name), posixpath.dirname(self.main_name))
        return [target for each, target, external in relations if each == kind and not external]

    def by_id(self) -> dict[str, str]:
        """Names of the parts that the main part leads to, by relationship id."""
        root = self.tree(_relations_of(self.main_name))
        folder = posixpath.dirname(self.main_name)
        return {
            relation.get("Id") or "": _resolved(relation.get("Target") or "", folder)
            for relation in (root if root is not None else ())
            if relation.get("TargetMode") != "External"
        }

    def _related(self, name: str, folder: str) -> list[tuple[str, str, bool]]:
        root = self.tree(name)
        return [
            (
                _kind(relation),
                _resolved(relation.get("Target") or "", folder),
                relation.get("TargetMode") == "External",
            )
            for relation in (root if root is not None else ())
        ]


def local(element: Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _parsed(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise Unreadable("too_deep", "The document is nested too deeply to be read.") from error
        raise Unreadable("damaged", "The document is damaged; save it again.") from error
    except (ValueError, LookupError) as error:
        raise Unreadable("damaged", "The document is damaged; save it again.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("damaged", "The document declares entities, as no document of Word does.")
    return root


def _relations_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _kind(relation: Element) -> str:
    return str(relation.get("Type") or "").rpartition("/")[2]


def _resolved(target: str, folder: str) -> str:
    """A key among the archive's own names; it is never a path of the file system."""
    target = unquote(target.replace("\\", "/"))
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _old_container(data: bytes) -> Unreadable:
    if _ENCRYPTED in data:
        return Unreadable("encrypted", "The document is protected by a password; save it without.")
    return Unreadable(
        "unknown_format", "This is an older kind of document; save it as DOCX or PDF."
    )


def _no_document(names: dict[str, ZipInfo]) -> Unreadable:
    for folder, kind in _KINDS.items():
        if any(name.startswith(folder) for name in names):
            return Unreadable("unknown_format", f"This is {kind}, not a text document.")
    return Unreadable("unknown_format", "This archive is no DOCX document.")


def _too_large() -> Unreadable:
    return Unreadable("too_large", f"Inflated, the document has over {MOST_INFLATED >> 20} MB.")
