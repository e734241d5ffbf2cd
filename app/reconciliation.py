"""Whether the ledger adds up, account by account, and the mending of what can be mended.

Every sum must be told by the others: the entries' sums are the wallet, and what is held is the
price of the jobs that are open. All writers see to that in single statements, so that nothing
should ever be found here; what is found all the same is reported, and holds of jobs that are final
or gone are settled.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from uuid import UUID

from redis.asyncio import Redis

from app import ledger
from app.db import Connection, raw_statement

_ACCOUNTS_AT_ONCE = 500
_NOTED = "vitae:ledger:reconciled"

# All SQL here is put together of constants of ours, at import.
# ruff: noqa: S608


@dataclass(frozen=True, slots=True)
class Drift:
    """An account whose ledger does not add up: `found` is its wallet, `told` what entries say.

    Each are posted, held and debt. `open_price` is what its open jobs cost together; it should be
    what is held. `unused_free_job_id` is a job that took the free render and has not delivered it.
    """

    account_id: UUID
    found: tuple[int, int, int]
    told: tuple[int, int, int]
    open_price: int
    unused_free_job_id: UUID | None = None

    def fields(self) -> dict[str, object]:
        """For the log."""
        return {
            "account_id": str(self.account_id),
            "wallet": self.found,
            "entries": self.told,
            "open_jobs": self.open_price,
            "free_job_id": str(self.unused_free_job_id) if self.unused_free_job_id else None,
        }


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many accounts were looked at, those that still do not add up, and what was settled.

    `drifts`: after that was settled which can be: holds of jobs that are over, and free renders
    that were not delivered.
    """

    accounts: int
    drifts: tuple[Drift, ...]
    settled: int


async def reconcile(db: Connection) -> Reconciled:
    """Settle what a job has left behind, then prove every account; takes a page at a time."""
    accounts, settled = 0, 0
    drifts: list[Drift] = []
    after = UUID(int=0)
    while page := await db.rows(_PAGE, after=after, most=_ACCOUNTS_AT_ONCE):
        ids = [row["account_id"] for row in page]
        found = await _drifts(db, ids)
        for drift in found:
            settled += await _settle(db, drift)
        if found:
            found = await _drifts(db, [drift.account_id for drift in found])
        drifts += found
        accounts += len(ids)
        after = ids[-1]
    return Reconciled(accounts, tuple(drifts), settled)


async def note(redis: Redis, done: Reconciled) -> None:
    """Keep the outcome for whoever asks for `noted`."""
    figures = {
        "accounts": done.accounts,
        "drifting": len(done.drifts),
        "settled": done.settled,
        "at": int(time.time()),
    }
    await redis.set(_NOTED, json.dumps(figures))


async def noted(redis: Redis) -> dict[str, int]:
    """Figures of the latest reconciliation: accounts, drifting, settled, at (Unix time).

    Empty before the first one; raises RedisError.
    """
    kept = await redis.get(_NOTED)
    return json.loads(kept) if kept else {}


async def _drifts(db: Connection, account_ids: list[UUID]) -> list[Drift]:
    return [
        Drift(
            row["account_id"],
            (row["posted"], row["held"], row["debt"]),
            (row["told_posted"], row["told_held"], row["told_debt"]),
            row["open_price"],
            row["unused_free_job_id"],
        )
        for row in await db.rows(_DRIFTS, account_ids=account_ids)
    ]


async def _settle(db: Connection, drift: Drift) -> int:
    """Settle each hold whose job is final or gone; how many there were."""
    settled = 0
    while await db.row(_SETTLE, account_id=drift.account_id) is not None:
        settled += 1
    if drift.unused_free_job_id is not None:
        job_id = drift.unused_free_job_id
        settled += await db.execute(_GIVE_BACK, account_id=drift.account_id, job_id=job_id)
    return settled


_PAGE = raw_statement(
    "SELECT id AS account_id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2", "after", "most"
)

_OPEN = "('queued', 'running')"

