"""The worker process: arq over three queues, the sweeper and the heartbeat, side by side.

arq ends when Redis goes away; here it is begun again, so a worker outlives Redis and PostgreSQL
and may be started before either. SIGTERM and SIGINT let what is being rendered come to its end.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import uvloop
from arq.connections import ArqRedis
from arq.worker import Function, Worker, func
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app import queue
from app.errors import DependencyUnavailable
from app.logs import configure_logging
from app.services import Services
from app.settings import Settings
from workers.billing import bill, take_events
from workers.certify import certify_jobs
from workers.embedding.embedder import Embedder
from workers.fingerprint import fingerprint
from workers.index import index_profiles, notice, notice_all
from workers.interactive import INTERACTIVE_TASKS
from workers.jobs import Renderer, render_job
from workers.mail import send_mails
from workers.pictures import PicturePool
from workers.reconcile import reconcile_ledger
from workers.renderer import RenderPool
from workers.sweep import clear, sweep
from workers.tasks import end

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.05  # picks a job up in about 30 ms, for 2 % of a core
_MAIL_POLL_SECONDS = 0.5
_INTERACTIVE_POLL_SECONDS = 0.02  # somebody waits for the answer
_INTERACTIVE_JOBS = 16
_INDEX_SECONDS = 1.0
_INDEX_ALL_SECONDS = 3600.0
_INDEX_TIMEOUT_SECONDS = 600
_BEAT_SECONDS = 3.0
_AGAIN_SECONDS = 0.5  # after something was away
_RECYCLE_AFTER = 200  # renders of one process; each leaks some 20 KB
_SWEEP_SECONDS = 1.0
_CLEAR_SECONDS = 3600.0
_RECONCILE_SECONDS = 3600.0
_LOOK_SECONDS = 60.0  # between two looks whether it is time to clear or to reconcile
_MAIL_SECONDS = 5.0  # for mails whose wake-up was lost, or that are to be tried again
_MAIL_TIMEOUT_SECONDS = 60
_EVENT_SECONDS = 5.0  # likewise for events of Stripe's
_EVENT_TIMEOUT_SECONDS = 120
_BILL_SECONDS = 3600.0
_CERTIFY_SECONDS = 2.0
_CERTIFY_TIMEOUT_SECONDS = 600
_DRAIN_SECONDS = 10  # beyond what one render may take


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is begun. Blocks; one per process."""
    configure_logging(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    services = Services.from_settings(settings)
    pool = RenderPool(
        settings.render_processes,
        timeout_seconds=settings.render_timeout_seconds,
        memory_limit_mb=settings.render_memory_mb,
        recycle_after=_RECYCLE_AFTER,
    )
    await services.open()
    await pool.start()
    await asyncio.to_thread(fingerprint)  # the first job need not wait for it
    log.info("worker ready", extra={"fields": {"processes": settings.render_processes}})
    chores = [
        asyncio.create_task(chore)
        for chore in (
            _every(_BEAT_SECONDS, services.queue.beat),
            _every(_SWEEP_SECONDS, partial(_in_turn, services, sweep, _SWEEP_SECONDS)),
            _every(_LOOK_SECONDS, partial(_in_turn, services, clear, _CLEAR_SECONDS)),
            _every(
                _LOOK_SECONDS, partial(_in_turn, services, reconcile_ledger, _RECONCILE_SECONDS)
            ),
            _every(_INDEX_SECONDS, partial(_in_turn, services, notice, _INDEX_SECONDS)),
            _every(_LOOK_SECONDS, partial(_in_turn, services, notice_all, _INDEX_ALL_SECONDS)),
            _every(_MAIL_SECONDS, services.queue.send_mails),
            _every(_CERTIFY_SECONDS, partial(_in_turn, services, _certify, _CERTIFY_SECONDS)),
            _every(_LOOK_SECONDS, partial(_in_turn, services, bill, _BILL_SECONDS)),
            *([_every(_EVENT_SECONDS, services.queue.take_events)] if services.payments else []),
        )
    ]
    embedder = Embedder(settings)
    pictures = PicturePool()
    context = {
        "services": services,
        "pool": pool,
        "renderer": Renderer(services, pool),
        "embedder": embedder,
        "pictures": pictures,
        "preview_turn": asyncio.Semaphore(1),
    }
    try:
        await asyncio.gather(
            *(
                _keep_working(begin, stopping, settings)
                for begin in (
                    partial(_render_worker, settings, context),
                    partial(interactive_worker, context),
                    partial(_background_worker, context),
                )
            )
        )
    finally:
        await end(*chores)
        await embedder.close()
        await pictures.close()
        await pool.close()
        await services.close()
    log.info("worker stopped")


def _render_worker(settings: Settings, context: dict[str, Any], redis: ArqRedis) -> Worker:
    # One more than can render, so that a process never waits for the next look at the queue.
    return _worker(
        redis,
        context,
        func(render_job, name="render_job", timeout=queue.RENDER_SECONDS),
        queue_name=queue.RENDER,
        max_jobs=settings.render_processes + 1,
        poll_delay=_POLL_SECONDS,
    )


def interactive_worker(
    context: dict[str, Any], redis: ArqRedis, tasks: Sequence[Function] = INTERACTIVE_TASKS
) -> Worker:
    """What answers calls."""
    return _worker(
        redis,
        context,
        *tasks,
        queue_name=queue.INTERACTIVE,
        max_jobs=_INTERACTIVE_JOBS,
        poll_delay=_INTERACTIVE_POLL_SECONDS,
    )


def _background_worker(context: dict[str, Any], redis: ArqRedis) -> Worker:
    return _worker(
        redis,
        context,
        func(send_mails, name="send_mails", timeout=_MAIL_TIMEOUT_SECONDS),
        func(take_events, name="take_events", timeout=_EVENT_TIMEOUT_SECONDS),
        func(certify_jobs, name="certify_jobs", timeout=_CERTIFY_TIMEOUT_SECONDS),
        func(index_profiles, name="index_profiles", timeout=_INDEX_TIMEOUT_SECONDS),
        queue_name=queue.BACKGROUND,
        max_jobs=4,  # none waits for another
        poll_delay=_MAIL_POLL_SECONDS,
    )


def _worker(redis: ArqRedis, context: dict[str, Any], *tasks: Function, **options: Any) -> Worker:
    return Worker(
        functions=tasks,
        redis_pool=redis,
        ctx=dict(context),
        handle_signals=False,
        keep_result=0,  # arq refuses a job id for as long as it keeps a result
        job_serializer=queue.serialize,
        job_deserializer=json.loads,
        log_results=False,
        **options,
    )


async def _keep_working(
    begin: Callable[[ArqRedis], Worker], stopping: asyncio.Event, settings: Settings
) -> None:
    """Run the worker that `begin` makes, and another when Redis was away, until `stopping`."""
    drain_seconds = settings.render_timeout_seconds + _DRAIN_SECONDS
    while not stopping.is_set():
        redis = queue.arq_redis(
            Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5)
        )
        try:
            await _run(begin(redis), stopping, drain_seconds)
        except (RedisError, OSError) as error:
            _away("queue", error)
            await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            await redis.aclose(close_connection_pool=True)


