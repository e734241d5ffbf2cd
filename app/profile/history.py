"""What was changed, and how to have it back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.call import Call
from app.db import Connection, raw_statement
from app.errors import NotFound
from app.profile import bulk, record
from app.profile.rules import PROFILE_FIELDS

_COLUMNS = (
    "id, sequence, created_at, credential_kind, credential_id, section, item_id, action,"
    " before, after"
)
# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608
LIST = raw_statement(
    f"SELECT {_COLUMNS} FROM revisions WHERE account_id = $1::UUID AND id < $2::UUID"
    " AND ($3::TEXT IS NULL OR section = $3) AND ($4::UUID IS NULL OR item_id = $4::UUID"
    " OR before @> jsonb_build_array(jsonb_build_object('id', $4::UUID))"
    " OR after @> jsonb_build_array(jsonb_build_object('id', $4::UUID)))"
    " ORDER BY id DESC LIMIT $5::INT",
    "account_id",
    "before",
    "section",
    "item_id",
    "most",
)
_ONE = raw_statement(
    f"SELECT {_COLUMNS} FROM revisions WHERE account_id = $1 AND id = $2", "account_id", "id"
)
_LATEST = raw_statement(
    f"SELECT {_COLUMNS} FROM revisions WHERE account_id = $1 AND section = $2"
    " ORDER BY sequence DESC LIMIT 1",
    "account_id",
    "section",
)
_SINCE = raw_statement(
    "SELECT item_id, before FROM revisions"
    " WHERE account_id = $1 AND section = $2 AND sequence >= $3 ORDER BY sequence DESC",
    "account_id",
    "section",
    "sequence",
)

_NEVER_SHOWN = ("avatar_key", "parse_id")


async def restore(call: Call, revision_id: UUID, *, whole: bool) -> Any | None:
    """Undo a change, or bring the `whole` section back to what it was before that change.

    The revision that this makes; None where everything was so already. Raises NotFound, and
    Conflict for a section that would have too many rows.
    """
    db, account_id = call.db, call.principal.account_id
    await db.execute(bulk.LOCK, account_id=account_id)
    revision = await db.row(_ONE, account_id=account_id, id=revision_id)
    if revision is None:
        raise NotFound("There is no such revision.")
    section = revision["section"]
    latest = await _latest(db, account_id, section)
    if section == "profile":
        await record.restore(call, _profile_before(revision, whole=whole))
    else:
        await _restore_rows(call, db, revision, whole=whole)
    made = await _latest(db, account_id, section)
    return None if made["id"] == latest["id"] else made


async def _latest(db: Connection, account_id: UUID, section: str) -> Any:
    return await db.row(_LATEST, account_id=account_id, section=section)


def _profile_before(revision: Any, *, whole: bool) -> dict[str, Any]:
    """Fields as they were; those alone that the revision changed, unless `whole`.

    A username is not given back by this: another may have it.
    """
    before, after = revision["before"], revision["after"]
    return {
        name: before[name]
        for name in PROFILE_FIELDS
        if whole or before.get(name) != after.get(name)
    }


async def _restore_rows(call: Call, db: Connection, revision: Any, *, whole: bool) -> None:
    section = revision["section"]
    present = await bulk.rows(call, db, section)
    rows = {row["id"]: row for row in present}
    if whole:
        since = await db.rows(
            _SINCE,
            account_id=call.principal.account_id,
            section=section,
            sequence=revision["sequence"],
        )
        for later in since:
            rows = _undone(rows, later["item_id"], later["before"])
    else:
        rows = _undone(rows, revision["item_id"], revision["before"])
    wanted = sorted(rows.values(), key=lambda row: (row["position"], row["id"]))
    await bulk.write(call, db, section, "restore", present, wanted)


def _undone(
    rows: dict[str, dict[str, Any]], item_id: UUID | None, before: Any
) -> dict[str, dict[str, Any]]:
    """`rows` with what one revision changed as it was before."""
    if item_id is None:
        return {row["id"]: row for row in before or []}
    others = {id_: row for id_, row in rows.items() if id_ != str(item_id)}
    return others if before is None else {**others, str(item_id): before}


def shown(state: Any) -> Any:
    """A row, or list of rows, of a revision as its owner sees it."""
    if isinstance(state, list):
        return [shown(row) for row in state]
    if isinstance(state, Mapping):
        return {name: value for name, value in state.items() if name not in _NEVER_SHOWN}
    return state


def changed_fields(before: Any, after: Any) -> list[str]:
    """Names of the fields that differ between two states of one row."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    ours = ("version", "updated_at", *_NEVER_SHOWN)
    return [n for n in {**before, **after} if n not in ours and before.get(n) != after.get(n)]
