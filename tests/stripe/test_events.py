"""Stripe's events: taken once, in any order, and from Stripe alone."""

from __future__ import annotations

import json
import random
import time

import pytest

from app import ledger
from app.billing import inbox
from app.db import raw_statement
from tests.people import table
from tests.stripe.conftest import Shop
from tests.stripe.fake import WEBHOOK
from tests.stripe.world import DAY


async def _paid(shop: Shop, username: str = "ann") -> tuple[str, str]:
    """Ids of the session by which somebody has bought 50 credits, and of its charge."""
    checkout = await shop.checkout(await shop.person(username), pack="small")
    session = shop.fake.world.pay(checkout.session_id)
    return session["id"], shop.fake.world.charge_of(session)


async def test_an_event_that_comes_many_times_has_its_effect_once(shop: Shop) -> None:
    await _paid(shop)
    for _ in range(3):
        await shop.hear()
    granted = "SELECT count(*) FROM ledger_entries WHERE kind = 'grant' AND ref <> 'starter'"
    assert await shop.count(granted) == 1
    assert await shop.count("SELECT count(*) FROM stripe_events") == len(shop.fake.world.events)


async def test_an_event_is_kept_as_it_came_before_it_is_answered(shop: Shop) -> None:
    await _paid(shop)
    (event,) = shop.fake.world.events
    assert await shop.fake.deliver(shop.client) == [200]
    (row,) = await table(shop.services, "SELECT * FROM stripe_events")
    assert (row["id"], row["state"], json.loads(row["payload"])) == (event["id"], "pending", event)
    await shop.take()
    assert await shop.events("done") == ["checkout.session.completed"]


async def test_events_that_are_nothing_to_us_are_kept_and_done(shop: Shop) -> None:
    await _paid(shop)
    event = shop.fake.world.events[0] | {"type": "payment_intent.created"}
    assert await shop.fake.deliver(shop.client, [event]) == [200]
    assert await shop.events("done") == ["payment_intent.created"]


@pytest.mark.parametrize("seconds", [-301, 360, 3600], ids=["old", "early", "an-hour-early"])
async def test_a_signature_is_good_for_minutes_before_and_after(shop: Shop, seconds: int) -> None:
    await _paid(shop)
    signed = shop.fake.signed(shop.fake.world.events[0], at=time.time() + seconds)
    answer = await shop.client.post(WEBHOOK, **signed)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0


@pytest.mark.parametrize(
    "header",
    ["", "t=1", "nonsense", "t=x,v1=y", "v1=00", "t=99999999999999999999,v1=00", "t=1,v1=\xe9"],
    ids=["empty", "no-v1", "nonsense", "no-number", "no-time", "far", "not-ascii"],
)
async def test_a_header_that_is_no_signature_is_refused(shop: Shop, header: str) -> None:
    await _paid(shop)
    signed = shop.fake.signed(shop.fake.world.events[0])
    headers = {b"stripe-signature": header.encode("latin-1")}
    answer = await shop.client.post(WEBHOOK, content=signed["content"], headers=headers)
    assert answer.status_code == 401
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0


async def test_the_time_of_a_signature_is_the_one_that_was_signed(shop: Shop) -> None:
    await _paid(shop)
    signed = shop.fake.signed(shop.fake.world.events[0], at=time.time() + 3600)
    signed["headers"]["stripe-signature"] = (
        f"xt={int(time.time())}," + signed["headers"]["stripe-signature"]
    )
    assert (await shop.client.post(WEBHOOK, **signed)).status_code == 401
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0


