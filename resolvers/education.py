"""Education of a profile."""

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
from schema.types.sections import AllEducation, Education, EducationInput

_SECTION = "education"
education_of = shower(_SECTION, Education)


@single_statement
async def list_education(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: CursorInOrder = None
) -> Page[Education]:
    """Your education, in its order."""
    return await list_rows(call, _SECTION, education_of, limit, cursor)


@single_statement
async def get_education(call: Call, education_id: UUID) -> Education:
    """One entry of education."""
    return education_of(await sections.one(call, _SECTION, education_id))


@single_statement
async def create_education(call: Call, input: EducationInput) -> Education:
    """Add an entry of education, as the last one."""
    return education_of(
        await sections.create(call, _SECTION, await grounded(call, _SECTION, input))
    )


@single_statement
async def update_education(
    call: Call, education_id: UUID, input: EducationInput, expected_version: ExpectedVersion = None
) -> Education:
    """Replace an entry of education: what is absent is cleared. Its place stays."""
    value = await grounded(call, _SECTION, input)
    return education_of(
        await sections.replace(call, _SECTION, education_id, value, expected_version)
    )


@single_statement
async def delete_education(
    call: Call, education_id: UUID, expected_version: ExpectedVersion = None
) -> None:
    """Remove an entry of education. It can be had back from the history."""
    await sections.delete(call, _SECTION, education_id, expected_version)


async def replace_all_education(call: Call, items: AllEducation) -> Page[Education]:
    """Replace all of your education.

    What is given stands then, in this order: an item with the id of a row replaces it, one without
    is new, and rows that are not named are deleted. Answers the first page.
    """
    return await replace_rows(call, _SECTION, items, education_of)
