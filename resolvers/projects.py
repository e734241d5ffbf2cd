"""Projects of a profile."""

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
from schema.types.sections import AllProjects, Project, ProjectInput

_SECTION = "projects"
project_of = shower(_SECTION, Project)


@single_statement
async def list_projects(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: CursorInOrder = None
) -> Page[Project]:
    """Your projects, in their order."""
    return await list_rows(call, _SECTION, project_of, limit, cursor)


@single_statement
async def get_project(call: Call, project_id: UUID) -> Project:
    """One project."""
    return project_of(await sections.one(call, _SECTION, project_id))


@single_statement
async def create_project(call: Call, input: ProjectInput) -> Project:
    """Add a project, as the last one."""
    return project_of(await sections.create(call, _SECTION, await grounded(call, _SECTION, input)))


@single_statement
async def update_project(
    call: Call, project_id: UUID, input: ProjectInput, expected_version: ExpectedVersion = None
) -> Project:
    """Replace a project: what is absent is cleared. Its place stays."""
    value = await grounded(call, _SECTION, input)
    return project_of(await sections.replace(call, _SECTION, project_id, value, expected_version))


@single_statement
async def delete_project(
    call: Call, project_id: UUID, expected_version: ExpectedVersion = None
) -> None:
    """Remove a project. It can be had back from the history."""
    await sections.delete(call, _SECTION, project_id, expected_version)


async def replace_projects(call: Call, items: AllProjects) -> Page[Project]:
    """Replace all of your projects.

    What is given stands then, in this order: an item with the id of a row replaces it, one without
    is new, and rows that are not named are deleted. Answers the first page.
    """
    return await replace_rows(call, _SECTION, items, project_of)
