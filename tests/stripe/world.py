"""A fake of Stripe, the part behind its API: what there is, and what people do to it.

It is not Stripe, and proves nothing of it but what `openapi.json` says. Each act of a customer, a
bank or an operator leaves the events that Stripe would send, in `events`.
"""

from __future__ import annotations

import copy
import itertools
import time
from datetime import UTC, datetime
from typing import Any

from app.billing.months import month_start
from tests.stripe.objects import blank, check

Object = dict[str, Any]

DAY = 86_400
_NUMBERS = itertools.count(1)  # no id is ever given twice, whichever world it is of
AMOUNTS = {"price_month": 900, "price_year": 9000, "price_small": 500, "price_medium": 1200}
MONTHS = {"price_month": 1, "price_year": 12}


class World:
    """The state of one account at Stripe. `now` is its own clock, in seconds."""

    def __init__(self) -> None:
        self.now = int(time.time())
        self.customers: dict[str, Object] = {}
        self.sessions: dict[str, Object] = {}
        self.portals: dict[str, Object] = {}
        self.subscriptions: dict[str, Object] = {}
        self.invoices: dict[str, Object] = {}
        self.invoice_payments: dict[str, Object] = {}
        self.charges: dict[str, Object] = {}
        self.refunds: dict[str, Object] = {}
        self.disputes: dict[str, Object] = {}
        self.events: list[Object] = []
        self._wishes: dict[str, Object] = {}  # what a session was made with

    # What the API is asked for.

    def new_customer(self, wanted: Object) -> Object:
        made = blank(
            "customer",
            id=self._id("cus"),
            object="customer",
            created=self.now,
            email=wanted.get("email"),
            metadata=wanted.get("metadata", {}),
        )
        return self._keep("customer", self.customers, made)

    def new_session(self, wanted: Object) -> Object:
        price = wanted["line_items"][0]["price"]
        made = blank(
            "checkout.session",
            id=self._id("cs_test"),
            object="checkout.session",
            created=self.now,
            expires_at=self.now + DAY,
            mode=wanted["mode"],
            status="open",
            payment_status="unpaid",
            customer=wanted["customer"],
            client_reference_id=wanted.get("client_reference_id"),
            metadata=wanted.get("metadata", {}),
            success_url=wanted["success_url"],
            cancel_url=wanted.get("cancel_url"),
            amount_total=AMOUNTS[price],
            currency="usd",
            payment_method_types=["card"],
        )
        made["url"] = f"https://checkout.stripe.example/{made['id']}"
        self._wishes[made["id"]] = wanted
        return self._keep("checkout.session", self.sessions, made)

    def expire(self, session_id: str) -> Object:
        session = self.sessions[session_id]
        session.update(status="expired", url=None)
        self._tell("checkout.session.expired", session)
        return session

    def new_portal(self, wanted: Object) -> Object:
        made = blank(
            "billing_portal.session",
            id=self._id("bps"),
            object="billing_portal.session",
            created=self.now,
            configuration="bpc_1",
            customer=wanted["customer"],
            return_url=wanted["return_url"],
        )
        made["url"] = f"https://billing.stripe.example/{made['id']}"
        return self._keep("billing_portal.session", self.portals, made)

    # What people do.

    def pay(self, session_id: str, *, later: bool = False) -> Object:
        """The customer completes a checkout; with `later`, by a method that takes days."""
        session, wanted = self.sessions[session_id], self._wishes[session_id]
        assert session["status"] == "open", "nobody can pay there any more"
        price = wanted["line_items"][0]["price"]
        session.update(status="complete", url=None)
        if session["mode"] == "subscription":
            more = wanted.get("subscription_data", {})
            trial_days = int(more.get("trial_period_days", 0))
            made = self.subscribe(
                session["customer"], price, metadata=more.get("metadata", {}), trial_days=trial_days
            )
            session.update(subscription=made["id"], payment_status="paid")
            if trial_days:
                session["payment_status"] = "no_payment_required"
        elif not later:
            self._paid_by_card(session)
        self._tell("checkout.session.completed", session)
        return session

    def money_arrives(self, session_id: str) -> None:
        """What was to be paid later has been."""
        session = self.sessions[session_id]
        self._paid_by_card(session)
        self._tell("checkout.session.async_payment_succeeded", session)

    def subscribe(
        self, customer: str, price: str, *, metadata: Object | None = None, trial_days: int = 0
    ) -> Object:
        """A customer subscribes, as of the checkout or an operator's dashboard."""
        trial_end = self.now + trial_days * DAY if trial_days else None
        made = blank(
            "subscription",
            id=self._id("sub"),
            object="subscription",
            created=self.now,
            start_date=self.now,
            customer=customer,
            currency="usd",
            metadata=metadata or {},
            status="trialing" if trial_days else "active",
            billing_cycle_anchor=trial_end or self.now,
            collection_method="charge_automatically",
            trial_start=self.now if trial_days else None,
            trial_end=trial_end,
        )
        end = trial_end or _after(self.now, self.now, MONTHS[price])
        item = blank(
            "subscription_item",
            id=self._id("si"),
            object="subscription_item",
            created=self.now,
            subscription=made["id"],
            quantity=1,
            current_period_start=self.now,
            current_period_end=end,
            price=blank(
                "price",
                id=price,
                object="price",
                active=True,
                billing_scheme="per_unit",
                currency="usd",
                product="prod_1",
                type="recurring",
                unit_amount=AMOUNTS[price],
            ),
        )
        made["items"] = _list([item], "/v1/subscription_items")
        self.subscriptions[made["id"]] = made
        self._bill(made, 0 if trial_days else AMOUNTS[price], is_paid=True)
        self._keep("subscription", self.subscriptions, made)
        self._tell("customer.subscription.created", made)
        return made

    def renew(self, subscription_id: str, *, is_paid: bool = True) -> Object:
        """The period is over and the next one is billed; the card is good, or it is declined."""
        subscription = self.subscriptions[subscription_id]
        item = subscription["items"]["data"][0]
        months = MONTHS[item["price"]["id"]]
        start = item["current_period_end"]
        self.now = max(self.now, start)
        end = _after(subscription["billing_cycle_anchor"], start, months)
        item.update(current_period_start=start, current_period_end=end)
        subscription["status"] = "active" if is_paid else "past_due"
        invoice = self._bill(subscription, item["price"]["unit_amount"], is_paid=is_paid)
        self._tell("customer.subscription.updated", subscription)
        return invoice

    def pay_invoice(self, invoice_id: str) -> None:
        """A late payment succeeds after all."""
        invoice = self.invoices[invoice_id]
        self._pay(invoice)
        subscription = self.subscriptions[_subscription_of(invoice)]
        subscription["status"] = "active"
        self._tell("customer.subscription.updated", subscription)

    def cancel(self, subscription_id: str, *, at_period_end: bool = False) -> None:
        subscription = self.subscriptions[subscription_id]
        if at_period_end:
            subscription["cancel_at_period_end"] = True
            self._tell("customer.subscription.updated", subscription)
        else:
            subscription.update(status="canceled", canceled_at=self.now, ended_at=self.now)
            self._tell("customer.subscription.deleted", subscription)

    def refund(self, charge_id: str, amount: int | None = None) -> Object:
        charge = self.charges[charge_id]
        amount = charge["amount"] - charge["amount_refunded"] if amount is None else amount
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        made = blank(
            "refund",
            id=self._id("re"),
            object="refund",
            created=self.now,
            amount=amount,
            currency="usd",
            charge=charge_id,
            payment_intent=charge["payment_intent"],
            status="succeeded",
        )
        self._keep("refund", self.refunds, made)
        self._tell("refund.created", made)
        self._tell("charge.refunded", charge)
        return made

    def fail_refund(self, refund_id: str) -> None:
        refund = self.refunds[refund_id]
        refund["status"] = "failed"
        charge = self.charges[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        self._tell("refund.failed", refund)

    def dispute(self, charge_id: str) -> Object:
        """The customer's bank takes the money back."""
        charge = self.charges[charge_id]
        charge["disputed"] = True
        made = blank(
            "dispute",
            id=self._id("dp"),
            object="dispute",
            created=self.now,
            amount=charge["amount"],
            currency="usd",
            charge=charge_id,
            payment_intent=charge["payment_intent"],
            reason="fraudulent",
            status="needs_response",
        )
        self._keep("dispute", self.disputes, made)
        self._tell("charge.dispute.created", made)
        return made

    def decide(self, dispute_id: str, *, won: bool) -> None:
        dispute = self.disputes[dispute_id]
        dispute["status"] = "won" if won else "lost"
        self._tell("charge.dispute.closed", dispute)

    # What follows from it.

    def charge_of(self, thing: Object) -> str:
        """Id of the charge by which a session or an invoice was paid."""
        intent = thing.get("payment_intent") or next(
            payment["payment"]["payment_intent"]
            for payment in self.invoice_payments.values()
            if payment["invoice"] == thing["id"]
        )
        return next(c["id"] for c in self.charges.values() if c["payment_intent"] == intent)

    def _paid_by_card(self, session: Object) -> None:
        charge = self.charge(session["customer"], session["amount_total"])
        session.update(payment_status="paid", payment_intent=charge["payment_intent"])

    def charge(self, customer: str, amount: int) -> Object:
        made = blank(
            "charge",
            id=self._id("ch"),
            object="charge",
            created=self.now,
            amount=amount,
            amount_captured=amount,
            captured=True,
            paid=True,
            status="succeeded",
            currency="usd",
            customer=customer,
            payment_intent=self._id("pi"),
        )
        return self._keep("charge", self.charges, made)

    def _bill(self, subscription: Object, amount: int, *, is_paid: bool) -> Object:
        item = subscription["items"]["data"][0]
        invoice_id = self._id("in")
        parent = blank(
            "billing_bill_resource_invoicing_parents_invoice_parent",
            type="subscription_details",
            subscription_details=blank(
                "billing_bill_resource_invoicing_parents_invoice_subscription_parent",
                subscription=subscription["id"],
            ),
        )
        made = blank(
            "invoice",
            id=invoice_id,
            object="invoice",
            number=f"VITAE-{len(self.invoices) + 1:04}",
            created=self.now,
            customer=subscription["customer"],
            currency="usd",
            status="open",
            collection_method="charge_automatically",
            amount_due=amount,
            amount_remaining=amount,
            total=amount,
            subtotal=amount,
            parent=parent,
            lines=_list([self._line(subscription, item, amount)], "/v1/invoices/lines"),
            period_start=item["current_period_start"],
            period_end=item["current_period_start"],
            hosted_invoice_url=f"https://invoice.stripe.example/{invoice_id}",
            invoice_pdf=f"https://invoice.stripe.example/{invoice_id}/pdf",
        )
        self._keep("invoice", self.invoices, made)
        subscription["latest_invoice"] = invoice_id
        if is_paid:
            self._pay(made)
        else:
            self._tell("invoice.payment_failed", made)
        return made

    def _line(self, subscription: Object, item: Object, amount: int) -> Object:
        return blank(
            "line_item",
            id=self._id("il"),
            object="line_item",
            amount=amount,
            subtotal=amount,
            currency="usd",
            period={"start": item["current_period_start"], "end": item["current_period_end"]},
            parent=blank(
                "billing_bill_resource_invoicing_lines_parents_invoice_line_item_parent",
                type="subscription_item_details",
                subscription_item_details=blank(
                    "billing_bill_resource_invoicing_lines_parents_"
                    "invoice_line_item_subscription_item_parent",
                    subscription=subscription["id"],
                    subscription_item=item["id"],
                ),
            ),
        )

    def _pay(self, invoice: Object) -> None:
        due = invoice["amount_due"]
        invoice.update(status="paid", amount_paid=due, amount_remaining=0)
        if due:
            charge = self.charge(invoice["customer"], due)
            payment = blank(
                "invoice_payment",
                id=self._id("inpay"),
                object="invoice_payment",
                created=self.now,
                invoice=invoice["id"],
                amount_paid=due,
                amount_requested=due,
                currency="usd",
                is_default=True,
                status="paid",
                payment={"type": "payment_intent", "payment_intent": charge["payment_intent"]},
            )
            self._keep("invoice_payment", self.invoice_payments, payment)
        self._tell("invoice.paid", invoice)

    def _keep(self, name: str, place: dict[str, Object], made: Object) -> Object:
        check(name, made)
        place[made["id"]] = made
        return made

    def _tell(self, type_: str, changed: Object) -> None:
        check(changed["object"], changed)
        event = blank(
            "event",
            id=self._id("evt"),
            object="event",
            created=self.now,
            type=type_,
            api_version="2026-08-26.dahlia",
            data={"object": copy.deepcopy(changed)},
        )
        check("event", event)
        self.events.append(event)

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{next(_NUMBERS):06}"


def _list(items: list[Object], url: str) -> Object:
    return {"object": "list", "data": items, "has_more": False, "url": url}


def _after(anchor: int, start: int, months: int) -> int:
    """When the period ends that begins at `start`, so many months long."""
    first, began = (datetime.fromtimestamp(moment, UTC) for moment in (anchor, start))
    number = (began.year - first.year) * 12 + began.month - first.month
    return int(month_start(first, number + months).timestamp())


def _subscription_of(invoice: Object) -> str:
    found: str = invoice["parent"]["subscription_details"]["subscription"]
    return found
