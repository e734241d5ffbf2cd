"""How an account pays: types of `/v1/me/billing` and `/v1/billing`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from app.billing.offers import Cadence
from app.plans import EntitlementSource
from schema.types.ledger import LedgerEntry
from schema.types.paging import DEFAULT_LIMIT, MAX_LIMIT, Page
from schema.types.plans import TIER_LABEL, Tier
from schema.types.sealed import sealed

_field = strawberry.field

strawberry.enum(
    EntitlementSource,
    description="Why an account has its plan, the first of these that confers one: `manual`, given"
    " by hand; `billing`, a subscription; `trial`; `wallet`, credits that were paid for; `none`.",
)
strawberry.enum(Cadence, description="How often a subscription is paid.")

# Stripe's own ids of invoices.
INVOICE_ID = re.compile("^in_[A-Za-z0-9_]{1,250}$")

InvoiceCursor = Annotated[
    str | None,
    strawberry.argument(
        description="`next_cursor` of the page before; absent for the first.",
        metadata={"schema": {"pattern": INVOICE_ID.pattern}},
    ),
]

Entries = Callable[[int, str | None], Awaitable[Page[LedgerEntry]]]


@strawberry.type(description="The credits of an account.")
class Wallet:
    posted: int = _field(description="Credits that there are.")
    held: int = _field(description="Those of them that open jobs have put aside.")
    available: int = _field(description="Those that can be spent now: posted less held.")
    starter: int = _field(
        description="Those that were given to begin with and are left; they are spent first."
    )
    debt: int = _field(
        description="Credits that were taken back after they had been spent. What comes in pays"
        " them first."
    )
    free_render: bool = _field(
        description="Whether the account's free render is left, for templates of which the first"
        " is free. An open job that took it gives it back if it does not succeed."
    )
    entries: strawberry.Private[Entries]

    @strawberry.field(description="Every change of these credits, newest first.")  # type: ignore[untyped-decorator]
    async def ledger(
        self,
        first: Annotated[
            int, strawberry.argument(description=f"How many at most, 1 to {MAX_LIMIT}.")
        ] = DEFAULT_LIMIT,
        after: Annotated[
            str | None,
            strawberry.argument(
                description="`nextCursor` of the page before; absent for the first."
            ),
        ] = None,
    ) -> Page[LedgerEntry]:
        return await self.entries(first, after)


@strawberry.type(description="The state of what is paid by Stripe.")
class BillingState:
    checkout_available: bool = _field(description="Whether anything can be bought here.")
    portal_available: bool = _field(
        description="Whether there is a page on which this account manages what it pays."
    )
    status: str | None = _field(
        description="Of the subscription, in Stripe's words: trialing, active, past_due, canceled,"
        " unpaid, paused, incomplete. Null without one."
    )
    cadence: Cadence | None = _field(description="How often it is paid; null without one.")
    current_period_end: datetime | None = _field(
        description="When what is paid for, or tried, is over; null without a subscription."
    )
    cancel_at_period_end: bool = _field(description="Whether it ends instead of being renewed.")
    renews_at: datetime | None = _field(description="When it is paid next; null if it is not.")
    ends_at: datetime | None = _field(description="When it ends; null while that is open.")
    trial_ends_at: datetime | None = _field(description="When the trial ends or has ended.")
    grace_ends_at: datetime | None = _field(
        description="Until when the plan is kept although a payment is late; null if none is."
    )


@strawberry.type(description="Whether the owner wants to hear of what is not on sale yet.")
class Waitlist:
    signed_up: bool = _field(description="Whether this account is on the waitlist.")
    signed_up_at: datetime | None = _field(description="Since when; null if it is not.")


@strawberry.type(description="How an account pays, and what plan it has by that.")
class Billing:
    effective_plan: str = _field(description="Present plan: `free`, `flex` or `pro`.")
    entitlement_source: EntitlementSource = _field(description="Why it is this plan.")
    granted_until: datetime | None = _field(
        description="When a plan that was given by hand ends; null without one or without an end."
    )
    billing: BillingState = _field(description="What Stripe says.")
    waitlist: Waitlist = _field(description="Of the waitlist.")
    wallet: Wallet = _field(description="Credits.")


@strawberry.type(description="Studio answers in this month (UTC) that are part of the plan.")
class ChatAllowance:
    limit: int = _field(description="How many the plan includes.")
    used: int = _field(description="How many were used.")
    remaining: int = _field(description="How many are left.")
    resets_at: datetime = _field(description="When the next month begins.")


@strawberry.type(description="What an account may use, and what it has to pay with.")
class BillingStatus:
    tier: Tier = _field(description="How the account pays.")
    tier_label: str = _field(description=TIER_LABEL)
    wallet: Wallet = _field(description="Credits.")
    real_usage: bool = _field(
        description="Whether the account has used credits of its own, not those that all are given."
    )
    subscription_chat_allowance: ChatAllowance | None = _field(
        description="Null unless `tier` is `subscription`."
    )


@strawberry.type(description="What a plan costs.")
class PlanCost:
    cadence: Cadence = _field(description="How often it is paid.")
    amount: int = _field(description="In the smallest unit of the currency, as of cents.")
    currency: str = _field(description="ISO 4217 code in small letters.")
    available: bool = _field(description="Whether it can be bought here now.")


@strawberry.type(description="A plan to subscribe to.")
class PlanOffered:
    plan: str = _field(description="Its name in requests.")
    name: str = _field(description="Its name to show.")
    description: str = _field(description="What it brings, in a line.")
    monthly_credits: int = _field(description="Credits that come with it each month.")
    trial_days: int = _field(description="Days to try it, once for each account; 0 for none.")
    prices: list[PlanCost] = _field(description="What it costs, by cadence.")


@strawberry.type(description="Credits to buy once.")
class CreditPack:
    pack: str = _field(description="Its name in requests.")
    name: str = _field(description="Its name to show.")
    credits: int = _field(description="How many there are in it.")
    amount: int = _field(description="Price in the smallest unit of the currency, as of cents.")
    currency: str = _field(description="ISO 4217 code in small letters.")
    available: bool = _field(description="Whether it can be bought here now.")


@strawberry.type(description="An invoice of Stripe's.")
class BillingInvoice:
    id: str = _field(description="Stripe's id of it.")
    number: str | None = _field(description="Its number, as it is printed; null for a draft.")
    status: str = _field(description="In Stripe's words: draft, open, paid, uncollectible or void.")
    amount_due: int = _field(description="In the smallest unit of the currency, as of cents.")
    amount_paid: int = _field(description="Likewise.")
    currency: str = _field(description="ISO 4217 code in small letters.")
    created_at: datetime = _field(description="When it was made.")
    period_start: datetime | None = _field(
        description="Beginning of the time it bills for; null if it bills for none."
    )
    period_end: datetime | None = _field(description="End of that time.")
    url: str | None = _field(description="A page at Stripe where it is shown, and can be paid.")
    pdf_url: str | None = _field(description="Its PDF at Stripe.")


@strawberry.enum(description="What is bought: a plan for as long as it is paid, or credits once.")
class CheckoutKind(Enum):
    SUBSCRIPTION = "subscription"
    CREDITS = "credits"


@strawberry.input(description="What to buy.")
class CheckoutInput:
    kind: CheckoutKind = _field(description="A subscription or credits.")
    plan: str | None = _field(
        default=None,
        description="The plan to subscribe to, as `GET /v1/billing/plans` names it. Absent: pro.",
    )
    cadence: Cadence | None = _field(
        default=None, description="How often to pay a subscription. Absent: monthly."
    )
    pack: str | None = _field(
        default=None,
        description="The credits to buy, as `GET /v1/billing/credit-packs` names them.",
    )
    return_path: str = _field(
        default="/",
        description="Path of this server to come back to, with `checkout=success` or `canceled`.",
        metadata={"schema": {"pattern": "^/", "maxLength": 500}},
    )


@strawberry.input(description="Where to come back to.")
class PortalInput:
    return_path: str = _field(
        default="/",
        description="Path of this server.",
        metadata={"schema": {"pattern": "^/", "maxLength": 500}},
    )


@strawberry.enum(description="Which page to go on to: one to pay on, or one to manage payments.")
class CheckoutMode(Enum):
    CHECKOUT = "checkout"
    PORTAL = "portal"


@strawberry.type(description="A page at Stripe to send the owner to.")
class Checkout:
    mode: CheckoutMode = _field(
        description="`portal` where there is a subscription already, which is changed there."
    )
    url: str = _field(description="Where to send the owner.")
    session_id: str = _field(description="Stripe's id of the session.")
    expires_at: datetime | None = _field(
        description="Until when the page can be used; null for one of the portal, which is to be"
        " opened at once."
    )

    __repr__ = sealed
