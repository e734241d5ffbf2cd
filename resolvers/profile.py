"""The owner's profile."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from app import accounts, publication
from app.accounts import Refused
from app.auth.own import admit, single_statement
from app.call import Call
from app.errors import FieldError, ValidationFailed
from app.grounding.cited import hold_to_sources
from app.profile import record, rules
from app.profile.visibility import Visibility
from resolvers.billing import billing_of
from resolvers.certifications import certification_of
from resolvers.education import education_of
from resolvers.experience import experience_of
from resolvers.projects import project_of
from resolvers.sections import ExpectedVersion, time
from resolvers.skills import skill_of
from schema.types.profile import Owner, ProfilePatch, SpokenLanguage, UserPrivate
from schema.types.selection import Selection

_PARTS: dict[str, Callable[[Any], Any]] = {
    "skills": skill_of,
    "experience": experience_of,
    "education": education_of,
    "projects": project_of,
    "certifications": certification_of,
}


@single_statement
async def get_profile(call: Call) -> UserPrivate:
    """Your whole private profile."""
    return profile_of(call, await record.get(call))


@single_statement
async def update_profile(
    call: Call, input: ProfilePatch, expected_version: ExpectedVersion = None
) -> UserPrivate:
    """Change fields of your profile: absent leaves as it is, null clears.

    Of a new `username` the old one leads to you for 90 days and is given to nobody else.
    """
    given = {
        name: value.value
        for name in input.__dataclass_fields__
        if name != "grounded_in" and (value := getattr(input, name)) is not None
    }
    username, errors = _username(given.pop("username", None))
    if isinstance(languages := given.get("languages"), list):
        given["languages"] = [dataclasses.asdict(language) for language in languages]
    try:
        changes = rules.profile(given)
    except ValidationFailed as wrong:
        errors += wrong.fields
    if errors:
        raise ValidationFailed(errors)
    if input.grounded_in is not None:
        await admit(call)
        await hold_to_sources(call, ("profile", changes, input.grounded_in, ""))
    return profile_of(call, await record.change(call, changes, expected_version, username))


@single_statement
async def get_owner(call: Call, selected: Selection | None = None) -> Owner:
    """You, as an owner: the profile with all of its sections."""
    wanted = rules.SECTIONS if selected is None else selected.intersection(rules.SECTIONS)
    row = await record.whole(call, wanted)
    return Owner(
        profile=profile_of(call, row),
        how_billed=partial(billing_of, call.context),
        **{part: [shown(item) for item in row[part] or ()] for part, shown in _PARTS.items()},
    )


async def get_record(call: Call) -> dict[str, Any]:
    """The caller's profile and sections as plain values; admits the caller."""
    row = await record.whole(call, rules.SECTIONS)
    return {"profile": row, **{section: row[section] for section in rules.SECTIONS}}


def profile_of(call: Call, row: Mapping[str, Any]) -> UserPrivate:
    """What is shown of a profile and its account's `username`."""
    return UserPrivate(
        username=row["username"],
        full_name=row["full_name"],
        headline=row["headline"],
        bio=row["bio"],
        location=row["location"],
        website=row["website"],
        github_url=row["github_url"],
        linkedin_url=row["linkedin_url"],
        email=row["email"],
        phone=row["phone"],
        avatar_url="/v1/me/avatar" if row["avatar_key"] else None,
        languages=[SpokenLanguage(**language) for language in row["languages"]],
        open_to_work=row["open_to_work"],
        email_public=row["email_public"],
        phone_public=row["phone_public"],
        visibility=Visibility(row["visibility"]),
        answers_questions=row["answers_questions"],
        public_url=publication.page_url(call.services.settings, row["username"]),
        created_at=time(row["created_at"]),
        updated_at=time(row["updated_at"]),
        version=row["version"],
    )


def _username(given: str | None) -> tuple[str | None, list[FieldError]]:
    try:
        return (None if given is None else accounts.username(given)), []
    except Refused as refused:
        return None, [FieldError("username", refused.code, str(refused))]
