"""The step of a statement that keeps what the statement changed.

    WITH …, own AS (INSERT … RETURNING *), revision AS (INSERT INTO revisions …) SELECT …

A change and its revision are one statement: there is never one without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.call import Call
from app.db import Connection, raw_statement, uuid7

COLUMNS = (
    "id, account_id, credential_kind, credential_id, section, item_id, item_ids, action, before,"
    " after"
)


def snapshot(row: str) -> str:
    """SQL: a whole row as JSON, as revisions hold it."""
    return f"to_jsonb({row}) - 'account_id'"


_KEEP = raw_statement(
    f"INSERT INTO revisions ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",  # noqa: S608
    "id",
    "account_id",
    "credential_kind",
    "credential_id",
    "section",
    "item_id",
    "item_ids",
    "action",
    "before",
    "after",
)


async def keep(
    call: Call,
    db: Connection,
    section: str,
    action: str,
    *,
    before: Any,
    after: Any,
    item_ids: Sequence[UUID] = (),
) -> None:
    """Write a revision in the transaction of `db`; for changes that take several statements."""
    await db.execute(
        _KEEP,
        id=uuid7(),
        account_id=call.principal.account_id,
        credential_kind=call.principal.kind.value,
        credential_id=call.principal.credential_id,
        section=section,
        item_id=None,
        item_ids=list(item_ids),
        action=action,
        before=before,
        after=after,
    )
