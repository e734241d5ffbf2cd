"""A fake of Stripe, the part behind its API: what there is, and what people do to it.

It is not Stripe, and proves nothing of it but what `openapi.json` says. Each act of a customer, a
bank or an operator leaves the events that Stripe would send, in `events`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from app.billing.months import month_start
from tests.stripe.bills import Bills, Object, listed
from tests.stripe.objects import blank

DAY = 86_400
AMOUNTS = {"price_month": 900, "price_year": 9000, "price_small": 500, "price_medium": 1200}
MONTHS = {"price_month": 1, "price_year": 12}


class World(Bills):
    """An account at Stripe, with all who have to do with it."""

    def __init__(self) -> None:
        super().__init__()
        self._wishes: dict[str, Object] = {}  # what a session was made with

    # What the API is asked for.

    def new_customer(self, wanted: Object) -> Object:
        made = blank(
            "customer",
            id=self.id("cus"),
            object="customer",
            created=self.now,
            email=wanted.get("email"),
            metadata=wanted.get("metadata", {}),
        )
        return self.keep("customer", self.customers, made)

    def new_session(self, wanted: Object) -> Object:
        price = wanted["line_items"][0]["price"]
        made = blank(
            "checkout.session",
            id=self.id("cs_test"),
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
        return self.keep("checkout.session", self.sessions, made)

    def expire(self, session_id: str) -> Object:
        session = self.sessions[session_id]
        session.update(status="expired", url=None)
        self.tell("checkout.session.expired", session)
        return session

    def new_portal(self, wanted: Object) -> Object:
        made = blank(
            "billing_portal.session",
            id=self.id("bps"),
            object="billing_portal.session",
            created=self.now,
            configuration="bpc_1",
            customer=wanted["customer"],
            return_url=wanted["return_url"],
        )
        made["url"] = f"https://billing.stripe.example/{made['id']}"
        return self.keep("billing_portal.session", self.portals, made)

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
            self.paid_by_card(session)
        self.tell("checkout.session.completed", session)
        return session

    def money_arrives(self, session_id: str) -> None:
        """What was to be paid later has been."""
        session = self.sessions[session_id]
        self.paid_by_card(session)
        self.tell("checkout.session.async_payment_succeeded", session)

    def subscribe(
        self, customer: str, price: str, *, metadata: Object | None = None, trial_days: int = 0
    ) -> Object:
        """A customer subscribes, as of the checkout or an operator's dashboard."""
        trial_end = self.now + trial_days * DAY if trial_days else None
        made = blank(
            "subscription",
            id=self.id("sub"),
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
            id=self.id("si"),
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
        made["items"] = listed([item], "/v1/subscription_items")
        self.subscriptions[made["id"]] = made
        self.bill(made, 0 if trial_days else AMOUNTS[price], is_paid=True)
        self.keep("subscription", self.subscriptions, made)
        self.tell("customer.subscription.created", made)
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
        invoice = self.bill(subscription, item["price"]["unit_amount"], is_paid=is_paid)
        self.tell("customer.subscription.updated", subscription)
        return invoice

    def pay_invoice(self, invoice_id: str) -> None:
        """A late payment succeeds after all."""
        invoice = self.invoices[invoice_id]
        self.settle(invoice)
        subscription = self.subscriptions[_subscription_of(invoice)]
        subscription["status"] = "active"
        self.tell("customer.subscription.updated", subscription)

    def cancel(self, subscription_id: str, *, at_period_end: bool = False) -> None:
        subscription = self.subscriptions[subscription_id]
        if at_period_end:
            subscription["cancel_at_period_end"] = True
            self.tell("customer.subscription.updated", subscription)
        else:
            subscription.update(status="canceled", canceled_at=self.now, ended_at=self.now)
            self.tell("customer.subscription.deleted", subscription)

    def refund(self, charge_id: str, amount: int | None = None) -> Object:
        charge = self.charges[charge_id]
        amount = charge["amount"] - charge["amount_refunded"] if amount is None else amount
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        made = blank(
            "refund",
            id=self.id("re"),
            object="refund",
            created=self.now,
            amount=amount,
            currency="usd",
            charge=charge_id,
            payment_intent=charge["payment_intent"],
            status="succeeded",
        )
        self.keep("refund", self.refunds, made)
        self.tell("refund.created", made)
        self.tell("charge.refunded", charge)
        return made

    def fail_refund(self, refund_id: str) -> None:
        refund = self.refunds[refund_id]
        refund["status"] = "failed"
        charge = self.charges[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        self.tell("refund.failed", refund)

    def dispute(self, charge_id: str) -> Object:
        """The customer's bank takes the money back."""
        charge = self.charges[charge_id]
        charge["disputed"] = True
        made = blank(
            "dispute",
            id=self.id("dp"),
            object="dispute",
            created=self.now,
            amount=charge["amount"],
            currency="usd",
            charge=charge_id,
            payment_intent=charge["payment_intent"],
            reason="fraudulent",
            status="needs_response",
        )
        self.keep("dispute", self.disputes, made)
        self.tell("charge.dispute.created", made)
        return made

    def decide(self, dispute_id: str, *, won: bool) -> None:
        dispute = self.disputes[dispute_id]
        dispute["status"] = "won" if won else "lost"
        self.tell("charge.dispute.closed", dispute)


def _after(anchor: int, start: int, months: int) -> int:
    """When the period ends that begins at `start`, so many months long."""
    first, began = (datetime.fromtimestamp(moment, UTC) for moment in (anchor, start))
    number = (began.year - first.year) * 12 + began.month - first.month
    return int(month_start(first, number + months).timestamp())


def _subscription_of(invoice: Object) -> str:
    found: str = invoice["parent"]["subscription_details"]["subscription"]
    return found
