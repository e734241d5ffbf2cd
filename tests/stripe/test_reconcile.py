"""What is compared with Stripe each hour: no lost event is lost for long."""

from __future__ import annotations

import pytest

from app import ledger
from app.billing.reconcile import give_allowances
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
    await shop.reconcile()
    await table(shop.services, "UPDATE stripe_hearings SET began_at = now() - interval '20 days'")
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
    long_ago = "now() - interval '61 days'"
    await table(
        shop.services, f"UPDATE stripe_events SET received_at = {long_ago}, done_at = {long_ago}"
    )
    await table(
        shop.services,
        "INSERT INTO stripe_events (id, type, payload, state, received_at, done_at)"
        f" VALUES ('evt_given_up', 'invoice.paid', '{{}}', 'failed', {long_ago}, {long_ago})",
    )
    shop.fake.world.events.clear()
    await shop.reconcile()
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0
    assert await shop.bought(ann) == 50


async def test_an_event_is_heard_of_that_was_lost_long_before_the_last_that_came(
    shop: Shop,
) -> None:
    ann = await shop.person()
    world = shop.fake.world
    session = world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.reconcile()
    await table(shop.services, "UPDATE stripe_hearings SET began_at = now() - interval '6 hours'")
    told = len(world.events)
    world.refund(world.charge_of(session))
    for event in world.events[told:]:  # of four hours ago; while the worker was down
        event["created"] -= 4 * 3600
    world.tell("customer.updated", next(iter(world.customers.values())))
    await shop.fake.deliver(shop.client, world.events[-1:])
    await shop.reconcile()
    assert await shop.bought(ann) == 0


async def test_a_hearing_that_breaks_off_is_not_taken_for_one_that_ended(shop: Shop) -> None:
    await shop.reconcile()
    await table(shop.services, "UPDATE stripe_hearings SET began_at = now() - interval '6 hours'")
    shop.fake.is_away = True
    with pytest.raises(DependencyUnavailable):
        await shop.reconcile()
    shop.fake.is_away = False
    hours = "SELECT extract(epoch FROM now() - began_at)::int / 3600 FROM stripe_hearings"
    assert await shop.count(hours) == 6
    await shop.reconcile()
    assert await shop.count(hours) == 0


async def test_an_hour_without_news_asks_for_hours_only(shop: Shop) -> None:
    await shop.checkout(await shop.person(), pack="small")
    await shop.reconcile()
    shop.fake.world.tell("customer.updated", next(iter(shop.fake.world.customers.values())))
    shop.fake.world.events[-1]["created"] -= 4 * 3600
    await shop.reconcile()
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0


async def test_money_that_arrives_after_days_is_noticed_without_any_event(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id, later=True)
    await shop.hear()
    again = await shop.checkout(ann, pack="small")  # the first does not stand in its way
    assert again.session_id != checkout.session_id
    shop.fake.world.money_arrives(checkout.session_id)
    shop.fake.world.events.clear()
    for _ in range(2):
        await shop.reconcile()
        assert await shop.bought(ann) == 50
    asked = len(shop.fake.calls)
    await shop.reconcile()  # it is final now, and not looked after any more
    assert not any(checkout.session_id in call for call in shop.fake.calls[asked:])


async def test_one_broken_subscription_does_not_hold_up_the_others(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    ann, bob = await shop.person(), await shop.person("bob")
    first, second = await shop.subscribe(ann), await shop.subscribe(bob)
    world = shop.fake.world
    world.subscriptions[first]["items"]["data"].clear()
    world.cancel(second)
    world.events.clear()
    await shop.reconcile()
    assert (await shop.billing(bob)).billing.status == "canceled"
    assert any(first in str(record.__dict__.get("fields")) for record in caplog.records)


async def test_one_full_wallet_does_not_keep_others_from_their_allowances(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    people = [await shop.person(name) for name in ("ann", "bob", "cyd")]
    for person in people:
        await shop.subscribe(person)
        wallet = await shop.wallet(person)
        if person is people[1]:
            async with shop.services.database.connection() as db:
                room = ledger.MOST_CREDITS - wallet.posted
                await ledger.adjust(db, await person.account_id(), room, "much")
    before = [await shop.bought(person) for person in people]
    await table(shop.services, "UPDATE paid_periods SET starts_at = starts_at - interval '1 month'")
    await give_allowances(shop.services)
    gained = [await shop.bought(person) - had for person, had in zip(people, before, strict=True)]
    assert gained == [100, 0, 100]
    told = [r.getMessage() for r in caplog.records if r.name == "app.billing.reconcile"]
    assert told == ["an allowance can't be given"]


async def test_a_part_that_is_broken_does_not_keep_the_next_from_being_done(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await shop.person()
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await table(shop.services, "INSERT INTO stripe_hearings (id, began_at) VALUES (1, '-infinity')")
    await shop.reconcile()
    assert await shop.bought(ann) == 50
    assert "a part of comparing with Stripe is broken" in caplog.text
