"""The statements of the five sections, the same for each.

Every statement is about one account's rows, writes its revision with the change, and tells by
having no row that nothing was there to change. A row's values come as one JSON object: PostgreSQL
makes the columns of it, so that no statement has two dozen parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.auth.own import own_row, own_rows
from app.call import Call
from app.db import Statement, raw_statement, stepwise, uuid7
from app.errors import Conflict, NotFound, PreconditionFailed
from app.profile.revised import COLUMNS, snapshot
from app.profile.rules import FIELDS, SECTIONS, most_rows

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one section."""

    listed: Statement
    one: Statement
    create: Statement
    replace: Statement
    delete: Statement


def _revision(section: str, action: str, *, at: int, source: str, before: str, after: str) -> str:
    """The step that keeps a revision; its parameters stand from `at` on: id, kind, credential."""
    return (
        f"revision AS (INSERT INTO revisions ({COLUMNS})"
        f" SELECT ${at}::UUID, own.account_id, ${at + 1}, ${at + 2}::UUID,"
        f" '{section}', own.id, ARRAY[own.id], '{action}', {before}, {after} FROM {source})"
    )


# Whoever changes a section as a whole has the profile to itself (`bulk.LOCK`): a row that is made,
# changed or deleted meanwhile waits, and is not lost between what was read and what is written.
_PROFILE = (
    "profile AS MATERIALIZED"
    " (SELECT account_id FROM profiles WHERE account_id = $2::UUID FOR SHARE)"
)
_REVISED = ("revision_id", "credential_kind", "credential_id")


def _create(section: str) -> Statement:
    columns = ", ".join(FIELDS[section])
    values = ", ".join(f"given.{name}" for name in FIELDS[section])
    own = (
        f"own AS (INSERT INTO {section} (id, account_id, position, {columns})"
        f" SELECT $1::UUID, $2::UUID, there.next, {values}"
        f" FROM jsonb_populate_record(NULL::{section}, $3::JSONB) AS given,"
        " (SELECT coalesce(max(position) + 1, 0) AS next, count(*) AS many"
        f" FROM {section} WHERE account_id = $2::UUID) AS there, profile"
        f" WHERE there.many < {most_rows(section)} RETURNING *)"
    )
    revision = _revision(
        section, "create", at=4, source="own", before="NULL", after=snapshot("own")
    )
    steps = f"{_PROFILE}, {own}, {revision}"
    return stepwise(steps, "id", "account_id", "value", *_REVISED)


def _replace(section: str) -> Statement:
    columns = ", ".join(FIELDS[section])
    values = ", ".join(f"(change.new).{name}" for name in FIELDS[section])
    steps = (
        _PROFILE,
        # Locked first, so that two at once see each other's row and both revisions are true.
        f"change AS MATERIALIZED (SELECT t AS old, jsonb_populate_record(t, $3::JSONB) AS new"
        f" FROM {section} AS t, profile WHERE t.id = $1::UUID AND t.account_id = profile.account_id"
        " AND ($4::INT IS NULL OR t.version = $4::INT) FOR UPDATE OF t)",
        f"own AS (UPDATE {section} AS t SET ({columns}) = ROW({values}), origin = 'hand',"
        " updated_at = now(), version = t.version + 1"
        " FROM change WHERE t.id = $1::UUID AND change.new IS DISTINCT FROM change.old"
        " RETURNING t.*)",
        _revision(
            section,
            "update",
            at=5,
            source="own, change",
            before=snapshot("change.old"),
            after=snapshot("own"),
        ),
    )
    return stepwise(", ".join(steps), "id", "account_id", "value", "expected_version", *_REVISED)


def _delete(section: str) -> Statement:
    own = (
        f"own AS (DELETE FROM {section} AS t USING profile WHERE t.id = $1::UUID"
        " AND t.account_id = profile.account_id AND ($3::INT IS NULL OR t.version = $3::INT)"
        " RETURNING t.*)"
    )
    revision = _revision(
        section, "delete", at=4, source="own", before=snapshot("own"), after="NULL"
    )
    steps = f"{_PROFILE}, {own}, {revision}"
    return stepwise(steps, "id", "account_id", "expected_version", *_REVISED)


def _statements(section: str) -> Statements:
    one = f"SELECT * FROM {section} WHERE id = $1::UUID AND account_id = $2::UUID"
    listed = (
        f"SELECT * FROM {section} WHERE account_id = $1::UUID"
        " AND (position, id) > ($2::INT, $3::UUID) ORDER BY position, id LIMIT $4::INT"
    )
    return Statements(
        listed=raw_statement(listed, "account_id", "after_position", "after_id", "most"),
        one=raw_statement(one, "id", "account_id"),
        create=_create(section),
        replace=_replace(section),
        delete=_delete(section),
    )


STATEMENTS = {section: _statements(section) for section in SECTIONS}


async def create(call: Call, section: str, value: dict[str, Any]) -> Any:
    """The new row, last in its section; raises Conflict for a section that is full."""
    row = await own_row(
        call, STATEMENTS[section].create, id=uuid7(), value=value, revision_id=uuid7()
    )
    if row is None:
        raise Conflict(f"A profile may have {most_rows(section)} rows of {section}.")
    return row


async def replace(
    call: Call, section: str, row_id: UUID, value: dict[str, Any], expected_version: int | None
) -> Any:
    """The row with `value`; raises NotFound, PreconditionFailed. The same value changes nothing."""
    row = await own_row(
        call,
        STATEMENTS[section].replace,
        id=row_id,
        value=value,
        expected_version=expected_version,
        revision_id=uuid7(),
    )
    return row if row is not None else await _as_it_is(call, section, row_id, expected_version)


async def delete(call: Call, section: str, row_id: UUID, expected_version: int | None) -> None:
    """Remove the row; raises NotFound, PreconditionFailed."""
    row = await own_row(
        call,
        STATEMENTS[section].delete,
        id=row_id,
        expected_version=expected_version,
        revision_id=uuid7(),
    )
    if row is None:
        await _as_it_is(call, section, row_id, expected_version)
        raise Conflict("The row was changed meanwhile; try again.")


async def one(call: Call, section: str, row_id: UUID) -> Any:
    """The row; raises NotFound."""
    row = await own_row(call, STATEMENTS[section].one, id=row_id)
    if row is None:
        raise NotFound(f"There is no such row of {section}.")
    return row


async def listed(call: Call, section: str, window: dict[str, Any]) -> list[Any]:
    """The rows after a place in the order of the section."""
    return await own_rows(call, STATEMENTS[section].listed, **window)


async def _as_it_is(call: Call, section: str, row_id: UUID, expected_version: int | None) -> Any:
    row = await one(call, section, row_id)
    if expected_version is not None and row["version"] != expected_version:
        raise PreconditionFailed(version=row["version"])
    return row
