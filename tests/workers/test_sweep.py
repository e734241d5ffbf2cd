from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app import resume_jobs as jobs
from app.artifacts import resume_key
from app.avatars import new_key
from app.db import raw_statement, uuid7
from app.queue import RENDER
from app.services import Services
from resolvers.resume_jobs import get_resume_job
from schema.types.resume import ResumeJob
from tests.owners import Owner
from tests.people import table
from workers.sweep import clear, sweep

LEASE = timedelta(seconds=60)

ABANDON = raw_statement("UPDATE resume_jobs SET lease_until = now() - interval '1 s'")
AGE = raw_statement("UPDATE resume_jobs SET updated_at = now() - interval '3 s'")
EXPIRE = raw_statement(
    "UPDATE resume_jobs SET expires_at = now() - interval '1 s' WHERE id = $1", "job_id"
)
PORTRAIT = raw_statement(
    "UPDATE profiles SET avatar_key = $1 WHERE account_id = $2", "key", "account_id"
)
CV = raw_statement("SELECT cv FROM resume_jobs WHERE id = $1", "job_id")
MULTIPLY = raw_statement(
    """INSERT INTO resume_jobs
           (id, account_id, request_id, body_digest, template, cv, warnings, updated_at)
       SELECT gen_random_uuid(), $1, 'job-' || n, '', 'original', '{}', '[]',
              now() - interval '3 s'
       FROM generate_series(1, $2) n""",
    "account_id",
    "count",
)
REMEMBER = raw_statement(
    """INSERT INTO idempotency_keys (account_id, operation, key, body_digest, answer, created_at)
       VALUES ($1, 'x', $2, '', '', now() - $3::interval)""",
    "account_id",
    "key",
    "age",
)
LINK = raw_statement(
    """INSERT INTO one_time_links (digest, account_id, purpose, email, expires_at)
       VALUES ($2, $1, 'verify_email', 'a@example.com', now() - $3::interval)""",
    "account_id",
    "digest",
    "age",
)
SESSION = raw_statement(
    "INSERT INTO sessions (id, account_id, expires_at) VALUES ($2, $1, now() - $3::interval)",
    "account_id",
    "id",
    "age",
)

SPENT = raw_statement(
    """INSERT INTO refresh_tokens (digest, session_id, used_at)
       VALUES ($2, $1, now() - $3::interval)""",
    "session_id",
    "digest",
    "age",
)
SENT = raw_statement(
    """INSERT INTO mails (id, account_id, recipient, subject, body, sent_at)
       VALUES (gen_random_uuid(), $1, 'a@example.com', $2, '', now() - $3::interval)""",
    "account_id",
    "subject",
    "age",
)

UNSENT = raw_statement(
    """INSERT INTO mails (id, account_id, recipient, subject, body, created_at)
       VALUES (gen_random_uuid(), $1, 'a@example.com', 'unsent', '', now() - interval '1 year')""",
    "account_id",
)


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


async def shown(owner: Owner, job: ResumeJob) -> ResumeJob:
    return (await owner.run(get_resume_job, job.id)).job


async def claim(services: Services, job: ResumeJob) -> int:
    async with services.database.connection() as db:
        row = await db.row(jobs.CLAIM, job_id=job.id, lease=LEASE)
    assert row is not None
    attempt: int = row["attempt"]
    return attempt


async def abandon(services: Services) -> None:
    async with services.database.connection() as db:
        await db.execute(ABANDON)


async def woken(services: Services) -> list[str]:
    return [name.decode() for name in await services.redis.zrange(RENDER, 0, -1)]


