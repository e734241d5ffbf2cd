from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from app.accounts import Refused
from app.auth.passwords import MAX_LENGTH, Passwords, password_rule
from app.errors import DependencyUnavailable

rule = password_rule(unlike=["ann-marie", "ann@example.com"])


@pytest.fixture(autouse=True)
def cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.auth.passwords.COST", RFC_9106_LOW_MEMORY)


@pytest.fixture
def passwords(cost: None) -> Passwords:
    return Passwords(places=4)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("seven77", "too_short"),
        ("ﬁ" * 3, "too_short"),
        ("x" * (MAX_LENGTH + 1), "too_long"),
        ("ANN-Marie", "too_easy"),
        ("ann@EXAMPLE.com", "too_easy"),
        ("Password1", "too_easy"),
        ("qwertyuiop", "too_easy"),
        (" " * 12, "too_easy"),
        (" \t\u3000" * 4, "too_easy"),
        ("x" * 12, "too_easy"),
        ("\uff58X" * 6, "too_easy"),
    ],
)
def test_a_bad_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rule(password)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password", ["eightchr", "xy" * (MAX_LENGTH // 2), "пароль-мой", "🔑🔑🔑🔑🔒🔑🔑🔑", "a       "]
)
def test_any_other_password_is_accepted(password: str) -> None:
    assert rule(password) == password


async def test_a_password_matches_its_hash_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash("eleven green bottles")
    assert await passwords.verify(stored, "eleven green bottles")
    assert not await passwords.verify(stored, "eleven green bottleS")
    assert not await passwords.verify(stored, "")


async def test_a_password_typed_composed_or_decomposed_is_the_same(passwords: Passwords) -> None:
    stored = await passwords.hash(rule("caf\u00e9 au lait"))
    assert await passwords.verify(stored, "cafe\u0301 au lait")


def test_what_hashes_cost_is_set_in_the_source() -> None:
    told = [sys.executable, "-c", "from app.auth.passwords import COST; print(COST)"]
    assert subprocess.check_output(told, text=True).strip() == str(RFC_9106_LOW_MEMORY)


async def test_a_hash_is_argon2id_by_rfc_9106_with_a_salt_of_its_own(passwords: Passwords) -> None:
    first, second = await passwords.hash("same"), await passwords.hash("same")
    assert first != second
    assert extract_parameters(first) == RFC_9106_LOW_MEMORY


async def test_an_account_without_a_password_costs_as_much_as_one_with(
    passwords: Passwords,
) -> None:
    assert not await passwords.verify(None, "eleven green bottles")
    assert extract_parameters(passwords._unmatched) == RFC_9106_LOW_MEMORY


async def test_a_hash_of_other_parameters_is_outdated(passwords: Passwords) -> None:
    cheap = PasswordHasher.from_parameters(CHEAPEST).hash("eleven green bottles")
    assert passwords.is_outdated(cheap)
    assert await passwords.verify(cheap, "eleven green bottles")
    assert not passwords.is_outdated(await passwords.hash("eleven green bottles"))


@pytest.mark.parametrize("password", ["\x00", "\ud800", "x" * 200_000])
async def test_whatever_is_typed_at_a_login_is_just_wrong(
    passwords: Passwords, password: str
) -> None:
    assert not await passwords.verify(None, password)


async def test_the_event_loop_goes_on_while_passwords_are_hashed(passwords: Passwords) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await passwords.hash("eleven green bottles")
    task.cancel()
    assert turns > 10


async def test_a_flood_is_turned_away_and_leaves_the_places_free_again() -> None:
    passwords = Passwords(places=2)
    results = await asyncio.gather(
        *(passwords.hash(f"password {number}") for number in range(5)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, DependencyUnavailable)]
    assert len(refused) == 3
    assert all(error.retry_after == 1 for error in refused)
    assert await passwords.hash("eleven green bottles")
