"""Refunds and disputes take back what a payment has brought, and no more."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from app import ledger
from app.billing.offers import Cadence
from tests.people import Person, table
from tests.stripe.conftest import Shop
from tests.stripe.world import DAY


async def _bought(shop: Shop) -> tuple[Person, str]:
    """Somebody with 50 bought credits, and the charge by which they were paid."""
    ann = await shop.person()
    session = shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.hear()
    return ann, shop.fake.world.charge_of(session)


async def test_a_refund_takes_the_credits_back(shop: Shop) -> None:
    ann, charge = await _bought(shop)
    shop.fake.world.refund(charge)
    await shop.hear()
    await shop.hear()
    assert await shop.bought(ann) == 0
    assert [kind for kind, _, _ in await shop.entries(ann)] == ["grant", "refund"]
    assert (await shop.billing(ann)).effective_plan == "free"


async def test_partial_refunds_take_their_share_and_all_of_them_everything(shop: Shop) -> None:
    ann, charge = await _bought(shop)
    for amount, left in ((33, 47), (33, 44), (434, 0)):
        shop.fake.world.refund(charge, amount)
        await shop.hear()
        assert await shop.bought(ann) == left


async def test_what_was_spent_becomes_debt_which_later_grants_pay_first(shop: Shop) -> None:
    ann, charge = await _bought(shop)
    account_id = await ann.account_id()
    wallet = await shop.wallet(ann)
    async with shop.services.database.connection() as db:
        await ledger.adjust(db, account_id, -wallet.available + 20, "spent")
    shop.fake.world.refund(charge)
    await shop.hear()
    wallet = await shop.wallet(ann)
    assert (wallet.posted, wallet.debt) == (0, 30)
    shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    await shop.hear()
    wallet = await shop.wallet(ann)
    assert (wallet.posted, wallet.debt) == (20, 0)


async def test_a_refund_that_is_heard_of_before_the_purchase_leaves_nothing(shop: Shop) -> None:
    ann = await shop.person()
    session = shop.fake.world.pay((await shop.checkout(ann, pack="small")).session_id)
    shop.fake.world.refund(shop.fake.world.charge_of(session))
    await shop.fake.deliver(shop.client, shop.fake.world.events[::-1])
    await shop.take()
    wallet = await shop.wallet(ann)
    assert (wallet.posted - wallet.starter, wallet.debt) == (0, 0)


async def test_a_refund_that_fails_gives_back_what_it_took(shop: Shop) -> None:
    ann, charge = await _bought(shop)
    refund = shop.fake.world.refund(charge)
    await shop.hear()
    shop.fake.world.fail_refund(refund["id"])
    await shop.hear()
    assert await shop.bought(ann) == 50
    shop.fake.world.refund(charge)
    await shop.hear()
    assert await shop.bought(ann) == 0


@pytest.mark.parametrize(("won", "left"), [(True, 50), (False, 0)], ids=["won", "lost"])
async def test_a_dispute_takes_the_credits_until_it_is_won(
    shop: Shop, won: bool, left: int
) -> None:
    ann, charge = await _bought(shop)
    dispute = shop.fake.world.dispute(charge)
    await shop.hear()
    assert await shop.bought(ann) == 0
    shop.fake.world.decide(dispute["id"], won=won)
    await shop.hear()
    assert await shop.bought(ann) == left


async def test_a_mere_inquiry_takes_nothing(shop: Shop) -> None:
    ann, charge = await _bought(shop)
    shop.fake.world.dispute(charge)["status"] = "warning_needs_response"
    await shop.hear()
    assert await shop.bought(ann) == 50


async def test_a_refunded_invoice_takes_the_allowances_that_it_has_paid_for(shop: Shop) -> None:
    ann = await shop.person()
    shop.fake.world.now -= 65 * DAY
    subscription = await shop.subscribe(ann, Cadence.ANNUAL)
    assert await shop.bought(ann) == 300
    invoice = shop.fake.world.subscriptions[subscription]["latest_invoice"]
    charge = shop.fake.world.charge_of(shop.fake.world.invoices[invoice])
    shop.fake.world.cancel(subscription)
    shop.fake.world.refund(charge)
    await shop.hear()
    assert await shop.bought(ann) == 0
    assert (await shop.billing(ann)).effective_plan == "free"


class _Watch(asyncio.Event):
    """Looks, each time when Stripe is asked, whether a wallet is locked meanwhile."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop
        self.seen: list[bool] = []

    async def wait(self) -> Literal[True]:
        free = await table(
            self.shop.services, "SELECT account_id FROM wallets FOR UPDATE SKIP LOCKED"
        )
        self.seen.append(not free)
        return True


async def test_no_wallet_is_locked_while_stripe_is_asked_about_a_refund(shop: Shop) -> None:
    ann = await shop.person()
    await shop.wallet(ann)
    world = shop.fake.world
    await table(
        shop.services,
        "INSERT INTO trials (account_id, ends_at, how) VALUES ($1, now(), 'checkout')",
        await ann.account_id(),
    )
    world.pay((await shop.checkout(ann, cadence=Cadence.ANNUAL)).session_id)
    (charge,) = world.charges
    world.refund(charge)  # heard of before anything was given
    (refund,) = [event for event in world.events if event["type"] == "refund.created"]
    await shop.fake.deliver(shop.client, [refund])
    shop.fake.answers = watch = _Watch(shop)
    await shop.take()
    assert [kind for kind, _, _ in await shop.entries(ann)] == ["grant", "refund"]
    assert watch.seen
    assert not any(watch.seen)


async def test_a_refund_of_what_is_not_ours_takes_nothing(shop: Shop) -> None:
    ann, _ = await _bought(shop)
    (customer,) = shop.fake.world.customers
    other = shop.fake.world.charge(customer, 700)
    shop.fake.world.refund(other["id"])
    await shop.hear()
    assert await shop.bought(ann) == 50
    assert await shop.events("pending") == []