async def test_a_job_whose_lease_ran_out_is_queued_and_woken_again(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    await services.redis.flushdb()
    await claim(services, job)
    await abandon(services)
    await sweep(services)
    again = await shown(owner, job)
    assert (again.status.value, again.attempt, again.version) == ("queued", 1, 3)
    assert again.started_at is None
    assert await woken(services) == [f"resume:{job.id}:1"]


async def test_a_job_whose_lease_holds_is_left_alone(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await claim(services, job)
    running = await shown(owner, job)
    await sweep(services)
    assert await shown(owner, job) == running


async def test_a_job_that_lost_three_workers_fails(owner: Owner, services: Services) -> None:
    job = await owner.job()
    for _ in range(3):
        await claim(services, job)
        await abandon(services)
        await sweep(services)
    failed = await shown(owner, job)
    assert (failed.status.value, failed.attempt) == ("failed", 3)
    assert failed.error is not None
    assert failed.error.code == "worker_lost"
    assert failed.error.message == "The worker was lost 3 times while rendering this."
    assert failed.started_at is not None
    assert failed.finished_at is not None


async def test_two_sweeps_at_once_return_a_job_once(owner: Owner, services: Services) -> None:
    made = [await owner.job(f"job-{number}") for number in range(10)]
    for job in made:
        await claim(services, job)
    await abandon(services)
    await asyncio.gather(*(sweep(services) for _ in range(4)))
    assert {(await shown(owner, job)).version for job in made} == {3}


async def test_a_return_is_announced(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await claim(services, job)
    await abandon(services)
    async with services.redis.pubsub(ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe(jobs.channel(job.id))
        await pubsub.get_message(timeout=5)  # it holds
        await sweep(services)
        assert await pubsub.get_message(timeout=5) is not None


async def test_a_waiting_job_without_a_wake_up_gets_one(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await services.redis.flushdb()
    await sweep(services)
    assert await woken(services) == []  # it is new, and its wake-up may be under way
    async with services.database.connection() as db:
        await db.execute(AGE)
    await sweep(services)
    await sweep(services)
    assert await woken(services) == [f"resume:{job.id}:0"]


async def test_any_number_of_waiting_jobs_is_woken(owner: Owner, services: Services) -> None:
    async with services.database.connection() as db:
        await db.execute(MULTIPLY, account_id=owner.id, count=1001)
    await sweep(services)
    assert len(await woken(services)) == 1001


async def test_what_has_passed_its_time_is_removed(owner: Owner, services: Services) -> None:
    keys = {"old": timedelta(hours=25), "young": timedelta(hours=23)}
    ages = {"old": timedelta(days=8), "young": timedelta(days=6)}
    sessions = {name: uuid7() for name in ages}
    async with services.database.connection() as db:
        for name, age in keys.items():
            await db.execute(REMEMBER, account_id=owner.id, key=name, age=age)
        for name, age in ages.items():
            await db.execute(LINK, account_id=owner.id, digest=name.encode(), age=age)
            await db.execute(SESSION, account_id=owner.id, id=sessions[name], age=age)
        for name, days in {"old": 61, "young": 59}.items():
            spent = {"session_id": sessions["young"], "age": timedelta(days=days)}
            await db.execute(SPENT, digest=name.encode(), **spent)
        for name, days in {"old": 31, "young": 29}.items():
            await db.execute(SENT, account_id=owner.id, subject=name, age=timedelta(days=days))
        await db.execute(UNSENT, account_id=owner.id)
        await clear(services)
        kept = [
            [record[0] for record in await db.rows(raw_statement(query))]
            for query in (
                "SELECT key FROM idempotency_keys",
                "SELECT digest FROM one_time_links",
                "SELECT id FROM sessions",
                "SELECT digest FROM refresh_tokens",
                "SELECT subject FROM mails ORDER BY subject DESC",
            )
        ]
    assert kept == [
        ["young"],
        [b"young"],
        [sessions["young"]],
        [b"young"],
        ["young", "unsent"],
    ]


async def put(services: Services, key: str, *, hours_old: float) -> None:
    await services.artifacts.put(key, b"%PDF")
    then = time.time() - hours_old * 3600
    os.utime(services.settings.data_dir / "artifacts" / key, (then, then))


async def succeed(services: Services, job: ResumeJob) -> str:
    attempt = await claim(services, job)
    key = resume_key("ab" * 32, job.id, attempt)
    await put(services, key, hours_old=2)
    async with services.database.connection() as db:
        await db.execute(
            jobs.SUCCEED,
            job_id=job.id,
            attempt=attempt,
            pages=1,
            size_bytes=4,
            sha256="00" * 32,
            artifact_key=key,
            kept=timedelta(days=1),
        )
    return key


async def stored(services: Services, *job_ids: UUID) -> list[str]:
    pages = [page async for page in services.artifacts.list("resume")]
    keys = [found.key for page in pages for found in page]
    return sorted(key for key in keys if any(str(job_id) in key for job_id in job_ids))


async def test_a_pdf_that_no_job_names_is_removed_when_it_is_old(
    owner: Owner, services: Services
) -> None:
    job, gone = await owner.job(), uuid7()
    named = await succeed(services, job)
    young = resume_key("ab" * 32, gone, 2)
    await put(
        services, resume_key("ab" * 32, job.id, 9), hours_old=2
    )  # of an attempt that was lost
    await put(services, resume_key("ab" * 32, gone, 1), hours_old=2)  # of a job that was deleted
    await put(services, young, hours_old=0.5)
    await clear(services)
    assert await stored(services, job.id, gone) == sorted([named, young])


async def test_a_portrait_that_no_profile_names_is_removed_when_it_is_old(
    owner: Owner, services: Services
) -> None:
    old, young, named = (new_key(owner.id) for _ in range(3))
    for key, hours in ((old, 2), (young, 0.5), (named, 2)):
        await put(services, key, hours_old=hours)
    async with services.database.connection() as db:
        await db.execute(PORTRAIT, key=named, account_id=owner.id)
    await clear(services)
    pages = [page async for page in services.artifacts.list(f"avatars/{owner.id}")]
    assert sorted(found.key for page in pages for found in page) == sorted([young, named])


async def test_an_expired_pdf_is_removed_with_the_cv_and_the_job_stays(
    owner: Owner, services: Services
) -> None:
    job, kept = await owner.job("a"), await owner.job("b")
    await succeed(services, job)
    kept_key = await succeed(services, kept)
    async with services.database.connection() as db:
        await db.execute(EXPIRE, job_id=job.id)
        await clear(services)
        assert await db.value(CV, job_id=job.id) == {}
        assert (await db.value(CV, job_id=kept.id))["identity"]["first_name"] == "Leif"
    assert await stored(services, job.id, kept.id) == [kept_key]
    assert (await shown(owner, job)).status.value == "succeeded"


@pytest.mark.parametrize(("kept_days", "kept"), [(400, [0, 400]), (0, [0])], ids=["days", "none"])
async def test_figures_of_usage_are_kept_for_so_many_days(
    owner: Owner, services: Services, kept_days: int, kept: list[int]
) -> None:
    today = datetime.now(UTC).date()
    month = today.replace(day=1)
    for age in (0, 400, 401, 5000):
        await table(
            services,
            "INSERT INTO usage VALUES ($1, $2, $1, 'profile', 'ok', 'session', 'GET', '/', 1)",
            owner.id,
            today - timedelta(days=age),
        )
    for first in (month, month - timedelta(days=1000)):
        await table(services, "INSERT INTO api_quotas VALUES ($1, $2, 1, 1)", owner.id, first)
    settings = replace(services.settings, usage_retention_days=kept_days)
    await clear(replace(services, settings=settings))
    days = await table(services, "SELECT day FROM usage ORDER BY day DESC")
    assert [(today - row["day"]).days for row in days] == kept
    months = await table(services, "SELECT month FROM api_quotas")
    assert [row["month"] for row in months] == [month]


async def test_clearing_an_empty_store_is_no_error(services: Services) -> None:
    await clear(services)
    await clear(services)
