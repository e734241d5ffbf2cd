"""How far the index of each account is: noticing changes, claiming work, finishing it.

Revisions are the outbox. Whatever is noticed twice, claimed by a worker that dies, or done by two
at once does no harm: every write says which lease it holds.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.db import Connection, raw_statement

# All SQL here is put together of numbers of ours, at import.
# ruff: noqa: S608

LEASE_SECONDS = 15
_QUIET_SECONDS = 1  # without a change, before what changed is indexed
_PATIENCE_SECONDS = 5  # and the longest that it waits for quiet
_LONGEST_PAUSE_SECONDS = 600
FAILED_AFTER = 3  # attempts
RECENT = timedelta(minutes=10)

# A failing account keeps its pause, whatever is changed meanwhile.
_NOTICE = (
    " ON CONFLICT (account_id) DO UPDATE SET wanted_sequence = excluded.wanted_sequence,"
    " changed_at = coalesce(s.changed_at, now()),"
    " not_before = CASE WHEN s.attempts > 1 THEN s.not_before ELSE least("
    f" now() + INTERVAL '{_QUIET_SECONDS} s',"
    f" coalesce(s.changed_at, now()) + INTERVAL '{_PATIENCE_SECONDS} s') END"
    " WHERE s.wanted_sequence < excluded.wanted_sequence"
)
_INTO = (
    "INSERT INTO index_states AS s (account_id, wanted_sequence, changed_at, not_before)"
    f" SELECT account_id, sequence, now(), now() + INTERVAL '{_QUIET_SECONDS} s' FROM "
)
_NOTICE_RECENT = raw_statement(
    f"{_INTO} (SELECT account_id, max(sequence) AS sequence FROM revisions WHERE id > $1::UUID"
    f" GROUP BY account_id ORDER BY account_id) AS changed{_NOTICE}",
    "since",
)
_NOTICE_ALL = raw_statement(
    f"{_INTO} (SELECT a.id AS account_id, newest.sequence FROM accounts AS a, LATERAL"
    " (SELECT sequence FROM revisions WHERE account_id = a.id ORDER BY sequence DESC LIMIT 1)"
    f" AS newest ORDER BY a.id) AS changed{_NOTICE}"
)
_OTHER_MODEL = raw_statement(
    "UPDATE index_states SET indexed_sequence = 0, not_before = now()"
    " WHERE model <> $1 AND indexed_sequence > 0",
    "model",
)
_DUE = "indexed_sequence < wanted_sequence AND not_before <= now()"
_FREE = "(lease_until IS NULL OR lease_until < now())"
_ANY_DUE = raw_statement(
    f"SELECT count(*) FROM (SELECT 1 FROM index_states WHERE {_DUE} AND {_FREE} LIMIT $1::INT)"
    " AS due",
    "most",
)
_LEASED = f"now() + INTERVAL '{LEASE_SECONDS} s'"
_CLAIM = raw_statement(
    f"UPDATE index_states SET lease_id = $1, lease_until = {_LEASED}, attempts = attempts + 1,"
    " not_before = now() + least(power(2, least(attempts, 16)),"
    f" {_LONGEST_PAUSE_SECONDS}) * INTERVAL '1 s'"
    f" WHERE account_id = (SELECT account_id FROM index_states WHERE {_DUE} AND {_FREE}"
    " ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING account_id, attempts",
    "lease_id",
)
_MINE = "account_id = $1 AND lease_id = $2"
_HOLD = raw_statement(
    f"UPDATE index_states SET lease_until = {_LEASED} WHERE {_MINE}", "account_id", "lease_id"
)
_CHUNKED = raw_statement(
    f"UPDATE index_states SET chunked_sequence = $3, lease_until = {_LEASED}"
    f" WHERE {_MINE} AND chunked_sequence <= $3",
    "account_id",
    "lease_id",
    "sequence",
)
_DONE = raw_statement(
    "UPDATE index_states SET indexed_sequence = $3, model = $4, updated_at = now(), attempts = 0,"
    " last_error = NULL, lease_id = NULL, lease_until = NULL, wanted_sequence ="
    " greatest(wanted_sequence, $3), changed_at = CASE WHEN wanted_sequence > $3 THEN now() END,"
    f" not_before = now() + INTERVAL '{_QUIET_SECONDS} s' WHERE {_MINE}",
    "account_id",
    "lease_id",
    "sequence",
    "model",
)
_FAILED = raw_statement(
    f"UPDATE index_states SET last_error = $3, lease_id = NULL, lease_until = NULL WHERE {_MINE}",
    "account_id",
    "lease_id",
    "error",
)


@dataclass(frozen=True, slots=True)
class Lease:
    """An account whose index one worker brings up to date."""

    account_id: UUID
    lease_id: UUID
    attempts: int


def _first_id_of(moment: datetime) -> UUID:
    """The least UUIDv7 of a moment."""
    return UUID(bytes=struct.pack(">Q", int(moment.timestamp() * 1000))[2:] + bytes(10))


async def notice_recent(db: Connection, now: datetime) -> int:
    """See which accounts have changed within the last minutes; how many were not known of."""
    return await db.execute(_NOTICE_RECENT, since=_first_id_of(now - RECENT))


async def notice_all(db: Connection, model: str) -> int:
    """See the same of all accounts, and which were indexed by another model."""
    changed = await db.execute(_NOTICE_ALL)
    return changed + await db.execute(_OTHER_MODEL, model=model)


async def due(db: Connection, most: int) -> int:
    """How many accounts wait to be indexed now, `most` at most."""
    count: int = await db.value(_ANY_DUE, most=most)
    return count


async def claim(db: Connection) -> Lease | None:
    """Take the account that has waited longest; None if none waits."""
    lease_id = uuid4()
    row = await db.row(_CLAIM, lease_id=lease_id)
    return None if row is None else Lease(row["account_id"], lease_id, row["attempts"])


async def hold(db: Connection, lease: Lease) -> bool:
    """Keep the account for some more seconds; False if it has been taken over, or reset."""
    return bool(await db.execute(_HOLD, **_of(lease)))


async def chunked(db: Connection, lease: Lease, sequence: int) -> bool:
    """In the transaction that writes chunks: whether they may be written."""
    return bool(await db.execute(_CHUNKED, **_of(lease), sequence=sequence))


async def done(db: Connection, lease: Lease, sequence: int, model: str) -> None:
    """All of it is embedded."""
    await db.execute(_DONE, **_of(lease), sequence=sequence, model=model)


async def failed(db: Connection, lease: Lease, error: str) -> None:
    """It is tried again later; `error` is shown to the owner."""
    await db.execute(_FAILED, **_of(lease), error=error)


def _of(lease: Lease) -> dict[str, Any]:
    return {"account_id": lease.account_id, "lease_id": lease.lease_id}
