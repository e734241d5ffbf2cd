"""The only way into the queue: one typed function for each kind of work.

Nothing in Redis is the truth. A queued job is a row in PostgreSQL; what stands here is a wake-up
for it that may be lost or come twice, so only ids are passed and a claim decides who works.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from arq.connections import ArqRedis
from arq.constants import expires_extra_ms, in_progress_key_prefix, job_key_prefix
from arq.jobs import serialize_job
from arq.utils import timestamp_ms
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.errors import DependencyUnavailable

log = logging.getLogger(__name__)

RENDER = "vitae:render"
INTERACTIVE = "vitae:interactive"
BACKGROUND = "vitae:background"

_HEARTBEAT = "vitae:worker:heartbeat"
_HEARTBEAT_SECONDS = 10

# arq's own limit on a render is a last resort: the renderer has a better one. It is also how long
# arq keeps a wake-up marked as taken, which is how the age of such a mark is known.
RENDER_SECONDS = 3600
_MARK_SECONDS = RENDER_SECONDS + 10
_CLAIMED_WITHIN_SECONDS = 3

# What arq's enqueue_job does with a job id, for any number of them in one round trip.
_WAKE = """
for i = 3, #ARGV, 2 do
    if redis.call('SET', KEYS[(i + 1) / 2], ARGV[i], 'NX', 'PX', ARGV[2]) then
        redis.call('ZADD', KEYS[1], ARGV[1], ARGV[i + 1])
    end
