"""What a file is, by its content and never by its name, and which of three formats a JSON is."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from app.importing import linkedin
from app.importing.archive import Archive
from app.importing.cv_data import read_cv_data
from app.importing.json_resume import read_json_resume
from app.importing.preview import ImportWarning as Notice
from app.importing.preview import Preview, Unreadable
from app.importing.vitae import read_vitae

Kind = Literal["pdf", "docx", "linkedin", "json"]

MOST_JSON = 10 * 1024 * 1024  # bytes
DEEPEST = 60
_MOST_VALUES = 300_000  # of one JSON document: many times the longest CV
_MOST_DIGITS = 300

_TAKEN = "Send a PDF, a DOCX, a JSON file or the ZIP that LinkedIn exports."
_PDF_WITHIN = 1024  # bytes of junk that readers of PDF allow before the header
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ISO_MEDIA = re.compile(rb".{4}ftyp(heic|heix|mif1|msf1|avif)", re.DOTALL)
_HTML = re.compile(r"<(!doctype html|html|head|body)\b", re.IGNORECASE)

_PICTURE = "A picture has no text; send the document that it was made from, as PDF or DOCX."
_PACKED = "This is a packed file; unpack it and send the PDF or DOCX that is in it."
_BY_SIGNATURE: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), _PICTURE),
    ((b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ"), _PACKED),
    ((rb"{\rtf",), "This is an RTF file; save it as DOCX or PDF."),
    ((b"%!PS",), "This is a PostScript file; save it as PDF."),
)
_BY_PART = (
    ("xl/workbook.xml", "This is a spreadsheet (XLSX); save it as PDF."),
    ("ppt/presentation.xml", "This is a presentation (PPTX); save it as PDF."),
    ("Index/Document.iwa", "This is a Pages file; export it as PDF or Word."),
)


def recognise(data: bytes) -> Kind:
    """What `data` is. Raises Unreadable, which says what to send instead: `unknown_format`,
    `encrypted` for a Word file under a password, `damaged` or `too_large` for a ZIP."""
    if not data.strip(b"\0\t\n\r "):
        raise _unknown("The file is empty.")
    if data.startswith(_ZIP):
        return _zipped(data)
    if data.startswith(_OLE):
        raise _compound(data)
    for signatures, message in _BY_SIGNATURE:
        if data.startswith(signatures):
            raise _unknown(message)
    if _ISO_MEDIA.match(data[:12]) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise _unknown(_PICTURE)
    beginning = _beginning(data)
    if beginning.startswith(("{", "[")):
        return "json"
    if _HTML.match(beginning):
        raise _unknown("This is a web page (HTML), whatever its name says; print it to a PDF.")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    raise _unlike(beginning)


def read_json(data: bytes) -> Preview:
    """The preview of a JSON file in UTF-8, UTF-16 or UTF-32.

    Raises Unreadable: `too_large`, `too_deep`, `damaged` for what is no JSON, or
    `unknown_format`.
    """
    if len(data) > MOST_JSON or sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise _too_large()
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # What a reader of JSON makes of a key that stands twice differs: here both are kept.
        whole: dict[str, Any] = {}
        for key, value in pairs:
            if key in whole:
                repeated.append(key)
                key = f"{key} ({len(repeated) + 1})"
            whole[key] = value
        return whole

    try:
        text = data.decode(json.detect_encoding(data))
        value = json.loads(text, object_pairs_hook=members, parse_int=_integer, parse_constant=str)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise Unreadable("damaged", f"This is not valid JSON: {error}.") from None
    preview = read_json_value(value)
    preview.warnings += [
        Notice(code="repeated_key", message=f"The key {key!r} stands twice in one object.")
        for key in repeated[:100]
    ]
    return preview


def read_json_value(value: Any) -> Preview:
    """The preview of a JSON value that was parsed already.

    Raises Unreadable: `too_large`, `too_deep` or `unknown_format`.
    """
    _measure(value)
    if isinstance(value, dict):
        if isinstance(value.get("cv_data"), dict):
            return read_cv_data(value["cv_data"], "cv_data")
        if isinstance(value.get("data"), dict) and isinstance(value["data"].get("profile"), dict):
            return read_vitae(value["data"])
        if "identity" in value or isinstance(value.get("sections"), dict):
            return read_cv_data(value)
        if value.keys() & {"basics", "work", "volunteer"}:
            return read_json_resume(value)
        if isinstance(value.get("profile"), dict) or "experience" in value:
            return read_vitae(value)
        if value.keys() & {"education", "skills", "projects", "certificates", "languages"}:
            return read_json_resume(value)
    raise _unknown(
        "This JSON is none of the formats that can be read: our own export, JSON Resume"
        " (with basics and work), or cv_data (with identity and sections)."
    )


def _measure(value: Any) -> None:
    """Bound depth and number of values, level by level and without recursion."""
    level, count = [value], 0
    for _ in range(DEEPEST + 1):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        count += len(inner)
        if count > _MOST_VALUES:
            raise _too_large()
        if not inner:
            return
        level = inner
    raise _too_deep()


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _zipped(data: bytes) -> Kind:
    names = [entry.filename for entry in Archive(data).entries]
    if any(name.lower() == "word/document.xml" for name in names):
        return "docx"
    for part, message in _BY_PART:
        if part in names:
            raise _unknown(message)
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        raise _unknown("This is an OpenDocument file; save it as DOCX or PDF.")
    if any(map(linkedin.kind_of, names)):
        return "linkedin"
    if any(name.lower().endswith((".pdf", ".docx", ".json")) for name in names):
        raise _unknown(_PACKED)
    if "[Content_Types].xml" in names:
        return "docx"  # whose main part may have any name
    raise _unknown(f"This ZIP is not LinkedIn's data archive. {_TAKEN}")


def _compound(data: bytes) -> Unreadable:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unreadable(
            "encrypted", "This Word file is protected by a password; save it without one."
        )
    if "WordDocument".encode("utf-16-le") in data:
        return _unknown("This is a DOC file of an old Word; save it as DOCX or PDF.")
    return _unknown(f"This is a file of an old Office program. {_TAKEN}")


def _beginning(data: bytes) -> str:
    """The first characters, without marks and blanks, as far as `data` is text."""
    head = data[:4096]
    try:
        encoding = json.detect_encoding(head)
    except IndexError:  # of a single byte
        encoding = "utf-8"
    return head.decode(encoding, "replace").lstrip("\ufeff\0\t\n\r\f ")


def _unlike(beginning: str) -> Unreadable:
    """What to say of a file that no signature tells."""
    first = beginning.split("\n", 1)[0]
    if beginning.startswith("<"):
        return _unknown(f"This is an XML file. {_TAKEN}")
    if any(columns <= set(first.strip().split(",")) for columns in linkedin.FILES.values()):
        return _unknown("This is one file of LinkedIn's archive; send the whole ZIP.")
    strange = sum(not each.isprintable() and not each.isspace() for each in beginning)
    if "\ufffd" not in beginning[:1000] and strange == 0:
        return _unknown(f"This is plain text, whose parts can't be told apart. {_TAKEN}")
    return _unknown(f"The kind of this file is not known. {_TAKEN}")


def _unknown(message: str) -> Unreadable:
    return Unreadable("unknown_format", message)


def _too_large() -> Unreadable:
    return Unreadable("too_large", "The JSON holds far more than a profile.")


def _too_deep() -> Unreadable:
    return Unreadable("too_deep", f"The JSON is nested over {DEEPEST} levels deep.")
