"""Clears what was imported, and all that was made of a profile to search it by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.call import Call
from app.db import raw_statement
from app.profile import bulk
from app.profile.rules import SECTIONS

_NO_CHUNKS = raw_statement("DELETE FROM chunks WHERE account_id = $1", "account_id")
# Who is at it holds no lease any more, and so writes nothing of what it has read.
_NO_STATE = raw_statement(
    "UPDATE index_states SET chunked_sequence = 0, indexed_sequence = 0, model = NULL,"
    " lease_id = NULL, lease_until = NULL, attempts = 0, last_error = NULL, updated_at = NULL,"
    " not_before = now() WHERE account_id = $1",
    "account_id",
)
_LATEST = raw_statement(
    "SELECT id FROM revisions WHERE account_id = $1 AND section = $2"
    " ORDER BY sequence DESC LIMIT 1",
    "account_id",
    "section",
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """Rows of one section that were removed, by a revision that can be undone."""

    section: str
    rows: int
    revision_id: UUID


async def reset(call: Call, *, imported_only: bool) -> tuple[list[Cleared], int]:
    """Remove rows, those alone whose origin still is an import unless told so, and all chunks.

    In the transaction of the call; what was cleared by section, and how many chunks.
    """
    db, account_id = call.db, call.principal.account_id
    await db.execute(bulk.LOCK, account_id=account_id)
    cleared = []
    for section in SECTIONS:
        before = await bulk.rows(call, db, section)
        kept = [row for row in before if imported_only and row["origin"] != "import"]
        if len(kept) == len(before):
            continue
        await bulk.write(call, db, section, "reset", before, kept)
        revision_id = await db.value(_LATEST, account_id=account_id, section=section)
        cleared.append(Cleared(section, len(before) - len(kept), revision_id))
    await db.execute(_NO_STATE, account_id=account_id)
    return cleared, await db.execute(_NO_CHUNKS, account_id=account_id)
