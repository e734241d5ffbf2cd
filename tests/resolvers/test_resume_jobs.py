from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis

from app import resume_jobs as jobs
from app.artifacts import resume_key
from app.db import raw_statement, uuid7
from app.errors import (
    Conflict,
    DomainError,
    IdempotencyConflict,
    NotFound,
    PreconditionFailed,
    ValidationFailed,
)
from app.queue import RENDER, Queue
from app.services import Services
from resolvers.resume_jobs import (
    cancel_resume_job,
    create_resume_job,
    delete_resume_job,
    get_resume_job,
    get_resume_job_pdf,
    list_resume_jobs,
    watch_resume_job,
)
from schema.types.resume import (
    ResumeJob,
    ResumeJobStatus,
)
from schema.types.resume_files import ResumeFormat
from tests.owners import EXAMPLE, Owner, request_of
from tests.streams import content
from tests.waiting import until

ALL_ROWS = raw_statement("SELECT to_jsonb(j) AS row FROM resume_jobs j ORDER BY id")
EXPIRE = raw_statement(
    "UPDATE resume_jobs SET expires_at = now() - interval '1 s' WHERE id = $1", "job_id"
)
PDF = b"%PDF-1.7 a small one"
OTHER = {**EXAMPLE, "template": "harvard"}


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


async def rows(services: Services) -> list[dict[str, Any]]:
    async with services.database.connection() as db:
        return [record["row"] for record in await db.rows(ALL_ROWS)]


async def claim(services: Services, job_id: UUID) -> int:
    async with services.database.connection() as db:
        claimed = await db.row(jobs.CLAIM, job_id=job_id, lease=timedelta(seconds=60))
    assert claimed is not None
    attempt: int = claimed["attempt"]
    await jobs.announce(services.redis, job_id)
    return attempt


async def succeed(services: Services, job_id: UUID) -> str:
    """Do what a worker does; the key of the PDF."""
    attempt = await claim(services, job_id)
    key = resume_key("ab" * 32, job_id, attempt)
    await services.artifacts.put(key, PDF)
    async with services.database.connection() as db:
        await db.execute(
            jobs.SUCCEED,
            job_id=job_id,
            attempt=attempt,
            pages=1,
            size_bytes=len(PDF),
            sha256="ab" * 32,
            artifact_key=key,
            kept=timedelta(days=1),
        )
    await jobs.announce(services.redis, job_id)
    return key


async def fail(services: Services, job_id: UUID) -> None:
    attempt = await claim(services, job_id)
    async with services.database.connection() as db:
        await db.execute(
            jobs.FAIL,
            job_id=job_id,
            attempt=attempt,
            error_code="render_failed",
            error_message="No.",
        )


@contextlib.asynccontextmanager
async def unchanged(services: Services, error: type[DomainError]) -> AsyncIterator[Any]:
    """The block raises `error` and leaves every row as it was."""
    before = await rows(services)
    with pytest.raises(error) as caught:
        yield caught
    assert await rows(services) == before


# Creating


async def test_a_job_is_answered_queued_with_warnings_and_links(owner: Owner) -> None:
    data = {**EXAMPLE, "colour": "red"}
    request = request_of("job-1", data)
    created, call = await owner.call(create_resume_job, request)
    job = created.job
    assert created.job_id == job.id
    assert (job.request_id, job.mode, job.template) == ("job-1", "managed", "original")
    assert (job.status, job.attempt, job.version) == (ResumeJobStatus.QUEUED, 0, 1)
    assert [warning.path for warning in created.warnings] == ["cv_data.colour"]
    assert job.links.pdf is None
    assert job.links.cancel == f"/v1/resume/jobs/{job.id}/cancel"
    assert not call.replayed
    stored = (await owner.run(get_resume_job, job.id)).warnings
    assert stored == created.warnings


async def test_a_new_job_wakes_a_worker(owner: Owner, services: Services) -> None:
    job = await owner.job()
    assert await services.redis.zrange(RENDER, 0, -1) == [f"resume:{job.id}:0".encode()]


