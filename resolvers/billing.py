"""How an account pays: `/v1/me/billing`, `/v1/billing`, and the way to Stripe's pages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from app import ledger
from app.auth.own import own_row, single_statement
from app.billing import subscriptions
from app.billing.offers import Cadence
from app.call import Call, Context
from app.db import raw_statement, stepwise
from app.errors import NotFound
from app.metering.quota import month_of
from app.plans import PAST_DUE_GRACE, Tier, source_of, tier_of
from app.services import Services
from app.standing import columns, facts
from resolvers.ledger import entries_of
from resolvers.sections import time
from schema.types.billing import (
    Billing,
    BillingState,
    BillingStatus,
    ChatAllowance,
    CreditPack,
    PlanCost,
    PlanOffered,
    Waitlist,
    Wallet,
)
from schema.types.ledger import LedgerEntry
from schema.types.paging import Page

_WALLET = "w.posted, w.held, w.debt, w.starter, w.free_job_id"
_LIVE = ", ".join(f"'{status}'" for status in subscriptions.LIVE)

_BILLING = raw_statement(
    f"""
SELECT a.id AS account_id, {columns("a.id")}, {_WALLET},
       (SELECT to_jsonb(s) FROM subscriptions AS s
        WHERE s.account_id = a.id AND s.status <> 'incomplete_expired'
        ORDER BY s.status IN ({_LIVE}) DESC, s.current_period_end DESC LIMIT 1) AS subscription,
       (SELECT ends_at FROM trials WHERE account_id = a.id) AS trial_end,
       EXISTS (SELECT FROM stripe_customers WHERE account_id = a.id) AS is_customer,
       (SELECT signed_up_at FROM waitlist WHERE account_id = a.id) AS signed_up_at,
       (SELECT until FROM plan_grants WHERE account_id = a.id AND ended_at IS NULL
        AND until > now()) AS granted_until
FROM accounts AS a LEFT JOIN wallets AS w ON w.account_id = a.id WHERE a.id = $1::UUID
""",  # noqa: S608 - of constants
    "account_id",
)
_STATUS = raw_statement(
    f"""
SELECT a.id AS account_id, {columns("a.id")}, {_WALLET},
       EXISTS (SELECT FROM usage_events AS u WHERE u.account_id = a.id
               AND u.billed_credits > u.starter_credits) AS real_usage,
       (SELECT count(*) FROM usage_events AS u WHERE u.account_id = a.id AND u.kind = 'answer'
        AND u.billed_credits = 0 AND u.at >= $2::date) AS answers
FROM accounts AS a LEFT JOIN wallets AS w ON w.account_id = a.id WHERE a.id = $1::UUID
""",  # noqa: S608 - of constants
    "account_id",
    "month",
)
_JOIN_WAITLIST = stepwise(
    "own AS (INSERT INTO waitlist (account_id) SELECT id FROM accounts WHERE id = $1::UUID"
    " ON CONFLICT (account_id) DO UPDATE SET account_id = excluded.account_id"
    " RETURNING signed_up_at)",
    "account_id",
)
_LEAVE_WAITLIST = stepwise(
    "own AS (DELETE FROM waitlist WHERE account_id = $1::UUID RETURNING signed_up_at)",
    "account_id",
)


@single_statement
async def get_billing(call: Call) -> Billing:
    """How you pay: plan, subscription, credits and waitlist."""
    row = await own_row(call, _BILLING)
    if row is None:
        raise NotFound
    services, standing = call.services, facts(row)
    is_open = services.payments is not None
    return Billing(
        effective_plan=tier_of(standing).label,
        entitlement_source=source_of(standing),
        granted_until=row["granted_until"],
        billing=_state(
            row,
            checkout_available=is_open and bool(services.offers.price_ids),
            portal_available=is_open and row["is_customer"],
        ),
        waitlist=_waitlist(row["signed_up_at"]),
        wallet=await _wallet(call, row),
    )


async def billing_of(context: Context) -> Billing:
    """The same as a part of what another operation has answered, which is over."""
    async with context.services.database.connection() as db:
        return await get_billing(Call(context, db))


async def billing_status(call: Call) -> BillingStatus:
    """Tell your tier, your credits, and what is left of the plan's studio answers."""
    month, ends_at = month_of(datetime.now(UTC).timestamp())
    row = await call.db.row(_STATUS, account_id=call.principal.account_id, month=month)
    if row is None:
        raise NotFound
    tier = tier_of(facts(row))
    limit = call.services.plans.entitlements(tier).chat_allowance
    allowance = None
    if tier is Tier.SUBSCRIPTION and limit is not None:
        allowance = ChatAllowance(
            limit=limit,
            used=row["answers"],
            remaining=max(0, limit - row["answers"]),
            resets_at=datetime.fromtimestamp(ends_at, UTC),
        )
    return BillingStatus(
        tier=tier,
        tier_label=tier.label,
        wallet=await _wallet(call, row),
        real_usage=row["real_usage"],
        subscription_chat_allowance=allowance,
    )


