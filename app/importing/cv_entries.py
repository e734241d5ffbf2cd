"""The entries of cv_data's sections: positions, studies, projects and certificates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import structs

from app.cv import links, wording
from app.cv.findings import Unusable
from app.importing import dates, headings, words
from app.importing.degrees import degree_of
from app.importing.matching import words_key
from app.importing.members import Incomplete, Members
from app.importing.preview import (
    Evidence,
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundProject,
)

BULLETS = ("bullets", "description_bullets")
_LABELLED = 100  # characters of a text in which its label stands
_ADDRESS = re.compile(r"https?://|www\.|[\w.-]+/", re.IGNORECASE)
_OF_A_HEAD = ("title", "subtitle", "location", "start", "end")

_Told = FoundExperience | FoundEducation | FoundProject
_Entry = TypeVar("_Entry", FoundExperience, FoundEducation, FoundProject)


def kind_of(heading: str) -> str:
    """Which section a heading names, in any language we know; `other` for none."""
    found = headings.section_of(heading) if heading else None
    return found.section if found else "other"


def repeats_heading(item: Members) -> bool:
    """Whether the title of an item says no more than the heading above it."""
    return words_key(item.peek("title")) == words_key(item.section)


def items(section: Members) -> Iterator[Members]:
    """The items of a section."""
    place = section.place("items")
    return section.source.objects(section.take("items"), place, "item", section.section)


def experience(section: Members) -> list[FoundExperience]:
    """The positions: company first, then what one was there."""
    return _entries(section, _position)


def education(section: Members) -> list[FoundEducation]:
    """The studies: school first, then the degree."""
    return _entries(section, _studies)


def projects(section: Members) -> list[FoundProject]:
    """The projects: name first, then the role."""
    return _entries(section, _project)


def certifications(section: Members) -> list[FoundCertification]:
    """The certificates, one an item, or one a bullet of items without a title."""
    found: list[FoundCertification] = []
    for item in items(section):
        named = item.has("title") and not repeats_heading(item)
        if named or not item.has(*BULLETS):
            found += section.source.collect([item], _certificate)
            continue
        item.skip("title")
        for name, said in item.sayings("name", *BULLETS):
            found.append(FoundCertification(name=name, evidence=[said]))
        item.rest()
    return found


def _entries(section: Members, read: Callable[[Members], _Entry]) -> list[_Entry]:
    """The items as `read` makes them; one of bullets alone goes on with the entry before."""
    entries: list[_Entry] = []
    for item in items(section):
        if entries and not item.has(*_OF_A_HEAD):
            _tell(entries[-1], item)
            entries[-1].evidence += item.evidence
            item.rest()
        else:
            entries += section.source.collect([item], read)
    return entries


def _position(item: Members) -> FoundExperience:
    company, title = item.text("company", "title"), item.text("title", "subtitle")
    if not (company or title):
        raise Incomplete("this needs a title or a subtitle.")
    noted = wording.read_parentheses(title or "")
    kind = noted[1] if noted and _is_employment(noted[1]) else None
    if noted and kind:
        title = noted[0]
        item.note("employment_type", kind, item.place("subtitle"))
    start, end, now = item.span(("start",), ("end",))
    entry = FoundExperience(
        company=company,
        title=title,
        location=item.text("location", "location"),
        employment_type=kind,
        start_date=start,
        end_date=end,
        is_current=now,
        evidence=item.evidence,
    )
    _tell(entry, item)
    return entry


def _is_employment(text: str) -> bool:
    known = text.lower() in wording.EMPLOYMENT_TYPES | wording.USUAL_EMPLOYMENT
    return known or words.employment_type_of(text) == text


def _studies(item: Members) -> FoundEducation:
    institution, degree = item.text("institution", "title"), item.text("degree", "subtitle")
    if not (institution or degree):
        raise Incomplete("this needs a title or a subtitle.")
    degree, field = parted_degree(degree or "") or (degree, None)
    if field:
        item.note("field_of_study", field, item.place("subtitle"))
    start, end, _ = item.span(("start",), ("end",))
    entry = FoundEducation(
        institution=institution,
        degree=degree,
        field_of_study=field,
        location=item.text("location", "location"),
        start_date=start,
        end_date=end,
        evidence=item.evidence,
    )
    _tell(entry, item)
    return entry


def parted_degree(written: str) -> tuple[str, str] | None:
    """The degree and its field, where `written` is no more than the two."""
    if parted := wording.read_degree(written):
        return parted
    found = degree_of(written)
    if found and found.degree and found.field_of_study and not found.rest:
        return found.degree, found.field_of_study
    return None


def _project(item: Members) -> FoundProject:
    name = item.name("name", "title")
    start, end, _ = item.span(("start",), ("end",))
    entry = FoundProject(
        name=name,
        role=item.text("role", "subtitle"),
        start_date=start,
        end_date=end,
        evidence=item.evidence,
    )
    _tell(entry, item)
    return entry


def _certificate(item: Members) -> FoundCertification:
    name = item.name("name", "title")
    issued = item.date("issued_on", "start")
    entry = FoundCertification(
        name=name,
        issuer=item.text("issuer", "subtitle"),
        issued_on=issued,
        expires_on=item.later("expires_on", issued, "end"),
        evidence=item.evidence,
    )
    for text, said in _facts(entry, item):
        item.source.leave(text, said.path or item.path, item.section)
    return entry


def _tell(entry: _Told, item: Members) -> None:
    """Take the description and the bullets, of which those go to a field that name it by label."""
    if told := item.text("description", "description", multiline=True):
        entry.description = "\n\n".join(filter(None, (entry.description, told)))
    for text, said in _facts(entry, item):
        entry.bullets.append(text)
        item.evidence.append(said)


def _facts(entry: _Told | FoundCertification, item: Members) -> Iterator[tuple[str, Evidence]]:
    """Take the bullets that name a field of `entry` which is free; the others are given."""
    for text, said in item.sayings("bullets", *BULLETS):
        field, value = _labelled(entry, text)
        if field == "technologies" and not isinstance(entry, FoundEducation | FoundCertification):
            entry.technologies += wording.read_list(value)
        elif field and not getattr(entry, field) and (read := _read(field, value)):
            setattr(entry, field, read)
        else:
            yield text, said
            continue
        item.evidence.append(structs.replace(said, field=field))


def _labelled(entry: _Told | FoundCertification, text: str) -> tuple[str, str]:
    """The field that a bullet names and its value; "" for none that `entry` has."""
    if named := wording.read_label(text):
        field, value = named
        return (field, value) if hasattr(entry, field) else ("", text)
    if hasattr(entry, "credential_url"):
        return "credential_url", text
    if hasattr(entry, "technologies") and (listed := words.technologies_label(text[:_LABELLED])):
        return "technologies", text[text.find(listed) :]
    return "", text


def _read(field: str, value: str) -> str | None:
    """The value as its field holds it; None where it is no value of that kind."""
    if field == "expires_on":
        return dates.read_date(value)
    if field.endswith("url"):
        try:
            return links.web_url(value) if _ADDRESS.match(value) else None
        except Unusable:
            return None
    return value
