"""Ten profiles of very different people, and how one of them moves in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from strawberry import Some

from app.profile.rules import SECTIONS
from app.services import Services
from schema.types.profile import ProfilePatch, SpokenLanguageInput
from schema.types.sections import (
    CertificationItemInput,
    EducationItemInput,
    ExperienceItemInput,
    ProjectItemInput,
    SkillItemInput,
)
from tests.people import Person

_FOLDER = Path(__file__).with_name("profiles")
NAMES = tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))

_REPLACED: dict[str, tuple[str, type]] = {
    "skills": ("replace_skills", SkillItemInput),
    "experience": ("replace_all_experience", ExperienceItemInput),
    "education": ("replace_all_education", EducationItemInput),
    "projects": ("replace_projects", ProjectItemInput),
    "certifications": ("replace_certifications", CertificationItemInput),
}


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody whose profile is one of the ten; `ids` are those of its rows, by section/key."""

    person: Person
    username: str
    account_id: UUID
    ids: dict[str, UUID]


def read(name: str) -> dict[str, Any]:
    """A profile as its file says it; each row of a section has a `key` that questions go by."""
    profile: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return profile


async def move_in(services: Services, name: str) -> Resident:
    """Make an account with this profile, by the API's own operations."""
    username = name.replace("_", "-")
    person = await Person(services).signed_in(username)
    given = read(name)
    fields: dict[str, Any] = {key: Some(value) for key, value in given["profile"].items()}
    languages = [SpokenLanguageInput(**spoken) for spoken in given["profile"]["languages"]]
    fields["languages"] = Some(languages)
    await person.run("update_profile", input=ProfilePatch(**fields))
    ids: dict[str, UUID] = {}
    for section in SECTIONS:
        operation, type_ = _REPLACED[section]
        rows = [dict(row) for row in given[section]]
        keys = [row.pop("key") for row in rows]
        page = await person.run(operation, items=[type_(**row) for row in rows])
        names = (f"{section}/{key}" for key in keys)
        ids |= dict(zip(names, (UUID(str(row.id)) for row in page.items), strict=True))
    return Resident(person, username, await person.account_id(), ids)
