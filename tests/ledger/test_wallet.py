"""Granting credits, taking them back, and what is written down of it."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from app import ledger
from app.db import uuid7
from app.ledger import Wallet
from app.services import Services
from tests.ledger.accounts import STARTER, change, entries, wallet
from tests.owners import Owner
from tests.people import table


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


async def test_a_wallet_begins_with_the_starter_grant(owner: Owner) -> None:
    assert await entries(owner) == []
    assert await wallet(owner) == Wallet(posted=STARTER, held=0, debt=0, starter=STARTER)
    assert await wallet(owner) == Wallet(posted=STARTER, held=0, debt=0, starter=STARTER)
    assert await entries(owner) == [("grant", STARTER, 0, 0, "starter")]


async def test_many_who_ask_for_a_new_wallet_make_one(owner: Owner) -> None:
    found = await asyncio.gather(*(wallet(owner) for _ in range(8)))
    assert {each.posted for each in found} == {STARTER}
    assert len(await entries(owner)) == 1


async def test_an_account_that_is_not_there_has_no_wallet(services: Services) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await wallet(Owner(services, uuid7()))


async def test_a_grant_to_an_account_without_wallet_makes_it_first(owner: Owner) -> None:
    assert await change(owner, "grant", 5, "pack:1")
    assert await wallet(owner) == Wallet(posted=STARTER + 5, held=0, debt=0, starter=STARTER)
    assert [entry[0] for entry in await entries(owner)] == ["grant", "grant"]


async def test_the_same_grant_again_changes_nothing(owner: Owner) -> None:
    done = await asyncio.gather(*(change(owner, "grant", 5, "pack:1") for _ in range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert (await wallet(owner)).posted == STARTER + 5


async def test_the_same_ref_may_be_granted_and_taken_back(owner: Owner) -> None:
    assert await change(owner, "grant", 5, "pack:1")
    assert await change(owner, "reverse", 5, "pack:1")
    assert not await change(owner, "reverse", 5, "pack:1")
    assert await wallet(owner) == Wallet(posted=STARTER, held=0, debt=0, starter=STARTER)


async def test_what_is_taken_back_and_not_there_becomes_debt(owner: Owner) -> None:
    await change(owner, "reverse", STARTER + 30, "dispute:1")
    assert await wallet(owner) == Wallet(posted=0, held=0, debt=30, starter=0)
    assert (await entries(owner))[-1] == ("refund", -STARTER, 0, 30, "dispute:1")


async def test_a_grant_pays_debt_first(owner: Owner) -> None:
    await change(owner, "reverse", STARTER + 30, "dispute:1")
    await change(owner, "grant", 20, "pack:1")
    assert await wallet(owner) == Wallet(posted=0, held=0, debt=10, starter=0)
    await change(owner, "grant", 20, "pack:2")
    assert await wallet(owner) == Wallet(posted=10, held=0, debt=0, starter=0)
    assert [entry[1:4] for entry in (await entries(owner))[-2:]] == [(0, 0, -20), (10, 0, -10)]


async def test_an_adjustment_goes_either_way(owner: Owner) -> None:
    await change(owner, "adjust", 7, "case:1")
    await change(owner, "adjust", -10, "case:2")
    assert await wallet(owner) == Wallet(STARTER - 3, 0, 0, STARTER - 3)
    assert [entry[:2] for entry in (await entries(owner))[-2:]] == [("adjust", 7), ("adjust", -10)]


@pytest.mark.parametrize("kind", ["grant", "reverse"])
@pytest.mark.parametrize("credits", [0, -1])
async def test_only_positive_numbers_are_granted_or_taken_back(
    owner: Owner, kind: str, credits: int
) -> None:
    with pytest.raises(ValueError, match="positive"):
        await change(owner, kind, credits, "x")
    assert await entries(owner) == []


@pytest.mark.parametrize(
    "query",
    ["UPDATE ledger_entries SET delta_posted = 1", "DELETE FROM ledger_entries"],
    ids=["update", "delete"],
)
async def test_entries_are_neither_changed_nor_deleted(owner: Owner, query: str) -> None:
    await change(owner, "grant", 5, "pack:1")
    before = await entries(owner)
    with pytest.raises(asyncpg.RaiseError, match="neither changed nor deleted"):
        await table(owner.services, query)
    assert await entries(owner) == before


async def test_the_ledger_goes_with_its_account(owner: Owner) -> None:
    other = await Owner.create(owner.services)
    await change(owner, "grant", 5, "pack:1")
    await change(other, "grant", 5, "pack:1")
    await table(owner.services, "DELETE FROM accounts WHERE id = $1", owner.id)
    assert await entries(owner) == []
    assert len(await entries(other)) == 2
    assert len(await table(owner.services, "SELECT FROM wallets")) == 1


async def test_ids_of_entries_are_uuids_of_version_7_in_the_order_of_events(owner: Owner) -> None:
    for number in range(50):
        await change(owner, "grant", 1, f"pack:{number}")
    rows = await table(owner.services, "SELECT id, ref, created_at FROM ledger_entries ORDER BY id")
    assert [row["ref"] for row in rows] == ["starter", *(f"pack:{n}" for n in range(50))]
    for row in rows:
        assert (row["id"].version, row["id"].variant) == (7, "specified in RFC 4122")
        assert abs((row["id"].int >> 80) - row["created_at"].timestamp() * 1000) < 60_000


async def test_a_wallet_that_is_full_takes_no_more_and_goes_on(owner: Owner) -> None:
    await wallet(owner)
    room = ledger.MOST_CREDITS - STARTER
    assert await change(owner, "adjust", room - 1, "much")
    for kind in ("grant", "adjust"):
        with pytest.raises(ledger.WalletFull):
            await change(owner, kind, 2, "more")
    assert (await wallet(owner)).posted == ledger.MOST_CREDITS - 1
    assert not await change(owner, "adjust", room - 1, "much")  # as before, and no error
    assert await change(owner, "reverse", 5, "back")
    assert await change(owner, "grant", 2, "more")
    assert (await wallet(owner)).posted == ledger.MOST_CREDITS - 4


async def test_a_debt_that_is_full_takes_no_more(owner: Owner) -> None:
    await change(owner, "adjust", -STARTER, "spent")
    assert await change(owner, "reverse", ledger.MOST_CREDITS, "much")
    with pytest.raises(ledger.WalletFull):
        await change(owner, "reverse", 1, "more")
    assert (await wallet(owner)).debt == ledger.MOST_CREDITS


@pytest.mark.parametrize(
    "command", ["TRUNCATE ledger_entries", "TRUNCATE accounts CASCADE"], ids=["alone", "with-all"]
)
async def test_the_ledger_is_not_emptied_all_at_once(owner: Owner, command: str) -> None:
    await wallet(owner)
    with pytest.raises(asyncpg.RaiseError, match="neither changed nor deleted"):
        await table(owner.services, command)
    assert len(await entries(owner)) == 1
