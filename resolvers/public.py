"""Profiles as strangers see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from app import publication
from app.accounts import MAX_USERNAME
from app.call import Call
from app.errors import NotFound
from app.profile import rules
from app.profile.visibility import Visibility
from app.publication import Published
from schema.types.presentation import Accents, PageSection
from schema.types.profile import SpokenLanguage
from schema.types.public import (
    PublicCertification,
    PublicEducation,
    PublicExperience,
    PublicPresentation,
    PublicProfile,
    PublicProject,
    PublicRow,
    PublicSkill,
)

R = TypeVar("R", bound=PublicRow)

Username = Annotated[
    str,
    strawberry.argument(
        description="A username, or one that the owner gave up less than 90 days ago.",
        metadata={"schema": {"maxLength": MAX_USERNAME}},
    ),
]


async def get_public_profile(call: Call, username: Username) -> PublicProfile:
    """What an owner shows to everybody.

    Under a name that the owner gave up a short while ago `moved` is true, and `username` is the
    present one. A private profile and nobody are not told apart.
    """
    found = await publication.published(call.db, username, call.services.plans)
    if found is None:
        raise NotFound("There is no such profile.")
    profile, record = found.record["profile"], found.record
    return PublicProfile(
        username=found.username,
        moved=found.former,
        url=publication.page_url(call.services.settings, found.username),
        visibility=Visibility(found.visibility),
        answers_questions=found.answers_questions,
        full_name=profile["full_name"],
        headline=profile["headline"],
        bio=profile["bio"],
        location=profile["location"],
        website=profile["website"],
        github_url=profile["github_url"],
        linkedin_url=profile["linkedin_url"],
        email=profile["email"],
        phone=profile["phone"],
        avatar_url=_avatar_url(found),
        open_to_work=profile["open_to_work"],
        languages=[SpokenLanguage(**language) for language in profile["languages"]],
        skills=_skills(record["skills"]),
        experience=_experience(record["experience"]),
        education=_education(record["education"]),
        projects=_projects(record["projects"]),
        certifications=_certifications(record["certifications"]),
        presentation=_presentation(found),
    )


def _avatar_url(found: Published) -> str | None:
    return f"/u/{found.username}/avatar" if found.avatar_key else None


def _presentation(found: Published) -> PublicPresentation:
    shown, profile = found.presentation, found.record["profile"]
    there = {**found.record, "summary": profile["bio"], "languages": profile["languages"]}
    # A section without anything in it is not named either, or hidden ones would stand out.
    sections = [PageSection(name) for name in shown.layout.shown_sections if there[name]]
    return PublicPresentation(
        theme_id=shown.theme.id,
        accent=Accents(light=shown.light_accent, dark=shown.dark_accent),
        sections=sections,
        font_preference=shown.layout.font_preference,
    )


def _rows(section: str, type_: type[R]) -> Callable[[list[Mapping[str, Any]]], list[R]]:
    names = ("id", *rules.FIELDS[section])
    return lambda rows: [type_(**{name: row[name] for name in names}) for row in rows]


_skills = _rows("skills", PublicSkill)
_experience = _rows("experience", PublicExperience)
_education = _rows("education", PublicEducation)
_projects = _rows("projects", PublicProject)
_certifications = _rows("certifications", PublicCertification)
