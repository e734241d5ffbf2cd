"""What a process holds open for as long as it lives, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from app.answering.answering import Answering
from app.artifacts import Artifacts
from app.at_once import AtOnce
from app.audience.audience import Audience
from app.auth.chores import Chores
from app.auth.last_use import LastUse
from app.auth.oidc import Provider
from app.auth.outside import OutsideIssuer
from app.auth.passwords import Passwords
from app.auth.sessions import Sessions
from app.billing.offers import Offers
from app.bodies import Bodies
from app.db import Database
from app.exporting.turns import Turns
from app.importing.reader import Reader
from app.ledger import STARTER_SETTING
from app.metering.meter import Meter
from app.model_catalogue import Model, catalogue
from app.payments import Payments
from app.plans import Plans
from app.queue import Queue
from app.settings import Settings


def database_of(settings: Settings) -> Database:
    """The pool, with what statements ask of their connection."""
    return Database(
        settings.database_url,
        size=settings.database_pool_size,
        wait_seconds=settings.database_pool_wait_seconds,
        statement_timeout_seconds=settings.statement_timeout_seconds,
        parameters={STARTER_SETTING: str(settings.starter_credits)},
    )


@dataclass(frozen=True, slots=True)
class Services:
    """Shared by all requests of a process; made without any I/O, so it never fails half-way."""

    settings: Settings
    database: Database
    redis: Redis
    queue: Queue
    artifacts: Artifacts
    sessions: Sessions
    outside: OutsideIssuer | None
    provider: Provider | None
    passwords: Passwords
    last_use: LastUse
    chores: Chores
    plans: Plans
    offers: Offers
    payments: Payments | None
    models: tuple[Model, ...]
    meter: Meter
    reader: Reader
    bodies: Bodies
    answering: Answering
    audience: Audience
    export_turns: Turns
    event_streams: AtOnce

    @classmethod
    def from_settings(cls, settings: Settings) -> Services:
        redis: Redis = Redis.from_url(
            settings.redis_url, socket_timeout=5, socket_connect_timeout=5
        )
        database = database_of(settings)
        plans = Plans(settings)
        sessions = Sessions(settings)
        return cls(
            settings=settings,
            database=database,
            redis=redis,
            queue=Queue(redis),
            artifacts=Artifacts.from_settings(settings),
            sessions=sessions,
            outside=OutsideIssuer.from_settings(settings),
            provider=Provider.from_settings(settings),
            # Who hashes holds a connection: two of the pool stay for everybody else.
            passwords=Passwords(places=max(1, settings.database_pool_size - 2)),
            last_use=LastUse(),
            chores=Chores(),
            plans=plans,
            offers=Offers.read(settings.billing_offers, settings.stripe_prices),
            payments=Payments.from_settings(settings),
            models=catalogue(settings.model_catalogue),
            meter=Meter(settings, database, redis, plans),
            reader=Reader(
                timeout_seconds=settings.read_timeout_seconds,
                memory_limit_mb=settings.read_memory_mb,
            ),
            bodies=Bodies(),
            answering=Answering(settings),
            audience=Audience(settings, database, redis, sessions),
            export_turns=Turns(),
            event_streams=AtOnce(settings.event_streams_per_account, retry_after=10),
        )

    async def open(self) -> None:
        await self.database.open()

    async def close(self) -> None:
        await self.reader.close()
        await self.answering.close()
        await self.queue.flush()
        await self.chores.finish()
        await self.last_use.close()
        await self.meter.close()
        await self.audience.close()
        self.passwords.close()
        if self.outside is not None:
            await self.outside.close()
        if self.provider is not None:
            await self.provider.close()
        if self.payments is not None:
            await self.payments.close()
        await self.redis.aclose()
        await self.database.close()