end
"""

# The same once, if a worker lives that could answer. What nobody takes in time falls out by itself.
_ASK = """
if redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[3])
return 1
"""
_REPLY_KEPT_MS = 10_000
_LISTEN_SECONDS = 2  # at a time: a connection that hears nothing for five is taken for dead
_GATHER_SECONDS = 0.005
_REACH_SECONDS = 1.0


JSON = str | int | float | bool | None | list[Any] | dict[str, Any]


def arq_redis(redis: Redis) -> ArqRedis:
    """arq over the connections of `redis`, writing JSON and no pickles."""
    return ArqRedis(redis.connection_pool, job_serializer=serialize, job_deserializer=json.loads)


def serialize(job: dict[str, Any]) -> bytes:
    return json.dumps(job).encode()


class Queue:
    """Wake-ups for workers, and whether there is a worker. Raises RedisError when it is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._arq = arq_redis(redis)
        self._wake = redis.register_script(_WAKE)
        self._ask = redis.register_script(_ASK)
        self._soon: list[tuple[UUID, int]] = []
        self._waking: asyncio.Task[None] | None = None

    def render_soon(self, job_id: UUID, attempt: int) -> None:
        """Wake a worker for a queued job within the next milliseconds; nobody waits for it.

        Jobs of the same moment share a round trip, which would otherwise be a quarter of what it
        costs to take one. Without Redis the sweeper wakes a worker later.
        """
        self._soon.append((job_id, attempt))
        if self._waking is None or self._waking.done():
            self._waking = asyncio.create_task(self._wake_soon())

    async def flush(self) -> None:
        """Wait until all that was given to `render_soon` is in Redis or left to the sweeper."""
        if self._waking is not None:
            await self._waking

    async def _wake_soon(self) -> None:
        while self._soon:
            await asyncio.sleep(_GATHER_SECONDS)
            jobs, self._soon = self._soon, []
            try:
                async with asyncio.timeout(_REACH_SECONDS):
                    await self.render_jobs(jobs)
            except (RedisError, OSError) as error:  # TimeoutError is an OSError
                fields = {
                    "jobs": [str(job_id) for job_id, _ in jobs],
                    "error": type(error).__name__,
                }
                log.warning("jobs wait for the sweeper", extra={"fields": fields})

    async def render_jobs(self, jobs: Sequence[tuple[UUID, int]]) -> None:
        """Wake workers for queued jobs, each claimed `attempt` times; twice is once."""
        now, keys = timestamp_ms(), [RENDER]
        arguments: list[Any] = [now, expires_extra_ms]
        for job_id, attempt in jobs:
            name = _wake_up(job_id, attempt)
            job = serialize_job("render_job", (str(job_id),), {}, None, now, serializer=serialize)
            keys.append(job_key_prefix + name)
            arguments += [job, name]
        await self._wake(keys=keys, args=arguments)

    async def send_mails(self) -> None:
        """Wake a worker for the mails that are to be sent."""
        # No job id: one that is running may just have looked, and would swallow this wake-up.
        await self._arq.enqueue_job("send_mails", _queue_name=BACKGROUND)

    async def take_events(self) -> None:
        """Wake a worker for the events of Stripe's that are to be taken."""
        await self._arq.enqueue_job("take_events", _queue_name=BACKGROUND)  # likewise no job id

    async def index_profiles(self) -> None:
        """Wake a worker for the profiles whose index is to be brought up to date."""
        await self._arq.enqueue_job("index_profiles", _queue_name=BACKGROUND)  # likewise no job id

    async def certify_jobs(self) -> None:
        """Wake a worker for the jobs that have no certificate yet."""
        await self._arq.enqueue_job("certify_jobs", _queue_name=BACKGROUND)  # likewise no job id

    async def call(self, task: str, *arguments: JSON, deadline_seconds: float) -> Any:
        """What a worker answers to an interactive `task` of `workers/interactive.py`.

        Raises DependencyUnavailable when no worker is alive, when the task fails, and when no
        answer comes within `deadline_seconds`; one that comes later is dropped. The task may
        have run, or run yet: it must be one that does no harm by that.
        """
        reply_to = f"vitae:reply:{uuid4().hex}"
        try:
            async with asyncio.timeout(deadline_seconds):
                if not await self._asked(task, reply_to, arguments, deadline_seconds):
                    raise DependencyUnavailable("No worker is there to answer.")
                reply = await self._reply(reply_to)
        except (RedisError, OSError) as error:  # TimeoutError is an OSError
            raise DependencyUnavailable("No worker has answered in time.") from error
        if "answer" not in reply:
            raise DependencyUnavailable("A worker could not answer.")
        return reply["answer"]

    async def _asked(
        self, task: str, reply_to: str, arguments: Sequence[JSON], seconds: float
    ) -> bool:
        now, name = timestamp_ms(), reply_to.removeprefix("vitae:")
        job = serialize_job(task, (reply_to, *arguments), {}, None, now, serializer=serialize)
        keys = [INTERACTIVE, job_key_prefix + name, _HEARTBEAT]
        return bool(await self._ask(keys=keys, args=[now, job, name, int(seconds * 1000) + 1]))

    async def _reply(self, reply_to: str) -> dict[str, Any]:
        while True:
            listening: Any = self._redis.blpop([reply_to], timeout=_LISTEN_SECONDS)
            if found := await listening:
                reply: dict[str, Any] = json.loads(found[1])
                return reply

    async def reply(self, reply_to: str, reply: dict[str, JSON]) -> None:
        """Answer whoever waits at `reply_to`: `{"answer": …}`, or anything else for a failure."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(reply_to, json.dumps(reply))
            pipe.pexpire(reply_to, _REPLY_KEPT_MS)
            await pipe.execute()

    async def wake_again(self, jobs: Sequence[tuple[UUID, int]]) -> int:
        """See that each (job id, attempt), queued for a while, has a wake-up that works.

        A worker killed between taking a wake-up and claiming its job leaves the wake-up marked
        as taken; an old mark is removed. Returns how many wake-ups were missing.
        """
        names = [_wake_up(job_id, attempt) for job_id, attempt in jobs]
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.exists(job_key_prefix + name)
                pipe.pttl(in_progress_key_prefix + name)
            found = await pipe.execute()
        oldest = (_MARK_SECONDS - _CLAIMED_WITHIN_SECONDS) * 1000
        dead = [name for name, left in zip(names, found[1::2], strict=True) if 0 < left < oldest]
        if dead:
            await self._redis.delete(*(in_progress_key_prefix + name for name in dead))
        missing = [job for job, there in zip(jobs, found[::2], strict=True) if not there]
        if missing:
            await self.render_jobs(missing)
        return len(missing)

    async def beat(self) -> None:
        """Say that a worker is alive."""
        await self._redis.set(_HEARTBEAT, 1, ex=_HEARTBEAT_SECONDS)

    async def workers_alive(self) -> bool:
        """Whether any worker has beaten within the last ten seconds."""
        return bool(await self._redis.exists(_HEARTBEAT))

    async def my_turn(self, chore: str, seconds: float) -> bool:
        """Whether `chore`, due once in `seconds` among all workers, is now ours to do."""
        return bool(
            await self._redis.set(f"vitae:turn:{chore}", 1, nx=True, px=int(seconds * 1000))
        )


def _wake_up(job_id: UUID, attempt: int) -> str:
    return f"resume:{job_id}:{attempt}"
