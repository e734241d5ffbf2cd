"""Changes of a section as a whole: reordered, replaced, imported into or restored.

All of them hold `LOCK`, say what the rows shall be, and `write` makes them so in a few statements,
whatever their number, with one revision of those rows that it changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.call import Call
from app.db import Connection, Statement, raw_statement
from app.errors import Conflict
from app.profile import revised
from app.profile.record import LOCK
from app.profile.revised import snapshot
from app.profile.rules import FIELDS, SECTIONS, most_rows

__all__ = ["LOCK", "Row", "hold_to_bounds", "placed", "rows", "write"]

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

Row = dict[str, Any]

_KEPT = ("position", "origin", "parse_id")
_MOVED = ("id", "position", "version")


def _rows(section: str) -> Statement:
    return raw_statement(
        f"SELECT {snapshot('t')} AS row FROM {section} AS t WHERE account_id = $1"
        " ORDER BY position, id FOR UPDATE",
        "account_id",
    )


def _remove(section: str) -> Statement:
    return raw_statement(
        f"DELETE FROM {section} WHERE account_id = $1 AND id = ANY($2::UUID[])",
        "account_id",
        "gone",
    )


def _put(section: str) -> Statement:
    """Insert the rows that are not there and update those that differ.

    A row that comes back after it was deleted goes on from the version it had.
    """
    columns = (*_KEPT, *FIELDS[section])
    names = ", ".join(columns)
    given = ", ".join(f"given.{name}" for name in columns)
    excluded = ", ".join(f"excluded.{name}" for name in columns)
    there = ", ".join(f"t.{name}" for name in columns)
    return raw_statement(
        f"INSERT INTO {section} AS t (id, account_id, created_at, version, {names})"
        " SELECT given.id, $1::UUID, coalesce(given.created_at, now()),"
        f" coalesce(given.version + 1, 1), {given}"
        f" FROM jsonb_populate_recordset(NULL::{section}, $2::JSONB) AS given"
        f" ON CONFLICT (id) DO UPDATE SET ({names}) = ROW({excluded}),"
        " updated_at = now(), version = t.version + 1"
        f" WHERE t.account_id = $1::UUID AND ROW({there}) IS DISTINCT FROM ROW({excluded})",
        "account_id",
        "rows",
    )


_ROWS = {section: _rows(section) for section in SECTIONS}
_REMOVE = {section: _remove(section) for section in SECTIONS}
_PUT = {section: _put(section) for section in SECTIONS}


async def rows(call: Call, db: Connection, section: str) -> list[Row]:
    """All rows of a section in order, as JSON, locked until the transaction ends."""
    found = await db.rows(_ROWS[section], account_id=call.principal.account_id)
    return [record["row"] for record in found]


def placed(rows: Iterable[Row]) -> list[Row]:
    """Rows with their positions, first to last."""
    return [{**row, "position": index} for index, row in enumerate(rows)]


def hold_to_bounds(section: str, wanted: Sequence[Row]) -> None:
    """Raises Conflict for more rows than a section may have."""
    if len(wanted) > most_rows(section):
        raise Conflict(f"A profile may have {most_rows(section)} rows of {section}.")


async def write(
    call: Call,
    db: Connection,
    section: str,
    action: str,
    before: list[Row],
    wanted: Sequence[Row],
) -> list[Row]:
    """Make the rows of a section what is `wanted`; all of them, in order, as they are then.

    `before` is what `rows` found in this transaction. A wanted row has `id`, `position`, `origin`,
    `parse_id` and all fields of its section. Raises Conflict for more rows than a section may have.
    """
    hold_to_bounds(section, wanted)
    account_id = call.principal.account_id
    kept = {row["id"] for row in wanted}
    if gone := [row["id"] for row in before if row["id"] not in kept]:
        await db.execute(_REMOVE[section], account_id=account_id, gone=gone)
    if wanted:
        await db.execute(_PUT[section], account_id=account_id, rows=list(wanted))
    after = await rows(call, db, section)
    await _keep(call, db, section, action, before, after)
    return after


async def _keep(
    call: Call, db: Connection, section: str, action: str, before: list[Row], after: list[Row]
) -> None:
    """The revision of those rows that differ; of rows that were only moved, where they stand."""
    was, now = ({row["id"]: row for row in rows} for rows in (before, after))
    changed = [id_ for id_ in {**was, **now} if was.get(id_) != now.get(id_)]
    if not changed:
        return
    states = [[state[id_] for id_ in changed if id_ in state] for state in (was, now)]
    if action == "reorder":
        states = [[{name: row[name] for name in _MOVED} for row in state] for state in states]
    await revised.keep(
        call,
        db,
        section,
        action,
        before=states[0],
        after=states[1],
        item_ids=[UUID(id_) for id_ in changed],
    )
