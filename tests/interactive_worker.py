"""A worker of this process that answers interactive calls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from unittest.mock import patch

from arq.worker import Function, Worker
from redis.asyncio import Redis

from app.queue import Queue, arq_redis
from app.services import Services
from workers.interactive import INTERACTIVE_TASKS
from workers.settings import interactive_worker

_BEAT_SECONDS = 1.0
_PATIENCE_SECONDS = 28.0  # less than a task may take


@contextlib.asynccontextmanager
async def answering(
    services: Services, *, tasks: Sequence[Function] = INTERACTIVE_TASKS, **context: Any
) -> AsyncIterator[None]:
    """Answer calls for as long as the block lasts; `context` is what tasks find in theirs.

    It has not the few seconds that a person waits, but as many as a busy machine takes.
    """
    redis = Redis.from_url(services.settings.redis_url)
    arq = arq_redis(redis)
    worker = interactive_worker({"services": services, **context}, arq, tasks)
    await services.queue.beat()
    stopping = asyncio.Event()
    working = asyncio.create_task(_work(worker, services.queue, stopping))
    try:
        with _patience():
            yield
    finally:
        stopping.set()
        await working
        await arq.aclose(close_connection_pool=True)
        await redis.aclose()


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    with (
        patch("app.search._EMBED_SECONDS", _PATIENCE_SECONDS),
        patch("app.previews._DEADLINE_SECONDS", _PATIENCE_SECONDS),
        patch("workers.previews.PREVIEW_SECONDS", _PATIENCE_SECONDS),
    ):
        yield


async def _work(worker: Worker, queue: Queue, stopping: asyncio.Event) -> None:
    """What arq's own loop does, to be ended between two looks and not in one."""
    clock = asyncio.get_running_loop().time
    beaten = clock()
    while not stopping.is_set():
        if clock() - beaten > _BEAT_SECONDS:
            await queue.beat()
            beaten = clock()
        await worker._poll_iteration()
        await asyncio.sleep(0.005)
    await asyncio.gather(*worker.tasks.values())
