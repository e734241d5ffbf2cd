"""What is compared with Stripe each hour: no lost event is lost for long."""

from __future__ import annotations

import pytest

from app.errors import DependencyUnavailable
from tests.people import table
from tests.stripe.conftest import Shop
from tests.stripe.world import DAY


async def test_events_that_never_arrived_are_heard_of(shop: Shop) -> None:
    ann = await shop.person()
    session = shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    shop.fake.world.refund(shop.fake.world.charge_of(session), 250)
    await shop.reconcile()
    assert await shop.bought(ann) == 25
    await shop.hear()  # they arrive after all
    assert await shop.bought(ann) == 25


async def test_more_events_than_a_page_holds_are_all_heard_of(shop: Shop) -> None:
    ann = await shop.person()
    for _ in range(3):
        shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    world = shop.fake.world
    copies = [e | {"id": f"{e['id']}_{n}"} for e in world.events for n in range(40)]
    world.events = [copies[0], *world.events, *copies[1:]]
    await shop.reconcile()
    assert await shop.count("SELECT count(*) FROM stripe_events") == len(world.events) == 123
    assert await shop.bought(ann) == 150


async def test_an_open_checkout_is_looked_after_without_any_event(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    shop.fake.world.events.clear()
    await shop.reconcile()
    assert await shop.bought(ann) == 50


async def test_a_subscription_is_looked_after_without_any_event(shop: Shop) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann)
    shop.fake.world.cancel(subscription)
    shop.fake.world.events.clear()
    await shop.reconcile()
    assert (await shop.billing(ann)).billing.status == "canceled"


async def test_a_server_that_was_down_for_weeks_hears_of_all_of_them(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 20 * DAY
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.hear()
    await table(shop.services, "UPDATE stripe_events SET received_at = now() - interval '20 days'")
    missed = await shop.checkout(ann, pack="medium")
    shop.fake.world.pay(missed.session_id)
    await table(shop.services, "DELETE FROM checkouts")
    await shop.reconcile()
    assert await shop.bought(ann) == 200


async def test_stripe_away_is_told_and_the_next_time_does_it(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    shop.fake.is_away = True
    with pytest.raises(DependencyUnavailable):
        await shop.reconcile()
    shop.fake.is_away = False
    await shop.reconcile()
    assert await shop.bought(ann) == 50


async def test_events_that_stripe_has_forgotten_are_forgotten_here(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.hear()
    await table(shop.services, "UPDATE stripe_events SET received_at = now() - interval '61 days'")
    shop.fake.world.events.clear()
    await shop.reconcile()
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0
    assert await shop.bought(ann) == 50
