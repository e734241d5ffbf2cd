"""How an account stands: its facts, as the tables tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import ledger
from app.db import uuid7
from app.plans import PAST_DUE_GRACE, Facts
from app.services import Services
from app.standing import facts_of
from tests.people import Person, table

NONE = Facts()
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def account(services: Services) -> UUID:
    return await (await Person(services).signed_in()).account_id()


async def _facts(services: Services, account: UUID) -> Facts:
    async with services.database.connection() as db:
        return await facts_of(db, account)


async def _subscribe(services: Services, account: UUID, status: str, **more: Any) -> None:
    now = datetime.now(UTC)
    row = {
        "id": "sub_1", "account_id": account, "status": status, "plan": "pro",
        "cadence": "monthly", "anchor": now, "current_period_start": now,
        "current_period_end": now, "cancel_at_period_end": False, **more,
    }  # fmt: skip
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await table(
        services, f"INSERT INTO subscriptions ({', '.join(row)}) VALUES ({places})", *row.values()
    )


async def test_nothing_is_known_of_a_new_account(services: Services, account: UUID) -> None:
    assert await _facts(services, account) == NONE


@pytest.mark.parametrize(
    ("status", "facts"),
    [
        ("active", replace(NONE, subscribed=True)),
        ("trialing", replace(NONE, on_trial=True)),
        *((status, NONE) for status in ("canceled", "unpaid", "paused", "incomplete", "past_due")),
    ],
)
async def test_a_subscription_counts_while_it_is_paid_or_tried(
    services: Services, account: UUID, status: str, facts: Facts
) -> None:
    await _subscribe(services, account, status)
    assert await _facts(services, account) == facts


@pytest.mark.parametrize(
    ("late", "counts"),
    [(PAST_DUE_GRACE - MINUTE, True), (PAST_DUE_GRACE + MINUTE, False)],
    ids=["within-a-week", "for-longer"],
)
async def test_a_late_payment_is_forgiven_for_a_week(
    services: Services, account: UUID, late: timedelta, counts: bool
) -> None:
    await _subscribe(services, account, "past_due", past_due_since=datetime.now(UTC) - late)
    assert await _facts(services, account) == replace(NONE, subscribed=counts)


@pytest.mark.parametrize(
    ("over", "counts"),
    [(PAST_DUE_GRACE - MINUTE, True), (PAST_DUE_GRACE + MINUTE, False)],
    ids=["within-a-week", "for-longer"],
)
async def test_a_subscription_of_which_nothing_more_is_heard_ends_a_week_after_its_period(
    services: Services, account: UUID, over: timedelta, counts: bool
) -> None:
    await _subscribe(services, account, "active", current_period_end=datetime.now(UTC) - over)
    assert await _facts(services, account) == replace(NONE, subscribed=counts)


@pytest.mark.parametrize(
    ("until", "ended", "counts"),
    [(None, None, True), (MINUTE, None, True), (-MINUTE, None, False), (None, MINUTE, False)],
    ids=["without-end", "not-over", "over", "taken-back"],
)
async def test_a_plan_given_by_hand_counts_until_it_ends(
    services: Services,
    account: UUID,
    until: timedelta | None,
    ended: timedelta | None,
    counts: bool,
) -> None:
    await table(
        services,
        "INSERT INTO plan_grants (id, account_id, plan, until, reason, granted_by, ended_at)"
        " VALUES ($1, $2, 'pro', now() + $3::interval, 'test', 'test', now() - $4::interval)",
        uuid7(),
        account,
        until,
        ended,
    )
    assert await _facts(services, account) == replace(NONE, granted=counts)


@pytest.mark.parametrize(
    ("left", "how", "counts"),
    [(MINUTE, "operator", True), (-MINUTE, "operator", False), (MINUTE, "checkout", False)],
    ids=["of-an-operator", "over", "of-a-subscription-that-is-gone"],
)
async def test_a_trial_by_an_operator_counts_by_itself(
    services: Services, account: UUID, left: timedelta, how: str, counts: bool
) -> None:
    await table(
        services,
        "INSERT INTO trials (account_id, ends_at, how) VALUES ($1, now() + $2::interval, $3)",
        account,
        left,
        how,
    )
    assert await _facts(services, account) == replace(NONE, on_trial=counts)


async def test_starter_credits_do_not_count_and_bought_ones_do(
    services: Services, account: UUID
) -> None:
    async with services.database.connection() as db:
        wallet = await ledger.wallet_of(db, account)
        assert wallet.starter > 0
        assert await facts_of(db, account) == NONE
        await ledger.grant(db, account, 3, "test")
        assert await facts_of(db, account) == replace(NONE, bought_credits=3)
        await ledger.reverse(db, account, 3 + wallet.starter + 5, "test")
        assert await facts_of(db, account) == NONE


async def test_what_is_known_of_one_says_nothing_of_another(
    services: Services, account: UUID
) -> None:
    await _subscribe(services, account, "active")
    other = await (await Person(services).signed_in("ben")).account_id()
    assert await _facts(services, other) == NONE
