"""Checkout: one page for one wish, whatever happens on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.billing import by_hand, inbox
from app.billing.checkout import Again
from app.billing.offers import Cadence
from app.billing.settling import settle_subscription
from app.errors import BillingNotConfigured, Conflict, DependencyUnavailable, ValidationFailed
from app.services import Services
from schema.types.billing import CheckoutInput, CheckoutKind, CheckoutMode, PortalInput
from tests.people import Person, table
from tests.stripe.conftest import Shop
from tests.waiting import until


async def test_credits_that_were_paid_for_are_granted(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small", return_path="/account")
    assert checkout.mode is CheckoutMode.CHECKOUT
    assert checkout.expires_at is not None
    assert checkout.expires_at > datetime.now(UTC)
    session = shop.fake.world.sessions[checkout.session_id]
    assert session["success_url"] == "http://127.0.0.1:8000/account?checkout=success"
    shop.fake.world.pay(checkout.session_id)
    await shop.hear()
    assert await shop.bought(ann) == 50
    billing = await shop.billing(ann)
    assert (billing.effective_plan, billing.entitlement_source.value) == ("flex", "wallet")


async def test_a_checkout_that_nobody_pays_grants_nothing(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.expire(checkout.session_id)
    await shop.hear()
    assert await shop.entries(ann) == []
    assert (await shop.checkout(ann, pack="small")).session_id != checkout.session_id


async def test_a_payment_that_takes_days_grants_once_the_money_is_there(shop: Shop) -> None:
    ann = await shop.person()
    checkout = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(checkout.session_id, later=True)
    await shop.hear()
    assert await shop.entries(ann) == []
    shop.fake.world.money_arrives(checkout.session_id)
    await shop.hear()
    assert await shop.bought(ann) == 50


async def test_who_asks_again_is_sent_to_the_same_page(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann, pack="small")
    assert await shop.checkout(ann, pack="small") == first
    assert len(shop.fake.world.sessions) == 1


async def test_many_at_once_are_sent_to_one_page(shop: Shop) -> None:
    ann = await shop.person()
    asked = [shop.checkout(ann, cadence=Cadence.ANNUAL) for _ in range(8)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    pages = {a.session_id for a in answers if not isinstance(a, BaseException)}
    assert len(pages) == 1
    assert len(shop.fake.world.sessions) == len(shop.fake.world.customers) == 1


async def test_after_a_purchase_the_same_pack_can_be_bought_again(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(first.session_id)
    # No event has been heard: that the session is over is found out here, and settled.
    second = await shop.checkout(ann, pack="small")
    assert second.session_id != first.session_id
    assert await shop.bought(ann) == 50
    shop.fake.world.pay(second.session_id)
    await shop.hear()
    assert await shop.bought(ann) == 100


async def test_another_wish_closes_the_page_of_the_first(shop: Shop) -> None:
    ann = await shop.person()
    monthly = await shop.checkout(ann)
    annual = await shop.checkout(ann, cadence=Cadence.ANNUAL)
    sessions = shop.fake.world.sessions
    assert sessions[monthly.session_id]["status"] == "expired"
    assert sessions[annual.session_id]["status"] == "open"


async def test_a_subscriber_is_sent_to_the_portal(shop: Shop) -> None:
    ann = await shop.person()
    await shop.subscribe(ann)
    answer = await shop.checkout(ann, cadence=Cadence.ANNUAL, return_path="/a?b=1")
    assert answer.mode is CheckoutMode.PORTAL
    portal = shop.fake.world.portals[answer.session_id]
    assert portal["return_url"] == "http://127.0.0.1:8000/a?b=1"
    assert len(shop.fake.world.subscriptions) == 1


async def test_a_subscription_of_which_no_event_came_is_noticed_at_the_next_checkout(
    shop: Shop,
) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann)
    shop.fake.world.pay(first.session_id)
    assert (await shop.checkout(ann)).mode is CheckoutMode.PORTAL
    assert (await shop.billing(ann)).effective_plan == "pro"


async def test_nothing_is_sold_to_an_account_that_is_to_be_deleted(shop: Shop) -> None:
    ann = await shop.person()
    await table(
        shop.services,
        "UPDATE accounts SET deletion_asked_at = now(), delete_after = now() + interval '1 day'",
    )
    for wanted in ({"pack": "small"}, {"cadence": Cadence.ANNUAL}):
        with pytest.raises(Conflict, match="deleted"):
            await shop.checkout(ann, **wanted)
    assert shop.fake.world.sessions == {}
    await ann.run("cancel_account_deletion")
    assert (await shop.checkout(ann, pack="small")).mode is CheckoutMode.CHECKOUT


async def test_stripe_away_is_told_and_leaves_nothing_half_done(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.is_away = True
    with pytest.raises(DependencyUnavailable):
        await shop.checkout(ann, pack="small")
    shop.fake.is_away = False
    await shop.checkout(ann, pack="small")
    assert len(shop.fake.world.customers) == len(shop.fake.world.sessions) == 1


@pytest.mark.parametrize("lost", [1, 2], ids=["of-the-customer", "of-both"])
async def test_an_answer_that_was_lost_makes_nothing_twice(shop: Shop, lost: int) -> None:
    ann = await shop.person()
    shop.fake.answers_to_lose = lost
    for _ in range(lost):
        with pytest.raises(DependencyUnavailable):
            await shop.checkout(ann)
    await shop.checkout(ann)
    assert len(shop.fake.world.customers) == len(shop.fake.world.sessions) == 1


async def test_a_trial_comes_with_the_first_subscription_only(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann)
    session = shop.fake.world.pay(first.session_id)
    await shop.hear()
    billing = await shop.billing(ann)
    assert (billing.effective_plan, billing.entitlement_source.value) == ("pro", "trial")
    assert await shop.entries(ann) == []  # nothing has been paid yet
    shop.fake.world.cancel(session["subscription"])
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == "free"
    again = await shop.checkout(ann)
    shop.fake.world.pay(again.session_id)
    await shop.hear()
    assert (await shop.billing(ann)).entitlement_source.value == "billing"


async def _try_by_hand(shop: Shop) -> None:
    async with shop.services.database.connection() as db:
        order = await by_hand.ordered(db, "ann", "operator", "asked for one")
        await by_hand.start_trial(db, order, 14)


async def test_no_trial_is_given_by_hand_while_a_checkout_offers_one(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann)
    with pytest.raises(by_hand.NotDone, match="A checkout that begins a trial is open"):
        await _try_by_hand(shop)
    assert await table(shop.services, "SELECT * FROM admin_actions") == []
    shop.fake.world.expire(first.session_id)
    await shop.hear()
    await _try_by_hand(shop)
    shop.fake.world.pay((await shop.checkout(ann)).session_id)
    await shop.hear()
    (subscription,) = shop.fake.world.subscriptions.values()
    assert subscription["status"] == "active"


async def test_a_checkout_and_an_operator_at_once_do_not_both_begin_a_trial(shop: Shop) -> None:
    ann = await shop.person()
    checkout, _ = await asyncio.gather(
        shop.checkout(ann), _try_by_hand(shop), return_exceptions=True
    )
    assert not isinstance(checkout, BaseException)
    shop.fake.world.pay(checkout.session_id)
    await shop.hear()
    (subscription,) = shop.fake.world.subscriptions.values()
    (trial,) = await table(shop.services, "SELECT how FROM trials")
    assert (subscription["status"] == "trialing") == (trial["how"] == "checkout")


@pytest.mark.parametrize("pack", ["small", None], ids=["credits", "subscription"])
async def test_a_customer_that_stripe_has_no_more_is_made_anew(
    shop: Shop, pack: str | None
) -> None:
    wanted = {"pack": pack} if pack else {}
    ann = await shop.person()
    await shop.checkout(ann, **wanted)
    shop.fake.world.customers.clear()  # as for who has gone from the test mode to the live one
    shop.fake.world.sessions.clear()
    assert (await ann.run("billing_invoices")).items == []
    with pytest.raises(Conflict, match="nothing to manage"):
        await ann.run("create_portal_session")
    again = await shop.checkout(ann, **wanted)
    assert await shop.checkout(ann, **wanted) == again
    assert len(shop.fake.world.customers) == len(shop.fake.world.sessions) == 1
    shop.fake.world.pay(again.session_id)
    await shop.hear()
    assert (await shop.billing(ann)).effective_plan == ("flex" if pack else "pro")


async def test_a_page_that_stripe_has_no_more_is_replaced(shop: Shop) -> None:
    ann = await shop.person()
    await shop.checkout(ann, pack="small")
    shop.fake.world.sessions.clear()
    again = await shop.checkout(ann, pack="small")
    assert list(shop.fake.world.sessions) == [again.session_id]


@pytest.mark.parametrize("asked", ["create_portal_session", "billing_invoices", "checkout"])
async def test_what_stripe_refuses_is_told_of_without_its_words(
    shop: Shop, asked: str, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await shop.person()
    await shop.checkout(ann, pack="small")
    shop.fake.refuses = "No configuration provided, see the dashboard."
    with pytest.raises(DependencyUnavailable) as refused:
        await (shop.checkout(ann, pack="medium") if asked == "checkout" else ann.run(asked))
    assert not refused.value.retryable
    assert "dashboard" not in str(refused.value)
    assert any("dashboard" in str(record.__dict__) for record in caplog.records)
    shop.fake.refuses = ""
    await shop.checkout(ann, pack="medium")


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/a#part", "/a?checkout=success#part"),
        ("/a?b=1#part?c", "/a?b=1&checkout=success#part?c"),
        ("/%7Eann/;v=1", "/%7Eann/;v=1?checkout=success"),
    ],
    ids=["fragment", "query-and-fragment", "escapes"],
)
async def test_who_comes_back_finds_the_outcome_in_the_query(
    shop: Shop, path: str, back: str
) -> None:
    checkout = await shop.checkout(await shop.person(), pack="small", return_path=path)
    session = shop.fake.world.sessions[checkout.session_id]
    assert session["success_url"] == f"http://127.0.0.1:8000{back}"


async def test_a_slow_stripe_keeps_no_connection_from_anybody(shop: Shop) -> None:
    few = replace(shop.services.settings, database_pool_size=2, database_pool_wait_seconds=1)
    services = Services.from_settings(few)
    await services.open()
    people = [replace(await shop.person(f"ann{number}"), services=services) for number in range(6)]
    for person in people:
        shop.fake.world.pay((await shop.checkout(person, pack="small")).session_id)
    shop.fake.slow_from = "/expire"
    buying = [asyncio.create_task(shop.checkout(person, pack="small")) for person in people]

    async def are_found_paid() -> bool:
        return shop.fake.waiting == len(people)

    await until(are_found_paid)
    shop.fake.answers_again(slow_from="/sessions/")

    async def are_settling() -> bool:
        return shop.fake.waiting == 4 and sum(task.done() for task in buying) == 2

    await until(are_settling)
    for person in people:
        await person.run("billing")  # there is a connection for each
    shop.fake.answers_again()
    answers = await asyncio.gather(*buying, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [type(answer) for answer in refused] == [Again] * 2
    assert [await shop.bought(person) for person in people].count(50) == 4
    await services.close()


async def test_what_was_paid_and_can_not_be_given_is_parked(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann, pack="small")
    shop.fake.world.pay(first.session_id)
    for made in shop.fake.world.sessions.values():
        made["customer"] = "cus_of_nobody"
    second = await shop.checkout(ann, pack="small")
    assert second.session_id != first.session_id
    assert await shop.events("pending") == ["checkout.session.completed"]
    await shop.take()
    assert await shop.events("parked") == ["checkout.session.completed"]
    shop.fake.world.sessions[first.session_id]["customer"] = next(iter(shop.fake.world.customers))
    await shop.take()
    await shop.hear()
    assert await shop.bought(ann) == 50


async def test_a_page_on_which_somebody_is_paying_is_not_replaced(shop: Shop) -> None:
    ann = await shop.person()
    first = await shop.checkout(ann)
    shop.fake.keeps_open = True
    with pytest.raises(Conflict) as refused:
        await shop.checkout(ann, cadence=Cadence.ANNUAL)
    assert refused.value.retryable
    shop.fake.keeps_open = False
    shop.fake.world.pay(first.session_id)
    assert (await shop.checkout(ann, cadence=Cadence.ANNUAL)).mode is CheckoutMode.PORTAL
    assert len(shop.fake.world.subscriptions) == 1


async def test_an_older_answer_of_stripe_does_not_replace_a_newer_one(shop: Shop) -> None:
    ann = await shop.person()
    subscription = await shop.subscribe(ann)
    asked = len(shop.fake.calls)
    shop.fake.slow_from = "/subscriptions/"
    late = asyncio.create_task(
        inbox.settle_now(shop.services, shop.payments, settle_subscription, subscription)
    )

    async def is_asking() -> bool:
        return shop.fake.waiting > 0

    await until(is_asking)
    shop.fake.slow_from = ""
    shop.fake.world.cancel(subscription)
    await shop.hear()
    shop.fake.answers_again()
    await late
    assert (await shop.billing(ann)).billing.status == "canceled"
    assert len(shop.fake.calls) > asked


async def test_a_refund_of_what_a_lost_customer_has_bought_takes_it_back(shop: Shop) -> None:
    ann = await shop.person()
    session = shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.hear()
    shop.fake.world.customers.clear()
    await shop.checkout(ann, pack="medium")
    assert len(shop.fake.world.customers) == 1
    shop.fake.world.refund(shop.fake.world.charge_of(session))
    await shop.hear()
    assert await shop.bought(ann) == 0


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "account",
        "",
        "/a b",
        "/\n",
        "/%zz",
        "/a|b",
        "/ä",
        "/\0",
        "/a#b#c",
        "/x\n",
    ],
    ids=[
        "no-scheme",
        "absolute",
        "backslash",
        "relative",
        "empty",
        "blank",
        "newline",
        "no-escape",
        "bar",
        "letter",
        "nul",
        "two-fragments",
        "newline-at-the-end",
    ],
)
async def test_nobody_is_sent_to_a_page_that_is_not_ours(shop: Shop, path: str) -> None:
    ann = await shop.person()
    with pytest.raises(ValidationFailed) as refused:
        await shop.checkout(ann, pack="small", return_path=path)
    assert [field.path for field in refused.value.fields] == ["return_path"]
    assert shop.fake.calls == []


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"pack": "none"}, "pack"),
        ({"pack": "small", "plan": "pro"}, "plan"),
        ({"pack": "small", "cadence": Cadence.ANNUAL}, "cadence"),
        ({"plan": "flex"}, "plan"),
    ],
    ids=["no-such-pack", "pack-and-plan", "pack-and-cadence", "no-such-plan"],
)
async def test_what_is_not_on_sale_is_named(shop: Shop, wanted: dict[str, str], field: str) -> None:
    ann = await shop.person()
    with pytest.raises(ValidationFailed) as refused:
        await shop.checkout(ann, **wanted)
    assert [found.path for found in refused.value.fields] == [field]


async def test_an_offer_without_a_price_is_not_sold(shop: Shop) -> None:
    ann = await shop.person()
    with pytest.raises(BillingNotConfigured):
        await shop.checkout(ann, pack="large")


async def test_the_portal_is_for_who_has_wanted_to_pay(shop: Shop) -> None:
    ann = await shop.person()
    with pytest.raises(Conflict):
        await ann.run("create_portal_session")
    assert not (await shop.billing(ann)).billing.portal_available
    await shop.checkout(ann, pack="small")
    answer = await ann.run("create_portal_session", input=PortalInput(return_path="/x"))
    assert answer.mode is CheckoutMode.PORTAL
    assert (await shop.billing(ann)).billing.portal_available


async def test_without_a_key_nothing_is_sold_and_all_else_works(shop: Shop) -> None:
    closed = replace(shop.services, payments=None)
    ann = replace(await shop.person(), services=closed)
    billing = await ann.run("billing")
    assert not billing.billing.checkout_available
    wanted = CheckoutInput(kind=CheckoutKind.CREDITS, pack="small")
    with pytest.raises(BillingNotConfigured):
        await ann.run("create_checkout", input=wanted)
    with pytest.raises(Conflict):
        await ann.run("create_portal_session")
    assert (await ann.run("billing_invoices")).items == []
    plans = (await Person(closed).run("billing_plans")).items
    assert [price.available for price in plans[0].prices] == [False, False]
