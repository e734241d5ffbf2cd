"""Subscriptions as we keep them, and the credits that come with them each month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app import ledger
from app.billing.months import label, months_between
from app.billing.objects import Invoice, Subscription
from app.billing.offers import Cadence, Offers, PlanOffer, Sold
from app.db import Connection, raw_statement

# Of those that are over, nothing more is to be heard.
OVER = ("canceled", "incomplete_expired")
# An account with one of these changes it in the portal and does not begin another.
LIVE = ("trialing", "active", "past_due", "unpaid", "paused")

_KEEP = raw_statement(
    """
INSERT INTO subscriptions AS s
    (id, account_id, status, plan, cadence, anchor, current_period_start, current_period_end,
     cancel_at_period_end, ends_at, trial_end, past_due_since, paid_from, paid_through)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (id) DO UPDATE SET
    status = excluded.status, plan = excluded.plan, cadence = excluded.cadence,
    anchor = excluded.anchor, current_period_start = excluded.current_period_start,
    current_period_end = excluded.current_period_end,
    cancel_at_period_end = excluded.cancel_at_period_end, ends_at = excluded.ends_at,
    trial_end = excluded.trial_end,
    past_due_since = CASE WHEN excluded.past_due_since IS NOT NULL
        THEN least(s.past_due_since, excluded.past_due_since) END,
    paid_from = CASE WHEN excluded.paid_through >= coalesce(s.paid_through, '-infinity')
        THEN excluded.paid_from ELSE s.paid_from END,
    paid_through = greatest(s.paid_through, excluded.paid_through),
    updated_at = now()
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
    "paid_from",
    "paid_through",
)
_TRIED = raw_statement(
    "INSERT INTO trials (account_id, started_at, ends_at, how) VALUES ($1, $2, $3, 'checkout')"
    " ON CONFLICT (account_id) DO NOTHING",
    "account_id",
    "started_at",
    "ends_at",
)
_GIVEN = raw_statement(
    "SELECT ref FROM ledger_entries"
    " WHERE account_id = $1 AND kind = 'grant' AND ref = ANY($2::text[])",
    "account_id",
    "refs",
)
_PAID_FOR = raw_statement(
    "SELECT id, account_id, plan, anchor, paid_from, paid_through FROM subscriptions"
    " WHERE paid_through > $1::timestamptz AND id > $2 ORDER BY id LIMIT 200",
    "now",
    "after",
)


class UnknownPrice(LookupError):
    """A subscription to something that is not on sale here, nor ever was."""


@dataclass(frozen=True, slots=True)
class Months:
    """The months of a subscription that begin within a time."""

    subscription_id: str
    anchor: datetime
    first: datetime
    end: datetime

    def refs(self, now: datetime) -> list[str]:
        """What the ledger calls the allowances of those that have begun."""
        begun = min(self.end, now + timedelta(microseconds=1))
        return [
            f"allowance:{self.subscription_id}:{label(start)}"
            for start in months_between(self.anchor, self.first, begun)
        ]


def sold_as(offers: Offers, subscription: Subscription) -> Sold:
    """What is subscribed to: by its price or, of one that is no longer sold, as it was sold."""
    sold = offers.sold_by(subscription.price)
    if sold is not None:
        return sold
    plan = offers.plan(subscription.metadata.get("offer", ""))
    if plan is None:
        raise UnknownPrice(subscription.price)
    return Sold(plan, Cadence(subscription.metadata.get("cadence", Cadence.MONTHLY.value)))


async def keep(
    db: Connection,
    account_id: UUID,
    found: Subscription,
    sold: Sold,
    invoices: Sequence[Invoice],
    now: datetime,
) -> None:
    """Write down how a subscription stands, and that its trial is the account's one."""
    paid = [period for invoice in invoices if (period := paid_period(found, invoice))]
    paid_from, paid_through = max(paid, key=lambda period: period[1], default=(None, None))
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
        paid_from=paid_from,
        paid_through=paid_through,
    )
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


def paid_period(found: Subscription, invoice: Invoice) -> tuple[datetime, datetime] | None:
    """For what time an invoice has paid; None for an unpaid one, and for that of a trial."""
    if invoice.status != "paid" or invoice.period is None or invoice.subscription != found.id:
        return None
    if invoice.amount_paid == 0 and invoice.period[0] == found.trial_start:
        return None
    return invoice.period


async def allow(
    db: Connection, account_id: UUID, plan: PlanOffer, months: Months, now: datetime
) -> int:
    """Give the allowances of those months that have begun and have not got theirs; how many."""
    refs = months.refs(now)
    if not refs or plan.monthly_credits == 0:
        return 0
    given = {row["ref"] for row in await db.rows(_GIVEN, account_id=account_id, refs=refs)}
    missing = [ref for ref in refs if ref not in given]
    for ref in missing:
        await ledger.grant(db, account_id, plan.monthly_credits, ref, plan.plan)
    return len(missing)


async def allow_all(db: Connection, offers: Offers, now: datetime) -> int:
    """Give what is due of all that is paid for, as of a year each month; how many were due."""
    count, after = 0, ""
    while rows := await db.rows(_PAID_FOR, now=now, after=after):
        for row in rows:
            plan = offers.plan(row["plan"])
            if plan is not None:
                months = Months(row["id"], row["anchor"], row["paid_from"], row["paid_through"])
                count += await allow(db, row["account_id"], plan, months, now)
        after = rows[-1]["id"]
    return count
