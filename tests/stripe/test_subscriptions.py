"""Subscriptions: the plan while it is paid, and an allowance for each month of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import ledger
from app.billing.months import label
from app.billing.offers import Cadence
from app.billing.reconcile import give_allowances
from app.errors import ValidationFailed
from app.plans import PAST_DUE_GRACE
from app.security_events import Action
from tests.people import table
from tests.stripe.conftest import Shop
from tests.stripe.world import DAY, World


async def test_a_subscription_makes_pro_and_brings_the_months_credits(shop: Shop) -> None:
    ann = await shop.person()
    await shop.subscribe(ann)
    billing = await shop.billing(ann)
    assert (billing.effective_plan, billing.entitlement_source.value) == ("pro", "billing")
    state = billing.billing
    assert (state.status, state.cadence, state.ends_at) == ("active", Cadence.MONTHLY, None)
    assert state.renews_at == state.current_period_end
    month = label(datetime.now(UTC))
    assert await shop.entries(ann) == [("grant", 100, f"allowance:{month}")]


async def test_a_renewal_brings_the_next_allowance_once_it_is_paid(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 40 * DAY
    subscription = await shop.subscribe(ann)
    invoice = shop.fake.world.renew(subscription, is_paid=False)
    await shop.hear()
    assert await shop.bought(ann) == 100
    shop.fake.world.pay_invoice(invoice["id"])
    await shop.hear()
    assert await shop.bought(ann) == 200


async def test_the_allowance_of_a_month_whose_events_come_a_month_late_is_given(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 70 * DAY
    subscription = await shop.subscribe(ann)
    shop.fake.world.renew(subscription)
    shop.fake.world.renew(subscription)
    await shop.hear()
    assert await shop.bought(ann) == 300


async def test_an_annual_subscription_brings_its_allowance_each_month(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 95 * DAY
    await shop.subscribe(ann, Cadence.ANNUAL)
    assert await shop.bought(ann) == 400
    await table(shop.services, "UPDATE paid_periods SET starts_at = starts_at - interval '1 month'")
    await give_allowances(shop.services)  # without asking Stripe
    assert await shop.bought(ann) == 500
    await give_allowances(shop.services)
    assert await shop.bought(ann) == 500
    refs = {ref for _, _, ref in await shop.entries(ann)}
    assert len(refs) == 5
    assert all(ref.startswith("allowance:") for ref in refs)


async def _later(shop: Shop, months: int) -> None:
    """The allowances of so many months fall due."""
    for month in range(1, months + 1):
        await give_allowances(shop.services, datetime.now(UTC) + timedelta(days=31 * month))


async def test_an_annual_subscription_that_is_canceled_at_once_brings_nothing_more(
    shop: Shop,
) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann, Cadence.ANNUAL)
    shop.fake.world.cancel(subscription)
    await shop.hear()
    await _later(shop, 3)
    assert await shop.bought(ann) == 100


async def test_an_annual_subscription_that_is_not_renewed_brings_its_allowances_to_the_end(
    shop: Shop,
) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann, Cadence.ANNUAL)
    shop.fake.world.cancel(subscription, at_period_end=True)
    await shop.hear()
    await _later(shop, 14)
    assert await shop.bought(ann) == 1200


async def test_who_changes_from_years_to_months_is_paid_for_by_the_month(shop: Shop) -> None:
    ann = await shop.person()
    world = shop.fake.world
    world.now -= 60
    subscription = await shop.subscribe(ann, Cadence.ANNUAL)
    _change(world, subscription, "price_month", 30, 0)
    await shop.hear()
    await _later(shop, 6)
    assert await shop.bought(ann) == 100


def _change(world: World, subscription: str, price: str, days: int, amount: int) -> None:
    """In the portal: another price, whose period begins now and is billed."""
    world.now += 30
    found = world.subscriptions[subscription]
    item = found["items"]["data"][0]
    item["price"]["id"] = price
    item.update(current_period_start=world.now, current_period_end=world.now + days * DAY)
    found["billing_cycle_anchor"] = world.now
    world.bill(found, amount, is_paid=True)
    world.tell("customer.subscription.updated", found)


async def test_what_two_invoices_of_a_month_have_brought_is_taken_back_once(shop: Shop) -> None:
    ann = await shop.person()
    starter = (await shop.wallet(ann)).posted
    world = shop.fake.world
    now = datetime.now(UTC)
    days = min(10, now.day - 1)  # both in this month
    world.now -= days * DAY + 60
    subscription = await shop.subscribe(ann)
    world.now += days * DAY
    _change(world, subscription, "price_year", 365, 9000)
    await shop.hear()
    assert await shop.bought(ann) == 100
    for charge, left in zip(list(world.charges), (100, 0), strict=True):
        world.refund(charge)
        for _ in range(2):
            await shop.hear()
            await give_allowances(shop.services)
        assert await shop.bought(ann) == left
    # What is taken twice would be taken of the starter credits, which are not among the bought.
    assert (await shop.wallet(ann)).posted == starter


@pytest.mark.parametrize("cadence", Cadence, ids=[each.value for each in Cadence])
async def test_who_cancels_and_subscribes_again_has_one_allowance_a_month(
    shop: Shop, cadence: Cadence
) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann, cadence)
    for _ in range(2):
        shop.fake.world.cancel(subscription)
        await shop.hear()
        session = shop.fake.world.pay((await shop.checkout(ann, cadence=cadence)).session_id)
        await shop.hear()
        subscription = session["subscription"]
    assert await shop.bought(ann) == 100
    months = 3 if cadence is Cadence.ANNUAL else 0
    await _later(shop, months)
    assert await shop.bought(ann) == 100 + months * 100


async def test_what_was_all_refunded_may_be_bought_again_in_the_same_month(shop: Shop) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann)
    shop.fake.world.refund(next(iter(shop.fake.world.charges)))
    shop.fake.world.cancel(subscription)
    await shop.hear()
    assert await shop.bought(ann) == 0
    session = shop.fake.world.pay((await shop.checkout(ann)).session_id)
    await shop.hear()
    await give_allowances(shop.services)
    assert await shop.bought(ann) == 100
    shop.fake.world.refund(list(shop.fake.world.charges)[-1])
    shop.fake.world.cancel(session["subscription"])
    await shop.hear()
    await give_allowances(shop.services)
    assert await shop.bought(ann) == 0


async def test_a_month_that_was_given_by_the_name_of_its_subscription_is_not_given_again(
    shop: Shop,
) -> None:
    ann = await shop.person()
    account_id = await ann.account_id()
    async with shop.services.database.connection() as db:
        ref = f"allowance:sub_of_before:{label(datetime.now(UTC))}"
        await ledger.grant(db, account_id, 100, ref, "in_of_before")
    await shop.subscribe(ann)
    assert await shop.bought(ann) == 100


async def test_a_paid_month_brings_its_credits_where_our_clock_is_behind(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now += 120
    await shop.subscribe(ann)
    assert await shop.bought(ann) == 100


async def test_a_trial_of_whose_end_nothing_is_heard_ends_a_week_later(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.pay((await shop.checkout(ann)).session_id)
    await shop.hear()
    over = "UPDATE subscriptions SET trial_end = now() - $1::interval"
    await table(shop.services, over, PAST_DUE_GRACE - timedelta(minutes=1))
    assert (await shop.billing(ann)).effective_plan == "pro"
    await table(shop.services, over, PAST_DUE_GRACE)
    assert (await shop.billing(ann)).effective_plan == "free"


@pytest.mark.parametrize(
    ("refunded", "left"), [(None, 0), (4500, 200)], ids=["all-of-it", "half-of-it"]
)
async def test_a_refund_of_a_year_bears_on_its_later_months_too(
    shop: Shop, refunded: int | None, left: int
) -> None:
    ann = await shop.person()
    await shop.subscribe(ann, Cadence.ANNUAL)
    (charge,) = shop.fake.world.charges
    refund = shop.fake.world.refund(charge, refunded)
    await shop.hear()
    await _later(shop, 3)
    assert await shop.bought(ann) == left
    shop.fake.world.fail_refund(refund["id"])
    await shop.hear()
    await _later(shop, 3)
    assert await shop.bought(ann) == 400


async def test_a_disputed_year_brings_nothing_more_until_it_is_won(shop: Shop) -> None:
    ann = await shop.person()
    await shop.subscribe(ann, Cadence.ANNUAL)
    (charge,) = shop.fake.world.charges
    dispute = shop.fake.world.dispute(charge)
    await shop.hear()
    await _later(shop, 3)
    assert await shop.bought(ann) == 0
    shop.fake.world.decide(dispute["id"], won=True)
    await shop.hear()
    await _later(shop, 3)
    assert await shop.bought(ann) == 400


async def test_a_late_payment_keeps_the_plan_for_a_week(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 31 * DAY + 60
    subscription = await shop.subscribe(ann)
    shop.fake.world.renew(subscription, is_paid=False)
    await shop.hear()
    billing = await shop.billing(ann)
    assert (billing.effective_plan, billing.billing.status) == ("pro", "past_due")
    since = await shop.count("SELECT extract(epoch FROM past_due_since)::int FROM subscriptions")
    assert billing.billing.grace_ends_at == datetime.fromtimestamp(since, UTC) + PAST_DUE_GRACE
    late = PAST_DUE_GRACE - timedelta(minutes=1)
    await table(
        shop.services, "UPDATE subscriptions SET past_due_since = now() - $1::interval", late
    )
    assert (await shop.billing(ann)).effective_plan == "pro"
    await table(
        shop.services,
        "UPDATE subscriptions SET past_due_since = now() - $1::interval",
        PAST_DUE_GRACE,
    )
    billing = await shop.billing(ann)
    assert (billing.effective_plan, billing.entitlement_source.value) == ("flex", "wallet")


async def test_more_unpaid_months_do_not_begin_another_week(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 70 * DAY
    subscription = await shop.subscribe(ann)
    shop.fake.world.renew(subscription, is_paid=False)
    await shop.hear()
    shop.fake.world.renew(subscription, is_paid=False)
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == "flex"


async def test_a_subscription_that_is_to_end_says_when_and_is_good_until_then(shop: Shop) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann)
    shop.fake.world.cancel(subscription, at_period_end=True)
    await shop.hear()
    billing = await shop.billing(ann)
    assert billing.effective_plan == "pro"
    assert billing.billing.cancel_at_period_end
    assert billing.billing.ends_at == billing.billing.current_period_end
    assert billing.billing.renews_at is None
    shop.fake.world.cancel(subscription)
    await shop.hear()
    billing = await shop.billing(ann)
    assert (billing.effective_plan, billing.billing.status) == ("flex", "canceled")


async def test_a_subscription_to_what_is_not_ours_is_left_alone(shop: Shop) -> None:
    ann = await shop.person()
    await shop.checkout(ann, pack="small")
    (customer,) = shop.fake.world.customers
    made = shop.fake.world.subscribe(customer, "price_month")
    made["items"]["data"][0]["price"]["id"] = "price_of_another_product"
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == "free"
    assert set(await shop.events("parked")) == {"customer.subscription.created", "invoice.paid"}


async def test_a_price_that_is_no_longer_sold_keeps_its_plan(shop: Shop) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann)
    made = shop.fake.world.subscriptions[subscription]
    made["items"]["data"][0]["price"]["id"] = "price_of_last_year"
    await table(shop.services, "UPDATE subscriptions SET price = 'price_of_last_year'")
    shop.fake.world.cancel(subscription, at_period_end=True)
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == "pro"


async def test_a_checkout_at_a_price_that_was_given_up_meanwhile_is_what_was_ordered(
    shop: Shop,
) -> None:
    ann = await shop.person()
    session = shop.fake.world.pay((await shop.checkout(ann)).session_id)
    made = shop.fake.world.subscriptions[session["subscription"]]
    made["items"]["data"][0]["price"]["id"] = "price_of_last_year"
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == "pro"


async def test_a_subscription_that_is_changed_to_what_is_not_ours_is_over_until_it_comes_back(
    shop: Shop,
) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann, Cadence.ANNUAL)
    made = shop.fake.world.subscriptions[subscription]
    for price, plan in (("price_of_a_newsletter", "flex"), ("price_year", "pro")):
        made["items"]["data"][0]["price"]["id"] = price
        shop.fake.world.tell("customer.subscription.updated", made)
        await shop.hear()
        assert (await shop.billing(ann)).effective_plan == plan


async def test_an_order_that_makes_no_sense_is_left_alone(shop: Shop) -> None:
    ann = await shop.person()
    session = shop.fake.world.pay((await shop.checkout(ann)).session_id)
    made = shop.fake.world.subscriptions[session["subscription"]]
    made["items"]["data"][0]["price"]["id"] = "price_of_last_year"
    made["metadata"] = {"offer": "pro", "cadence": "yearly"}
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == "free"
    assert await shop.events("pending") == []


async def test_invoices_are_listed_newest_first_page_by_page(shop: Shop) -> None:
    ann = await shop.person()
    assert (await ann.run("billing_invoices")).items == []
    shop.fake.world.now -= 70 * DAY
    subscription = await shop.subscribe(ann)
    for _ in range(2):
        shop.fake.world.renew(subscription)
    ids = list(shop.fake.world.invoices)
    first = await ann.run("billing_invoices", limit=2)
    second = await ann.run("billing_invoices", limit=2, cursor=first.next_cursor)
    assert [invoice.id for invoice in first.items + second.items] == ids[::-1]
    assert second.next_cursor is None
    newest = first.items[0]
    assert (newest.status, newest.amount_paid, newest.currency) == ("paid", 900, "usd")


@pytest.mark.parametrize("cursor", ["in_000000", "nonsense", "in_1&customer=cus_1"])
async def test_a_cursor_of_no_invoice_is_refused(shop: Shop, cursor: str) -> None:
    ann = await shop.person()
    await shop.subscribe(ann)
    with pytest.raises(ValidationFailed) as refused:
        await ann.run("billing_invoices", cursor=cursor)
    assert [field.path for field in refused.value.fields] == ["cursor"]


async def test_owners_are_told_once_of_a_plan_that_begins_and_ends(shop: Shop) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann)
    shop.fake.world.renew(subscription)
    await shop.hear()
    shop.fake.world.cancel(subscription)
    await shop.hear()
    found = (await ann.run("security_events", action=Action.PLAN_CHANGED)).items
    assert [event.metadata for event in found[::-1]] == [
        {"from": "free", "to": "pro"},
        {"from": "pro", "to": "flex"},  # what is left of its credits was paid for
    ]
    assert {event.actor.kind.value for event in found} == {"payment"}