# One snapshot: a change is in all of what is compared here, or in none of it.
_DRIFTS = raw_statement(
    f"""
WITH told AS (
    SELECT account_id, sum(delta_posted) AS posted, sum(delta_held) AS held,
           sum(delta_debt) AS debt
    FROM ledger_entries WHERE account_id = ANY($1::uuid[]) GROUP BY account_id
),
open AS (
    SELECT account_id, sum(price) AS price FROM resume_jobs
    WHERE account_id = ANY($1) AND status IN {_OPEN} GROUP BY account_id
),
looked_at AS (
    SELECT a.id AS account_id,
           coalesce(w.posted, 0) AS posted, coalesce(w.held, 0) AS held,
           coalesce(w.debt, 0) AS debt,
           coalesce(told.posted, 0)::bigint AS told_posted,
           coalesce(told.held, 0)::bigint AS told_held,
           coalesce(told.debt, 0)::bigint AS told_debt,
           coalesce(open.price, 0)::bigint AS open_price,
           (SELECT w.free_job_id WHERE NOT EXISTS (
                SELECT FROM resume_jobs j
                WHERE j.id = w.free_job_id AND (j.status IN {_OPEN} OR j.status = 'succeeded')
            ) AND NOT EXISTS (
                SELECT FROM usage_events u
                WHERE u.kind = 'render' AND u.ref = w.free_job_id::text
            )) AS unused_free_job_id
    FROM unnest($1) AS a (id)
    LEFT JOIN wallets w ON w.account_id = a.id
    LEFT JOIN told ON told.account_id = a.id
    LEFT JOIN open ON open.account_id = a.id
)
SELECT * FROM looked_at
WHERE (posted, held, debt, held)
      IS DISTINCT FROM (told_posted, told_held, told_debt, open_price)
   OR unused_free_job_id IS NOT NULL
""",
    "account_ids",
)

# The hold of one job that is over. What has become of a job that is gone nobody knows, so its
# price is given back.
_SETTLE = raw_statement(
    f"""
WITH {ledger.locked("$1::uuid")},
left_behind AS (
    SELECT h.account_id, h.ref, h.delta_held AS price, j.id::text AS job_id,
           coalesce(j.status = 'succeeded', false) AS succeeded,
           wallet.starter, least(wallet.debt, h.delta_held) AS owed
    FROM ledger_entries h
    JOIN wallet ON wallet.account_id = h.account_id AND wallet.held >= h.delta_held
    LEFT JOIN resume_jobs j ON j.account_id = h.account_id AND 'job:' || j.id = h.ref
    WHERE h.kind = 'hold' AND (j.id IS NULL OR j.status NOT IN {_OPEN})
      AND NOT EXISTS (
        SELECT FROM ledger_entries s WHERE s.account_id = h.account_id AND s.ref = h.ref
        AND s.kind IN ('capture', 'release')
      )
    LIMIT 1
),
entered AS (
    INSERT INTO ledger_entries
        (account_id, kind, delta_posted, delta_held, delta_debt, ref, note)
    SELECT account_id, CASE WHEN succeeded THEN 'capture' ELSE 'release' END,
           -CASE WHEN succeeded THEN price ELSE owed END, -price,
           -CASE WHEN succeeded THEN 0 ELSE owed END, ref, 'reconciliation'
    FROM left_behind
    ON CONFLICT DO NOTHING
    RETURNING account_id, kind, delta_posted, delta_held, delta_debt, ref
),
paid AS (
    UPDATE wallets w
    SET posted = wallet.posted + delta_posted, held = wallet.held + delta_held,
        debt = wallet.debt + delta_debt, updated_at = now(),
        starter = CASE WHEN kind = 'capture'
                       THEN wallet.starter - least(wallet.starter, -delta_posted)
                       ELSE least(wallet.starter, wallet.posted + delta_posted) END
    FROM entered JOIN wallet USING (account_id) WHERE w.account_id = entered.account_id
),
used AS (
    INSERT INTO usage_events (account_id, kind, ref, billed_credits, starter_credits)
    SELECT account_id, 'render', job_id, price, least(starter, price)
    FROM left_behind WHERE succeeded
    ON CONFLICT DO NOTHING
)
SELECT kind, ref FROM entered
""",
    "account_id",
)

# It names the job, for another may have taken the free render meanwhile.
_GIVE_BACK = raw_statement(
    "UPDATE wallets SET free_job_id = NULL, updated_at = now()"
    " WHERE account_id = $1 AND free_job_id = $2",
    "account_id",
    "job_id",
)
