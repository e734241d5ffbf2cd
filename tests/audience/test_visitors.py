"""The digest by which a day tells visitors apart, and the salt that lives for that day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.audience.visitors import DIGEST_BYTES, Visitors, day_of, visitor_digest
from app.services import Services
from tests.audience.visiting import FIREFOX

SALT = bytes(32)
ANN, BOB = UUID(int=1), UUID(int=2)
# Not the next one, which may be over before the tests are.
MIDNIGHT = datetime.combine(
    datetime.now(UTC).date() + timedelta(days=2), datetime.min.time(), UTC
).timestamp()


def test_a_digest_tells_apart_networks_agents_accounts_and_salts() -> None:
    known = visitor_digest(SALT, ANN, "192.0.2.1", FIREFOX)
    assert len(known) == DIGEST_BYTES
    assert known == visitor_digest(SALT, ANN, "192.0.2.1", FIREFOX)
    others = {
        visitor_digest(SALT, ANN, "192.0.2.2", FIREFOX),
        visitor_digest(SALT, ANN, "192.0.2.1", "Mozilla/5.0"),
        visitor_digest(SALT, BOB, "192.0.2.1", FIREFOX),
        visitor_digest(b"1" * 32, ANN, "192.0.2.1", FIREFOX),
    }
    assert len(others | {known}) == 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "192.0.2.1", False),
    ],
    ids=["one-network", "two-networks", "mapped", "no-address"],
)
def test_hosts_of_one_network_are_one_visitor(one: str, other: str, same: bool) -> None:
    first, second = (visitor_digest(SALT, ANN, address, FIREFOX) for address in (one, other))
    assert (first == second) is same


def test_an_agent_of_odd_characters_has_a_digest() -> None:
    assert visitor_digest(SALT, ANN, "192.0.2.1", "\ud800\x00é")


async def test_all_processes_share_the_salt_of_a_day(services: Services) -> None:
    one, other = (Visitors(services.redis) for _ in range(2))
    today = day_of(datetime.now(UTC).timestamp())
    assert await one.salt(today) == await other.salt(today) is not None
    digests = [await each.digest(ANN, "192.0.2.1", FIREFOX) for each in (one, other)]
    assert digests[0] == digests[1] is not None


async def test_days_have_salts_of_their_own(services: Services) -> None:
    now = MIDNIGHT - 1
    visitors = Visitors(services.redis, lambda: now)
    before = await visitors.salt(day_of(now))
    now = MIDNIGHT
    after = await visitors.salt(day_of(now))
    assert before is not None
    assert after is not None
    assert before != after


async def test_redis_drops_a_salt_minutes_after_its_day(services: Services) -> None:
    visitors = Visitors(services.redis, lambda: MIDNIGHT - 1)
    await visitors.salt(day_of(MIDNIGHT - 1))
    (key,) = await services.redis.keys("audience:salt:*")
    left: float = await services.redis.execute_command("EXPIRETIME", key)  # type: ignore[no-untyped-call]
    assert left == MIDNIGHT + 600


async def test_a_day_that_is_over_gets_no_new_salt(services: Services) -> None:
    visitors = Visitors(services.redis, lambda: MIDNIGHT)
    assert await visitors.salt(day_of(MIDNIGHT) - 1) is None
    assert await services.redis.keys("audience:salt:*") == []


async def test_a_salt_outlives_its_day_for_what_was_noted_in_it(services: Services) -> None:
    await Visitors(services.redis, lambda: MIDNIGHT - 1).salt(day_of(MIDNIGHT - 1))
    late = Visitors(services.redis, lambda: MIDNIGHT + 60)
    assert await late.salt(day_of(MIDNIGHT) - 1) is not None


async def test_a_process_forgets_a_salt_by_itself(services: Services) -> None:
    # As long after the day as can be: it is dropped at the next turn of the loop.
    over = MIDNIGHT + 600
    await Visitors(services.redis, lambda: MIDNIGHT - 1).salt(day_of(MIDNIGHT) - 1)
    visitors = Visitors(services.redis, lambda: over)
    assert await visitors.salt(day_of(MIDNIGHT) - 1) is not None
    await services.redis.ping()
    assert visitors._salts == {}
