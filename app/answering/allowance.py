"""The answers by a model that are part of an owner's plan, month by month.

Each is an event of usage that costs no credits. It is entered before a model is asked, while the
account's row is locked, so that a month never has more of them than the plan allows; strangers'
questions cost an owner nothing else. Tokens and dollars are added when they are known. An event is
taken back if no model was reached; a crash between leaves one that counts and cost nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from app.answering.providers import Spent
from app.db import Connection, Database, raw_statement
from app.metering.quota import month_of

_LOCK = raw_statement("SELECT 1 FROM accounts WHERE id = $1::UUID FOR NO KEY UPDATE", "account_id")
# What `resolvers/billing.py` counts as used.
_TAKE = raw_statement(
    """
INSERT INTO usage_events (account_id, kind, ref)
SELECT id, 'answer', $2 FROM accounts WHERE id = $1::UUID AND $4::INT > (
    SELECT count(*) FROM usage_events AS u WHERE u.account_id = $1::UUID
    AND u.kind = 'answer' AND u.billed_credits = 0 AND u.at >= $3::DATE
)
""",
    "account_id",
    "ref",
    "month",
    "limit",
)
_GIVE_BACK = raw_statement("DELETE FROM usage_events WHERE kind = 'answer' AND ref = $1", "ref")
_SETTLE = raw_statement(
    "UPDATE usage_events SET input_tokens = $2, output_tokens = $3, usd = $4"
    " WHERE kind = 'answer' AND ref = $1",
    "ref",
    "input_tokens",
    "output_tokens",
    "usd",
)


async def take(database: Database, account_id: UUID, limit: int | None, ref: UUID) -> bool:
    """Enter the answer `ref`; False: this month has its `limit` of them, or the plan has none."""
    if not limit:
        return False
    month, _ = month_of(datetime.now(UTC).timestamp())
    async with database.transaction() as db:
        # By itself first: the count must be of a statement that begins when the lock is held.
        await db.row(_LOCK, account_id=account_id)
        taken = await db.execute(
            _TAKE, account_id=account_id, ref=str(ref), month=month, limit=limit
        )
    return taken == 1


async def settle(db: Connection, ref: UUID, spent: Spent) -> None:
    """Note what the answer `ref` cost, or take it back if that is nothing."""
    if spent.model is None:
        await db.execute(_GIVE_BACK, ref=str(ref))
        return
    await db.execute(
        _SETTLE,
        ref=str(ref),
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        usd=spent.usd,
    )
