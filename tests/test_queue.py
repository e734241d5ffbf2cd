from __future__ import annotations

import asyncio
import json
from uuid import UUID

from arq.constants import in_progress_key_prefix, job_key_prefix

from app.db import uuid7
from app.queue import RENDER, RENDER_SECONDS
from app.services import Services

MARK_MS = (RENDER_SECONDS + 10) * 1000


async def waiting(services: Services) -> list[str]:
    return [name.decode() for name in await services.redis.zrange(RENDER, 0, -1)]


def name_of(job_id: UUID, attempt: int = 0) -> str:
    return f"resume:{job_id}:{attempt}"


async def test_waking_twice_is_waking_once(services: Services) -> None:
    job_id = uuid7()
    await services.queue.render_jobs([(job_id, 0)])
    await services.queue.render_jobs([(job_id, 0)])
    assert await waiting(services) == [name_of(job_id)]


async def test_each_attempt_has_a_wake_up_of_its_own(services: Services) -> None:
    job_id = uuid7()
    await services.queue.render_jobs([(job_id, 0)])
    await services.queue.render_jobs([(job_id, 1)])
    assert sorted(await waiting(services)) == [name_of(job_id, 0), name_of(job_id, 1)]


async def test_a_wake_up_is_json_and_holds_nothing_but_the_id(services: Services) -> None:
    job_id = uuid7()
    await services.queue.render_jobs([(job_id, 0)])
    stored = await services.redis.get(job_key_prefix + name_of(job_id))
    assert stored is not None
    wake_up = json.loads(stored)
    assert (wake_up["f"], wake_up["a"], wake_up["k"]) == ("render_job", [str(job_id)], {})


async def test_jobs_of_one_moment_are_woken_together_and_soon(services: Services) -> None:
    job_ids = [uuid7() for _ in range(50)]
    for job_id in job_ids:
        services.queue.render_soon(job_id, 0)
    await services.queue.flush()
    assert sorted(await waiting(services)) == [name_of(job_id) for job_id in job_ids]


async def test_what_comes_while_others_are_woken_is_woken_too(services: Services) -> None:
    first, second = uuid7(), uuid7()
    services.queue.render_soon(first, 0)
    await asyncio.sleep(0.01)
    services.queue.render_soon(second, 0)
    await services.queue.flush()
    assert sorted(await waiting(services)) == [name_of(first), name_of(second)]


async def test_a_lost_wake_up_is_given_again(services: Services) -> None:
    kept, lost = uuid7(), uuid7()
    await services.queue.render_jobs([(kept, 0)])
    assert await services.queue.wake_again([(kept, 0), (lost, 2)]) == 1
    assert sorted(await waiting(services)) == sorted([name_of(kept), name_of(lost, 2)])


async def test_the_mark_of_a_worker_that_never_claimed_is_removed(services: Services) -> None:
    dead, alive = uuid7(), uuid7()
    for job_id, age_ms in ((dead, 5000), (alive, 100)):
        await services.queue.render_jobs([(job_id, 0)])
        mark = in_progress_key_prefix + name_of(job_id)
        await services.redis.set(mark, 1, px=MARK_MS - age_ms)
    assert await services.queue.wake_again([(dead, 0), (alive, 0)]) == 0
    assert not await services.redis.exists(in_progress_key_prefix + name_of(dead))
    assert await services.redis.exists(in_progress_key_prefix + name_of(alive))


async def test_a_worker_is_alive_for_some_seconds_after_its_last_beat(services: Services) -> None:
    assert not await services.queue.workers_alive()
    await services.queue.beat()
    assert await services.queue.workers_alive()
    assert 0 < await services.redis.pttl("vitae:worker:heartbeat") <= 10_000


async def test_a_chore_is_done_by_one_worker_in_its_time(services: Services) -> None:
    assert await services.queue.my_turn("sweep", 60)
    assert not await services.queue.my_turn("sweep", 60)
    assert await services.queue.my_turn("clear", 60)
    await services.redis.pexpire("vitae:turn:sweep", 0)
    assert await services.queue.my_turn("sweep", 60)
