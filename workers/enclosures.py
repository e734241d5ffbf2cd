"""The data of a résumé, enclosed in its PDF for machines that would otherwise guess it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from app.cv.enclosed import CV_DATA, RESUME
from app.cv.model import CV
from app.cv.normalise import to_cv_data
from app.exporting.json_resume import json_resume
from app.importing.cv_data import read_cv_data
from app.profile import rules


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file inside a PDF."""

    name: str
    description: str
    content: bytes


def enclosures(cv: CV) -> tuple[Enclosure, ...]:
    """What the PDF of `cv` encloses: its cv_data, and the same as a JSON Resume.

    The portrait is left out: it is in the PDF as a picture already, and would double the file.
    """
    cv_data = to_cv_data(cv)
    cv_data["identity"].pop("picture", None)
    content = orjson.dumps(cv_data, option=orjson.OPT_INDENT_2)
    resume = cv.resume.encode() if cv.resume else _json_resume(cv_data)
    return (
        Enclosure(CV_DATA, "This résumé as cv_data of Vitae", content),
        Enclosure(RESUME, "This résumé as JSON Resume", resume),
    )


def _json_resume(cv_data: dict[str, Any]) -> bytes:
    """What the importer finds in cv_data, in the format that other programs read too."""
    found = msgspec.to_builtins(read_cv_data(cv_data))
    record: dict[str, Any] = {"profile": {**found["profile"], "languages": found["languages"]}}
    return json_resume(record | {section: found[section] for section in rules.SECTIONS})
