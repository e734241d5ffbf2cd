"""A job's résumé in other formats, over HTTP."""

from __future__ import annotations

import io
from typing import Any

import docx
import httpx
import pytest

from app.cv.normalise import normalise
from app.db import raw_statement
from app.exporting.resume import RESUME_FORMATS
from app.services import Services
from tests.cv.samples import EXAMPLE
from tests.people import Person
from tests.rest_compat.test_errors import assert_error

_DONE = raw_statement(
    "UPDATE resume_jobs SET status = 'succeeded', artifact_key = 'resume/2026-01-01/' || id ||"
    " '.1.pdf', finished_at = now(), pages = 1, size_bytes = 9, sha256 = repeat('ab', 32),"
    " attempt = 1, expires_at = now() + interval '1 day' WHERE id = $1",
    "job_id",
)
_EXPIRE = raw_statement(
    "UPDATE resume_jobs SET expires_at = now() - interval '1 s' WHERE id = $1", "job_id"
)
_FAIL = raw_statement(
    "UPDATE resume_jobs SET status = 'failed', finished_at = now(), error_code = 'render_failed',"
    " error_message = 'No.' WHERE id = $1",
    "job_id",
)


async def set_job(services: Services, statement: Any, job: str) -> None:
    async with services.database.connection() as db:
        await db.execute(statement, job_id=job)


async def new_job(session: httpx.AsyncClient, **changes: Any) -> str:
    body = {"request_id": "job-1", "cv_data": {**EXAMPLE, **changes}}
    answer = await session.post("/v1/resume/jobs", json=body)
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["job_id"]
    return job_id


@pytest.fixture
async def job(session: httpx.AsyncClient, services: Services) -> str:
    job_id = await new_job(session)
    await set_job(services, _DONE, job_id)
    return job_id


@pytest.mark.parametrize("name", RESUME_FORMATS)
async def test_each_format_is_a_file_named_after_the_person(
    session: httpx.AsyncClient, job: str, name: str
) -> None:
    answer = await session.get(f"/v1/resume/jobs/{job}/{name}")
    assert answer.status_code == 200
    kind = RESUME_FORMATS[name]
    assert answer.headers["content-type"] == kind.media_type
    assert f'filename="Leif-Doxarve-CV{kind.suffix}"' in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")
    if name == "docx":
        told = "\n".join(each.text for each in docx.Document(io.BytesIO(answer.content)).paragraphs)
    else:
        told = answer.content.decode()
    assert "Leif" in told


async def test_cv_data_of_a_job_renders_the_same_again(
    session: httpx.AsyncClient, job: str
) -> None:
    answer = await session.get(f"/v1/resume/jobs/{job}/cv_data")
    assert normalise(answer.json()).cv == normalise(EXAMPLE).cv


async def test_a_file_that_is_known_is_not_sent_again(session: httpx.AsyncClient, job: str) -> None:
    tags = set()
    for name in RESUME_FORMATS:
        path = f"/v1/resume/jobs/{job}/{name}"
        tag = (await session.get(path)).headers["etag"]
        tags.add(tag)
        again = await session.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == len(RESUME_FORMATS)


async def test_there_is_no_file_before_the_job_has_succeeded(
    session: httpx.AsyncClient, services: Services
) -> None:
    job = await new_job(session)
    answer = await session.get(f"/v1/resume/jobs/{job}/docx")
    assert_error(answer, 409, "conflict")
    assert answer.json()["error"]["retryable"]
    await set_job(services, _FAIL, job)
    answer = await session.get(f"/v1/resume/jobs/{job}/docx")
    assert_error(answer, 409, "conflict")
    assert not answer.json()["error"]["retryable"]


async def test_files_go_when_the_pdf_does(
    session: httpx.AsyncClient, services: Services, job: str
) -> None:
    await set_job(services, _EXPIRE, job)
    assert_error(await session.get(f"/v1/resume/jobs/{job}/txt"), 404, "not_found")


async def test_another_owner_finds_no_file(
    session: httpx.AsyncClient, services: Services, job: str
) -> None:
    stranger = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {stranger.credentials.bearer}"}
    answer = await session.get(f"/v1/resume/jobs/{job}/json", headers=headers)
    assert_error(answer, 404, "not_found")


@pytest.mark.parametrize("name", ["xlsx", "DOCX", "docx.exe", "%00"])
async def test_a_format_that_is_not_offered_is_not_found(
    session: httpx.AsyncClient, job: str, name: str
) -> None:
    assert_error(await session.get(f"/v1/resume/jobs/{job}/{name}"), 404, "not_found")


async def test_graphql_gives_the_address(session: httpx.AsyncClient, job: str) -> None:
    document = "query($id: UUID!) { resumeJobFile(jobId: $id, format: MD) }"
    answer = await session.post("/graphql", json={"query": document, "variables": {"id": job}})
    assert answer.json()["data"] == {"resumeJobFile": f"/v1/resume/jobs/{job}/md"}
