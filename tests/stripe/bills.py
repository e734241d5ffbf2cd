"""A fake of Stripe, the part that bills: charges, invoices, and the events that tell of them."""

from __future__ import annotations

import copy
import itertools
import time
from typing import Any

from tests.stripe.objects import blank, check

Object = dict[str, Any]

_NUMBERS = itertools.count(1)  # no id is ever given twice, whichever world it is of


class Bills:
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

    def charge_of(self, thing: Object) -> str:
        """Id of the charge by which a session or an invoice was paid."""
        intent = thing.get("payment_intent") or next(
            payment["payment"]["payment_intent"]
            for payment in self.invoice_payments.values()
            if payment["invoice"] == thing["id"]
        )
        found: str = next(
            charge["id"] for charge in self.charges.values() if charge["payment_intent"] == intent
        )
        return found

    def paid_by_card(self, session: Object) -> None:
        charge = self.charge(session["customer"], session["amount_total"])
        session.update(payment_status="paid", payment_intent=charge["payment_intent"])

    def charge(self, customer: str, amount: int) -> Object:
        made = blank(
            "charge",
            id=self.id("ch"),
            object="charge",
            created=self.now,
            amount=amount,
            amount_captured=amount,
            captured=True,
            paid=True,
            status="succeeded",
            currency="usd",
            customer=customer,
            payment_intent=self.id("pi"),
        )
        return self.keep("charge", self.charges, made)

    def bill(self, subscription: Object, amount: int, *, is_paid: bool) -> Object:
        item = subscription["items"]["data"][0]
        invoice_id = self.id("in")
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
            lines=listed([self._line(subscription, item, amount)], "/v1/invoices/lines"),
            period_start=item["current_period_start"],
            period_end=item["current_period_start"],
            hosted_invoice_url=f"https://invoice.stripe.example/{invoice_id}",
            invoice_pdf=f"https://invoice.stripe.example/{invoice_id}/pdf",
        )
        self.keep("invoice", self.invoices, made)
        subscription["latest_invoice"] = invoice_id
        if is_paid:
            self.settle(made)
        else:
            self.tell("invoice.payment_failed", made)
        return made

    def _line(self, subscription: Object, item: Object, amount: int) -> Object:
        return blank(
            "line_item",
            id=self.id("il"),
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

    def settle(self, invoice: Object) -> None:
        due = invoice["amount_due"]
        invoice.update(status="paid", amount_paid=due, amount_remaining=0)
        if due:
            charge = self.charge(invoice["customer"], due)
            payment = blank(
                "invoice_payment",
                id=self.id("inpay"),
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
            self.keep("invoice_payment", self.invoice_payments, payment)
        self.tell("invoice.paid", invoice)

    def keep(self, name: str, place: dict[str, Object], made: Object) -> Object:
        check(name, made)
        place[made["id"]] = made
        return made

    def tell(self, type_: str, changed: Object) -> None:
        check(changed["object"], changed)
        event = blank(
            "event",
            id=self.id("evt"),
            object="event",
            created=self.now,
            type=type_,
            api_version="2026-08-26.dahlia",
            data={"object": copy.deepcopy(changed)},
        )
        check("event", event)
        self.events.append(event)

    def id(self, prefix: str) -> str:
        return f"{prefix}_{next(_NUMBERS):06}"


def listed(items: list[Object], url: str) -> Object:
    return {"object": "list", "data": items, "has_more": False, "url": url}
