"""What something at Stripe means for the account that it belongs to.

Each function takes an id, asks Stripe how the thing stands now, and makes it so here. It may run in
any order and any number of times, for events come late, twice and reversed: what is given or taken
is keyed by the thing itself. Whoever works on a thing holds it from asking to committing, so that
an older answer never overwrites a newer one; always charge, session, subscription, in this order,
and wallets last. Whoever has asked before says so, and begins anew if another came in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import ledger
from app.billing import periods, plan_changes, subscriptions
from app.billing.answers import Outdated, Stripe
from app.billing.customers import account_of
from app.billing.objects import Invoice
from app.billing.offers import Offers
from app.db import Connection, raw_statement
from app.security_events import ActorKind

_SESSION_OVER = raw_statement(
    "UPDATE checkouts SET state = $2 WHERE session_id = $1 AND state IN ('open', 'unpaid')",
    "session_id",
    "state",
)
_OF_SESSION = raw_statement(
    "SELECT coalesce(sum(delta_posted - delta_debt), 0)::bigint FROM ledger_entries"
    " WHERE account_id = $1 AND kind = 'grant' AND ref = $2",
    "account_id",
    "ref",
)


@dataclass(frozen=True, slots=True)
class Settling:
    """One transaction, and whom to ask. `asked_at`: when that began, if it was before this."""

    db: Connection
    payments: Stripe
    offers: Offers
    now: datetime
    asked_at: datetime | None = None

    async def hold(self, thing: str) -> None:
        """Be the only one who works on a thing of this id until the transaction ends."""
        await periods.hold(self.db, thing)


async def settle_session(at: Settling, session_id: str) -> UUID:
    """Give what was paid for in a checkout session.

    Raises UnknownCustomer, Missing, WalletFull and, of a subscription, UnknownPrice.
    """
    await at.hold(session_id)
    session = await at.payments.session(session_id)
    account_id = await account_of(at.db, session.customer)
    if session.subscription is not None:
        await settle_subscription(at, session.subscription)
    elif session.is_paid and session.metadata.get("kind") == "credits":
        async with plan_changes.told(at.db, account_id, ActorKind.PAYMENT, session_id):
            await ledger.grant(
                at.db,
                account_id,
                int(session.metadata["credits"]),
                session_ref(session_id),
                session.metadata.get("offer", ""),
            )
    if session.status != "open":
        is_due = session.status == "complete" and session.subscription is None
        state = "unpaid" if is_due and not session.is_paid else session.status
        await at.db.execute(_SESSION_OVER, session_id=session_id, state=state)
    return account_id


def session_ref(session_id: str) -> str:
    """What the ledger calls the credits of a session."""
    return f"stripe:session:{session_id}"


async def settle_subscription(
    at: Settling, subscription_id: str, also: Invoice | None = None
) -> UUID:
    """Keep how a subscription stands, and give the allowances that are paid for.

    Those of the invoice `also` too. Raises UnknownCustomer, UnknownPrice, Missing, WalletFull.
    """
    await at.hold(subscription_id)
    if at.asked_at and await subscriptions.is_newer(at.db, subscription_id, at.asked_at):
        raise Outdated(subscription_id)
    found = await at.payments.subscription(subscription_id)
    account_id = await account_of(at.db, found.customer)
    sold = await subscriptions.sold_as(at.db, at.offers, found)
    if sold is None:
        async with plan_changes.told(at.db, account_id, ActorKind.PAYMENT, found.id):
            await subscriptions.leave(at.db, found.id)
        return account_id
    invoices = [also] if also is not None else []
    if found.latest_invoice is not None and found.latest_invoice not in (i.id for i in invoices):
        invoices.append(await at.payments.invoice(found.latest_invoice))
    async with plan_changes.told(at.db, account_id, ActorKind.PAYMENT, found.id):
        await subscriptions.keep(at.db, account_id, found, sold, invoices, at.now)
    for invoice in invoices:
        await periods.bring(at.db, at.offers, invoice.id, at.now)
    return account_id


async def settle_invoice(at: Settling, invoice_id: str) -> None:
    """Take notice of an invoice, paid or not."""
    invoice = await at.payments.invoice(invoice_id)
    if invoice.subscription is not None:
        await settle_subscription(at, invoice.subscription, invoice)


async def settle_charge(at: Settling, charge_id: str) -> None:
    """Take back as much of what a charge has brought as was refunded or is disputed of it.

    What Stripe says now is compared with what the ledger says was taken, and the difference is
    entered; so a refund that fails and a dispute that is won give back what they took.
    """
    await at.hold(charge_id)
    charge = await at.payments.charge(charge_id)
    takings = await at.payments.takings(charge_id)
    if not takings or charge.customer is None or charge.payment_intent is None:
        return
    lost = min(charge.amount, sum(taking.amount for taking in takings if taking.stands))
    session = await at.payments.session_of(charge.payment_intent)
    if session is not None and session.subscription is None:
        account_id = await settle_session(at, session.id)
        given = await at.db.value(_OF_SESSION, account_id=account_id, ref=session_ref(session.id))
        await periods.take_share(at.db, account_id, charge_id, given * lost // charge.amount)
        return
    invoice = await at.payments.invoice_of(charge.payment_intent)
    if invoice is not None and invoice.subscription is not None:
        await settle_subscription(at, invoice.subscription, invoice)
        await periods.lose(at.db, invoice.id, charge, lost)
        await periods.bring(at.db, at.offers, invoice.id, at.now)
