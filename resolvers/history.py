"""The history of a profile, and how to have it back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.call import Call
from app.profile import history
from schema.types.access import CredentialKind
from schema.types.history import (
    Restoration,
    Restored,
    RestoreInput,
    RestoreScope,
    Revision,
    RevisionAction,
    RevisionSection,
)
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window


async def list_history(
    call: Call,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    section: Annotated[
        RevisionSection | None, strawberry.argument(description="Only changes of this.")
    ] = None,
    item_id: Annotated[
        UUID | None, strawberry.argument(description="Only changes of this row.")
    ] = None,
) -> Page[Revision]:
    """Every change of your profile and its sections, newest first.

    Of a change of very many or very long rows `before` and `after` are left out of the list.
    """
    asked: dict[str, Any] = {
        "account_id": call.principal.account_id,
        "section": section.value if section else None,
        **window(limit, cursor),
    }
    if item_id is None:
        rows = await call.db.rows(history.LIST, **asked)
    else:
        rows = await call.db.rows(history.LIST_OF_ITEM, **asked, item_id=item_id)
    return page(rows, limit, _revision)


async def get_revision(call: Call, revision_id: UUID) -> Revision:
    """One change, with the whole of what was before and after."""
    return _revision(await history.one(call, revision_id))


async def restore_revision(
    call: Call, revision_id: UUID, input: RestoreInput | None = None
) -> Restored:
    """Undo a change, or bring its whole section back to what it was before it.

    A deleted row comes back under its id. A row that the change made goes away. Of the profile,
    those fields come back that the change set; a username does not, for another may have it, nor
    does what says who may see the profile. What this does is a revision too.
    """
    scope = input.scope if input else RestoreScope.CHANGE
    made = await history.restore(call, revision_id, whole=scope is RestoreScope.SECTION)
    return Restored(changed=made is not None, revision=_revision(made) if made else None)


async def get_restoration(
    call: Call, revision_id: UUID, scope: RestoreScope = RestoreScope.CHANGE
) -> Restoration:
    """What restoring a revision would change now, without doing it."""
    found = await history.restoration(call, revision_id, whole=scope is RestoreScope.SECTION)
    return Restoration(
        changed=bool(found.before or found.after),
        section=RevisionSection(found.section),
        before=history.shown(found.before),
        after=history.shown(found.after),
    )


def _revision(row: Any) -> Revision:
    return Revision(
        id=row["id"],
        created_at=row["created_at"],
        section=RevisionSection(row["section"]),
        item_id=row["item_id"],
        action=RevisionAction(row["action"]),
        credential=CredentialKind(row["credential_kind"]),
        credential_id=row["credential_id"],
        fields=history.changed_fields(row["before"], row["after"]),
        item_ids=row["item_ids"],
        whole=row["whole"],
        before=history.shown(row["before"]),
        after=history.shown(row["after"]),
    )
