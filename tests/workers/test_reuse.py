"""What was rendered before for the same account is not rendered again, and goes with the last job
that has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app import account_removal
from app import resume_jobs as jobs
from app.artifacts import thumbnail_key
from app.call import Call
from app.cv.model import CV
from app.cv.normalise import normalise
from app.errors import NotFound
from app.services import Services
from resolvers.certificates import get_resume_certificate
from resolvers.resume_jobs import delete_resume_job, get_resume_job, get_resume_job_pdf
from schema.types.resume import ResumeJob
from tests.ledger.accounts import of_job, used, wallet
from tests.owners import EXAMPLE, Owner
from tests.people import table
from tests.streams import content
from tests.workers.test_certify import succeeded
from tests.workers.test_jobs import UNRULY, doing, running_pool
from workers.certify import certify
from workers.fingerprint import fingerprint, render_digest
from workers.jobs import Attempt, Renderer
from workers.renderer import RenderPool
from workers.sweep import clear, sweep

SAME = doing("")


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[RenderPool]:
    async with running_pool(UNRULY) as pool:
        yield pool


@pytest.fixture
def renderer(services: Services, pool: RenderPool) -> Renderer:
    return Renderer(services, pool)


async def done(owner: Owner, renderer: Renderer, name: str, cv_data: Any = SAME) -> ResumeJob:
    """A job that has been worked on."""
    job = await owner.job(name, cv_data)
    await renderer.run(job.id)
    return (await owner.run(get_resume_job, job.id)).job


async def key_of(owner: Owner, job: ResumeJob) -> str:
    [row] = await table(
        owner.services, "SELECT artifact_key FROM resume_jobs WHERE id = $1", job.id
    )
    key: str = row["artifact_key"]
    return key


async def pdf(owner: Owner, job: ResumeJob) -> bytes:
    return await content(await owner.run(get_resume_job_pdf, job.id))


async def there(services: Services, key: str) -> bool:
    try:
        await services.artifacts.describe(key)
    except NotFound:
        return False
    return True


async def test_the_same_again_is_served_from_the_store_at_the_price_of_any_job(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    first = await done(owner, renderer, "free")
    again = await done(owner, renderer, "paid")
    assert again.id != first.id
    assert (again.status.value, again.attempt, again.version) == ("succeeded", 1, 3)
    assert (again.sha256, again.size_bytes, again.pages) == (
        first.sha256,
        first.size_bytes,
        first.pages,
    )
    assert await key_of(owner, again) == await key_of(owner, first)
    assert await pdf(owner, again) == await pdf(owner, first)
    assert again.expires_at is not None
    assert again.finished_at is not None
    assert again.expires_at - again.finished_at == timedelta(days=365)
    assert await of_job(owner, again.id) == [("hold", 0, 1), ("capture", -1, -1)]
    assert (await used(owner))[-1] == ("render", str(again.id), 1, 1)
    assert (await wallet(owner)).held == 0


async def test_what_differs_in_anything_is_rendered(owner: Owner, renderer: Renderer) -> None:
    first = await done(owner, renderer, "a")
    other = await done(owner, renderer, "b", {**SAME, "theme_color": "black"})
    assert await key_of(owner, other) != await key_of(owner, first)


async def test_no_other_account_is_given_it(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    first = await done(owner, renderer, "a")
    stranger = await Owner.create(services)
    theirs = await done(stranger, renderer, "a")
    assert await key_of(stranger, theirs) != await key_of(owner, first)


async def test_what_another_renderer_has_made_is_rendered_anew(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    first = await done(owner, renderer, "a")
    await table(services, "UPDATE resume_jobs SET render_digest = $1", b"of another renderer")
    assert await key_of(owner, await done(owner, renderer, "b")) != await key_of(owner, first)


@pytest.mark.parametrize(
    "gone", ["deleted", "expired", "about to expire", "lost by the store", "failed"]
)
async def test_what_is_gone_is_rendered_anew(
    owner: Owner, services: Services, renderer: Renderer, gone: str
) -> None:
    first = await done(owner, renderer, "a")
    key = await key_of(owner, first)
    if gone == "deleted":
        await owner.run(delete_resume_job, first.id)
    elif gone == "lost by the store":
        await services.artifacts.delete(key)
    elif gone == "failed":
        await table(
            services,
            "UPDATE resume_jobs SET status = 'failed', error_code = 'x', artifact_key = NULL",
        )
    else:
        left = timedelta(minutes=59 if gone == "about to expire" else -1)
        await table(services, "UPDATE resume_jobs SET expires_at = now() + $1::interval", left)
    again = await done(owner, renderer, "b")
    assert again.status.value == "succeeded"
    assert await key_of(owner, again) != key
    assert await pdf(owner, again)


async def test_a_pdf_of_two_jobs_goes_with_the_second(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    first, again = await done(owner, renderer, "a"), await done(owner, renderer, "b")
    key = await key_of(owner, first)
    await services.artifacts.put(thumbnail_key(key), b"PNG")
    await owner.run(delete_resume_job, first.id)
    assert await pdf(owner, again)
    assert await there(services, thumbnail_key(key))
    await owner.run(delete_resume_job, again.id)
    assert not await there(services, key)
    assert not await there(services, thumbnail_key(key))


async def test_the_sweep_leaves_a_pdf_to_the_job_that_still_has_it(
    owner: Owner, services: Services, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sweep._NAMELESS_KEPT", timedelta())
    first, again = await done(owner, renderer, "a"), await done(owner, renderer, "b")
    key = await key_of(owner, first)
    expire = "UPDATE resume_jobs SET expires_at = now() - interval '1 s' WHERE id = $1"
    await table(services, expire, first.id)
    await clear(services)
    assert await pdf(owner, again)
    await table(services, expire, again.id)
    await clear(services)
    assert not await there(services, key)


async def test_an_account_that_is_removed_takes_no_pdf_of_another(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    stranger = await Owner.create(services)
    theirs, mine = await done(stranger, renderer, "a"), await done(owner, renderer, "a")
    again, key = await done(owner, renderer, "b"), await key_of(owner, mine)
    assert await key_of(owner, again) == key
    await table(
        services,
        "UPDATE accounts SET deletion_asked_at = now(), delete_after = now() WHERE id = $1",
        owner.id,
    )
    await account_removal.remove_due(services)
    assert not await there(services, key)
    assert await pdf(stranger, theirs)


async def test_the_same_twice_at_once_succeeds_twice(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    made = [await owner.job(f"job-{number}", SAME) for number in range(6)]
    await asyncio.gather(*(renderer.run(job.id) for job in made))
    for job in made:
        shown = (await owner.run(get_resume_job, job.id)).job
        assert (shown.status.value, shown.attempt, shown.version) == ("succeeded", 1, 3)
        assert await pdf(owner, shown)
        assert [kind for kind, *_ in await of_job(owner, job.id)] in ([], ["hold", "capture"])
    assert (await wallet(owner)).held == 0


async def test_one_whose_worker_is_killed_half_way_is_taken_up_again(
    owner: Owner, services: Services, renderer: Renderer, pool: RenderPool
) -> None:
    await done(owner, renderer, "a")
    job = await owner.job("b", SAME)
    lost = await claimed(services, pool, job)
    await table(services, "UPDATE resume_jobs SET lease_until = now() WHERE id = $1", job.id)
    await sweep(services)
    await renderer.run(job.id)
    assert not await lost.reuse(owner.id)
    shown = (await owner.run(get_resume_job, job.id)).job
    assert (shown.status.value, shown.attempt, shown.version) == ("succeeded", 2, 5)
    assert await of_job(owner, job.id) == [("hold", 0, 1), ("capture", -1, -1)]


async def claimed(services: Services, pool: RenderPool, job: ResumeJob) -> Attempt:
    lease = timedelta(seconds=60)
    async with services.database.connection() as db:
        row: Any = await db.row(jobs.CLAIM, job_id=job.id, lease=lease)
    [made_of] = await table(services, "SELECT max(render_digest) AS digest FROM resume_jobs")
    return Attempt(services, pool, lease, job.id, row["attempt"], made_of["digest"])


async def test_a_success_that_is_written_twice_is_paid_once(
    owner: Owner, services: Services, renderer: Renderer, pool: RenderPool
) -> None:
    """As after a commit whose answer was lost with the connection: then it is rendered in vain."""
    first = await done(owner, renderer, "a")
    job = await owner.job("b", SAME)
    attempt = await claimed(services, pool, job)
    assert await attempt.reuse(owner.id)
    assert not await attempt.reuse(owner.id)
    assert await key_of(owner, job) == await key_of(owner, first)
    assert await of_job(owner, job.id) == [("hold", 0, 1), ("capture", -1, -1)]


async def test_a_deletion_waits_for_a_job_that_is_taking_the_pdf(
    owner: Owner, services: Services, renderer: Renderer, pool: RenderPool
) -> None:
    first = await done(owner, renderer, "a")
    job = await owner.job("b", SAME)
    attempt = await claimed(services, pool, job)
    async with services.database.transaction() as db:
        taken = await db.execute(
            jobs.REUSE,
            job_id=job.id,
            attempt=1,
            artifact_key=await key_of(owner, first),
            render_digest=attempt.made_of,
            kept=timedelta(days=1),
        )
        deleting = asyncio.create_task(owner.run(delete_resume_job, first.id))
        await asyncio.wait([deleting], timeout=0.2)
        assert (taken, deleting.done()) == (1, False)
    await deleting
    assert await pdf(owner, job)


async def test_who_wants_the_pdf_of_a_job_that_is_being_deleted_renders(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    first = await done(owner, renderer, "a")
    old, job = await key_of(owner, first), await owner.job("b", SAME)
    async with services.database.transaction() as db:
        call = Call(owner.context(), db)
        await delete_resume_job(call, first.id)
        working = asyncio.create_task(renderer.run(job.id))
        await asyncio.wait([working], timeout=0.3)
        assert not working.done()
    await call.committed()
    await working
    assert await key_of(owner, job) != old
    assert await pdf(owner, job)


async def test_the_certificate_comes_with_the_pdf(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    digest = await succeeded(services, owner)
    await certify(services)
    [row] = await table(services, "SELECT cv, artifact_key FROM resume_jobs")
    job = await owner.job("again")
    [made] = await table(services, "SELECT cv FROM resume_jobs WHERE id = $1", job.id)
    await table(services, "UPDATE resume_jobs SET render_digest = $1", digest_of(made["cv"]))
    await renderer.run(job.id)
    told = await owner.run(get_resume_certificate, job.id)
    assert (told.job_id, told.sha256) == (job.id, digest)
    assert await key_of(owner, job) == row["artifact_key"]


def digest_of(cv: dict[str, Any]) -> bytes:
    return render_digest(msgspec.convert(cv, CV))


def test_a_digest_is_of_all_that_a_cv_says() -> None:
    cv = normalise(EXAMPLE).cv
    assert render_digest(cv) == render_digest(normalise(EXAMPLE).cv)
    others = [
        normalise({**EXAMPLE, **change}).cv
        for change in ({"template": "harvard"}, {"page_size": "letter"}, {"font_size": "12pt"})
    ]
    assert len({render_digest(each) for each in (cv, *others)}) == 4
    assert len(fingerprint()) == 32


async def test_an_old_name_stays_readable(
    owner: Owner, services: Services, renderer: Renderer
) -> None:
    first = await done(owner, renderer, "a")
    old = f"resume/2026-01-01/{first.id}.1.pdf"
    await services.artifacts.put(old, b"%PDF")
    await table(services, "UPDATE resume_jobs SET artifact_key = $1", old)
    assert await pdf(owner, first) == b"%PDF"
    again = await done(owner, renderer, "b")
    await owner.run(delete_resume_job, first.id)
    assert await pdf(owner, again) == b"%PDF"
