"""The owner's profile: what there is one of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import strawberry

from app.accounts import MAX_NAME
from app.cv import bounds
from app.profile import rules
from app.profile.visibility import Visibility
from schema.types.billing import Billing
from schema.types.identity import USERNAME
from schema.types.sections import (
    Certification,
    Education,
    Experience,
    Grounded,
    Project,
    Skill,
)

_field = strawberry.field

strawberry.enum(
    Visibility,
    description="Who may see a profile: everybody, whoever knows the address (it is not listed),"
    " or nobody.",
)


def _change(description: str, most: int = bounds.LINE) -> Any:
    return _field(description=description, metadata={"schema": {"maxLength": most}})


@strawberry.type(description="A language the owner speaks.")
class SpokenLanguage:
    name: str = _field(description="Such as French.")
    level: str | None = _field(description="As the owner says it: native, C1, fluent.")


@strawberry.input(description="A language the owner speaks.")
class SpokenLanguageInput:
    name: str = _field(
        description="Such as French.",
        metadata={"schema": {"minLength": 1, "maxLength": bounds.LINE}},
    )
    level: str | None = _field(
        default=None,
        description="As the owner says it: native, C1, fluent.",
        metadata={"schema": {"maxLength": rules.SHORT}},
    )


@strawberry.type(description="The whole private profile of an owner.")
class UserPrivate:
    username: str = _field(description="Unique; names the public page.")
    full_name: str = _field(description="Display name.")
    headline: str | None = _field(description="What the owner is, in a line.")
    bio: str | None = _field(description="About the owner, in paragraphs.")
    location: str | None = _field(description="City and country, or as the owner puts it.")
    website: str | None = _field(description="Website URL.")
    github_url: str | None = _field(description="GitHub URL.")
    linkedin_url: str | None = _field(description="LinkedIn URL.")
    email: str | None = _field(
        description="For the readers of a résumé. Not the address to sign in with, though it"
        " begins as that."
    )
    phone: str | None = _field(description="Telephone number, as it should read.")
    avatar_url: str | None = _field(description="Path of the portrait on this server.")
    languages: list[SpokenLanguage] = _field(description="Languages the owner speaks.")
    open_to_work: bool = _field(description="Explicit availability signal.")
    email_public: bool = _field(description="Whether `email` may be shown to the public.")
    phone_public: bool = _field(description="Whether `phone` may be shown to the public.")
    visibility: Visibility = _field(description="Who may see the public page.")
    answers_questions: bool = _field(
        description="Whether visitors may ask questions, answered from what is public."
    )
    public_url: str = _field(
        description="Address of the public page. While `visibility` is `private` there is nothing."
    )
    created_at: datetime = _field(description="When the profile was made.")
    updated_at: datetime = _field(description="When it was last changed.")
    version: int = _field(description="Raised by each change; also its ETag.")


@strawberry.type(description="An owner with everything that belongs to the profile.")
class Owner:
    profile: UserPrivate = _field(description="The profile.")
    skills: list[Skill] = _field(description="All skills in their order.")
    experience: list[Experience] = _field(description="All work experience in its order.")
    education: list[Education] = _field(description="All education in its order.")
    projects: list[Project] = _field(description="All projects in their order.")
    certifications: list[Certification] = _field(description="All certifications in their order.")
    how_billed: strawberry.Private[Callable[[], Awaitable[Billing]]]

    @strawberry.field(description="How the owner pays.")  # type: ignore[untyped-decorator]
    async def billing(self) -> Billing:
        return await self.how_billed()


@strawberry.input(
    description="Changes of a profile, a JSON merge patch: absent leaves, null clears."
)
class ProfilePatch(Grounded):
    username: strawberry.Maybe[str] = _field(
        description="Another username. The old one leads here and is kept for 90 days.",
        metadata={"schema": USERNAME},
    )
    full_name: strawberry.Maybe[str] = _field(
        description="Display name.", metadata={"schema": {"minLength": 1, "maxLength": MAX_NAME}}
    )
    headline: strawberry.Maybe[str | None] = _change("What the owner is, in a line.")
    bio: strawberry.Maybe[str | None] = _change("Bio text, with line breaks.", bounds.TEXT)
    location: strawberry.Maybe[str | None] = _change("Location.")
    website: strawberry.Maybe[str | None] = _change(
        "Website URL, http or https; one without a scheme gets https://.", bounds.URL
    )
    github_url: strawberry.Maybe[str | None] = _change("URL at github.com.", bounds.URL)
    linkedin_url: strawberry.Maybe[str | None] = _change("URL at linkedin.com.", bounds.URL)
    email: strawberry.Maybe[str | None] = _change(
        "E-mail address for the readers of a résumé.", bounds.EMAIL
    )
    phone: strawberry.Maybe[str | None] = _change("Telephone number.", rules.PHONE)
    languages: strawberry.Maybe[list[SpokenLanguageInput] | None] = _field(
        description="Languages the owner speaks, all of them.",
        metadata={"schema": {"maxItems": rules.LANGUAGES}},
    )
    open_to_work: strawberry.Maybe[bool] = _field(description="Explicit availability signal.")
    email_public: strawberry.Maybe[bool] = _field(
        description="Whether `email` may be shown to the public."
    )
    phone_public: strawberry.Maybe[bool] = _field(
        description="Whether `phone` may be shown to the public."
    )
    visibility: strawberry.Maybe[Visibility] = _field(
        description="Who may see the public page. Restoring a revision never changes this."
    )
    answers_questions: strawberry.Maybe[bool] = _field(
        description="Whether visitors may ask questions, answered from what is public."
    )
