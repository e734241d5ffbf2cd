"""Revisions: every change of a profile and its sections."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.types.access import CredentialKind

_field = strawberry.field


@strawberry.enum(description="What a revision is about: the profile, or one of its sections.")
class RevisionSection(Enum):
    PROFILE = "profile"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    PROJECTS = "projects"
    CERTIFICATIONS = "certifications"


@strawberry.enum(description="What was done; those from `reorder` on change a section as a whole.")
class RevisionAction(Enum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    REORDER = "reorder"
    REPLACE = "replace"
    IMPORT = "import"
    RESTORE = "restore"
    RESET = "reset"


@strawberry.enum(description="How much to bring back.")
class RestoreScope(Enum):
    CHANGE = "change"
    SECTION = "section"


@strawberry.type(description="One change of a profile or of one of its sections.")
class Revision:
    id: UUID = _field(description="Id of the revision.")
    created_at: datetime = _field(description="When it was made.")
    section: RevisionSection = _field(description="What was changed.")
    item_id: UUID | None = _field(
        description="The row; null for the profile and for a section as a whole."
    )
    action: RevisionAction = _field(description="What was done.")
    credential: CredentialKind = _field(description="How who did it was known.")
    credential_id: UUID = _field(description="Id of that session, API key or token.")
    fields: list[str] = _field(description="Names of what differs, where one row was changed.")
    item_ids: list[UUID] = _field(description="All rows that it touched.")
    whole: bool = _field(
        description="False in a list that leaves `before` and `after` out because they are long."
    )
    before: JSON | None = _field(
        description="The row before, or those rows of the section that were touched; null: it was"
        " not there."
    )
    after: JSON | None = _field(
        description="The row after, or those rows of the section that were touched; null: it is"
        " gone."
    )


@strawberry.input(description="How much of a revision to undo.")
class RestoreInput:
    scope: RestoreScope = _field(
        default=RestoreScope.CHANGE,
        description="`change`: what this one revision changed, such as a deleted row."
        " `section`: all of its section, as it stood before it.",
    )


@strawberry.type(description="What a restoration would do, if it were done now.")
class Restoration:
    changed: bool = _field(description="False where everything is so already.")
    section: RevisionSection = _field(description="What it would change.")
    before: JSON = _field(
        description="What is there now: of the profile those fields that would change, of a section"
        " those rows."
    )
    after: JSON = _field(description="The same as it would be then.")


@strawberry.type(description="What a restoration did.")
class Restored:
    changed: bool = _field(description="False where everything was so already.")
    revision: Revision | None = _field(
        description="The restoration itself, which can be undone like any change."
    )
