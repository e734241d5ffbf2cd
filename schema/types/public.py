"""A profile as strangers see it."""

from __future__ import annotations

from uuid import UUID

import strawberry

from app.profile.visibility import Visibility
from schema.types.presentation import Accents, PageSection
from schema.types.profile import SpokenLanguage
from schema.types.sections import (
    CertificationFields,
    EducationFields,
    ExperienceFields,
    ProjectFields,
    SkillFields,
)

_field = strawberry.field


@strawberry.type(description="What every public row has.")
class PublicRow:
    id: UUID = _field(description="Id of the row.")


@strawberry.type(description="A skill.")
class PublicSkill(PublicRow, SkillFields):
    pass


@strawberry.type(description="One position.")
class PublicExperience(PublicRow, ExperienceFields):
    pass


@strawberry.type(description="One school, course or degree.")
class PublicEducation(PublicRow, EducationFields):
    pass


@strawberry.type(description="One project.")
class PublicProject(PublicRow, ProjectFields):
    pass


@strawberry.type(description="One certificate or licence.")
class PublicCertification(PublicRow, CertificationFields):
    pass


@strawberry.type(description="How the owner has a profile look.")
class PublicPresentation:
    theme_id: str = _field(description="Theme actually rendered.")
    accent: Accents = _field(description="Accent colours actually rendered.")
    sections: list[PageSection] = _field(
        description="The sections that there is anything in to see, first to last."
    )
    font_preference: str = _field(description="A typeface, or `theme` for that of the theme.")


@strawberry.type(
    description="What the owner shows of a profile. What is hidden is null or an empty list here,"
    " as if there were none."
)
class PublicProfile:
    username: str = _field(description="The name it goes by now.")
    moved: bool = _field(
        description="Whether it was asked for by a name given up since; use `username` from now on."
    )
    url: str = _field(description="Address of the public page.")
    visibility: Visibility = _field(description="`public`, or `unlisted`: not to be listed.")
    answers_questions: bool = _field(description="Whether visitors may ask questions.")
    full_name: str = _field(description="Display name.")
    headline: str | None = _field(description="What the owner is, in a line.")
    bio: str | None = _field(description="About the owner, in paragraphs.")
    location: str | None = _field(description="City and country, or as the owner puts it.")
    website: str | None = _field(description="Website URL.")
    github_url: str | None = _field(description="GitHub URL.")
    linkedin_url: str | None = _field(description="LinkedIn URL.")
    email: str | None = _field(description="E-mail address, if the owner has made it public.")
    phone: str | None = _field(description="Telephone number, if the owner has made it public.")
    avatar_url: str | None = _field(description="Path of the portrait on this server.")
    open_to_work: bool = _field(description="Explicit availability signal.")
    languages: list[SpokenLanguage] = _field(description="Languages the owner speaks.")
    skills: list[PublicSkill] = _field(description="Skills in their order.")
    experience: list[PublicExperience] = _field(description="Work experience in its order.")
    education: list[PublicEducation] = _field(description="Education in its order.")
    projects: list[PublicProject] = _field(description="Projects in their order.")
    certifications: list[PublicCertification] = _field(description="Certifications in their order.")
    presentation: PublicPresentation = _field(description="How it looks.")
