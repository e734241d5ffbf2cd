"""Our own export, the answer of `GET /v1/me`, read back."""

from __future__ import annotations

from typing import Any

from app.importing.members import Incomplete, Members, Source
from app.importing.preview import (
    FoundCertification,
    FoundEducation,
    FoundExperience,
    FoundLanguage,
    FoundProfile,
    FoundProject,
    FoundSkill,
    Preview,
)

# What belongs to the account or the row, not to what is said in it.
_ENVELOPE = ("ok", "request_id", "presentation")
_ROW = ("id", "position", "origin", "parse_id", "created_at", "updated_at", "version")
_ACCOUNT = (
    "id",
    "username",
    "avatar_url",
    "open_to_work",
    "email_public",
    "phone_public",
    "visibility",
    "answers_questions",
    "public_url",
    "created_at",
    "updated_at",
    "version",
)


def read_vitae(raw: dict[str, Any]) -> Preview:
    """The preview of an export. Whatever `raw` holds, it raises nothing."""
    source = Source("vitae")
    found = source.preview
    whole = Members(source, raw, "", "export", None)
    whole.skip(*_ENVELOPE)
    profile = Members(source, whole.take_object("profile"), "profile", "profile", "profile")
    found.profile, spoken = _profile(profile), profile.take("languages")
    profile.rest()
    take, entries = whole.take, source.entries
    found.languages = entries(spoken, "profile.languages", "languages", _language, "languages")
    found.skills = entries(take("skills"), "skills", "skills", _skill)
    found.experience = entries(take("experience"), "experience", "experience", _experience)
    found.education = entries(take("education"), "education", "education", _education)
    found.projects = entries(take("projects"), "projects", "projects", _project)
    found.certifications = entries(
        take("certifications"), "certifications", "certifications", _certification
    )
    whole.rest()
    return found


def _profile(row: Members) -> FoundProfile:
    row.skip(*_ACCOUNT)
    return FoundProfile(
        full_name=row.text("full_name", "full_name"),
        headline=row.text("headline", "headline"),
        bio=row.text("bio", "bio", multiline=True),
        location=row.text("location", "location"),
        website=row.url("website", "website"),
        github_url=row.url("github_url", "github_url"),
        linkedin_url=row.url("linkedin_url", "linkedin_url"),
        email=row.email("email", "email"),
        phone=row.text("phone", "phone"),
        evidence=row.evidence,
    )


def _language(row: Members) -> FoundLanguage:
    return FoundLanguage(
        name=row.name("name", "name"), level=row.text("level", "level"), evidence=row.evidence
    )


def _skill(row: Members) -> FoundSkill:
    row.skip(*_ROW)
    return FoundSkill(
        name=row.name("name", "name"),
        category=row.text("category", "category"),
        level=row.text("level", "level"),
        years=row.number("years", "years"),
        evidence=row.evidence,
    )


def _experience(row: Members) -> FoundExperience:
    row.skip(*_ROW)
    company, title = row.text("company", "company"), row.text("title", "title")
    if not (company or title):
        raise Incomplete("this needs a company or a title.")
    start, end, now = row.span(("start_date",), ("end_date",))
    return FoundExperience(
        company=company,
        title=title,
        location=row.text("location", "location"),
        employment_type=row.text("employment_type", "employment_type"),
        start_date=start,
        end_date=end,
        is_current=(row.flag("is_current", "is_current") or now) and end is None,
        description=row.text("description", "description", multiline=True),
        bullets=row.texts("bullets", "bullets"),
        technologies=row.texts("technologies", "technologies"),
        evidence=row.evidence,
    )


def _education(row: Members) -> FoundEducation:
    row.skip(*_ROW)
    institution, degree = row.text("institution", "institution"), row.text("degree", "degree")
    if not (institution or degree):
        raise Incomplete("this needs an institution or a degree.")
    start, end, _ = row.span(("start_date",), ("end_date",))
    return FoundEducation(
        institution=institution,
        degree=degree,
        field_of_study=row.text("field_of_study", "field_of_study"),
        location=row.text("location", "location"),
        start_date=start,
        end_date=end,
        grade=row.text("grade", "grade"),
        description=row.text("description", "description", multiline=True),
        bullets=row.texts("bullets", "bullets"),
        evidence=row.evidence,
    )


def _project(row: Members) -> FoundProject:
    row.skip(*_ROW)
    start, end, _ = row.span(("start_date",), ("end_date",))
    return FoundProject(
        name=row.name("name", "name"),
        role=row.text("role", "role"),
        url=row.url("url", "url"),
        repository_url=row.url("repository_url", "repository_url"),
        start_date=start,
        end_date=end,
        description=row.text("description", "description", multiline=True),
        bullets=row.texts("bullets", "bullets"),
        technologies=row.texts("technologies", "technologies"),
        evidence=row.evidence,
    )


def _certification(row: Members) -> FoundCertification:
    row.skip(*_ROW)
    issued = row.date("issued_on", "issued_on")
    return FoundCertification(
        name=row.name("name", "name"),
        issuer=row.text("issuer", "issuer"),
        issued_on=issued,
        expires_on=row.later("expires_on", issued, "expires_on"),
        credential_id=row.text("credential_id", "credential_id"),
        credential_url=row.url("credential_url", "credential_url"),
        evidence=row.evidence,
    )
