"""LinkedIn's data archive ("Get a copy of your data"): a ZIP of CSV files in English.

Only the files about the person's own profile are inflated; messages, connections and all else
stay closed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from app.importing.archive import Archive
from app.importing.members import Incomplete, Members, Source
from app.importing.preview import (
    Evidence,
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProject,
    FoundSkill,
    Preview,
    Unreadable,
)

_MOST_ROWS = 5_000  # of a file
_LOOKED_AT = 10  # rows in which the header may stand, below notes
_STARTED, _FINISHED = ("Started On", "Start Date"), ("Finished On", "End Date")
_BULLET = re.compile(r"\s*[-*\u2022\u25aa\u25cf\u00b7\u2013]\s+")
_LABEL = re.compile(r"(?!https?:)([^:/.]{1,100}):(?=\S)", re.IGNORECASE)
# LinkedIn asks for an end unless one says that one still works there.
_NO_END = 0.9

# The columns that tell a file's header from what may stand above it.
FILES = {
    "profile": {"First Name", "Last Name"},
    "profile summary": {"Profile Summary"},
    "email addresses": {"Email Address"},
    "phonenumbers": {"Number"},
    "positions": {"Company Name", "Title"},
    "volunteering": {"Company Name", "Role"},
    "education": {"School Name"},
    "skills": {"Name"},
    "projects": {"Title"},
    "certifications": {"Name"},
    "languages": {"Name"},
}
_OTHER_NAMES = {
    "phone numbers": "phonenumbers",
    "volunteer experiences": "volunteering",
    "volunteering experiences": "volunteering",
}
_KEPT = {
    "honors": "Honors",
    "publications": "Publications",
    "courses": "Courses",
    "patents": "Patents",
    "organizations": "Organizations",
    "testscores": "Test scores",
}

_Entry = TypeVar("_Entry")


def kind_of(name: str) -> str | None:
    """Which of LinkedIn's files an entry of an archive is, by the last part of its name."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    stem = re.sub(r"[_ ]+", " ", base.removesuffix(".csv")).strip()
    kind = _OTHER_NAMES.get(stem, stem)
    return kind if base.endswith(".csv") and (kind in FILES or kind in _KEPT) else None


def read_linkedin(data: bytes) -> Preview:
    """The preview of an archive.

    Raises Unreadable: `damaged`, `encrypted`, `too_large`, or `unknown_format` for an archive
    without any of the files.
    """
    files = _Files(data)
    found = files.source.preview
    _profile(files)
    found.experience = files.entries("positions", "experience", _position)
    found.experience += files.entries("volunteering", "experience", _volunteering)
    found.education = files.entries("education", "education", _education)
    found.projects = files.entries("projects", "projects", _project)
    found.certifications = files.entries("certifications", "certifications", _certification)
    found.skills = files.entries("skills", "skills", _skill)
    found.languages = files.entries("languages", "languages", _language)
    for kind, section in _KEPT.items():
        for row in files.rows(kind, section):
            row.rest_as_one()
    return found


