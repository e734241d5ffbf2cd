"""What the caller has chosen of a presentation, and how the account stands that chose it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.auth.own import own_row
from app.call import Call
from app.db import Connection, raw_statement
from app.errors import PreconditionFailed
from app.standing import columns

# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608

_CHOSEN = ("theme_id", "accent_color", "section_order", "hidden_sections", "font_preference")
_ARRAYS = ("section_order", "hidden_sections")
_COLUMNS = ", ".join(f"d.{name}" for name in _CHOSEN)
_GIVEN = ", ".join(f"given.{name}" for name in _CHOSEN)

# Who chose nothing is at the first version, like who has just begun to choose.
_GET = raw_statement(
    f"""
SELECT a.id AS account_id, {_COLUMNS}, coalesce(d.version, 1) AS version, {columns("a.id")}
FROM accounts AS a LEFT JOIN presentations AS d ON d.account_id = a.id WHERE a.id = $1::UUID
""",
    "account_id",
)
_BEGIN = raw_statement(
    "INSERT INTO presentations (account_id) VALUES ($1) ON CONFLICT (account_id) DO NOTHING",
    "account_id",
)
_CHANGE = raw_statement(
    f"""
UPDATE presentations AS d SET ({", ".join(_CHOSEN)}) =
    (SELECT {_GIVEN} FROM jsonb_populate_record(d, $2::JSONB) AS given),
    updated_at = now(), version = d.version + 1
WHERE d.account_id = $1 AND ($3::INT IS NULL OR d.version = $3::INT)
AND jsonb_populate_record(d, $2::JSONB) IS DISTINCT FROM d
""",
    "account_id",
    "changes",
    "expected_version",
)


async def get(call: Call) -> Any:
    """The caller's choices, null where there are none, `version`, and the facts of `app.standing`.

    Admits the caller.
    """
    return await own_row(call, _GET)


async def of_account(db: Connection, account_id: UUID) -> Any:
    """The same of any account."""
    return await db.row(_GET, account_id=account_id)


async def change(call: Call, changes: Mapping[str, Any], expected_version: int | None) -> Any:
    """Write the given choices in the transaction of `call` and leave the rest; None takes one back.

    The same again changes nothing. Raises PreconditionFailed.
    """
    account_id = call.principal.account_id
    written = {
        name: [] if value is None and name in _ARRAYS else value for name, value in changes.items()
    }
    await call.db.execute(_BEGIN, account_id=account_id)
    changed = await call.db.execute(
        _CHANGE, account_id=account_id, changes=written, expected_version=expected_version
    )
    row = await of_account(call.db, account_id)
    if not changed and expected_version is not None and row["version"] != expected_version:
        raise PreconditionFailed(version=row["version"])
    return row
