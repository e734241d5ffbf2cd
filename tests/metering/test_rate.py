"""Rates: buckets that several processes share."""

from __future__ import annotations

import logging

import pytest
from redis.asyncio import Redis

from app.db import uuid7
from app.errors import RateLimited
from app.metering import rate as module
from app.metering.rate import Rates
from app.plans import Rate
from app.services import Services

SLOW = Rate(per_second=0.01, burst=20)  # nothing comes back while a test lasts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def let_through(rates: Rates, bucket: module.Bucket, most: int = 1000) -> int:
    """How many of `most` requests at once are let through."""
    for number in range(most):
        try:
            rates.take(bucket)
        except RateLimited:
            return number
    return most


async def test_a_burst_is_let_through_and_then_the_lasting_rate(services: Services) -> None:
    clock = Clock()
    rates = Rates(services.redis, clock)
    bucket = rates.bucket(uuid7(), Rate(per_second=10.0, burst=50))
    assert let_through(rates, bucket) == 50
    clock.now += 1.0
    assert let_through(rates, bucket) == 10
    clock.now += 0.05
    assert let_through(rates, bucket) == 0
    clock.now += 3600
    assert let_through(rates, bucket) == 50
    await rates.settle()


async def test_who_is_refused_is_told_when_to_come_again(services: Services) -> None:
    clock = Clock()
    rates = Rates(services.redis, clock)
    bucket = rates.bucket(uuid7(), Rate(per_second=0.1, burst=2))
    assert let_through(rates, bucket) == 2
    with pytest.raises(RateLimited) as refused:
        rates.take(bucket)
    assert refused.value.retry_after == 10
    clock.now += 9.9
    assert let_through(rates, bucket) == 0
    clock.now += 0.1
    assert let_through(rates, bucket) == 1
    await rates.settle()


async def test_what_remains_is_what_is_let_through(services: Services) -> None:
    clock = Clock()
    rates = Rates(services.redis, clock)
    bucket = rates.bucket(uuid7(), Rate(per_second=3.0, burst=7))
    for _ in range(40):
        remaining = bucket.remaining(clock.now)
        assert let_through(rates, bucket, most=remaining) == remaining
        assert bucket.remaining(clock.now) == 0
        clock.now += 0.37
    await rates.settle()


async def test_credentials_have_a_bucket_each(services: Services) -> None:
    rates = Rates(services.redis)
    one, other = rates.bucket(uuid7(), SLOW), rates.bucket(uuid7(), SLOW)
    assert let_through(rates, one) == 20
    assert let_through(rates, other) == 20
    await rates.settle()


async def test_processes_share_one_bucket(services: Services) -> None:
    credential = uuid7()
    first, second = Rates(services.redis), Rates(services.redis)
    assert let_through(first, first.bucket(credential, SLOW), most=15) == 15
    await first.settle()
    bucket = second.bucket(credential, SLOW)
    assert let_through(second, bucket, most=1) == 1
    await second.settle()  # it hears of the others now
    assert let_through(second, bucket) == 4
    await second.settle()
    assert let_through(first, first.bucket(credential, SLOW), most=1) == 1
    await first.settle()
    assert let_through(first, first.bucket(credential, SLOW)) == 0


async def test_processes_together_let_little_more_through_than_a_burst(services: Services) -> None:
    credential = uuid7()
    processes = [Rates(services.redis) for _ in range(4)]
    total = 0
    for _ in range(40):
        for rates in processes:
            total += let_through(rates, rates.bucket(credential, SLOW), most=2)
            await rates.settle()
    # Each may not have heard of the others when it let its first two through.
    assert 20 <= total <= 20 + 3 * 2


async def test_what_was_let_through_too_much_is_made_up_for(services: Services) -> None:
    credential = uuid7()
    processes = [Rates(services.redis) for _ in range(3)]
    for rates in processes:  # at the same moment, none knowing of the others
        assert let_through(rates, rates.bucket(credential, SLOW)) == 20
    for rates in processes:
        await rates.settle()
    late = Rates(services.redis)
    bucket = late.bucket(credential, SLOW)
    late.take(bucket)
    await late.settle()
    full_in = bucket.full_at - late.clock()
    assert full_in * SLOW.per_second == pytest.approx(61, abs=0.5)


async def test_redis_forgets_a_bucket_that_is_full(services: Services) -> None:
    rates = Rates(services.redis)
    credential = uuid7()
    rates.take(rates.bucket(credential, Rate(per_second=1.0, burst=5)))
    await rates.settle()
    assert 0 < await services.redis.pttl(f"rate:{credential.hex}") <= 1002


async def test_without_redis_each_process_limits_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere: Redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    rates = Rates(nowhere)
    bucket = rates.bucket(uuid7(), SLOW)
    with caplog.at_level(logging.WARNING):
        assert let_through(rates, bucket, most=5) == 5
        await rates.settle()
        assert let_through(rates, bucket, most=5) == 5
        await rates.settle()
    assert let_through(rates, bucket) == 10
    await rates.settle()
    await nowhere.aclose()
    told = [record.message for record in caplog.records if record.name == module.log.name]
    assert told == ["each process limits rates by itself"]


async def test_redis_that_forgot_everything_lets_nobody_begin_again(services: Services) -> None:
    rates = Rates(services.redis)
    bucket = rates.bucket(uuid7(), SLOW)
    assert let_through(rates, bucket, most=19) == 19
    await rates.settle()
    await services.redis.flushdb()
    rates.take(bucket)
    await rates.settle()
    assert let_through(rates, bucket) == 0


async def test_full_buckets_are_forgotten_before_they_are_too_many(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT", 100)
    clock = Clock()
    rates = Rates(services.redis, clock)
    busy = rates.bucket(uuid7(), SLOW)
    assert let_through(rates, busy) == 20
    await rates.settle()
    for _ in range(1000):
        rates.take(rates.bucket(uuid7(), Rate(per_second=10.0, burst=5)))
        await rates.settle()
        clock.now += 1
    assert len(rates._buckets) <= 101
    assert let_through(rates, busy, most=1000) == 10  # as much as came back in 1,000 seconds
    await rates.settle()


async def test_a_new_plan_changes_the_rate_at_once(services: Services) -> None:
    credential, rates = uuid7(), Rates(services.redis)
    assert let_through(rates, rates.bucket(credential, SLOW)) == 20
    better = rates.bucket(credential, Rate(per_second=1.0, burst=5000))
    assert let_through(rates, better, most=100) == 100
    await rates.settle()
