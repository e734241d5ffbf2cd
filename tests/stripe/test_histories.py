"""Random histories of one customer, whose events come in any order: the account adds up."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.billing.months import months_between
from app.billing.offers import Cadence
from app.db import uuid7
from app.errors import DependencyUnavailable
from app.plans import PAST_DUE_GRACE, Facts, source_of, tier_of
from schema.types.billing import CheckoutMode
from tests.people import Person, table
from tests.stripe.bills import Object
from tests.stripe.conftest import Shop
from tests.stripe.world import DAY, World

_DAYS = 100

acts = st.one_of(
    st.tuples(st.just("buy"), st.sampled_from(["small", "medium"])),
    st.tuples(st.just("subscribe"), st.sampled_from(Cadence)),
    st.tuples(st.just("renew"), st.booleans()),
    st.tuples(st.just("pay_late"), st.none()),
    st.tuples(st.just("cancel"), st.booleans()),
    st.tuples(st.just("refund"), st.integers(1, 100)),
    st.tuples(st.just("fail_refund"), st.none()),
    st.tuples(st.just("dispute"), st.none()),
    st.tuples(st.just("decide"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 12)),
    st.tuples(st.just("hear"), st.integers(0, 99)),
    st.tuples(st.just("away"), st.none()),
)


class History:
    """One customer's, as it goes on at Stripe. Acts that make no sense just now are left out."""

    def __init__(self, shop: Shop, person: Person, chance: random.Random) -> None:
        self.shop = shop
        self.person = person
        self.chance = chance
        shop.fake.reset()
        self.world.now -= _DAYS * DAY

    @property
    def world(self) -> World:
        return self.shop.fake.world

    async def act(self, name: str, how: Any) -> None:
        await getattr(self, name)(how)

    async def buy(self, pack: str) -> None:
        checkout = await self.shop.checkout(self.person, pack=pack)
        self.world.pay(checkout.session_id)

    async def subscribe(self, cadence: Cadence) -> None:
        if self.world.subscriptions and self.subscription("active", "trialing", "past_due") is None:
            # Of two subscriptions in one month, only the one that is heard of first brings credits.
            self.world.now += 32 * DAY
            if self.world.now > time.time():
                self.world.now -= 32 * DAY
                return
        checkout = await self.shop.checkout(self.person, cadence=cadence)
        if checkout.mode is CheckoutMode.CHECKOUT:
            self.world.pay(checkout.session_id)

    async def renew(self, is_paid: bool) -> None:
        found = self.subscription("active", "trialing")
        if found and found["items"]["data"][0]["current_period_end"] < time.time():
            self.world.renew(found["id"], is_paid=is_paid)

    async def pay_late(self, _: None) -> None:
        if found := self.subscription("past_due"):
            self.world.pay_invoice(found["latest_invoice"])

    async def cancel(self, at_period_end: bool) -> None:
        if found := self.subscription("active", "trialing", "past_due"):
            if not at_period_end:  # what it has brought until then depends on when that is heard
                self.world.now = int(time.time())
            self.world.cancel(found["id"], at_period_end=at_period_end)

    async def refund(self, percent: int) -> None:
        left = [c for c in self.world.charges.values() if not c["refunded"] and not c["disputed"]]
        if left:
            charge = self.chance.choice(left)
            rest = charge["amount"] - charge["amount_refunded"]
            self.world.refund(charge["id"], max(1, rest * percent // 100))

    async def fail_refund(self, _: None) -> None:
        made = [r for r in self.world.refunds.values() if r["status"] == "succeeded"]
        if made:
            self.world.fail_refund(self.chance.choice(made)["id"])

    async def dispute(self, _: None) -> None:
        left = [c for c in self.world.charges.values() if not c["disputed"]]
        if left:
            self.world.dispute(self.chance.choice(left)["id"])

    async def decide(self, won: bool) -> None:
        open_ = [d for d in self.world.disputes.values() if d["status"] == "needs_response"]
        if open_:
            self.world.decide(self.chance.choice(open_)["id"], won=won)

    async def wait(self, days: int) -> None:
        self.world.now = min(self.world.now + days * DAY, int(time.time()) - 60)

    async def hear(self, percent: int) -> None:
        """Some of the events arrive, mixed up and some of them twice."""
        events = [e for e in self.world.events if self.chance.randrange(100) <= percent]
        self.chance.shuffle(events)
        await self.shop.fake.deliver(self.shop.client, events + events[:2])
        await self.shop.take()

    async def away(self, _: None) -> None:
        """Stripe is away while somebody wants to pay and a worker takes events."""
        self.shop.fake.is_away = True
        try:
            await self.shop.checkout(self.person, pack="small")
            raise AssertionError("Stripe is away")
        except DependencyUnavailable:
            await self.shop.take()
        finally:
            self.shop.fake.is_away = False

    def subscription(self, *statuses: str) -> Object | None:
        every = self.world.subscriptions.values()
        return next((found for found in every if found["status"] in statuses), None)

    # What all of it amounts to.

    def facts(self) -> Facts:
        return Facts(
            subscribed=self.is_active() or self.is_hardly_late(),
            on_trial=self.is_tried(),
            bought_credits=self.credits(),
        )

    def is_tried(self) -> bool:
        found = self.subscription("trialing")
        late = PAST_DUE_GRACE.total_seconds()
        return found is not None and bool(time.time() - found["trial_end"] < late)

    def is_active(self) -> bool:
        found = self.subscription("active")
        if found is None:
            return False
        end = found["items"]["data"][0]["current_period_end"]
        return bool(time.time() - end < PAST_DUE_GRACE.total_seconds())

    def is_hardly_late(self) -> bool:
        found = self.subscription("past_due")
        if found is None:
            return False
        since = self.world.invoices[found["latest_invoice"]]["created"]
        return bool(time.time() - since < PAST_DUE_GRACE.total_seconds())

    def credits(self) -> int:
        paid = [s for s in self.world.sessions.values() if s["payment_intent"]]
        bought = sum(self.left(s, int(s["metadata"]["credits"])) for s in paid)
        invoices = [i for i in self.world.invoices.values() if i["amount_paid"]]
        return bought + sum(self.left(i, 100 * self.months(i)) for i in invoices)

    def months(self, invoice: Object) -> int:
        of = invoice["parent"]["subscription_details"]["subscription"]
        subscription = self.world.subscriptions[of]
        period = invoice["lines"]["data"][0]["period"]
        end = min(period["end"], subscription["ended_at"] or period["end"])
        times = (
            subscription["billing_cycle_anchor"], period["start"], max(end, period["start"] + 1)
        )  # fmt: skip
        first, start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in times)
        return len(months_between(first, start, min(end, datetime.now(UTC) + timedelta(seconds=1))))

    def left(self, paid: Object, given: int) -> int:
        charge = self.world.charges[self.world.charge_of(paid)]
        takings = [*self.world.refunds.values(), *self.world.disputes.values()]
        lost = sum(
            taking["amount"]
            for taking in takings
            if taking["charge"] == charge["id"] and taking["status"] not in ("failed", "won")
        )
        return given - int(given * min(lost, charge["amount"]) // charge["amount"])


@given(st.lists(acts, min_size=3, max_size=12), st.integers(0, 999))
@examples(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_what_an_account_has_is_what_stripe_says_whatever_order_it_is_heard_in(
    shop: Shop, history: list[tuple[str, Any]], seed: int
) -> None:
    person, chance = await shop.person(f"p{uuid7().hex[:30]}"), random.Random(seed)
    for place in ("stripe_events", "checkouts", "subscriptions"):  # of worlds that are gone
        await table(shop.services, f"DELETE FROM {place}")
    known = History(shop, person, chance)
    for act in history:
        await known.act(*act)
    events = list(known.world.events)
    chance.shuffle(events)
    await shop.fake.deliver(shop.client, events)
    await shop.take()
    for _ in range(2):
        expected = known.facts()
        billing = await shop.billing(person)
        assert await shop.bought(person) == expected.bought_credits
        assert billing.effective_plan == tier_of(expected).label
        assert billing.entitlement_source is source_of(expected)
        assert (await person.run("auth_me")).tier is tier_of(expected)
        await shop.reconcile()
