"""Stripe itself, in its test mode. Only with STRIPE_TEST_KEY in the environment; see conftest.py.

What the fake is held to by Stripe's document is asked of Stripe here: that its answers are read,
and that a key of idempotency makes one thing of two requests. Objects stay in the test account.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.db import uuid7
from app.payments import Missing, Payments

_URL = "https://api.stripe.com"


@pytest.fixture
async def real() -> AsyncIterator[Payments]:
    key = os.environ["STRIPE_TEST_KEY"]
    assert key.startswith(("sk_test_", "rk_test_")), "a key of the test mode, and no other"
    payments = Payments(key, _URL, [])
    yield payments
    await payments.close()


async def _made(path: str, **form: Any) -> Any:
    """What Stripe makes of a form: things that are made in its dashboard otherwise."""
    auth = (os.environ["STRIPE_TEST_KEY"], "")
    async with httpx.AsyncClient(base_url=_URL, auth=auth, timeout=60) as client:
        answer = await client.post(path, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _price(**more: str) -> str:
    form = {"currency": "usd", "unit_amount": "500", "product_data[name]": "vitae test"}
    found: str = (await _made("/v1/prices", **form, **more))["id"]
    return found


async def test_a_customer_is_made_once_for_an_account(real: Payments) -> None:
    account_id = str(uuid7())
    first = await real.new_customer(account_id, "ann@example.com")
    assert await real.new_customer(account_id, "ann@example.com") == first


async def test_a_session_is_opened_read_and_closed(real: Payments) -> None:
    customer = await real.new_customer(str(uuid7()), "ann@example.com")
    terms = {
        "mode": "payment",
        "customer": customer,
        "line_items": [{"price": await _price(), "quantity": 1}],
        "success_url": "https://example.com/?checkout=success",
        "metadata": {"kind": "credits", "credits": "50"},
    }
    key = str(uuid7())
    session = await real.new_session(key, terms)
    assert (await real.new_session(key, terms)).id == session.id
    found = await real.session(session.id)
    assert (found.status, found.is_paid, found.customer) == ("open", False, customer)
    assert found.metadata == terms["metadata"]
    assert await real.expire_session(session.id)
    assert (await real.session(session.id)).status == "expired"


async def test_a_subscription_its_invoice_and_a_refund_are_read(real: Payments) -> None:
    customer = await real.new_customer(str(uuid7()), "ann@example.com")
    await _made("/v1/payment_methods/pm_card_visa/attach", customer=customer)
    monthly = {"recurring[interval]": "month"}
    made = await _made(
        "/v1/subscriptions",
        customer=customer,
        default_payment_method="pm_card_visa",
        **{"items[0][price]": await _price(**monthly)},
    )
    found = await real.subscription(made["id"])
    assert (found.status, found.customer, found.ends_at) == ("active", customer, None)
    assert found.latest_invoice is not None
    invoice = await real.invoice(found.latest_invoice)
    assert (invoice.status, invoice.subscription) == ("paid", found.id)
    assert invoice.period == (found.period_start, found.period_end)
    (listed,), more = await real.invoices(customer, 10, None)
    assert (listed, more) == (invoice, False)


async def test_what_is_not_there_is_missing(real: Payments) -> None:
    with pytest.raises(Missing):
        await real.session("cs_test_of_nobody")


async def test_events_are_heard_of(real: Payments) -> None:
    await real.new_customer(str(uuid7()), "ann@example.com")
    since = datetime.now(UTC) - timedelta(hours=1)
    async for notice, payload in real.events_since(since):
        assert notice.id in payload
        break