async def test_links_are_the_routes_of_the_api(owner: Owner, services: Services) -> None:
    from schema.operation import operation_of
    from schema.root import Mutation, Query

    paths = {}
    roots: list[Any] = [Query, Mutation]
    for root in roots:
        for field in root.__strawberry_definition__.fields:
            rest = operation_of(field).rest
            paths[field.python_name] = rest.path if rest else ""
    job = await owner.job()
    assert job.links.self_ == paths["resume_job"].format(job_id=job.id)
    assert job.links.cancel == paths["cancel_resume_job"].format(job_id=job.id)
    await succeed(services, job.id)
    done = (await owner.run(get_resume_job, job.id)).job
    assert done.links.pdf == paths["resume_job_pdf"].format(job_id=job.id)
    assert done.links.thumbnail == paths["resume_job_thumbnail"].format(job_id=job.id)
    assert done.links.certificate == paths["resume_certificate"].format(job_id=job.id)
    for kind in ResumeFormat:
        link = paths["resume_job_file"].format(job_id=job.id, format=kind.value)
        assert getattr(done.links, kind.value) == link
    stream = await owner.run(get_resume_job_pdf, job.id)
    assert stream.url == done.links.pdf


async def test_the_same_request_again_answers_the_same_job(owner: Owner) -> None:
    first = await owner.job()
    reordered = dict(reversed(EXAMPLE.items()))
    request = request_of("job-1", reordered)
    again, call = await owner.call(create_resume_job, request)
    assert again.job_id == first.id
    assert call.replayed
    assert len(await rows(owner.services)) == 1


async def test_a_repeat_answers_the_job_as_it_stands_now(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await succeed(services, job.id)
    assert (await owner.job()).status is ResumeJobStatus.SUCCEEDED


async def test_the_same_request_id_with_another_body_is_a_conflict(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    async with unchanged(services, IdempotencyConflict) as caught:
        await owner.job(cv_data=OTHER)
    assert caught.value.details["job_id"] == str(job.id)


async def test_many_at_once_make_one_job(owner: Owner, services: Services) -> None:
    made = await asyncio.gather(*(owner.job() for _ in range(8)))
    assert len({job.id for job in made}) == 1
    assert len(await rows(services)) == 1
    assert await services.redis.zcard(RENDER) == 1


async def test_of_two_bodies_at_once_one_wins_and_the_other_is_a_conflict(owner: Owner) -> None:
    answers = await asyncio.gather(owner.job(), owner.job(cv_data=OTHER), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == [
        "IdempotencyConflict",
        "ResumeJob",
    ]


async def test_two_owners_may_use_the_same_request_id(owner: Owner, services: Services) -> None:
    other = await Owner.create(services)
    assert (await owner.job()).id != (await other.job(cv_data=OTHER)).id


async def test_cv_data_that_cannot_be_rendered_makes_no_job(
    owner: Owner, services: Services
) -> None:
    async with unchanged(services, ValidationFailed) as caught:
        await owner.job(cv_data={**EXAMPLE, "font_size": "99pt"})
    assert [error.path for error in caught.value.fields] == ["cv_data.font_size"]
    assert await services.redis.zcard(RENDER) == 0


@pytest.mark.parametrize("request_id", ["", " ", "x" * 201, "a\nb", "a\x7fb", "a\u200bb"])
async def test_a_request_id_that_is_not_visible_is_refused(
    owner: Owner, services: Services, request_id: str
) -> None:
    async with unchanged(services, ValidationFailed) as caught:
        await owner.job(request_id)
    assert [error.path for error in caught.value.fields] == ["request_id"]


@pytest.mark.parametrize("request_id", ["x", "x" * 200, "mój wniosek №1", "a/b?c=d"])
async def test_any_visible_request_id_is_taken(owner: Owner, request_id: str) -> None:
    assert (await owner.job(request_id)).request_id == request_id


@pytest.mark.parametrize("number", [10**400, 1e308, -(2**64)])
async def test_a_number_of_any_size_where_nobody_looks_is_digested(
    owner: Owner, number: float
) -> None:
    data = {**EXAMPLE, "unknown": number}
    first, again = await owner.job(cv_data=data), await owner.job(cv_data=data)
    assert first.id == again.id


async def test_a_large_cv_is_read_and_stored_whole(owner: Owner, services: Services) -> None:
    items = [{"title": f"Post {number}", "bullets": ["x" * 500]} for number in range(100)]
    await owner.job(cv_data={**EXAMPLE, "sections": {"work": {"type": "main", "items": items}}})
    [row] = await rows(services)
    assert len(row["cv"]["sections"][0]["items"]) == 100


async def test_a_job_is_accepted_while_redis_is_away(
    owner: Owner, services: Services, unused_redis: Redis
) -> None:
    without = Owner(with_redis(services, unused_redis), owner.id)
    job = await without.job()
    assert (await owner.run(get_resume_job, job.id)).job.status is ResumeJobStatus.QUEUED


@pytest.fixture
async def unused_redis() -> AsyncIterator[Redis]:
    """A client of a Redis that is not there."""
    redis: Redis = Redis.from_url("unix:///tmp/there-is-no-such.sock")
    yield redis
    await redis.aclose()


def with_redis(services: Services, redis: Redis) -> Services:
    return dataclasses.replace(services, redis=redis, queue=Queue(redis))


# Reading


async def test_jobs_are_listed_newest_first_in_pages(owner: Owner) -> None:
    made = [(await owner.job(f"job-{number}")).id for number in range(5)]
    first = await owner.run(list_resume_jobs, limit=2)
    second = await owner.run(list_resume_jobs, limit=2, cursor=first.next_cursor)
    third = await owner.run(list_resume_jobs, limit=2, cursor=second.next_cursor)
    listed = [job.id for page in (first, second, third) for job in page.items]
    assert listed == made[::-1]
    assert third.next_cursor is None


async def test_a_page_that_is_just_full_is_the_last(owner: Owner) -> None:
    for number in range(2):
        await owner.job(f"job-{number}")
    page = await owner.run(list_resume_jobs, limit=2)
    assert (len(page.items), page.next_cursor) == (2, None)


async def test_a_list_can_be_of_one_status(owner: Owner, services: Services) -> None:
    done, waiting = await owner.job("a"), await owner.job("b")
    await succeed(services, done.id)
    found = await owner.run(list_resume_jobs, status=ResumeJobStatus.QUEUED)
    assert [job.id for job in found.items] == [waiting.id]


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"limit": 101}, {"cursor": "no cursor"}])
async def test_a_limit_or_cursor_that_is_none_is_refused(
    owner: Owner, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValidationFailed):
        await owner.run(list_resume_jobs, **arguments)


