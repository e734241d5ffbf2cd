"""The statements of the profile itself, and of a profile with all that belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from app.auth import throttle
from app.auth.own import admit, own_row
from app.call import Call
from app.db import Connection, raw_statement, stepwise, uuid7
from app.errors import PreconditionFailed
from app.profile import usernames
from app.profile.revised import COLUMNS, snapshot
from app.profile.rules import PROFILE_FIELDS, SECTIONS
from app.security_events import Action, note

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

_MOST_RENAMES = 5
_RENAMES_SECONDS = 30 * 86_400

LOCK = raw_statement("SELECT 1 FROM profiles WHERE account_id = $1 FOR UPDATE", "account_id")
_LOCK_VISIBILITY = raw_statement(
    "SELECT visibility FROM profiles WHERE account_id = $1 FOR UPDATE", "account_id"
)

_FIELDS = ", ".join(PROFILE_FIELDS)
_NAMED = "(SELECT username FROM accounts WHERE id = p.account_id) AS username"

_GET = raw_statement(
    f"SELECT p.*, {_NAMED} FROM profiles AS p WHERE p.account_id = $1::UUID", "account_id"
)

_CHANGE = stepwise(
    # Locked first, so that two at once see each other's changes and both revisions are true.
    "change AS MATERIALIZED (SELECT p AS old, jsonb_populate_record(p, $2::JSONB) AS new"
    " FROM profiles AS p WHERE p.account_id = $1::UUID"
    " AND ($3::INT IS NULL OR p.version = $3::INT) FOR UPDATE),"
    f" own AS (UPDATE profiles AS p SET ({_FIELDS}) ="
    f" ROW({', '.join(f'(change.new).{name}' for name in PROFILE_FIELDS)}),"
    " updated_at = now(), version = p.version + 1 FROM change WHERE p.account_id = $1::UUID"
    " AND (change.new IS DISTINCT FROM change.old OR $4::JSONB IS NOT NULL)"
    f" RETURNING p.*, {_NAMED}),"
    f" revision AS (INSERT INTO revisions ({COLUMNS})"
    " SELECT $6::UUID, own.account_id, $7, $8::UUID, 'profile', NULL, '{}', $9,"
    f" {snapshot('change.old')} || coalesce($4::JSONB, '{{}}'),"
    f" {snapshot('own')} - 'username' || coalesce($5::JSONB, '{{}}') FROM own, change)",
    "account_id",
    "changes",
    "expected_version",
    "also_before",
    "also_after",
    "revision_id",
    "credential_kind",
    "credential_id",
    "action",
)


def _whole() -> str:
    """Everything of one owner as one row: the profile, and each wanted section as JSON."""
    sections = ", ".join(
        f"CASE WHEN '{section}' = ANY($2::TEXT[]) THEN (SELECT coalesce(jsonb_agg("
        f"to_jsonb(s) ORDER BY s.position, s.id), '[]') FROM {section} AS s"
        f" WHERE s.account_id = p.account_id) END AS {section}"
        for section in SECTIONS
    )
    return f"SELECT p.*, {_NAMED}, {sections} FROM profiles AS p WHERE p.account_id = $1::UUID"


_WHOLE = raw_statement(_whole(), "account_id", "wanted")


async def get(call: Call) -> Any:
    """The caller's profile with its `username`."""
    return await own_row(call, _GET)


async def whole(call: Call, wanted: Collection[str]) -> Any:
    """The same with those sections that are `wanted`, each a list of rows as JSON, else None."""
    return await own_row(call, _WHOLE, wanted=list(wanted))


async def of_account(db: Connection, account_id: UUID) -> dict[str, Any]:
    """The profile of any account and all of its sections, as `get_record` gives the caller's."""
    row: Any = await db.row(_WHOLE, account_id=account_id, wanted=list(SECTIONS))
    return {"profile": row, **{section: row[section] for section in SECTIONS}}


async def change(
    call: Call,
    changes: Mapping[str, Any],
    expected_version: int | None,
    username: str | None = None,
) -> Any:
    """Write the given fields and leave the rest; the same values change nothing.

    Raises PreconditionFailed, Conflict for a `username` that is taken, and RateLimited for too many
    of them: each is kept for a while, and nobody shall hoard names.
    """
    if username is None and "visibility" not in changes:
        return await _change(call, changes, expected_version)
    await admit(call)
    account_id = call.principal.account_id
    async with call.db.transaction():
        # Before the account's row, as everybody else who needs both.
        seen_by = await call.db.value(_LOCK_VISIBILITY, account_id=account_id)
        renamed = None if username is None else await _rename(call, username)
        row = await _change(call, changes, expected_version, renamed)
        if row["visibility"] != seen_by:
            told = {"from": seen_by, "to": row["visibility"]}
            action = Action.VISIBILITY_CHANGED
            await note(call.db, action, account_id, context=call.context, metadata=told)
        return row


async def _rename(call: Call, username: str) -> tuple[dict[str, str], dict[str, str]] | None:
    """Give the account another name; what its revision says beside, None if it has that name."""
    account_id = call.principal.account_id
    old = await usernames.change(call.db, account_id, username)
    if old is None:
        return None
    await throttle.take(call.services.redis, _renames(call))
    told = {"from": old, "to": username}
    await note(call.db, Action.USERNAME_CHANGED, account_id, context=call.context, metadata=told)
    return {"username": old}, {"username": username}


def _renames(call: Call) -> throttle.Limit:
    account_id = str(call.principal.account_id)
    return throttle.Limit("renames", account_id, _MOST_RENAMES, _RENAMES_SECONDS)


async def restore(call: Call, fields: Mapping[str, Any]) -> Any:
    """Give fields back the values they had."""
    return await _change(call, fields, None, action="restore")


async def take_over(call: Call, fields: Mapping[str, Any]) -> Any:
    """Write what was imported."""
    return await _change(call, fields, None, action="import")


async def _change(
    call: Call,
    changes: Mapping[str, Any],
    expected_version: int | None,
    also: tuple[dict[str, Any], dict[str, Any]] | None = None,
    *,
    action: str = "update",
) -> Any:
    before, after = also or (None, None)
    row = await own_row(
        call,
        _CHANGE,
        changes=dict(changes),
        expected_version=expected_version,
        also_before=before,
        also_after=after,
        revision_id=uuid7(),
        action=action,
    )
    if row is None:
        row = await get(call)
        if expected_version is not None and row["version"] != expected_version:
            raise PreconditionFailed(version=row["version"])
    return row
