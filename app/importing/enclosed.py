"""The data that a PDF encloses: our cv_data and JSON Resume, read within limits.

Whoever wrote the file wrote this too, so nothing here is trusted: what is too large, named twice or
no JSON is left alone with a warning, and what is read is held to the visible text (`held.py`).
"""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import msgspec
import pypdf
import pypdfium2
from pypdf.errors import LimitReachedError

from app.cv import enclosed as names
from app.exporting.json_resume import EXTENSION
from app.importing.cv_data import read_cv_data
from app.importing.json_resume import read_json_resume
from app.importing.plain import page_texts
from app.importing.preview import ImportWarning as Notice
from app.importing.preview import Preview, Unreadable
from app.importing.recognise import read_json_value

_MOST_FILES = 100
_MOST_BYTES = 4 << 20  # of each, unpacked


class Enclosed(msgspec.Struct, kw_only=True):
    """What was found. `said` are the texts of cv_data, `headings` those of its sections.

    `intact` is whether the digests that the file states are those of its text and its data, None
    where it states none.
    """

    preview: Preview | None = None
    said: list[str] = msgspec.field(default_factory=list)
    headings: list[str] = msgspec.field(default_factory=list)
    intact: bool | None = None
    warnings: list[Notice] = msgspec.field(default_factory=list)

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(Notice(code=code, message=message))


def read_enclosed(data: bytes, password: str | None = None) -> Enclosed:
    """The data that a PDF encloses. Whatever stands there, it raises nothing."""
    found = Enclosed()
    try:
        given = _names(data, password)
        if {names.CV_DATA, names.RESUME} & given.keys():
            with pypdf.apply_configuration(zlib_maximum_output_length=_MOST_BYTES):
                _read(data, password, given, found)
    except Exception:  # of a damaged file a reader of PDF may raise anything
        found.preview = None
        found.warn(
            "enclosed_unreadable", "The data that the PDF encloses can't be read; its text was."
        )
    return found


def digests_of(data: bytes) -> names.Digests:
    """The digests of what a PDF says and encloses, whatever it states; raises Unreadable."""
    try:
        pages = page_texts(data)
        given = _names(data, None)
        files: dict[str, bytes] = {}
        if {names.CV_DATA, names.RESUME} & given.keys():
            with pypdf.apply_configuration(zlib_maximum_output_length=_MOST_BYTES):
                files = _files(data, None, given, Enclosed())
    except Exception as error:  # of a damaged file a reader of PDF may raise anything
        raise Unreadable("damaged", "This PDF can't be read.") from error
    return names.Digests(
        text=names.text_digest(pages) if "".join(pages).strip() else None,
        data=names.data_digest(files.items()) if files else None,
    )


def _read(data: bytes, password: str | None, given: Counter[str], found: Enclosed) -> None:
    files = _files(data, password, given, found)
    values = {name: value for name in files if (value := _value(name, files[name], found))}
    found.preview = _preview(values)
    if names.CV_DATA in values:
        found.said = _said(values[names.CV_DATA])
        found.headings = _headings(values[names.CV_DATA])
    if stated := _stated(data, password):
        digests = names.text_digest(page_texts(data, password)), names.data_digest(files.items())
        found.intact = (stated.get(names.TEXT_DIGEST), stated.get(names.DATA_DIGEST)) == digests


def _names(data: bytes, password: str | None) -> Counter[str]:
    """How often each name occurs, by the reader that is quick to tell."""
    pdf = pypdfium2.PdfDocument(data, password=password)
    try:
        count = min(pdf.count_attachments(), _MOST_FILES)
        return Counter(pdf.get_attachment(index).get_name() for index in range(count))
    finally:
        pdf.close()


def _files(
    data: bytes, password: str | None, given: Counter[str], found: Enclosed
) -> dict[str, bytes]:
    """Those of our names, each of which must be there once."""
    files: dict[str, bytes] = {}
    wanted = {name for name in (names.CV_DATA, names.RESUME) if given[name] == 1}
    if doubled := {name for name in (names.CV_DATA, names.RESUME) if given[name] > 1}:
        found.warn("enclosed_twice", f"The PDF encloses {min(doubled)} more than once.")
        return files
    for index, file in enumerate(_reader(data, password).attachment_list):
        if index >= _MOST_FILES:
            break
        name = file.alternative_name or file.name
        if name not in wanted:
            continue
        try:
            content = file.content
        except LimitReachedError:
            content = b" " * (_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            found.warn("enclosed_too_large", f"{name} in the PDF is too large and not read.")
            return {}
        files[name] = content
    return files


def _reader(data: bytes, password: str | None) -> Any:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt(password or "")
    return reader


def _value(name: str, content: bytes, found: Enclosed) -> dict[str, Any] | None:
    """The JSON object of a file."""
    try:
        value = json.loads(content, parse_constant=str)
        read_json_value(value)  # bounds its depth and the number of its values
    except (ValueError, RecursionError, Unreadable):
        found.warn("enclosed_unreadable", f"{name} in the PDF is not what its name says.")
        return None
    return value if isinstance(value, dict) else None


def _preview(values: dict[str, dict[str, Any]]) -> Preview | None:
    """The JSON Resume where it was made of a profile, of which cv_data can't hold all."""
    resume, cv_data = values.get(names.RESUME), values.get(names.CV_DATA)
    if resume is not None and (cv_data is None or _of_profile(resume)):
        return read_json_resume(resume)
    return None if cv_data is None else read_cv_data(cv_data)


def _of_profile(resume: dict[str, Any]) -> bool:
    meta = resume.get("meta")
    own = meta.get(EXTENSION) if isinstance(meta, dict) else None
    return isinstance(own, dict) and own.get(names.OF_PROFILE) is True


def _said(cv_data: dict[str, Any]) -> list[str]:
    """Every text of cv_data that a page shows in its words: neither dates nor headings."""
    identity, sections = cv_data.get("identity"), cv_data.get("sections")
    shown: list[Any] = [
        value
        for key, value in (identity if isinstance(identity, dict) else {}).items()
        if key != "picture"
    ]
    for section in (sections if isinstance(sections, dict) else {}).values():
        if not isinstance(section, dict):
            continue
        shown += str(section.get("content") or "").split("\n")
        items = section.get("items")
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                shown += (item.get(key) for key in ("title", "subtitle", "location"))
                shown += str(item.get("description") or "").split("\n")
                bullets = item.get("bullets")
                shown += bullets if isinstance(bullets, list) else []
    return [text for text in shown if isinstance(text, str) and text.strip()]


def _headings(cv_data: dict[str, Any]) -> list[str]:
    sections = cv_data.get("sections")
    given = sections.items() if isinstance(sections, dict) else ()
    return [str(each.get("heading") or key) for key, each in given if isinstance(each, dict)]


def _stated(data: bytes, password: str | None) -> dict[str, str]:
    """The digests in the metadata."""
    metadata = _reader(data, password).root_object.get("/Metadata")
    packet = metadata.get_object().get_data() if metadata is not None else b""
    return names.stated(packet)
