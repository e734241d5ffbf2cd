"""What machines read in a résumé, as a report for people."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.errors import Conflict
from rest_compat.site.pages import page
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
_NAMES = {"github": "GitHub", "linkedin": "LinkedIn", "url": "address"}
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
        name = part.partition("[")[0].replace("_", " ").capitalize()
        words = f"{part} {rest}".replace("_", " ").replace("[", " ").replace("]", "")
        groups.setdefault(name, []).append({**field, "words": _named(_counted(words.split()))})
    for fields in groups.values():
        fields.sort(key=lambda field: _ORDER[field["status"]])
    return sorted(groups.items(), key=lambda pair: _ORDER[pair[1][0]["status"]])


def _counted(words: list[str]) -> list[str]:
    """Machines count from 0, people from 1."""
    return [str(int(word) + 1) if word.isdecimal() else word for word in words[1:]] or words


def _named(words: list[str]) -> str:
    said = " ".join(_NAMES.get(word, word) for word in words)
    return said[:1].upper() + said[1:]
