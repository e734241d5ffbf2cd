"""What the values of a profile or a row claim, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

What = Literal[
    "number",
    "identifier",
    "date",
    "employer",
    "title",
    "headline",
    "name",
    "person",
    "place",
    "certificate",
    "present",
]

_FIGURES: What = "number"
_OF_FIELD: dict[str, What] = {
    "headline": "headline",
    "full_name": "person",
    "location": "place",
    "is_current": "present",
    "phone": "identifier",
    "company": "employer",
    "institution": "employer",
    "issuer": "employer",
    "title": "title",
    "role": "title",
    "degree": "title",
    "field_of_study": "title",
    "start_date": "date",
    "end_date": "date",
    "issued_on": "date",
    "expires_on": "date",
    "credential_id": "identifier",
    "technologies": "name",
    "bio": "number",
    "description": "number",
    "bullets": "number",
    "grade": "number",
    "level": "number",
    "category": "number",
    "employment_type": "number",
    "years": "number",
}
# What `name` names differs: a project and a certificate are titles on a CV.
_NAME: dict[str, What] = {"projects": "title", "certifications": "certificate", "skills": "name"}


class Claim(msgspec.Struct, frozen=True):
    """A value that must be said somewhere: whole, or of a text its figures and dates."""

    path: str
    field: str
    what: What
    text: str


def claims(section: str, values: Mapping[str, Any], path: str = "") -> Iterator[Claim]:
    """The claims of the fields that are given, in the request's terms; null claims nothing."""
    for field, value in values.items():
        what = _NAME.get(section) if field == "name" else _OF_FIELD.get(field)
        below = f"{path}.{field}" if path else field
        if field == "languages":
            yield from _languages(value, below)
        elif what == "present":
            if value:
                yield Claim(below, field, what, str(values.get("company") or ""))
        elif what is not None:
            yield from _claims(field, what, value, below)


def _claims(field: str, what: What, value: Any, path: str) -> Iterator[Claim]:
    if isinstance(value, str):
        if value.strip():
            yield Claim(path, field, what, value)
        if what == "headline":
            yield Claim(path, field, _FIGURES, value)
    elif isinstance(value, (int, float)):
        yield Claim(path, field, what, f"{value:g} {field}")
    elif value is not None:
        for index, item in enumerate(value):
            yield from _claims(field, what, item, f"{path}[{index}]")


def _languages(languages: Sequence[Mapping[str, Any]] | None, path: str) -> Iterator[Claim]:
    for index, language in enumerate(languages or ()):
        if level := language.get("level"):
            yield Claim(f"{path}[{index}].level", "level", _FIGURES, level)
