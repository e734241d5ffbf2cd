"""Experience of a profile."""

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
from schema.types.sections import AllExperience, Experience, ExperienceInput

_SECTION = "experience"
experience_of = shower(_SECTION, Experience)


@single_statement
async def list_experience(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: CursorInOrder = None
) -> Page[Experience]:
    """Your work experience, in its order."""
    return await list_rows(call, _SECTION, experience_of, limit, cursor)


@single_statement
async def get_experience(call: Call, experience_id: UUID) -> Experience:
    """One position."""
    return experience_of(await sections.one(call, _SECTION, experience_id))


@single_statement
async def create_experience(call: Call, input: ExperienceInput) -> Experience:
    """Add a position, as the last one."""
    return experience_of(
        await sections.create(call, _SECTION, await grounded(call, _SECTION, input))
    )


@single_statement
async def update_experience(
    call: Call,
    experience_id: UUID,
    input: ExperienceInput,
    expected_version: ExpectedVersion = None,
) -> Experience:
    """Replace a position: what is absent is cleared. Its place stays."""
    value = await grounded(call, _SECTION, input)
    return experience_of(
        await sections.replace(call, _SECTION, experience_id, value, expected_version)
    )


@single_statement
async def delete_experience(
    call: Call, experience_id: UUID, expected_version: ExpectedVersion = None
) -> None:
    """Remove a position. It can be had back from the history."""
    await sections.delete(call, _SECTION, experience_id, expected_version)


async def replace_all_experience(call: Call, items: AllExperience) -> Page[Experience]:
    """Replace all of your work experience.

    What is given stands then, in this order: an item with the id of a row replaces it, one without
    is new, and rows that are not named are deleted. Answers the first page.
    """
    return await replace_rows(call, _SECTION, items, experience_of)
