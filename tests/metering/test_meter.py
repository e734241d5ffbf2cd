"""Who is charged for what, as operations are run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from app.auth.authenticate import Presented
from app.call import ALL_SCOPES, Context, CredentialKind, Credentials, Principal
from app.db import Connection, Database, uuid7
from app.errors import RateLimited, Unauthenticated
from app.metering import callers as module
from app.metering.callers import Callers
from app.metering.meter import Meter, Metered
from app.metering.quota import month_of
from app.plans import Facts, Plans
from app.services import Services
from app.standing import facts_of
from schema.graphql import schema
from schema.types.access import Scope
from tests.owners import EXAMPLE, request_of
from tests.people import Person, table
from tests.waiting import until


@pytest.fixture
async def metered(services: Services) -> AsyncIterator[Callable[..., Services]]:
    """Makes services of a process of their own, with other settings, facts or another clock."""
    made = []

    def services_with(facts: Any = facts_of, clock: Any = None, **changes: Any) -> Services:
        settings = replace(services.settings, **{"api_rate_free": 1e6} | changes)
        more = {} if clock is None else {"clock": clock}
        meter = Meter(settings, services.database, services.redis, Plans(settings), facts, **more)
        made.append(meter)
        return replace(services, settings=settings, meter=meter)

    yield services_with
    for meter in made:
        await meter.close()


async def key_of(services: Services, username: str = "ann") -> tuple[Person, Person]:
    """A person, and the same with an API key, who uses `services`."""
    person = await Person(services).signed_in(username)
    return person, person.with_key((await person.new_key()).key)


def limits_of(person: Person) -> Metered:
    seen = person.services.meter.seen(person.credentials.api_key or "")
    assert seen is not None
    return seen


def remaining(person: Person) -> int:
    """What is left of the quota of a key."""
    counter = limits_of(person).counter
    assert counter is not None
    return counter.remaining


@asynccontextmanager
async def counting_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[list[Database]]:
    taken: list[Database] = []
    connection = Database.connection

    def counted(self: Database) -> AbstractAsyncContextManager[Connection]:
        taken.append(self)
        return connection(self)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "connection", counted)
        yield taken


async def test_after_the_first_use_of_a_key_metering_asks_nobody(
    metered: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, keyed = await key_of(metered())
    await keyed.run("api_keys")
    async with counting_connections(monkeypatch) as taken:
        for _ in range(20):
            await keyed.run("api_keys")
            await person.run("api_keys")
    assert len(taken) == 40  # one for each operation itself


async def test_many_first_requests_at_once_are_each_charged_once(
    metered: Callable[..., Services],
) -> None:
    _, keyed = await key_of(metered())
    await asyncio.gather(*(keyed.run("api_keys") for _ in range(25)))
    assert remaining(keyed) == 975


async def test_the_plan_of_an_account_sets_its_quota_and_its_rate(
    metered: Callable[..., Services],
) -> None:
    async def subscribed(db: Connection, account_id: UUID) -> Facts:
        return Facts(subscribed=True)

    services = metered(subscribed, api_quota_pro=77_777, api_rate_pro=0.01, burst_seconds=300)
    _, keyed = await key_of(services)
    for left in (77_776, 77_775, 77_774):
        await keyed.run("api_keys")
        assert remaining(keyed) == left
    with pytest.raises(RateLimited):
        await keyed.run("api_keys")


async def test_a_month_that_ends_gives_a_new_quota_and_says_so(
    metered: Callable[..., Services],
) -> None:
    now = datetime(2032, 2, 29, 23, 59, 50, tzinfo=UTC).timestamp()
    _, keyed = await key_of(metered(clock=lambda: now, api_quota_free=3))

    async def shown() -> dict[bytes, bytes]:
        await keyed.run("api_keys")
        return dict(limits_of(keyed).headers())

    await shown()
    february = await shown()
    assert february[b"ratelimit-policy"].endswith(b', "month";q=3;w=%d' % (29 * 86_400))
    assert february[b"ratelimit"].endswith(b', "month";r=1;t=10')
    now += 10
    march = await shown()
    assert march[b"ratelimit-policy"].endswith(b', "month";q=3;w=%d' % (31 * 86_400))
    assert march[b"ratelimit"].endswith(b', "month";r=2;t=%d' % (31 * 86_400))
    assert int(march[b"x-ratelimit-reset"]) == month_of(now)[1]


async def test_a_public_operation_looks_at_no_credential(metered: Callable[..., Services]) -> None:
    _, keyed = await key_of(metered())
    await keyed.run("api_keys")
    await keyed.run("scopes")
    await Person(keyed.services, Credentials(api_key="vk_nonsense")).run("scopes")
    assert remaining(keyed) == 999


async def test_an_operation_whose_credential_is_optional_charges_one_that_is_there(
    metered: Callable[..., Services],
) -> None:
    _, keyed = await key_of(metered())
    await keyed.run("auth_me")
    await Person(keyed.services).run("auth_me")
    assert remaining(keyed) == 999


async def test_a_key_never_good_here_is_refused_before_anything_runs(
    metered: Callable[..., Services],
) -> None:
    services = metered()
    _, keyed = await key_of(services)
    await table(services, "UPDATE api_keys SET revoked_at = now()")
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await keyed.run("api_keys")
    assert await table(services, "SELECT 1 FROM api_quotas") == []
    assert services.meter.seen(keyed.credentials.api_key or "") is None


async def test_what_a_resolver_refuses_is_charged_and_counted(
    metered: Callable[..., Services],
) -> None:
    services = metered()
    _, keyed = await key_of(services)
    with pytest.raises(Exception, match="nothing here"):
        await keyed.run("revoke_api_key", key_id=uuid7())
    assert remaining(keyed) == 999
    await services.meter.counts.write()
    [row] = await table(services, "SELECT * FROM usage WHERE kind = 'api_key'")
    assert (row["operation"], row["outcome"]) == ("revoke_api_key", "client_error")


async def test_over_the_limit_it_is_counted_as_that(metered: Callable[..., Services]) -> None:
    services = metered(request_rate=0.01, burst_seconds=200)
    person = await Person(services).signed_in()
    for _ in range(2):
        await person.run("api_keys")
    with pytest.raises(RateLimited):
        await person.run("api_keys")
    await services.meter.counts.write()
    rows = await table(services, "SELECT outcome, count FROM usage ORDER BY outcome")
    assert [tuple(row) for row in rows] == [("ok", 2), ("over_limit", 1)]


async def test_a_subscription_counts_once_however_much_it_tells(
    metered: Callable[..., Services],
) -> None:
    services = metered()
    person = await Person(services).signed_in()
    token = person.bearing((await person.new_token(Scope.RESUME_GENERATE)).token)
    job = (await token.run("create_resume_job", input=request_of("r", EXAMPLE))).job
    watch = f'subscription {{ resumeJob(jobId: "{job.id}") {{ job {{ status }} }} }}'
    context = Context(services, "req_test", token.credentials)
    events = await schema.subscribe(watch, context_value=context)
    seen = 0
    async for event in events:
        assert event.errors is None
        seen += 1
        if seen == 1:
            await token.run("cancel_resume_job", job_id=job.id)
    assert seen == 2
    await services.meter.counts.write()
    rows = await table(
        services, "SELECT operation, count FROM usage WHERE kind = 'personal_token' ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [
        ("cancel_resume_job", 1), ("create_resume_job", 1), ("watch_resume_job", 1),
    ]  # fmt: skip


async def test_everything_is_written_by_itself_within_seconds(
    metered: Callable[..., Services],
) -> None:
    services = metered()
    _, keyed = await key_of(services)
    await keyed.run("api_keys")
    await until(lambda: table(services, "SELECT 1 FROM usage WHERE kind = 'api_key'"))


async def test_the_oldest_callers_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 3)
    callers = Callers()
    shown = [Presented(CredentialKind.API_KEY, bytes([n])) for n in range(5)]
    for presented in shown:
        principal = Principal(uuid7(), CredentialKind.API_KEY, uuid7(), ALL_SCOPES)
        callers.remember(presented, principal)
    assert [callers.find(presented) is not None for presented in shown] == [False] * 2 + [True] * 3
