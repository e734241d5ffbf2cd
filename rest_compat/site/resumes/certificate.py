"""What machines read in a résumé, as a report for people."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.errors import Conflict
from rest_compat.site.pages import page
from rest_compat.site.profile.fields import PARTS, SECTIONS
from rest_compat.site.resumes.jobs import ONE
from rest_compat.site.resumes.resumes import area
from rest_compat.site.visitor import Visitor

_CHECKS = {
    "tagged": "Parts are tagged",
    "structure": "Has a structure",
    "identified": "Says what it conforms to",
    "language": "Language is given",
    "title": "Has a title",
}
_LABELS = {
    (group, field.name): field.label
    for group, fields in (
        *(("profile", part.fields) for part in PARTS.values()),
        *((section.name, section.fields) for section in SECTIONS.values()),
    )
    for field in fields
}
_ORDER = {"missing": 0, "differs": 1, "found": 2}


@area.get(f"{ONE}/certificate")
async def certificate(visitor: Visitor) -> Response:
    job = (await visitor.call("resume_job", visitor.params))["job"]
    try:
        found = await visitor.call("resume_certificate", visitor.params)
    except Conflict as early:
        if not early.retryable:
            raise
        return page(visitor, "resumes/certificate.html.j2", job=job, found=None, groups=[])
    report = found.get("certificate", found)
    return page(
        visitor,
        "resumes/certificate.html.j2",
        job=job,
        found=report,
        groups=_groups(report),
        checks=_CHECKS,
    )


def _groups(report: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The fields by the part of the résumé they stand in; what went wrong comes first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for field in report["fields"]:
        part, _, rest = field["path"].partition(".")
        section = part.partition("[")[0]
        words = _counted(f"{part} {rest}".replace("[", " ").replace("]", "").split())
        said = " ".join(_label(section, word) for word in words)
        name = section.replace("_", " ").capitalize()
        groups.setdefault(name, []).append({**field, "words": said})
    for fields in groups.values():
        fields.sort(key=lambda field: _ORDER[field["status"]])
    return sorted(groups.items(), key=lambda pair: _ORDER[pair[1][0]["status"]])


def _counted(words: list[str]) -> list[str]:
    """Machines count from 0, people from 1."""
    return [f"{int(word) + 1}." if word.isdecimal() else word for word in words[1:]] or words


def _label(section: str, field: str) -> str:
    """What the form of the profile calls a field."""
    return _LABELS.get((section, field)) or field.replace("_", " ").capitalize()
