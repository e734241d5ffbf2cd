"""A worker of this process that answers interactive calls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

from arq.worker import Function, Worker
from redis.asyncio import Redis

from app.queue import arq_redis
from app.services import Services
from workers.interactive import INTERACTIVE_TASKS
from workers.settings import interactive_worker


@contextlib.asynccontextmanager
async def answering(
    services: Services, *, tasks: Sequence[Function] = INTERACTIVE_TASKS, **context: Any
) -> AsyncIterator[None]:
    """Answer calls for as long as the block lasts; `context` is what tasks find in theirs."""
    redis = Redis.from_url(services.settings.redis_url)
    arq = arq_redis(redis)
    worker = interactive_worker({"services": services, **context}, arq, tasks)
    await services.queue.beat()
    stopping = asyncio.Event()
    working = asyncio.create_task(_work(worker, stopping))
    try:
        yield
    finally:
        stopping.set()
        await working
        await arq.aclose(close_connection_pool=True)
        await redis.aclose()


async def _work(worker: Worker, stopping: asyncio.Event) -> None:
    """What arq's own loop does, to be ended between two looks and not in one."""
    while not stopping.is_set():
        await worker._poll_iteration()
        await asyncio.sleep(0.005)
    await asyncio.gather(*worker.tasks.values())