async def test_a_failed_job_says_why(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await fail(services, job.id)
    failed = (await owner.run(get_resume_job, job.id)).job
    assert failed.status is ResumeJobStatus.FAILED
    assert failed.error is not None
    assert (failed.error.code, failed.error.message) == ("render_failed", "No.")
    assert (failed.links.pdf, failed.links.cancel) == (None, None)


async def test_another_owners_job_is_not_found_and_stays_as_it_is(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    await succeed(services, job.id)
    waiting = await owner.job("job-2")
    thief = await Owner.create(services)
    for job_id in (job.id, waiting.id, uuid7()):
        for resolver in (get_resume_job, get_resume_job_pdf, cancel_resume_job, delete_resume_job):
            async with unchanged(services, NotFound):
                await thief.run(resolver, job_id)
        async with unchanged(services, NotFound):
            await anext(watch_resume_job(thief.context(), job_id))
    assert (await thief.run(list_resume_jobs)).items == []
    stream = await owner.run(get_resume_job_pdf, job.id)
    assert await content(stream) == PDF


# Canceling and deleting


async def test_a_waiting_or_running_job_can_be_canceled_once_and_for_all(
    owner: Owner, services: Services
) -> None:
    waiting, running = await owner.job("a"), await owner.job("b")
    await claim(services, running.id)
    for job in (waiting, running):
        canceled = (await owner.run(cancel_resume_job, job.id)).job
        assert canceled.status is ResumeJobStatus.CANCELED
        assert canceled.finished_at is not None
        assert canceled.links.cancel is None
        assert (await owner.run(cancel_resume_job, job.id)).job == canceled


async def test_a_canceled_job_is_not_claimed(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await owner.run(cancel_resume_job, job.id)
    async with services.database.connection() as db:
        assert await db.row(jobs.CLAIM, job_id=job.id, lease=timedelta(seconds=60)) is None


async def test_a_finished_job_cannot_be_canceled(owner: Owner, services: Services) -> None:
    done, broken = await owner.job("a"), await owner.job("b")
    await succeed(services, done.id)
    await fail(services, broken.id)
    for job, status in ((done, "succeeded"), (broken, "failed")):
        async with unchanged(services, Conflict) as caught:
            await owner.run(cancel_resume_job, job.id)
        assert caught.value.details == {"status": status}


@pytest.mark.parametrize("resolver", [cancel_resume_job, delete_resume_job])
async def test_a_version_that_is_not_the_present_one_stops_the_change(
    owner: Owner, services: Services, resolver: Any
) -> None:
    job = await owner.job()
    await claim(services, job.id)
    async with unchanged(services, PreconditionFailed):
        await owner.run(resolver, job.id, expected_version=job.version)
    await owner.run(resolver, job.id, expected_version=job.version + 1)


async def test_deleting_removes_the_content_and_the_pdf(owner: Owner, services: Services) -> None:
    job = await owner.job()
    key = await succeed(services, job.id)
    await owner.run(delete_resume_job, job.id)
    assert await rows(services) == []
    with pytest.raises(NotFound):
        await services.artifacts.stream(key)
    with pytest.raises(NotFound):
        await owner.run(delete_resume_job, job.id)


async def test_a_deletion_that_is_rolled_back_keeps_the_pdf(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    await succeed(services, job.id)

    async def delete_and_break(call: Any) -> None:
        await delete_resume_job(call, job.id)
        raise Conflict

    async with unchanged(services, Conflict):
        await owner.run(delete_and_break)
    stream = await owner.run(get_resume_job_pdf, job.id)
    assert await content(stream) == PDF


# The PDF


async def test_the_pdf_of_a_job_that_is_not_done_may_be_asked_for_again(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    with pytest.raises(Conflict) as waiting:
        await owner.run(get_resume_job_pdf, job.id)
    await claim(services, job.id)
    with pytest.raises(Conflict) as running:
        await owner.run(get_resume_job_pdf, job.id)
    assert [error.value.details["status"] for error in (waiting, running)] == ["queued", "running"]
    assert waiting.value.retryable
    assert running.value.retryable


async def test_there_will_be_no_pdf_of_a_failed_or_canceled_job(
    owner: Owner, services: Services
) -> None:
    failed, canceled = await owner.job("a"), await owner.job("b")
    await fail(services, failed.id)
    await owner.run(cancel_resume_job, canceled.id)
    for job, status in ((failed, "failed"), (canceled, "canceled")):
        with pytest.raises(Conflict) as caught:
            await owner.run(get_resume_job_pdf, job.id)
        assert caught.value.details == {"status": status}
        assert not caught.value.retryable


async def test_an_expired_pdf_is_not_found(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await succeed(services, job.id)
    async with services.database.connection() as db:
        await db.execute(EXPIRE, job_id=job.id)
    with pytest.raises(NotFound, match="expired"):
        await owner.run(get_resume_job_pdf, job.id)
    shown = (await owner.run(get_resume_job, job.id)).job
    assert shown.status is ResumeJobStatus.SUCCEEDED
    assert shown.links.pdf is None


@pytest.mark.parametrize(
    ("first", "last", "filename"),
    [
        ("Leif", "Doxarve", "Leif-Doxarve-CV.pdf"),
        ("Zoë", "Müller-Łukasz", "Zoë-Müller-Łukasz-CV.pdf"),
        ('a"; filename="b', "../../etc", "a-filename-b-etc-CV.pdf"),
        ("山田", "さくら", "山田-さくら-CV.pdf"),
        ("अनन्या", "O'Neill\\", "अनन्या-O-Neill-CV.pdf"),
        ("Prince", "★", "Prince-CV.pdf"),
        ("x" * 90, "y", "x" * 80 + "-CV.pdf"),
    ],
)
async def test_the_filename_is_the_persons_name_without_anything_that_could_harm(
    owner: Owner, services: Services, first: str, last: str, filename: str
) -> None:
    identity = {"first_name": first, "last_name": last}
    job = await owner.job(cv_data={**EXAMPLE, "identity": identity})
    await succeed(services, job.id)
    stream = await owner.run(get_resume_job_pdf, job.id)
    assert stream.filename == filename


# Watching


async def subscribers(services: Services, job: ResumeJob) -> int:
    [(_, count)] = await services.redis.pubsub_numsub(jobs.channel(job.id))
    return int(count)


async def until_watched(services: Services, job: ResumeJob) -> None:
    await until(lambda: subscribers(services, job))


async def until_left(services: Services, job: ResumeJob) -> None:
    async def is_left() -> bool:
        return await subscribers(services, job) == 0

    await until(is_left)


async def watched(owner: Owner, job: ResumeJob) -> list[str]:
    return [e.job.status.value async for e in watch_resume_job(owner.context(), job.id)]


async def test_a_watcher_sees_the_present_state_and_each_change_to_the_last(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    stream = watch_resume_job(owner.context(), job.id)
    seen = [(await anext(stream)).job]
    attempt = await claim(services, job.id)
    seen.append((await anext(stream)).job)
    async with services.database.connection() as db:
        await db.execute(
            jobs.FAIL, job_id=job.id, attempt=attempt, error_code="x", error_message="y"
        )
    await jobs.announce(services.redis, job.id)
    seen += [answer.job async for answer in stream]
    assert [job.status.value for job in seen] == ["queued", "running", "failed"]
    assert [job.version for job in seen] == [1, 2, 3]
    await until_left(services, job)


async def test_a_watcher_of_a_final_job_gets_it_once(owner: Owner, services: Services) -> None:
    job = await owner.job()
    await succeed(services, job.id)
    assert await watched(owner, job) == ["succeeded"]


async def test_a_cancellation_reaches_watchers(owner: Owner, services: Services) -> None:
    job = await owner.job()
    watching = asyncio.create_task(watched(owner, job))
    await until_watched(services, job)
    await owner.run(cancel_resume_job, job.id)
    assert await watching == ["queued", "canceled"]


async def test_watching_ends_when_the_job_is_deleted(owner: Owner, services: Services) -> None:
    job = await owner.job()
    watching = asyncio.create_task(watched(owner, job))
    await until_watched(services, job)
    await owner.run(delete_resume_job, job.id)
    assert await watching == ["queued"]


async def test_a_change_that_was_never_announced_is_seen_all_the_same(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    watching = asyncio.create_task(watched(owner, job))
    await until_watched(services, job)
    async with services.database.connection() as db:
        await db.row(jobs.CANCEL, job_id=job.id, account_id=owner.id, expected_version=None)
    assert await watching == ["queued", "canceled"]


async def test_watching_goes_on_without_redis(
    owner: Owner, services: Services, unused_redis: Redis
) -> None:
    job = await owner.job()
    without = Owner(with_redis(services, unused_redis), owner.id)
    stream = watch_resume_job(without.context(), job.id)
    seen = [(await anext(stream)).job]
    await owner.run(cancel_resume_job, job.id)
    seen += [answer.job async for answer in stream]
    assert [job.status.value for job in seen] == ["queued", "canceled"]


async def test_a_watcher_that_goes_away_leaves_nothing_behind(
    owner: Owner, services: Services
) -> None:
    job = await owner.job()
    watching = asyncio.create_task(watched(owner, job))
    await until_watched(services, job)
    pool = services.database.raw()

    async def none_is_held() -> bool:
        await services.database.settle()
        return bool(pool.get_size() == pool.get_idle_size())

    await until(none_is_held)  # between events
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    await until_left(services, job)


async def test_watching_a_job_that_is_not_there_is_not_found(
    owner: Owner, services: Services
) -> None:
    with pytest.raises(NotFound):
        await anext(watch_resume_job(owner.context(), uuid7()))