async def list_plans(call: Call) -> Page[PlanOffered]:
    """List the plans to subscribe to, with what they cost."""
    offers, trial_days = call.services.offers, call.services.settings.trial_days
    is_open = call.services.payments is not None
    items = [
        PlanOffered(
            plan=plan.plan,
            name=plan.name,
            description=plan.description,
            monthly_credits=plan.monthly_credits,
            trial_days=trial_days,
            prices=[
                PlanCost(
                    cadence=price.cadence,
                    amount=price.amount,
                    currency=offers.currency,
                    available=is_open and offers.plan_price(plan, price.cadence) is not None,
                )
                for price in plan.prices
            ],
        )
        for plan in offers.plans
    ]
    return Page(items=items, next_cursor=None)


async def list_credit_packs(call: Call) -> Page[CreditPack]:
    """List the credits to buy, with what they cost."""
    offers, is_open = call.services.offers, call.services.payments is not None
    items = [
        CreditPack(
            pack=pack.pack,
            name=pack.name,
            credits=pack.credits,
            amount=pack.amount,
            currency=offers.currency,
            available=is_open and offers.pack_price(pack) is not None,
        )
        for pack in offers.packs
    ]
    return Page(items=items, next_cursor=None)


@single_statement
async def join_waitlist(call: Call) -> Waitlist:
    """Ask to be told of what is not on sale yet. Once more changes nothing."""
    row = await own_row(call, _JOIN_WAITLIST)
    return _waitlist(None if row is None else row["signed_up_at"])


@single_statement
async def leave_waitlist(call: Call) -> None:
    """Ask not to be told after all."""
    await own_row(call, _LEAVE_WAITLIST)


def _state(row: Any, *, checkout_available: bool, portal_available: bool) -> BillingState:
    found = row["subscription"]
    if found is None:
        return BillingState(
            checkout_available=checkout_available,
            portal_available=portal_available,
            status=None,
            cadence=None,
            current_period_end=None,
            cancel_at_period_end=False,
            renews_at=None,
            ends_at=None,
            trial_ends_at=row["trial_end"],
            grace_ends_at=None,
        )
    period_end = time(found["current_period_end"])
    ends_at = None if found["ends_at"] is None else time(found["ends_at"])
    is_live, late = found["status"] in subscriptions.LIVE, found["past_due_since"]
    return BillingState(
        checkout_available=checkout_available,
        portal_available=portal_available,
        status=found["status"],
        cadence=Cadence(found["cadence"]),
        current_period_end=period_end,
        cancel_at_period_end=found["cancel_at_period_end"],
        renews_at=period_end if is_live and ends_at is None else None,
        ends_at=ends_at,
        trial_ends_at=row["trial_end"],
        grace_ends_at=None if late is None else time(late) + PAST_DUE_GRACE,
    )


def _waitlist(signed_up_at: datetime | None) -> Waitlist:
    return Waitlist(signed_up=signed_up_at is not None, signed_up_at=signed_up_at)


async def _wallet(call: Call, row: Any) -> Wallet:
    """The wallet of a row that has its columns; made if the account has none yet."""
    account_id: UUID = row["account_id"]
    if row["posted"] is None:
        found = await ledger.wallet_of(call.db, account_id)
    else:
        found = ledger.Wallet(row["posted"], row["held"], row["debt"], row["starter"])
    return Wallet(
        posted=found.posted,
        held=found.held,
        available=found.available,
        starter=found.starter,
        debt=found.debt,
        free_render=row["free_job_id"] is None,
        entries=partial(_entries, call.services, account_id),
    )


async def _entries(
    services: Services, account_id: UUID, first: int, after: str | None
) -> Page[LedgerEntry]:
    # Its own connection: the operation that it is a part of is over.
    async with services.database.connection() as db:
        return await entries_of(db, account_id, first, after)