class _Files:
    """The files of the archive by kind, each inflated when it is asked for."""

    def __init__(self, data: bytes) -> None:
        self.source = Source("linkedin")
        self._archive = Archive(data)
        entries = [entry for entry in self._archive.entries if not entry.is_dir()]
        entries.sort(key=lambda entry: entry.filename.count("/"), reverse=True)
        self._entries = {kind: entry for entry in entries if (kind := kind_of(entry.filename))}
        if not self._entries:
            raise Unreadable(
                "unknown_format", "The archive holds none of the files that LinkedIn exports."
            )

    def rows(self, kind: str, section: str) -> Iterator[Members]:
        """The rows of a file as members by column; none where there is no such file."""
        entry = self._entries.get(kind)
        if entry is None:
            return
        name = entry.filename.replace("\\", "/").rsplit("/", 1)[-1]
        lines = _rows(_decoded(self._archive.read(entry)))
        header: list[str] = []
        for number, cells in lines:
            if not header:
                if FILES.get(kind, set()) <= set(cells):
                    header = cells
                elif number > _LOOKED_AT:
                    break
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if number > _MOST_ROWS:
                raise Unreadable("too_large", f"{name} has over {_MOST_ROWS:,} rows.")
            place = f"{name}:{number}"
            yield Members(
                self.source,
                dict(zip(header, cells, strict=False)),
                place,
                kind.replace(" ", "_"),
                section,
                whole_path=True,
            )
            for cell in cells[len(header) :]:
                self.source.leave(cell, place, section)
        if not header:
            self.source.warn("unknown_columns", f"{name} has not the columns that it should.")

    def entries(self, kind: str, section: str, read: Callable[[Members], _Entry]) -> list[_Entry]:
        """The rows of a file, each as `read` makes it; the incomplete are kept as text."""
        return self.source.collect(self.rows(kind, section), read)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, from 1, as a table shows them. Cells may hold line breaks."""
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:  # a cell longer than csv.field_size_limit(), 128 KiB
        raise Unreadable("damaged", f"A table of the archive can't be read: {error}.") from None


def _profile(files: _Files) -> None:
    profile = files.source.preview.profile
    for row in files.rows("profile", "profile"):
        names = [row.text("full_name", key) for key in ("First Name", "Last Name")]
        profile.full_name = " ".join(part for part in names if part) or None
        profile.headline = row.text("headline", "Headline")
        profile.bio = row.text("bio", "Summary", multiline=True)
        profile.location = row.text("location", "Geo Location")
        profile.website = _website(row)
        profile.evidence += row.evidence
        row.rest()
        break
    for row in files.rows("profile summary", "profile"):
        if not profile.bio and (bio := row.text("bio", "Profile Summary", multiline=True)):
            profile.bio = bio
            profile.evidence += row.evidence
        elif row.peek("Profile Summary") == profile.bio:
            row.skip("Profile Summary")
        row.rest()
    _contact(files)


def _website(row: Members) -> str | None:
    """The first of `[LABEL:address,LABEL:address]`; the others are kept as text."""
    if not (written := row.take("Websites")):
        return None
    found: str | None = None
    for part in written.strip("[] ").split(","):
        label = _LABEL.match(part.strip())
        address = part.strip()[label.end() if label else 0 :]
        given = Members(
            row.source, {"": address}, row.path, "website", row.section, whole_path=True
        )
        if not found and "." in address and (found := given.url("website", "")):
            row.evidence += given.evidence
        elif given.untaken():
            row.source.leave((label[1] if label else None, address), row.path, row.section)
    return found


def _contact(files: _Files) -> None:
    """The first e-mail address that is primary, or the first; the first number that is no fax."""
    profile = files.source.preview.profile
    rows = list(files.rows("email addresses", "profile"))
    rows.sort(key=lambda row: row.peek("Primary").lower() != "yes")
    for row in rows:
        row.skip("Confirmed", "Primary", "Updated On")
        if not profile.email:
            profile.email = row.email("email", "Email Address")
            profile.evidence += row.evidence
        row.rest()
    for row in files.rows("phonenumbers", "profile"):
        if not profile.phone and row.peek("Type").lower() != "fax":
            parts = [row.text("phone", key) for key in ("Extension", "Number")]
            profile.phone = " ".join(part for part in parts if part) or None
            profile.evidence += row.evidence
            row.skip("Type")
        row.rest()


def _told(row: Members, *keys: str) -> tuple[str | None, list[str]]:
    """A description, and its lines that have bullets, in which people write lists."""
    said = row.text("description", *keys, multiline=True)
    lines = said.split("\n") if said else []
    bullets = [_BULLET.sub("", line, count=1).strip() for line in lines if _BULLET.match(line)]
    prose = "\n".join(line for line in lines if not _BULLET.match(line)).strip() or None
    if bullets:
        told = row.evidence.pop()
        row.evidence += [told] if prose else []
        row.evidence += [_as_bullet(told, bullet) for bullet in bullets]
    return prose, bullets


def _as_bullet(told: Evidence, bullet: str) -> Evidence:
    return Evidence(
        field="bullets", text=bullet, confidence=told.confidence, rule=told.rule, path=told.path
    )


def _position(row: Members, employment_type: str | None = None) -> FoundExperience:
    company, title = row.text("company", "Company Name"), row.text("title", "Title", "Role")
    if not (company or title):
        raise Incomplete("this needs a company or a title.")
    without_end = not row.has(*_FINISHED)
    start, end, now = row.span(_STARTED, _FINISHED)
    if start and without_end:
        now = True
        row.note("is_current", start, row.path, _NO_END, "no_end")
    description, bullets = _told(row, "Description")
    return FoundExperience(
        company=company,
        title=title,
        location=row.text("location", "Location"),
        employment_type=employment_type or row.text("employment_type", "Employment Type"),
        start_date=start,
        end_date=end,
        is_current=now,
        description=description,
        bullets=bullets,
        evidence=row.evidence,
    )


def _volunteering(row: Members) -> FoundExperience:
    row.note("employment_type", "Volunteering.csv", row.path)
    return _position(row, "volunteer")


def _education(row: Members) -> FoundEducation:
    institution, degree = row.text("institution", "School Name"), row.text("degree", "Degree Name")
    if not (institution or degree):
        raise Incomplete("this needs a school or a degree.")
    start, end, _ = row.span(_STARTED, _FINISHED)
    description, bullets = _told(row, "Notes")
    return FoundEducation(
        institution=institution,
        degree=degree,
        field_of_study=row.text("field_of_study", "Field Of Study"),
        start_date=start,
        end_date=end,
        grade=row.text("grade", "Grade"),
        description=description,
        bullets=bullets + row.texts("bullets", "Activities"),
        evidence=row.evidence,
    )


def _project(row: Members) -> FoundProject:
    name = row.name("name", "Title")
    start, end, _ = row.span(_STARTED, _FINISHED)
    description, bullets = _told(row, "Description")
    return FoundProject(
        name=name,
        url=row.url("url", "Url"),
        start_date=start,
        end_date=end,
        description=description,
        bullets=bullets,
        evidence=row.evidence,
    )


def _certification(row: Members) -> FoundCertification:
    name = row.name("name", "Name")
    issued = row.date("issued_on", *_STARTED)
    return FoundCertification(
        name=name,
        issuer=row.text("issuer", "Authority"),
        issued_on=issued,
        expires_on=row.later("expires_on", issued, *_FINISHED),
        credential_id=row.text("credential_id", "License Number"),
        credential_url=row.url("credential_url", "Url"),
        evidence=row.evidence,
    )


def _skill(row: Members) -> FoundSkill:
    return FoundSkill(name=row.name("name", "Name"), evidence=row.evidence)


def _language(row: Members) -> FoundLanguage:
    name = row.name("name", "Name")
    level = row.text("level", "Proficiency")
    # Some exports write NATIVE_OR_BILINGUAL where others write the words.
    if level and level.isupper() and "_" in level:
        level = level.replace("_", " ").capitalize()
    return FoundLanguage(name=name, level=level, evidence=row.evidence)
