"""What was changed, and how to have it back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.call import Call
from app.db import Connection, Statement, raw_statement
from app.errors import NotFound
from app.profile import bulk, record
from app.profile.bulk import Row
from app.profile.rules import FIELDS, TOLD_FIELDS

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

LONGEST_SHOWN = 50_000  # characters of the states of a revision that a list shows

_COLUMNS = (
    "id, sequence, created_at, credential_kind, credential_id, section, item_id, item_ids, action"
)
_STATES = "before, after, true AS whole"


def _list(condition: str, *names: str) -> Statement:
    """Newest first, after the revision `before`; states that are long are left out."""
    small = f"size <= {LONGEST_SHOWN}"
    return raw_statement(
        f"SELECT {_COLUMNS}, {small} AS whole, CASE WHEN {small} THEN before END AS before,"
        f" CASE WHEN {small} THEN after END AS after FROM revisions WHERE account_id = $1::UUID"
        " AND sequence < coalesce((SELECT sequence FROM revisions WHERE id = $2::UUID"
        " AND account_id = $1::UUID), 9223372036854775807)"
        f" AND ($3::TEXT IS NULL OR section = $3){condition} ORDER BY sequence DESC LIMIT $4::INT",
        "account_id",
        "before",
        "section",
        "most",
        *names,
    )


LIST = _list("")
LIST_OF_ITEM = _list(" AND item_ids @> ARRAY[$5::UUID]", "item_id")
ONE = raw_statement(
    f"SELECT {_COLUMNS}, {_STATES} FROM revisions WHERE account_id = $1 AND id = $2",
    "account_id",
    "id",
)
_LATEST = raw_statement(
    f"SELECT {_COLUMNS}, {_STATES} FROM revisions WHERE account_id = $1 AND section = $2"
    " ORDER BY sequence DESC LIMIT 1",
    "account_id",
    "section",
)
_SINCE = raw_statement(
    "SELECT item_id, before, after FROM revisions"
    " WHERE account_id = $1 AND section = $2 AND sequence >= $3 ORDER BY sequence DESC",
    "account_id",
    "section",
    "sequence",
)
_VERSIONS = raw_statement(
    "SELECT state ->> 'id' AS id, max((state ->> 'version')::INT) AS version FROM revisions,"
    " LATERAL (SELECT jsonb_path_query(either, 'lax $[*]') AS state"
    " FROM (VALUES (before), (after)) AS v (either) WHERE either IS NOT NULL) AS states"
    " WHERE account_id = $1 AND section = $2 AND item_ids && $3::UUID[]"
    " AND (state ->> 'id')::UUID = ANY($3::UUID[]) GROUP BY 1",
    "account_id",
    "section",
    "ids",
)

_NEVER_SHOWN = ("avatar_key", "parse_id")


async def one(call: Call, revision_id: UUID) -> Any:
    """A revision with its whole states; raises NotFound."""
    row = await call.db.row(ONE, account_id=call.principal.account_id, id=revision_id)
    if row is None:
        raise NotFound("There is no such revision.")
    return row


async def restore(call: Call, revision_id: UUID, *, whole: bool) -> Any | None:
    """Undo a change, or bring the `whole` section back to what it was before that change.

    The revision that this makes; None where everything was so already. Raises NotFound, and
    Conflict for a section that would have too many rows.
    """
    db, account_id = call.db, call.principal.account_id
    await db.execute(bulk.LOCK, account_id=account_id)
    revision = await one(call, revision_id)
    section = revision["section"]
    latest = await _latest(db, account_id, section)
    if section == "profile":
        await record.restore(call, _profile_before(revision, whole=whole))
    else:
        present, wanted = await _rows_before(call, db, revision, whole=whole)
        await bulk.write(call, db, section, "restore", present, wanted)
    made = await _latest(db, account_id, section)
    return None if made["id"] == latest["id"] else made


@dataclass(frozen=True, slots=True)
class Restoration:
    """What `restore` would change: the states that differ, now and then. Both are objects for the
    profile, and lists of rows for a section."""

    section: str
    before: Any
    after: Any


async def restoration(call: Call, revision_id: UUID, *, whole: bool) -> Restoration:
    """What `restore` would do now, without doing it; raises what it would raise."""
    revision = await one(call, revision_id)
    section = revision["section"]
    if section == "profile":
        now = dict(await record.get(call))
        then = _profile_before(revision, whole=whole)
        differing = [name for name, value in then.items() if now.get(name) != value]
        states = [{name: state.get(name) for name in differing} for state in (now, then)]
        return Restoration(section, *states)
    present, wanted = await _rows_before(call, call.db, revision, whole=whole)
    bulk.hold_to_bounds(section, wanted)
    was, will = _by_id(present), _by_id(wanted)
    told = (*FIELDS[section], "position")
    differing = [
        id_
        for id_ in {**was, **will}
        if id_ not in was
        or id_ not in will
        or any(was[id_].get(name) != will[id_].get(name) for name in told)
    ]
    before, after = ([state[id_] for id_ in differing if id_ in state] for state in (was, will))
    return Restoration(section, before, after)


async def _latest(db: Connection, account_id: UUID, section: str) -> Any:
    return await db.row(_LATEST, account_id=account_id, section=section)


def _profile_before(revision: Any, *, whole: bool) -> dict[str, Any]:
    """Fields as they were; those alone that the revision changed, unless `whole`.

    A username is not given back by this: another may have it. Nor does this change who may see the
    profile: what was public once is not published again by the way.
    """
    before, after = revision["before"], revision["after"]
    return {
        name: before[name] for name in TOLD_FIELDS if whole or before.get(name) != after.get(name)
    }


async def _rows_before(
    call: Call, db: Connection, revision: Any, *, whole: bool
) -> tuple[list[Row], list[Row]]:
    """The rows of a section as they are, and as a restoration makes them."""
    section, account_id = revision["section"], call.principal.account_id
    present = await bulk.rows(call, db, section)
    rows = {row["id"]: row for row in present}
    undo = [revision]
    if whole:
        since = revision["sequence"]
        undo = await db.rows(_SINCE, account_id=account_id, section=section, sequence=since)
    back: dict[str, Row] = rows
    for each in undo:
        back = _undone(back, each["before"], each["after"])
    if gone := back.keys() - rows.keys():
        # A row that comes back goes on from the highest version it has had, which clients may know.
        found = await db.rows(_VERSIONS, account_id=account_id, section=section, ids=list(gone))
        back |= {row["id"]: {**back[row["id"]], "version": row["version"]} for row in found}
    return present, sorted(back.values(), key=lambda row: (row["position"], row["id"]))


def _undone(rows: Mapping[str, Row], before: Any, after: Any) -> dict[str, Row]:
    """`rows` with those that one revision changed as they were before it, and all others as is.

    A state may be of some fields alone, for a row that was only moved; without its row, which was
    deleted since, it says nothing.
    """
    was, now = _by_id(before), _by_id(after)
    undone = {id_: row for id_, row in rows.items() if id_ in was or id_ not in now}
    for id_, state in was.items():
        row = {**rows.get(id_, {}), **state}
        if "origin" in row:
            undone[id_] = row
    return undone


def _by_id(state: Any) -> dict[str, Row]:
    rows = state if isinstance(state, list) else [state] if state else []
    return {row["id"]: row for row in rows}


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
