"""Certificates are made once, after the job, and again when whoever made one is gone."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import psutil
import pytest

from app import certificates
from app.artifacts import resume_key
from app.db import raw_statement, uuid7
from app.services import Services
from tests.owners import Owner
from tests.workers import samples
from workers.certify import certify
from workers.render import render_pdf

SUCCEED = raw_statement(
    "UPDATE resume_jobs SET status = 'succeeded', finished_at = now(), lease_until = NULL,"
    " expires_at = now() + interval '1 day', artifact_key = $2, sha256 = $3, cv = $4::JSONB"
    " WHERE id = $1",
    "job_id",
    "key",
    "sha256",
    "cv",
)
LOSE = raw_statement("UPDATE resume_jobs SET certificate_lease = now() - interval '1 s'")
ROW = raw_statement("SELECT certificate, certificate_attempts, version FROM resume_jobs")


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


async def succeeded(services: Services, owner: Owner, *, stored: bool = True) -> str:
    """A job whose PDF is there; the digest of it."""
    job = await owner.job()  # the same one, however often it is asked for
    pdf = render_pdf(samples.example()).pdf
    key, digest = resume_key("ab" * 32, job.id, 1), hashlib.sha256(pdf).hexdigest()
    if stored:
        await services.artifacts.put(key, pdf)
    cv = msgspec.to_builtins(samples.example())
    async with services.database.connection() as db:
        await db.execute(SUCCEED, job_id=job.id, key=key, sha256=digest, cv=cv)
    return digest


def niceness_of_readers() -> Iterator[int]:
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "workers.certify_process" in process.cmdline():
                yield process.nice()


async def row(services: Services) -> Any:
    async with services.database.connection() as db:
        return await db.row(ROW)


async def test_a_job_that_has_succeeded_gets_a_certificate_once(
    services: Services, owner: Owner
) -> None:
    digest = await succeeded(services, owner)
    before = await row(services)
    assert await certify(services) == 1
    assert await certify(services) == 0
    after = await row(services)
    assert after["certificate"]["sha256"] == digest
    assert after["certificate"]["counts"]["missing"] == 0
    assert after["version"] == before["version"]


async def test_whoever_reads_lets_renders_go_first(services: Services, owner: Owner) -> None:
    await succeeded(services, owner)
    certifying = asyncio.create_task(certify(services))
    seen: set[int] = set()
    while not certifying.done():
        seen.update(niceness_of_readers())
        await asyncio.sleep(0.01)
    assert max(seen) > psutil.Process().nice()


async def test_one_that_was_lost_is_made_again(services: Services, owner: Owner) -> None:
    await succeeded(services, owner)
    async with services.database.connection() as db:
        assert await db.row(certificates.CLAIM, lease=certificates.LEASE)
        assert await db.row(certificates.CLAIM, lease=certificates.LEASE) is None
    assert await certify(services) == 0
    async with services.database.connection() as db:
        await db.execute(LOSE)
    assert await certify(services) == 1


async def test_a_pdf_that_is_gone_is_given_up_after_three_attempts(
    services: Services, owner: Owner
) -> None:
    await succeeded(services, owner, stored=False)
    for _ in range(5):
        assert await certify(services) == 0
        async with services.database.connection() as db:
            await db.execute(LOSE)
    after = await row(services)
    assert (after["certificate"], after["certificate_attempts"]) == (None, 3)


async def test_a_job_that_was_deleted_meanwhile_gets_none(services: Services, owner: Owner) -> None:
    await succeeded(services, owner)
    async with services.database.connection() as db:
        claimed = await db.row(certificates.CLAIM, lease=timedelta(seconds=60))
        assert claimed is not None
        kept = await db.execute(
            certificates.KEEP,
            certificate={},
            job_id=uuid7(),
            attempt=claimed["certificate_attempts"],
        )
    assert kept == 0
