"""What a process holds open for as long as it lives, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from app.artifacts import Artifacts
from app.auth.sessions import Sessions
from app.db import Database
from app.queue import Queue
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """Shared by all requests of a process; made without any I/O, so it never fails half-way."""

    settings: Settings
    database: Database
    redis: Redis
    queue: Queue
    artifacts: Artifacts
    sessions: Sessions

    @classmethod
    def from_settings(cls, settings: Settings) -> Services:
        redis: Redis = Redis.from_url(
            settings.redis_url, socket_timeout=5, socket_connect_timeout=5
        )
        return cls(
            settings=settings,
            database=Database(
                settings.database_url,
                size=settings.database_pool_size,
                wait_seconds=settings.database_pool_wait_seconds,
                statement_timeout_seconds=settings.statement_timeout_seconds,
            ),
            redis=redis,
            queue=Queue(redis),
            artifacts=Artifacts.from_settings(settings),
            sessions=Sessions(settings),
        )

    async def open(self) -> None:
        await self.database.open()

    async def close(self) -> None:
        await self.queue.flush()
        await self.sessions.close()
        await self.redis.aclose()
        await self.database.close()
