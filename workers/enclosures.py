"""The data of a résumé, enclosed in its PDF for machines that would otherwise guess it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app.cv.enclosed import CV_DATA
from app.cv.model import CV
from app.cv.normalise import to_cv_data


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file inside a PDF."""

    name: str
    description: str
    content: bytes


def enclosures(cv: CV) -> tuple[Enclosure, ...]:
    """What the PDF of `cv` encloses.

    The portrait is left out: it is in the PDF as a picture already, and would double the file.
    """
    cv_data = to_cv_data(cv)
    cv_data["identity"].pop("picture", None)
    content = msgspec.json.format(msgspec.json.encode(cv_data), indent=1)
    return (Enclosure(CV_DATA, "This résumé as cv_data of Vitae", content),)
