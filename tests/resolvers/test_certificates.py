"""The certificate of a job, and whether a PDF is one of ours."""

from __future__ import annotations

import hashlib

import pytest

from app.errors import NotFound, ValidationFailed
from app.services import Services
from resolvers.certificates import get_resume_certificate, verify_resume
from resolvers.resume_jobs import NotFinished
from schema.types.upload import Upload
from tests.owners import Owner
from tests.workers.test_certify import succeeded
from workers.certify import certify


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


async def test_a_certificate_is_awaited_and_then_told(services: Services, owner: Owner) -> None:
    job = await owner.job()
    with pytest.raises(NotFinished) as queued:
        await owner.run(get_resume_certificate, job.id)
    assert queued.value.retryable
    digest = await succeeded(services, owner)
    with pytest.raises(NotFinished):
        await owner.run(get_resume_certificate, job.id)
    await certify(services)
    told = await owner.run(get_resume_certificate, job.id)
    assert (told.sha256, told.pages, told.in_order) == (digest, 1, True)
    assert told.counts.found == len(told.fields) > 20


async def test_a_certificate_of_another_owner_is_not_found(
    services: Services, owner: Owner
) -> None:
    job = await owner.job()
    stranger = await Owner.create(services)
    with pytest.raises(NotFound):
        await stranger.run(get_resume_certificate, job.id)


async def test_a_stranger_hears_that_a_pdf_is_ours_and_only_its_owner_of_the_job(
    services: Services, owner: Owner
) -> None:
    job = await owner.job()
    digest = await succeeded(services, owner)
    mine = await owner.run(verify_resume, None, digest.upper())
    assert (mine.ours, mine.unaltered, mine.job_id) == (True, True, job.id)
    stranger = await Owner.create(services)
    theirs = await stranger.run(verify_resume, None, digest)
    assert (theirs.ours, theirs.unaltered, theirs.job_id) == (True, True, None)


async def test_what_was_not_made_here_is_not_ours(owner: Owner) -> None:
    told = await owner.run(verify_resume, Upload(b"%PDF-1.7 somebody's"))
    assert (told.ours, told.unaltered, told.job_id) == (False, False, None)
    assert told.sha256 == hashlib.sha256(b"%PDF-1.7 somebody's").hexdigest()


@pytest.mark.parametrize("given", ["", "0" * 63, "g" * 64, "\0" * 64, "\u0661" * 64])
async def test_what_is_no_digest_is_refused(owner: Owner, given: str) -> None:
    with pytest.raises(ValidationFailed):
        await owner.run(verify_resume, None, given)


async def test_a_file_and_a_digest_or_neither_are_refused(owner: Owner) -> None:
    for file, digest in ((None, None), (Upload(b"x"), "0" * 64)):
        with pytest.raises(ValidationFailed):
            await owner.run(verify_resume, file, digest)
