"""Changes of a section as a whole: reordered, replaced, imported into or restored.

All of them say what the rows shall be; `write` makes them so in a few statements, whatever their
number, and keeps one revision with all rows before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.call import Call
from app.db import Connection, Statement, raw_statement
from app.errors import Conflict
from app.profile import revised
from app.profile.revised import snapshot
from app.profile.rules import FIELDS, SECTIONS, most_rows

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

LOCK = raw_statement("SELECT 1 FROM profiles WHERE account_id = $1 FOR UPDATE", "account_id")

_KEPT = ("position", "origin", "parse_id")


def _rows(section: str) -> Statement:
    return raw_statement(
        f"SELECT {snapshot('t')} AS row FROM {section} AS t WHERE account_id = $1"
        " ORDER BY position, id FOR UPDATE",
        "account_id",
    )


def _remove(section: str) -> Statement:
    return raw_statement(
        f"DELETE FROM {section} WHERE account_id = $1 AND NOT id = ANY($2::UUID[])",
        "account_id",
        "kept",
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


async def rows(call: Call, db: Connection, section: str) -> list[dict[str, Any]]:
    """All rows of a section in order, as JSON, locked until the transaction ends."""
    found = await db.rows(_ROWS[section], account_id=call.principal.account_id)
    return [record["row"] for record in found]


def placed(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with their positions, first to last."""
    return [{**row, "position": index} for index, row in enumerate(rows)]


async def write(
    call: Call,
    db: Connection,
    section: str,
    action: str,
    before: list[dict[str, Any]],
    wanted: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Make the rows of a section what is `wanted`; all of them, in order, as they are then.

    `before` is what `rows` found in this transaction. A wanted row has `id`, `position`, `origin`,
    `parse_id` and all fields of its section. Raises Conflict for more rows than a section may have.
    """
    if len(wanted) > most_rows(section):
        raise Conflict(f"A profile may have {most_rows(section)} rows of {section}.")
    account_id = call.principal.account_id
    if before:
        kept = [row["id"] for row in wanted]
        await db.execute(_REMOVE[section], account_id=account_id, kept=kept)
    if wanted:
        await db.execute(_PUT[section], account_id=account_id, rows=list(wanted))
    after = await rows(call, db, section)
    if after != before:
        await revised.keep(call, db, section, action, before=before, after=after)
    return after
