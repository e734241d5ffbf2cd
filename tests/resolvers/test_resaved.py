"""A PDF of ours that another program has saved is known by its text, and by nothing it claims."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable

import pypdf
import pypdfium2
import pytest

from app.cv.enclosed import CV_DATA, RESUME
from app.services import Services
from resolvers.certificates import verify_resume
from resolvers.resume_jobs import delete_resume_job, get_resume_job_pdf
from schema.types.certificate import ResumeVerification
from schema.types.resume import ResumeJob
from schema.types.upload import Upload
from tests.owners import EXAMPLE, Owner
from tests.streams import content
from tests.workers.test_jobs import running_pool
from workers.jobs import Renderer
from workers.renderer import RenderPool


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await Owner.create(services)


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[RenderPool]:
    async with running_pool("workers.render") as pool:
        yield pool


@pytest.fixture
async def job(owner: Owner, pool: RenderPool) -> ResumeJob:
    job = await owner.job()
    await Renderer(owner.services, pool).run(job.id)
    return job


@pytest.fixture
async def pdf(owner: Owner, job: ResumeJob) -> bytes:
    return await content(await owner.run(get_resume_job_pdf, job.id))


async def verified(owner: Owner, pdf: bytes) -> ResumeVerification:
    return await owner.run(verify_resume, Upload(pdf))


def rewritten(pdf: bytes) -> bytes:
    return written(pypdf.PdfWriter(clone_from=io.BytesIO(pdf)))


def appended_to(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Producer": "A viewer"})
    return written(writer)


def compressed(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for page in writer.pages:
        page.compress_content_streams(level=9)
    writer.compress_identical_objects()
    return written(writer)


def saved_by_a_browser(pdf: bytes) -> bytes:
    document, out = pypdfium2.PdfDocument(pdf), io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("save", [rewritten, appended_to, compressed, saved_by_a_browser])
async def test_a_file_that_was_saved_anew_is_ours_and_altered_and_says_the_same(
    owner: Owner, job: ResumeJob, pdf: bytes, save: Callable[[bytes], bytes]
) -> None:
    told = await verified(owner, save(pdf))
    assert (told.ours, told.unaltered, told.text_unaltered) == (True, False, True)
    assert (told.data_unaltered, told.job_id) == (True, job.id)


async def test_a_file_as_it_was_made_is_unaltered_in_all(owner: Owner, pdf: bytes) -> None:
    told = await verified(owner, pdf)
    assert (told.ours, told.unaltered) == (True, True)
    assert (told.text_unaltered, told.data_unaltered) == (True, True)


async def test_a_stranger_hears_of_no_job(owner: Owner, job: ResumeJob, pdf: bytes) -> None:
    stranger = await Owner.create(owner.services)
    told = await verified(stranger, rewritten(pdf))
    assert (told.ours, told.text_unaltered, told.job_id) == (True, True, None)


async def test_what_a_file_states_of_itself_counts_for_nothing(
    owner: Owner, pool: RenderPool, pdf: bytes
) -> None:
    """Another résumé with the metadata, digests and all, of one that was made here."""
    stranger = await Owner.create(owner.services)
    other = await stranger.job(cv_data={**EXAMPLE, "identity": {"first_name": "Mallory"}})
    await Renderer(owner.services, pool).run(other.id)
    forged = pypdf.PdfWriter(
        clone_from=io.BytesIO(await content(await stranger.run(get_resume_job_pdf, other.id)))
    )
    await stranger.run(delete_resume_job, other.id)
    forged.xmp_metadata = pypdf.PdfReader(io.BytesIO(pdf)).xmp_metadata
    told = await verified(owner, written(forged))
    assert (told.ours, told.text_unaltered, told.data_unaltered) == (False, False, None)
    assert told.job_id is None


async def test_other_data_behind_the_same_text_is_told(owner: Owner, pdf: bytes) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for file in list(writer.attachment_list):
        if file.name in (CV_DATA, RESUME):
            file.content = file.content.replace(b"Leif", b"Loki")
    told = await verified(owner, written(writer))
    assert (told.ours, told.text_unaltered, told.data_unaltered) == (True, True, False)


async def test_without_its_data_nothing_is_told_of_it(owner: Owner, pdf: bytes) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for file in list(writer.attachment_list):
        file.delete()
    told = await verified(owner, written(writer))
    assert (told.ours, told.text_unaltered, told.data_unaltered) == (True, True, None)


async def test_a_deleted_job_is_known_no_longer(owner: Owner, job: ResumeJob, pdf: bytes) -> None:
    await owner.run(delete_resume_job, job.id)
    for each in (pdf, rewritten(pdf)):
        told = await verified(owner, each)
        assert (told.ours, told.text_unaltered, told.job_id) == (False, False, None)


@pytest.mark.parametrize("junk", [b"", b"\0" * 99, b"%PDF-1.7\n" + b"[" * 5000], ids=range(3))
async def test_what_can_not_be_read_is_not_ours_and_no_error(owner: Owner, junk: bytes) -> None:
    told = await verified(owner, junk)
    assert (told.ours, told.unaltered, told.text_unaltered) == (False, False, None)
