from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from arq.constants import in_progress_key_prefix, job_key_prefix
from arq.worker import Function
from redis.asyncio import Redis

from app.db import uuid7
from app.errors import DependencyUnavailable
from app.queue import INTERACTIVE, RENDER, RENDER_SECONDS, Queue
from app.services import Services
from app.settings import Settings
from tests.interactive_worker import answering
from tests.waiting import until
from workers.interactive import interactive

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


def echoing() -> Function:
    async def echo(context: dict[str, Any], *arguments: Any) -> Any:
        return {"given": list(arguments)}

    return interactive("echo", echo)


def failing() -> Function:
    async def fail(context: dict[str, Any], *arguments: Any) -> Any:
        raise ValueError(f"what nobody shall see: {arguments}")

    return interactive("fail", fail)


async def test_a_call_is_answered_by_a_worker(services: Services) -> None:
    async with answering(services, tasks=[echoing()]):
        answers = await asyncio.gather(
            *(services.queue.call("echo", n, {"é": None}, deadline_seconds=20) for n in range(20))
        )
    assert answers == [{"given": [n, {"é": None}]} for n in range(20)]
    assert await services.redis.keys("vitae:reply:*") == []


async def test_a_call_without_any_worker_fails_at_once_and_leaves_nothing(
    services: Services,
) -> None:
    with pytest.raises(DependencyUnavailable):
        await services.queue.call("echo", "x", deadline_seconds=3600)
    # The API of this process may still be telling of the rates of tests before this one.
    written = await services.redis.keys("*")
    assert [name for name in written if not name.startswith(b"rate:")] == []


async def test_a_call_that_nobody_takes_fails_in_time_and_falls_out(services: Services) -> None:
    await services.queue.beat()
    with pytest.raises(DependencyUnavailable):
        await services.queue.call("echo", "x", deadline_seconds=0.2)
    await until(lambda: _is_gone(services))
    async with answering(services, tasks=[echoing()]):
        assert await services.queue.call("echo", "y", deadline_seconds=20) == {"given": ["y"]}
        await until(lambda: _is_empty(services))


async def _is_gone(services: Services) -> bool:
    return not await services.redis.keys(job_key_prefix + "*")


async def _is_empty(services: Services) -> bool:
    return not await services.redis.zcard(INTERACTIVE)


async def test_an_answer_that_nobody_waits_for_any_more_expires(services: Services) -> None:
    await services.queue.reply("vitae:reply:late", {"answer": 1})
    assert 0 < await services.redis.pttl("vitae:reply:late") <= 10_000


async def test_a_task_that_fails_is_told_at_once_and_logged_without_what_was_asked(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async with answering(services, tasks=[failing()]):
        with pytest.raises(DependencyUnavailable) as refused:
            await services.queue.call("fail", "a secret", deadline_seconds=3600)
    assert "secret" not in str(refused.value) + caplog.text
    [record] = [r for r in caplog.records if r.name == "workers.interactive"]
    assert record.fields == {"task": "fail", "error": "ValueError"}  # type: ignore[attr-defined]


async def test_a_call_without_redis_is_unavailable(settings: Settings) -> None:
    away = Redis.from_url("redis://127.0.0.1:1")
    with pytest.raises(DependencyUnavailable):
        await Queue(away).call("echo", deadline_seconds=5)
    await away.aclose()
