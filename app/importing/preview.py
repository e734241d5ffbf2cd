"""What an import found: the profile and its entries, each value with its evidence.

Nothing here is invented. A value stands in an entry only with an `Evidence` of the same field that
says where it was read; text that no rule understood stands in `unplaced`, so that a reader of the
preview sees all there was.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Format = Literal["vitae", "json_resume", "cv_data", "linkedin", "docx", "pdf"]
SectionName = Literal["skills", "experience", "education", "projects", "certifications"]

Box = tuple[float, float, float, float]  # left, top, right, bottom in points from the top left


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Where the value of a field was read.

    `page` counts from 1 and `box` lies on it (PDF); `paragraph` counts from 1 (DOCX); `path` is a
    place in JSON or a row of a CSV file, as in `work[0].name` or `Positions.csv:3`. `text` is what
    stood there, before it was made into the value. `confidence` is 0 to 1; `rule` names the rule
    that read it, as `file.function` below `app/importing`.
    """

    field: str
    text: str
    confidence: float
    rule: str
    page: int | None = None
    box: Box | None = None
    paragraph: int | None = None
    path: str | None = None


class _Found(msgspec.Struct, kw_only=True):
    evidence: list[Evidence] = msgspec.field(default_factory=list)


class FoundProfile(_Found, kw_only=True):
    """URLs are absolute; `phone` is as written, or international where the country is certain."""

    full_name: str | None = None
    headline: str | None = None
    bio: str | None = None
    location: str | None = None
    website: str | None = None
    github_url: str | None = None
    linkedin_url: str | None = None
    email: str | None = None
    phone: str | None = None


class FoundSkill(_Found, kw_only=True):
    """`level` is as written (Expert, B2, 4/5); `years` is a number of years."""

    name: str
    category: str | None = None
    level: str | None = None
    years: float | None = None


class FoundExperience(_Found, kw_only=True):
    """Has a `company` or a `title`. Dates are YYYY, YYYY-MM or YYYY-MM-DD, as precise as written.

    `is_current` is for a span that is said to go on; its `end_date` is None.
    """

    company: str | None = None
    title: str | None = None
    location: str | None = None
    employment_type: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    is_current: bool = False
    description: str | None = None
    bullets: list[str] = msgspec.field(default_factory=list)
    technologies: list[str] = msgspec.field(default_factory=list)


class FoundEducation(_Found, kw_only=True):
    """Has an `institution` or a `degree`."""

    institution: str | None = None
    degree: str | None = None
    field_of_study: str | None = None
    location: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    grade: str | None = None
    description: str | None = None
    bullets: list[str] = msgspec.field(default_factory=list)


class FoundProject(_Found, kw_only=True):
    name: str
    role: str | None = None
    url: str | None = None
    repository_url: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    description: str | None = None
    bullets: list[str] = msgspec.field(default_factory=list)
    technologies: list[str] = msgspec.field(default_factory=list)


class FoundCertification(_Found, kw_only=True):
    name: str
    issuer: str | None = None
    issued_on: str | None = None
    expires_on: str | None = None
    credential_id: str | None = None
    credential_url: str | None = None


class FoundLanguage(_Found, kw_only=True):
    """A language that is spoken; `level` is as written (native, C1, Muttersprache)."""

    name: str
    level: str | None = None


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """Text that no field took. `section` is the heading it stood under, as written."""

    text: str
    section: str | None = None
    page: int | None = None
    box: Box | None = None
    paragraph: int | None = None
    path: str | None = None


class ImportWarning(msgspec.Struct, frozen=True, kw_only=True):  # noqa: A001
    """Something a reader of the preview should look at. `path` is a place in the preview."""

    code: str
    message: str
    path: str | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where a PDF and the data that it encloses say something else: `not_in_text` is a value of the
    data at `path` of the preview, `not_in_data` a line on `page`."""

    kind: Literal["not_in_text", "not_in_data"]
    text: str
    path: str | None = None
    page: int | None = None


class PageSize(msgspec.Struct, frozen=True, kw_only=True):
    """How large a page of a PDF is, in points; boxes of evidence lie on it."""

    page: int
    width: float
    height: float


class Preview(msgspec.Struct, kw_only=True):
    """All that was found in one file. `pages` is None for formats without pages.

    `tampered` is None for a file that encloses no data of its own.
    """

    format: Format
    pages: int | None = None
    profile: FoundProfile = msgspec.field(default_factory=FoundProfile)
    skills: list[FoundSkill] = msgspec.field(default_factory=list)
    experience: list[FoundExperience] = msgspec.field(default_factory=list)
    education: list[FoundEducation] = msgspec.field(default_factory=list)
    projects: list[FoundProject] = msgspec.field(default_factory=list)
    certifications: list[FoundCertification] = msgspec.field(default_factory=list)
    languages: list[FoundLanguage] = msgspec.field(default_factory=list)
    unplaced: list[Unplaced] = msgspec.field(default_factory=list)
    warnings: list[ImportWarning] = msgspec.field(default_factory=list)
    tampered: bool | None = None
    differences: list[Difference] = msgspec.field(default_factory=list)
    page_sizes: list[PageSize] = msgspec.field(default_factory=list)


class Unreadable(Exception):
    """A file that can't be imported. `code` is stable; `message` is for who gave the file.

    Codes: unknown_format, encrypted, wrong_password, no_text, damaged, too_many_pages, too_large,
    too_deep, too_slow, too_much_memory, failed.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
