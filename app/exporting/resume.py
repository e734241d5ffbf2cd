"""The formats that a résumé is given in beside its PDF, each a pure function of its CV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
import orjson

from app.cv.model import CV
from app.cv.normalise import to_cv_data
from app.exporting import docx, html, json_resume, markdown, text
from app.exporting.document import Document, document_of_cv
from app.exporting.formats import FORMATS
from app.exporting.vcard import Card, employer
from app.importing.cv_data import read_cv_data
from app.importing.preview import Preview

_WORD = re.compile(r"[^\W_]+")

Write = Callable[[CV, datetime], bytes]


@dataclass(frozen=True, slots=True)
class ResumeFormat:
    """`suffix` ends the name of a file; `write` takes a CV and the time it is from (UTC)."""

    media_type: str
    suffix: str
    write: Write


def _set_by(written: Callable[[Document], bytes]) -> Write:
    return lambda cv, made: written(document_of_cv(cv, made))


def _cv_data(cv: CV, made: datetime) -> bytes:
    """cv_data that renders to the same pages again."""
    return orjson.dumps(to_cv_data(cv), option=orjson.OPT_INDENT_2)


def _json_resume(cv: CV, made: datetime) -> bytes:
    """A JSON Resume of what an import finds in the CV, and of the texts that it can't place."""
    found = _read(cv)
    record = _record(found, made)
    unplaced = [
        {"section": left.section, "text": left.text} for left in found.unplaced if left.text
    ]
    return json_resume.written(record, [*unplaced, *_untold(cv, json_resume.written(record))])


def _untold(cv: CV, told: bytes) -> Iterator[dict[str, str]]:
    """Titles that `told` has not: of a list under another label, only that label is imported."""
    words = set(_WORD.findall(told.decode()))
    for section in cv.sections:
        for item in section.items:
            if not words.issuperset(_WORD.findall(item.title)):
                yield {"section": section.heading, "text": item.title}


def _card(cv: CV, made: datetime) -> bytes:
    found = _read(cv)
    record = _record(found, made)
    return Card(cv.identity, employer(record), found.profile.bio or "", made).written()


def _read(cv: CV) -> Preview:
    cv_data = to_cv_data(cv)
    cv_data["identity"].pop("picture", None)
    return read_cv_data(cv_data)


def _record(found: Preview, made: datetime) -> dict[str, object]:
    """What was found as a record such as those of profiles."""
    rows = msgspec.to_builtins(found)
    profile = {**rows["profile"], "languages": rows["languages"], "updated_at": made}
    return {**rows, "profile": profile}


def _as(name: str, write: Write) -> ResumeFormat:
    """The format that profiles have by `name`, of a CV."""
    return ResumeFormat(FORMATS[name].media_type, FORMATS[name].suffix, write)


RESUME_FORMATS: dict[str, ResumeFormat] = {
    "docx": _as("docx", _set_by(docx.written)),
    "html": _as("html", _set_by(html.written)),
    "md": _as("markdown", _set_by(markdown.written)),
    "txt": _as("text", _set_by(text.written)),
    "json": _as("jsonresume", _json_resume),
    "cv_data": _as("cv_data", _cv_data),
    "vcf": _as("vcard", _card),
}