async def _run(worker: Worker, stopping: asyncio.Event, drain_seconds: float) -> None:
    """Run `worker` until `stopping` or an error, then let its jobs end; raises that error."""
    running = asyncio.create_task(worker.async_run())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait((running, stop), return_when=asyncio.FIRST_COMPLETED)
    failed = running.done()
    await end(running, stop)
    jobs = list(worker.tasks.values())
    if jobs:
        await asyncio.wait(jobs, timeout=drain_seconds)
    await end(*jobs)
    if failed:
        running.result()


async def _certify(services: Services) -> None:
    await services.queue.certify_jobs()


async def _in_turn(
    services: Services, chore: Callable[[Services], Awaitable[None]], seconds: float
) -> None:
    """Do `chore` unless another worker has within `seconds`."""
    if await services.queue.my_turn(chore.__name__, seconds * 0.9):
        await chore(services)


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    """Do `chore` at once and again and again, whatever happens to it."""
    while True:
        try:
            await chore()
        except (RedisError, OSError, DependencyUnavailable) as error:
            _away("chore", error)
        except Exception:
            log.exception("a chore failed")
        await asyncio.sleep(seconds)


def _away(what: str, error: Exception) -> None:
    fields = {"what": what, "error": type(error).__name__}
    log.warning("database, Redis or store is away", extra={"fields": fields})
