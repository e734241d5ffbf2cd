"""Skills of a profile."""

from __future__ import annotations

from uuid import UUID

from app.auth.own import single_statement
from app.call import Call
from app.profile import sections
from resolvers.sections import (
    ExpectedVersion,
    grounded,
    list_rows,
    replace_rows,
    shower,
)
from schema.types.paging import DEFAULT_LIMIT, CursorInOrder, Limit, Page
from schema.types.sections import AllSkills, Skill, SkillInput

_SECTION = "skills"
skill_of = shower(_SECTION, Skill)


@single_statement
async def list_skills(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: CursorInOrder = None
) -> Page[Skill]:
    """Your skills, in their order."""
    return await list_rows(call, _SECTION, skill_of, limit, cursor)


@single_statement
async def get_skill(call: Call, skill_id: UUID) -> Skill:
    """One skill."""
    return skill_of(await sections.one(call, _SECTION, skill_id))


@single_statement
async def create_skill(call: Call, input: SkillInput) -> Skill:
    """Add a skill, as the last one."""
    return skill_of(await sections.create(call, _SECTION, await grounded(call, _SECTION, input)))


@single_statement
async def update_skill(
    call: Call, skill_id: UUID, input: SkillInput, expected_version: ExpectedVersion = None
) -> Skill:
    """Replace a skill: what is absent is cleared. Its place stays."""
    value = await grounded(call, _SECTION, input)
    return skill_of(await sections.replace(call, _SECTION, skill_id, value, expected_version))


@single_statement
async def delete_skill(
    call: Call, skill_id: UUID, expected_version: ExpectedVersion = None
) -> None:
    """Remove a skill. It can be had back from the history."""
    await sections.delete(call, _SECTION, skill_id, expected_version)


async def replace_skills(call: Call, items: AllSkills) -> Page[Skill]:
    """Replace all of your skills.

    What is given stands then, in this order: an item with the id of a row replaces it, one without
    is new, and rows that are not named are deleted. Answers the first page.
    """
    return await replace_rows(call, _SECTION, items, skill_of)