async def test_a_forged_event_is_refused_and_a_changed_one_too(shop: Shop) -> None:
    await _paid(shop)
    event = shop.fake.world.events[0]
    forged = shop.fake.signed(event, secret="whsec_of_another")
    changed = shop.fake.signed(event)
    changed["content"] = changed["content"].replace("small", "large")
    for delivery in (forged, changed):
        assert (await shop.client.post(WEBHOOK, **delivery)).status_code == 401
    unsigned = await shop.client.post(WEBHOOK, json=event)
    assert unsigned.status_code == 401
    assert await shop.count("SELECT count(*) FROM stripe_events") == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"id": "evt_1"}',
        '{"id": 1, "type": "x", "data": {"object": {}}}',
        '{"id": "evt_\\u0000", "type": "x", "data": {"object": {}}}',
        '{"id": "evt_1", "type": "x\\u0000", "data": {"object": {}}}',
    ],
    ids=["empty", "list", "object", "id-only", "number-for-an-id", "nul-in-id", "nul-in-type"],
)
async def test_what_is_signed_and_no_event_is_malformed(shop: Shop, body: str) -> None:
    header = shop.fake.signature(body)
    answer = await shop.client.post(WEBHOOK, content=body, headers=header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_json")


async def test_what_an_event_claims_is_not_believed_but_asked(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id, later=True)
    event = json.loads(json.dumps(shop.fake.world.events[-1]))
    event["data"]["object"]["payment_status"] = "paid"  # as it may be by the time of another event
    await shop.fake.deliver(shop.client, [event])
    await shop.take()
    assert await shop.entries(ann) == []


async def test_an_event_of_an_unknown_customer_waits_for_them(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id)
    # As when Stripe is faster than the transaction that writes down whose customer it is.
    removed = await table(shop.services, "DELETE FROM stripe_customers RETURNING *")
    await shop.hear()
    assert await shop.events("parked") == ["checkout.session.completed"]
    await table(
        shop.services,
        "INSERT INTO stripe_customers (account_id, customer_id) VALUES ($1, $2)",
        removed[0]["account_id"],
        removed[0]["customer_id"],
    )
    await shop.take()
    assert await shop.events("parked") == []
    assert await shop.bought(ann) == 50


async def test_an_event_of_nobodys_is_asked_for_ever_more_seldom_and_given_up_after_days(
    shop: Shop,
) -> None:
    await _paid(shop)
    await table(shop.services, "DELETE FROM stripe_customers")
    await shop.fake.deliver(shop.client)
    hours, asked = 0.0, 0
    while await shop.events("failed") == []:
        asked += 1
        await shop.take()
        (row,) = await table(
            shop.services,
            "SELECT extract(epoch FROM next_attempt_at - now())::float8 / 3600 AS pause"
            " FROM stripe_events",
        )
        hours += row["pause"]
        await table(
            shop.services,
            "UPDATE stripe_events SET received_at = now() - $1 * interval '1 hour'",
            hours,
        )
    assert 72 < hours < 5 * 24
    assert asked < 25


async def test_an_event_of_stripes_other_mode_is_kept_and_nothing_else(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    shop.fake.world.events[0]["livemode"] = True
    asked = len(shop.fake.calls)
    await shop.hear()
    assert await shop.events("done") == ["checkout.session.completed"]
    assert len(shop.fake.calls) == asked
    assert await shop.entries(ann) == []


@pytest.mark.parametrize(
    "changed",
    [None, {}, {"id": None}, {"id": 7}, {"id": "in_\0"}, {"id": "../customers/cus_1?x="}, []],
    ids=["nothing", "none", "null", "number", "nul", "path", "list"],
)
async def test_an_event_about_nothing_that_can_be_asked_for_is_kept_and_done(
    shop: Shop, changed: object
) -> None:
    event = {"id": "evt_odd", "type": "invoice.paid", "data": {"object": changed}}
    assert await shop.fake.deliver(shop.client, [event]) == [200]
    await shop.take()
    assert await shop.events("done") == ["invoice.paid"]
    assert shop.fake.calls == []


async def test_credits_that_a_wallet_has_no_room_for_wait_for_it(shop: Shop) -> None:
    ann = await shop.person()
    room = ledger.MOST_CREDITS - (await shop.wallet(ann)).posted
    async with shop.services.database.connection() as db:
        await ledger.adjust(db, await ann.account_id(), room, "much")
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.hear()
    assert await shop.events("parked") == ["checkout.session.completed"]
    async with shop.services.database.connection() as db:
        await ledger.adjust(db, await ann.account_id(), -room, "not so much")
    await shop.take()
    assert await shop.bought(ann) == 50


async def test_events_wait_while_stripe_is_away(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id)
    shop.fake.is_away = True
    await shop.hear()
    (row,) = await table(
        shop.services, "SELECT attempts, next_attempt_at > now() AS later FROM stripe_events"
    )
    assert (row["attempts"], row["later"]) == (1, True)
    shop.fake.is_away = False
    await shop.take()
    assert await shop.bought(ann) == 50


async def test_one_event_that_breaks_does_not_hold_up_the_others(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.sessions[checkout.session_id]["metadata"]["credits"] = "many"
    shop.fake.world.pay(checkout.session_id)
    await _paid(shop, "ben")
    await shop.hear()
    assert await shop.events("done") == ["checkout.session.completed"]
    (row,) = await table(
        shop.services, "SELECT attempts, error FROM stripe_events WHERE state = 'pending'"
    )
    assert (row["attempts"], row["error"]) == (1, "ValueError")


@pytest.mark.parametrize("seed", range(3))
async def test_a_whole_life_in_any_order_ends_as_in_order(shop: Shop, seed: int) -> None:
    ann = await shop.person()
    world = shop.fake.world
    world.now -= 30 * DAY  # so that all of it has happened by now
    pack = await shop.checkout(ann, pack="small")
    charge = world.charge_of(world.pay(pack.session_id))
    session = world.pay((await shop.checkout(ann)).session_id)
    invoice = world.renew(session["subscription"], is_paid=False)
    world.pay_invoice(invoice["id"])
    world.refund(charge, 250)
    lost = world.dispute(world.charge_of(invoice))
    world.decide(lost["id"], won=True)
    failed = world.refund(charge, 100)
    world.fail_refund(failed["id"])
    world.cancel(session["subscription"])
    events = list(world.events) * 2
    random.Random(seed).shuffle(events)
    while events:
        some, events = events[:5], events[5:]
        await shop.fake.deliver(shop.client, some)
        await shop.take()
    billing = await shop.billing(ann)
    assert billing.billing.status == "canceled"
    assert await shop.bought(ann) == 50 - 25 + 100
    assert await shop.events("pending") == await shop.events("parked") == []


async def test_an_event_in_the_hands_of_one_worker_is_left_to_it(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id)
    await shop.fake.deliver(shop.client)
    async with shop.services.database.transaction() as db:
        assert await db.row(raw_statement("SELECT 1 FROM stripe_events FOR UPDATE")) is not None
        assert not await inbox.take_next(shop.services, shop.payments)
    await shop.take()
    assert await shop.bought(ann) == 50
