"""The times that invoices have paid for: what each brings, and what is lost of it.

An account has one allowance a month, however many subscriptions or invoices bring it; only where
all of that invoice is lost which brought it may another bring it again. It is written down with
its invoice, and of what an invoice has brought as large a share is taken back as was refunded, or
is disputed, of its charge. So what comes later is short of that share too, and nothing is taken
twice. Whoever works on a period holds its subscription.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app import ledger
from app.billing.months import label, months_between
from app.billing.objects import Charge, Invoice
from app.billing.offers import Offers
from app.db import Connection, raw_statement

_INSTANT = timedelta(microseconds=1)

_HOLD = raw_statement("SELECT pg_advisory_xact_lock(hashtextextended($1, 6))", "thing")
_KEEP = raw_statement(
    """
INSERT INTO paid_periods (invoice_id, subscription_id, starts_at, ends_at, billed_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (invoice_id) DO UPDATE
SET starts_at = excluded.starts_at, ends_at = excluded.ends_at
""",
    "invoice_id",
    "subscription_id",
    "starts_at",
    "ends_at",
    "billed_at",
)
_LOSE = raw_statement(
    "UPDATE paid_periods SET charge_id = $2, charged = $3, lost = $4 WHERE invoice_id = $1",
    "invoice_id",
    "charge_id",
    "charged",
    "lost",
)
# A period is over when its subscription is, or when the one begins that was billed after it, as
# of who changes from years to months.
_PERIOD = raw_statement(
    """
SELECT p.starts_at, p.charge_id, p.charged, p.lost, s.id, s.account_id, s.plan, s.anchor,
       least(p.ends_at, s.ends_at, (
           SELECT min(n.starts_at) FROM paid_periods AS n
           WHERE n.subscription_id = s.id
             AND (n.starts_at, n.billed_at, n.invoice_id) > (p.starts_at, p.billed_at, p.invoice_id)
       )) AS ends_at
FROM paid_periods AS p JOIN subscriptions AS s ON s.id = p.subscription_id
WHERE p.invoice_id = $1
""",
    "invoice_id",
)
_ALLOWANCE = "allowance:"
# Those that name a subscription before the month are of the time when each had its own.
_GIVEN = raw_statement(
    f"""
SELECT substring(e.ref FROM '[0-9]{{4}}-[0-9]{{2}}') AS month, count(*) AS times,
       bool_and(coalesce(p.lost > 0 AND p.lost = p.charged, false)) AS is_lost
FROM ledger_entries AS e LEFT JOIN paid_periods AS p ON p.invoice_id = e.note
WHERE e.account_id = $1 AND e.kind = 'grant' AND starts_with(e.ref, '{_ALLOWANCE}')
GROUP BY month
""",  # noqa: S608 - of constants
    "account_id",
)
# What is not available when it is taken becomes debt.
_BROUGHT = raw_statement(
    "SELECT coalesce(sum(delta_posted - delta_debt), 0)::bigint FROM ledger_entries"
    " WHERE account_id = $1 AND kind = 'grant' AND note = $2 AND starts_with(ref, $3)",
    "account_id",
    "invoice_id",
    "prefix",
)
_OF_CHARGE = raw_statement(
    "SELECT coalesce(sum(delta_debt - delta_posted), 0)::bigint AS taken, count(*) AS steps"
    " FROM ledger_entries WHERE account_id = $1 AND starts_with(ref, $2)",
    "account_id",
    "prefix",
)


async def hold(db: Connection, thing: str) -> None:
    """Be the only one who works on a thing of this id until the transaction ends."""
    await db.row(_HOLD, thing=thing)


async def keep(
    db: Connection, subscription_id: str, invoice: Invoice, period: tuple[datetime, datetime]
) -> None:
    """Write down for what time of a subscription an invoice has paid."""
    await db.execute(
        _KEEP,
        invoice_id=invoice.id,
        subscription_id=subscription_id,
        starts_at=period[0],
        ends_at=period[1],
        billed_at=invoice.created_at,
    )


async def lose(db: Connection, invoice_id: str, charge: Charge, lost: int) -> None:
    """Write down how much of what was charged for an invoice is lost."""
    await db.execute(
        _LOSE, invoice_id=invoice_id, charge_id=charge.id, charged=charge.amount, lost=lost
    )


async def bring(db: Connection, offers: Offers, invoice_id: str, now: datetime) -> int:
    """Give the allowances that an invoice has paid for by now, less what is lost; how many."""
    row = await db.row(_PERIOD, invoice_id=invoice_id)
    plan = None if row is None else offers.plan(row["plan"])
    if row is None or plan is None:
        return 0
    missing = [] if plan.monthly_credits == 0 else await _missing(db, row, now)
    if row["lost"] and row["lost"] == row["charged"]:
        missing = []
    given = 0
    for ref in missing:
        given += await ledger.grant(db, row["account_id"], plan.monthly_credits, ref, invoice_id)
    if row["charge_id"] is not None:
        brought = await db.value(
            _BROUGHT,
            account_id=row["account_id"],
            invoice_id=invoice_id,
            prefix=_ALLOWANCE,
        )
        await take_share(
            db, row["account_id"], row["charge_id"], brought * row["lost"] // row["charged"]
        )
    return given


async def _missing(db: Connection, row: Any, now: datetime) -> list[str]:
    """What the ledger calls the allowances that are due and were not given."""
    first = row["starts_at"]
    # What is paid for has begun, whether or not our clock is there yet.
    end = max(first, min(row["ends_at"] - _INSTANT, now)) + _INSTANT
    anchor = min(row["anchor"], first)  # one that was moved later is not that of this period
    given = {entry["month"]: entry for entry in await db.rows(_GIVEN, account_id=row["account_id"])}
    refs = []
    for month in map(label, months_between(anchor, first, end)):
        before = given.get(month)
        if before is None:
            refs.append(_ALLOWANCE + month)
        elif before["is_lost"]:
            refs.append(f"{_ALLOWANCE}{month}:{before['times'] + 1}")
    return refs


async def take_share(db: Connection, account_id: UUID, charge_id: str, share: int) -> None:
    """See that `share` credits are taken back for a charge: no more, and no less."""
    prefix = f"stripe:charge:{charge_id}:"
    row = await db.row(_OF_CHARGE, account_id=account_id, prefix=prefix)
    assert row is not None
    due = share - row["taken"]
    ref = f"{prefix}{row['steps'] + 1}"
    if due > 0:
        await ledger.reverse(db, account_id, due, ref, "refund or dispute")
    elif due < 0:
        await ledger.grant(db, account_id, -due, ref, "refund failed or dispute won")
