"""cv_data, the format of résumé jobs, read as a profile.

In experience the title of an item is the company and its subtitle the position, in education the
school and the degree. `app/cv/wording.py` has the words of what it has no keys for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.cv.names import name_parts
from app.cv.normalise import heading_of
from app.importing import cv_entries, cv_lists
from app.importing.cv_entries import BULLETS, items, kind_of
from app.importing.members import Members, Source
from app.importing.preview import FoundProfile, Preview
from app.importing.values import clean

_LOOK = (
    "template",
    "theme_color",
    "font_size",
    "font_family",
    "page_size",
    "locale",
    "sections_order",
)


def read_cv_data(raw: dict[str, Any], path: str = "") -> Preview:
    """The preview of cv_data that stands at `path`. Whatever `raw` holds, it raises nothing."""
    source = Source("cv_data")
    whole = Members(source, raw, path, "document", None)
    whole.skip(*_LOOK)
    source.preview.profile = _profile(whole.inner("identity", "identity"))
    sections = whole.inner("sections", "section")
    for key in sections.untaken():
        heading = heading_of(clean(key)) if clean(key) else key
        section = sections.inner(key, "section", heading)
        kind = kind_of(heading)
        for given in ("heading", "title"):
            if kind == "other" and section.peek(given):
                section.section = section.peek(given)
                kind = kind_of(section.section)
        _SECTIONS.get(kind, _leave)(section)
        section.skip("type", "heading", "title")
        section.rest()
    whole.rest()
    return source.preview


def _profile(person: Members) -> FoundProfile:
    first, last = person.text("full_name", "first_name"), person.text("full_name", "last_name")
    names = name_parts(first or "", last or "")  # as the templates set them
    profile = FoundProfile(
        full_name=" ".join(names) or None,
        headline=person.text("headline", "jobtitle"),
        email=person.email("email", "email"),
        phone=person.text("phone", "mobile"),
        location=person.text("location", "address"),
        linkedin_url=person.url("linkedin_url", "linkedin"),
        github_url=person.url("github_url", "github"),
        website=person.url("website", "website"),
        evidence=person.evidence,
    )
    person.skip("picture")
    person.rest()
    return profile


# Sections


def _leave(section: Members) -> None:
    for item in items(section):
        item.rest_as_one()


def _summary(section: Members) -> None:
    profile = section.source.preview.profile
    if profile.bio:
        _leave(section)
        return
    section.evidence = profile.evidence
    texts = [section.text("bio", "content", multiline=True)]
    for item in items(section):
        texts += item.texts("bio", *BULLETS)
        profile.evidence += item.evidence
        item.rest()
    profile.bio = "\n\n".join(text for text in texts if text) or None


def _experience(section: Members) -> None:
    section.source.preview.experience += cv_entries.experience(section)


def _volunteering(section: Members) -> None:
    for entry in cv_entries.experience(section):
        if not entry.employment_type:
            entry.employment_type = "volunteer"
            section.evidence = entry.evidence
            section.note("employment_type", section.section, section.path)
        section.source.preview.experience.append(entry)


def _education(section: Members) -> None:
    section.source.preview.education += cv_entries.education(section)


def _projects(section: Members) -> None:
    section.source.preview.projects += cv_entries.projects(section)


def _certifications(section: Members) -> None:
    section.source.preview.certifications += cv_entries.certifications(section)


def _skills(section: Members) -> None:
    section.source.preview.skills += cv_lists.skills(section)


def _languages(section: Members) -> None:
    section.source.preview.languages += cv_lists.languages(section)


_SECTIONS: dict[str, Callable[[Members], None]] = {
    "summary": _summary,
    "experience": _experience,
    "volunteering": _volunteering,
    "education": _education,
    "projects": _projects,
    "certifications": _certifications,
    "skills": _skills,
    "languages": _languages,
}
