from __future__ import annotations

import asyncio
import dataclasses

import pytest
from redis.asyncio import Redis

from app.auth import throttle
from app.auth.throttle import Limit
from app.errors import Conflict, DomainError, RateLimited, Unauthenticated
from app.services import Services
from schema.types.identity import LoginInput
from tests.people import PASSWORD, Person, table

LIMIT = Limit("tries", "somebody", 3, 60)


@pytest.fixture
def strict(services: Services) -> Services:
    """Services with limits that are soon reached."""
    settings = dataclasses.replace(
        services.settings, login_attempts_per_address=6, login_attempts_per_account=3
    )
    return dataclasses.replace(services, settings=settings)


async def test_attempts_beyond_a_limit_are_refused_until_the_window_ends(
    services: Services,
) -> None:
    for _ in range(3):
        await throttle.take(services.redis, LIMIT)
    for _ in range(2):
        with pytest.raises(RateLimited) as refused:
            await throttle.take(services.redis, LIMIT)
    assert refused.value.details == {"limit": "tries"}
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 60
    assert await services.redis.get(LIMIT.key) == b"3"
    await services.redis.delete(LIMIT.key)
    await throttle.take(services.redis, LIMIT)


async def test_attempts_at_once_can_not_slip_under_a_limit(services: Services) -> None:
    results = await asyncio.gather(
        *(throttle.take(services.redis, LIMIT) for _ in range(20)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 3


async def test_what_one_limit_refuses_does_not_count_against_another(services: Services) -> None:
    other = Limit("others", "somebody", 100, 60)
    for _ in range(3):
        await throttle.take(services.redis, LIMIT)
    with pytest.raises(RateLimited):
        await throttle.take(services.redis, other, LIMIT)
    assert await services.redis.get(other.key) is None


async def test_giving_back_never_makes_room_for_more_than_the_limit(services: Services) -> None:
    await throttle.give_back(services.redis, LIMIT)
    for _ in range(3):
        await throttle.take(services.redis, LIMIT)
    with pytest.raises(RateLimited):
        await throttle.take(services.redis, LIMIT)


async def test_without_redis_nobody_is_locked_out(caplog: pytest.LogCaptureFixture) -> None:
    away = Redis.from_url("unix:///nonexistent/valkey.sock")
    for _ in range(5):
        await throttle.take(away, LIMIT)
    await throttle.clear(away, LIMIT)
    await throttle.give_back(away, LIMIT)
    await throttle.remember(away, "somebody", 60)
    assert not await throttle.is_remembered(away, "somebody")
    assert "redis is away" in caplog.text
    await away.aclose()


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_an_ipv6_host_counts_by_its_network(address: str, counted: str) -> None:
    assert throttle.network(address) == counted


async def fail(person: Person, name: str = "ann") -> None:
    with pytest.raises(Unauthenticated):
        await person.log_in(name, "a wrong password")


async def limit_reached(person: Person, name: str = "ann", password: str = PASSWORD) -> str:
    with pytest.raises(RateLimited) as refused:
        await person.log_in(name, password)
    return str(refused.value.details["limit"])


async def test_an_account_under_attack_refuses_even_the_right_password(strict: Services) -> None:
    ann = Person(strict)
    await ann.register()
    for number in range(3):
        await fail(ann.at(f"192.0.2.{number}"))
    assert await limit_reached(ann.at("192.0.2.9")) == "failed_logins_per_account"
    assert await table(strict, "SELECT * FROM sessions") == []


@pytest.mark.parametrize(
    "tried",
    [
        [{"username": "ann@example.com"}, {"email": "ann@example.com"}],
        [{"username": "ann"}, {"email": "ann@example.com"}],
        [{"email": "Ann@Example.com"}, {"email": "ann@example。com"}],
        [{"username": "ANN"}, {"username": " ann "}],
    ],
)
async def test_the_limits_do_not_tell_whether_there_is_an_account(
    strict: Services, tried: list[dict[str, str]]
) -> None:
    async def answers() -> list[str]:
        given = []
        for number in range(8):
            stranger = Person(strict).at(f"192.0.2.{number}")
            login = LoginInput(password="a wrong password", **tried[number % 2])
            with pytest.raises((Unauthenticated, RateLimited)) as refused:
                await stranger.run("login", input=login)
            given.append(refused.value.code)
        return given

    unknown = await answers()
    await strict.redis.flushdb()
    await Person(strict).register()
    assert await answers() == unknown
    assert unknown[-1] == "rate_limited"


async def test_strangers_do_not_lock_an_owner_out_of_where_they_signed_in_before(
    strict: Services,
) -> None:
    ann = Person(strict).at("2001:db8::1")
    await ann.register()
    await ann.log_in()
    wrong = LoginInput(email="ann@example.com", password="a wrong password")
    for number in range(3):
        stranger = ann.at(f"192.0.2.{number}")
        await fail(stranger)
        with pytest.raises(Unauthenticated):
            await stranger.run("login", input=wrong)
    assert (await ann.log_in()).access_token
    neighbour = ann.at("2001:db8::2")
    right = LoginInput(email="ann@example.com", password=PASSWORD)
    assert await neighbour.run("login", input=right)


async def test_the_owners_login_gives_strangers_no_more_guesses(strict: Services) -> None:
    ann = Person(strict)
    await ann.register()
    await ann.log_in()
    for number in range(3):
        await fail(ann.at(f"198.51.100.{number}"))
    await ann.log_in()
    stranger = ann.at("198.51.100.9")
    assert await limit_reached(stranger, password="guess") == "failed_logins_per_account"


async def test_guessing_from_where_the_owner_signed_in_is_limited_too(strict: Services) -> None:
    ann = Person(strict)
    await ann.register()
    await ann.log_in()
    for _ in range(3):
        await fail(ann)
    assert await limit_reached(ann) == "failed_logins_per_account"
    assert (await ann.at("198.51.100.1").log_in()).access_token


async def test_a_network_is_familiar_for_a_month_and_to_one_account_only(
    strict: Services,
) -> None:
    ann = Person(strict)
    await ann.register()
    await ann.log_in()
    lives = [await strict.redis.ttl(key) async for key in strict.redis.scan_iter("*:remembered:*")]
    assert lives == [pytest.approx(30 * 24 * 3600, abs=60)] * 2
    await ann.register("bob")
    for number in range(3):
        await fail(ann.at(f"198.51.100.{number}"), "bob")
    assert await limit_reached(ann, "bob") == "failed_logins_per_account"


async def test_an_unknown_account_is_limited_just_like_a_known_one(strict: Services) -> None:
    stranger = Person(strict)
    for _ in range(3):
        await fail(stranger, "nobody")
    assert await limit_reached(stranger, "NOBODY") == "failed_logins_per_account"


async def test_one_address_trying_many_accounts_is_stopped(strict: Services) -> None:
    ann = Person(strict)
    await ann.register()
    for number in range(6):
        await fail(ann, f"nobody{number}")
    assert await limit_reached(ann) == "failed_logins_per_address"
    assert (await ann.at("198.51.100.1").log_in()).access_token


async def test_success_clears_the_account_and_is_no_failure_of_the_address(
    strict: Services,
) -> None:
    ann = Person(strict)
    await ann.register()
    await fail(ann)
    await fail(ann)
    for _ in range(10):
        await ann.log_in()
    await fail(ann)
    await fail(ann)
    await fail(ann)
    assert await limit_reached(ann) == "failed_logins_per_account"


async def test_registrations_from_one_address_are_limited(strict: Services) -> None:
    ann = Person(strict)
    for number in range(6):
        await ann.register(f"ann{number}")
    with pytest.raises(RateLimited) as refused:
        await ann.register("ann6")
    assert refused.value.details["limit"] == "registrations_per_address"
    assert len(await table(strict, "SELECT 1 FROM accounts")) == 6
    await ann.at("198.51.100.1").register("ann6")


async def test_asking_which_names_are_taken_is_limited_too(strict: Services) -> None:
    ann = Person(strict)
    await ann.register()
    for _ in range(5):
        with pytest.raises(Conflict):
            await ann.register()
    with pytest.raises(DomainError) as refused:
        await ann.register()
    assert refused.value.code == "rate_limited"


async def test_wrong_passwords_at_once_stop_at_the_limit(strict: Services) -> None:
    ann = Person(strict)
    await ann.register()
    results = await asyncio.gather(
        *(ann.log_in("ann", f"wrong password {number}") for number in range(8)),
        return_exceptions=True,
    )
    tried = [result for result in results if isinstance(result, Unauthenticated)]
    assert len(tried) == 3
    assert all(isinstance(result, Unauthenticated | RateLimited) for result in results)
