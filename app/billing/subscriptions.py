"""Subscriptions as we keep them, and the credits that come with them each month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.billing import periods
from app.billing.objects import Invoice, Subscription
from app.billing.offers import Cadence, Offers, Sold
from app.db import Connection, raw_statement

# Of those that are over, nothing more is to be heard.
OVER = ("canceled", "incomplete_expired")
# An account with one of these changes it in the portal and does not begin another.
LIVE = ("trialing", "active", "past_due", "unpaid", "paused")

_KEEP = raw_statement(
    """
INSERT INTO subscriptions AS s
    (id, account_id, status, plan, cadence, anchor, current_period_start, current_period_end,
     cancel_at_period_end, ends_at, trial_end, past_due_since, price, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET
    status = excluded.status, plan = excluded.plan, cadence = excluded.cadence,
    anchor = excluded.anchor, current_period_start = excluded.current_period_start,
    current_period_end = excluded.current_period_end,
    cancel_at_period_end = excluded.cancel_at_period_end, ends_at = excluded.ends_at,
    trial_end = excluded.trial_end, price = excluded.price,
    past_due_since = CASE WHEN excluded.past_due_since IS NOT NULL
        THEN least(s.past_due_since, excluded.past_due_since) END,
    updated_at = excluded.updated_at
""",
    "id",
    "account_id",
    "status",
    "plan",
    "cadence",
    "anchor",
    "period_start",
    "period_end",
    "cancel_at_period_end",
    "ends_at",
    "trial_end",
    "past_due_since",
    "price",
)
_KEPT = raw_statement("SELECT plan, cadence, price FROM subscriptions WHERE id = $1", "id")
_LEAVE = raw_statement(
    "UPDATE subscriptions SET status = 'canceled', ends_at = least(ends_at, now()),"
    " past_due_since = NULL, updated_at = clock_timestamp()"
    " WHERE id = $1 AND status <> 'canceled'",
    "id",
)
_NEWER = raw_statement(
    "SELECT true FROM subscriptions WHERE id = $1 AND updated_at >= $2", "id", "moment"
)
_TRIED = raw_statement(
    "INSERT INTO trials (account_id, started_at, ends_at, how) VALUES ($1, $2, $3, 'checkout')"
    " ON CONFLICT (account_id) DO NOTHING",
    "account_id",
    "started_at",
    "ends_at",
)
_PAID_FOR = raw_statement(
    "SELECT invoice_id, subscription_id FROM paid_periods"
    " WHERE ends_at > $1::timestamptz AND invoice_id > $2 ORDER BY invoice_id LIMIT 200",
    "since",
    "after",
)
# An allowance is not lost that nobody was there to give at the end of what was paid for.
_LOOK_BACK = timedelta(days=31)


class UnknownPrice(LookupError):
    """A subscription to something that is not on sale here, nor ever was."""


async def sold_as(db: Connection, offers: Offers, found: Subscription) -> Sold | None:
    """What is subscribed to: by its price or, of one that is no longer sold, as it was sold.

    None: it was changed to something that is not ours. Raises UnknownPrice of one that never was.
    """
    sold = offers.sold_by(found.price)
    if sold is not None:
        return sold
    kept = await db.row(_KEPT, id=found.id)
    if kept is None or kept["price"] is None:
        return _as_ordered(offers, found)
    plan = offers.plan(kept["plan"])
    if kept["price"] != found.price or plan is None:
        return None
    return Sold(plan, Cadence(kept["cadence"]))


def _as_ordered(offers: Offers, found: Subscription) -> Sold:
    """What was asked for in the checkout, which is good for the price that it began with."""
    plan = offers.plan(found.metadata.get("offer", ""))
    try:
        cadence = Cadence(found.metadata.get("cadence", Cadence.MONTHLY.value))
    except ValueError:
        plan = None
    if plan is None:
        raise UnknownPrice(found.price)
    return Sold(plan, cadence)


async def is_newer(db: Connection, subscription_id: str, moment: datetime) -> bool:
    """Whether a subscription was written down since `moment`, by the database's clock."""
    return bool(await db.value(_NEWER, id=subscription_id, moment=moment))


async def leave(db: Connection, subscription_id: str) -> None:
    """Take a subscription as over that is one to something else from now on."""
    await db.execute(_LEAVE, id=subscription_id)


async def keep(
    db: Connection,
    account_id: UUID,
    found: Subscription,
    sold: Sold,
    invoices: Sequence[Invoice],
    now: datetime,
) -> None:
    """Write down how a subscription stands and what of it is paid, and that its trial is
    the account's one."""
    await db.execute(
        _KEEP,
        id=found.id,
        account_id=account_id,
        status=found.status,
        plan=sold.plan.plan,
        cadence=sold.cadence.value,
        anchor=found.anchor,
        period_start=found.period_start,
        period_end=found.period_end,
        cancel_at_period_end=found.ends_at is not None,
        ends_at=found.ends_at,
        trial_end=found.trial_end,
        past_due_since=_late_since(found, invoices, now),
        price=found.price,
    )
    for invoice in invoices:
        if (period := _paid_period(found, invoice)) is not None:
            await periods.keep(db, found.id, invoice, period)
    if found.trial_start is not None and found.trial_end is not None:
        await db.execute(
            _TRIED, account_id=account_id, started_at=found.trial_start, ends_at=found.trial_end
        )


def _late_since(found: Subscription, invoices: Sequence[Invoice], now: datetime) -> datetime | None:
    """Since when a payment is due; the earliest that was ever told of is kept."""
    if found.status != "past_due":
        return None
    unpaid = (invoice.created_at for invoice in invoices if invoice.status == "open")
    return min(unpaid, default=now)


def _paid_period(found: Subscription, invoice: Invoice) -> tuple[datetime, datetime] | None:
    """For what time an invoice has paid; None for an unpaid one, and for that of a trial."""
    if invoice.status != "paid" or invoice.period is None or invoice.subscription != found.id:
        return None
    if invoice.amount_paid == 0 and invoice.period[0] == found.trial_start:
        return None
    return invoice.period


async def paid_for(db: Connection, now: datetime, after: str) -> list[Any]:
    """Invoice and subscription of what is paid for and may bring something yet: the next page."""
    return await db.rows(_PAID_FOR, since=now - _LOOK_BACK, after=after)
