"""What machines read in a finished PDF: the certificate of its job.

Two readers are asked, neither of which sees what the file encloses: our own importer, which finds
the fields on the pages, and pypdf, of which nothing of ours is made, for the text and its order.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec
import pypdf

from app.cv.model import CV
from app.cv.normalise import to_cv_data
from app.importing.cv_data import read_cv_data
from app.importing.preview import Preview
from app.importing.read import read_text_of_pdf
from workers.aligned import Entry, beside, entry_of
from workers.embedded_fonts import fonts
from workers.self_checks import checks

PROFILE_FIELDS = (
    *("full_name", "headline", "bio", "location", "website", "github_url", "linkedin_url"),
    *("email", "phone"),
)
_ENTRIES = ("experience", "education", "projects", "certifications", "skills", "languages")
_Fields = dict[str, Any]
_Record = dict[str, list[_Fields]]
_MOST_FIELDS = 2000
_MOST_CHARACTERS = 300  # of a value that is told


def certificate(cv: CV, pdf: bytes) -> dict[str, Any]:
    """The certificate of `pdf`, which was made of `cv`, as JSON."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = "\n".join(page.extract_text() for page in reader.pages)
    fields = list(_fields(cv, read_text_of_pdf(pdf), _letters(text)))[:_MOST_FIELDS]
    return {
        "pages": len(reader.pages),
        "size_bytes": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "counts": {
            status: sum(field["status"] == status for field in fields)
            for status in ("found", "differs", "missing")
        },
        "in_order": _in_order(cv, _letters(text)),
        "fields": fields,
        "fonts": fonts(reader),
        "checks": checks(reader, pdf),
    }


def _fields(cv: CV, read: Preview, text: str) -> Iterator[dict[str, Any]]:
    """Every field of the CV as the importer understands it, beside what it reads on the pages."""
    cv_data = to_cv_data(cv)
    cv_data["identity"].pop("picture", None)
    there, back = _plainly(read_cv_data(cv_data)), _plainly(read)
    back |= {section: _placed(there[section], back[section]) for section in _ENTRIES}
    values = dict(_flat(back))
    for path, expected in _flat(there):
        found = values.get(path)
        same = found is not None and _plain(found) == _plain(expected)
        yield {
            "path": path,
            "status": "found" if same else "missing" if found is None else "differs",
            "expected": _told(expected),
            "read": None if found is None else _told(found),
            "in_text": all(_letters(line) in text for line in _lines(path, expected)),
        }


def _plainly(preview: Preview) -> _Record:
    """The fields of a preview that have a value, without evidence."""
    raw = msgspec.to_builtins(preview)
    record: _Record = {"profile": [{name: raw["profile"][name] for name in PROFILE_FIELDS}]}
    for section in _ENTRIES:
        record[section] = [
            {name: value for name, value in entry.items() if value and name != "evidence"}
            for entry in raw[section]
        ]
    return record


def _placed(expected: list[_Fields], found: list[_Fields]) -> list[_Fields]:
    """`found` with each entry in the place of the one that it was read of, blank where none is."""
    places = beside(*([_entry(fields) for fields in each] for each in (expected, found)))
    return [{} if place is None else found[place] for place in places]


def _entry(fields: _Fields) -> Entry:
    return entry_of({name: _plain(value) for name, value in fields.items()})


def _flat(record: _Record) -> Iterator[tuple[str, Any]]:
    for name, value in record["profile"][0].items():
        if value:
            yield f"profile.{name}", value
    for section in _ENTRIES:
        for index, entry in enumerate(record[section]):
            for name, value in entry.items():
                yield f"{section}[{index}].{name}", value


def _lines(path: str, value: Any) -> Iterator[str]:
    """The texts of a value that a page shows letter by letter; a date shows its year."""
    if path.endswith(("_date", "issued_on", "expires_on")):
        yield value[:4]
    elif not path.endswith(("employment_type", "is_current", ".level", ".years")):
        for text in value if isinstance(value, list) else [str(value)]:
            yield from re.sub(r"^(https?://)?(www\.)?", "", text).split("\n")


def _in_order(cv: CV, text: str) -> bool:
    """Whether pypdf gives the name first, and the entries of each section as they follow."""
    name = _letters(cv.identity.first_name or cv.identity.last_name)
    if name and not 0 <= text.find(name) <= len(text) // 2:
        return False
    for section in cv.sections:
        at = 0
        for item in section.items:
            title = _letters(item.title)
            if title and (at := text.find(title, at)) < 0:
                return False
    return True


def _told(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return text[:_MOST_CHARACTERS]


def _plain(value: Any) -> Any:
    """Without what setting a text does to it: curled quotes, blanks that keep words together."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return " ".join(value.replace("\u2019", "'").split())
    return value


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in folded if each.isalnum())
