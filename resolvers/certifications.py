"""Certifications of a profile."""

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
from schema.types.sections import AllCertifications, Certification, CertificationInput

_SECTION = "certifications"
certification_of = shower(_SECTION, Certification)


@single_statement
async def list_certifications(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: CursorInOrder = None
) -> Page[Certification]:
    """Your certifications, in their order."""
    return await list_rows(call, _SECTION, certification_of, limit, cursor)


@single_statement
async def get_certification(call: Call, certification_id: UUID) -> Certification:
    """One certification."""
    return certification_of(await sections.one(call, _SECTION, certification_id))


@single_statement
async def create_certification(call: Call, input: CertificationInput) -> Certification:
    """Add a certification, as the last one."""
    return certification_of(
        await sections.create(call, _SECTION, await grounded(call, _SECTION, input))
    )


@single_statement
async def update_certification(
    call: Call,
    certification_id: UUID,
    input: CertificationInput,
    expected_version: ExpectedVersion = None,
) -> Certification:
    """Replace a certification: what is absent is cleared. Its place stays."""
    value = await grounded(call, _SECTION, input)
    return certification_of(
        await sections.replace(call, _SECTION, certification_id, value, expected_version)
    )


@single_statement
async def delete_certification(
    call: Call, certification_id: UUID, expected_version: ExpectedVersion = None
) -> None:
    """Remove a certification. It can be had back from the history."""
    await sections.delete(call, _SECTION, certification_id, expected_version)


async def replace_certifications(call: Call, items: AllCertifications) -> Page[Certification]:
    """Replace all of your certifications.

    What is given stands then, in this order: an item with the id of a row replaces it, one without
    is new, and rows that are not named are deleted. Answers the first page.
    """
    return await replace_rows(call, _SECTION, items, certification_of)
