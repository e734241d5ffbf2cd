"""Previews and thumbnails, by a worker with real render processes, over HTTP."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from app import previews
from app.artifacts import resume_key, thumbnail_key
from app.db import raw_statement
from app.errors import NotFound
from app.services import Services
from tests.cv.samples import EXAMPLE, smallest
from tests.interactive_worker import answering
from tests.people import Person
from tests.rest_compat.test_errors import assert_error
from tests.workers.samples import example
from workers.pictures import PicturePool
from workers.renderer import RenderPool
from workers.sweep import clear

PREVIEW = "/v1/resume/preview"
_JOBS = raw_statement("SELECT count(*) FROM resume_jobs")
_DONE = raw_statement(
    "UPDATE resume_jobs SET status = 'succeeded', artifact_key = $2, finished_at = now(),"
    " pages = 1, size_bytes = 9, sha256 = repeat('ab', 32), attempt = 1,"
    " expires_at = now() + interval '1 day' WHERE id = $1::UUID",
    "job_id",
    "key",
)


@pytest.fixture(scope="module")
async def pools() -> AsyncIterator[dict[str, Any]]:
    renders = RenderPool(1, timeout_seconds=60, memory_limit_mb=1024, recycle_after=100)
    pictures = PicturePool()
    await renders.start()
    await renders.render(example())  # so that it is warm
    yield {"pool": renders, "pictures": pictures, "preview_turn": asyncio.Semaphore(1)}
    await pictures.close()
    await renders.close()


@pytest.fixture
async def worker(services: Services, pools: dict[str, Any]) -> AsyncIterator[None]:
    async with answering(services, **pools):
        yield


def picture_of(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


async def finished(session: httpx.AsyncClient, services: Services, pool: RenderPool) -> UUID:
    """A job whose PDF is stored."""
    body = {"request_id": "job-1", "cv_data": EXAMPLE}
    job_id = UUID((await session.post("/v1/resume/jobs", json=body)).json()["job_id"])
    key = resume_key("ab" * 32, job_id, 1)
    await services.artifacts.put(key, (await pool.render(example())).pdf)
    async with services.database.connection() as db:
        await db.execute(_DONE, job_id=job_id, key=key)
    return job_id


@pytest.mark.usefixtures("worker")
async def test_the_first_page_is_seen_as_a_picture(session: httpx.AsyncClient) -> None:
    answer = await session.post(PREVIEW, json={"cv_data": EXAMPLE})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    image = picture_of(answer.content)
    assert image.width == previews.PREVIEW_WIDTH
    assert 1.4 < image.height / image.width < 1.43
    greys = image.convert("L").histogram()
    assert sum(greys[:60]) > 1000  # ink
    assert sum(greys[250:]) > 1_000_000  # on paper


@pytest.mark.usefixtures("worker")
async def test_a_page_of_html_runs_nothing_and_fetches_nothing(session: httpx.AsyncClient) -> None:
    data = smallest(identity__first_name="<script>alert(1)</script>")
    answer = await session.post(PREVIEW, json={"cv_data": data, "format": "html"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["content-disposition"].startswith("inline")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "@page" in answer.text


@pytest.mark.usefixtures("worker")
async def test_the_body_of_a_job_is_previewed_as_it_is_and_makes_no_job(
    session: httpx.AsyncClient, services: Services
) -> None:
    body = {"request_id": "job-1", "cv_data": EXAMPLE}
    assert (await session.post(PREVIEW, json=body)).status_code == 200
    async with services.database.connection() as db:
        assert await db.value(_JOBS) == 0


@pytest.mark.usefixtures("worker")
async def test_a_profile_is_previewed(session: httpx.AsyncClient) -> None:
    await session.patch("/v1/me/profile", json={"bio": "Keeps bees."})
    body = {"from_profile": True, "template": "harvard", "format": "html"}
    answer = await session.post(PREVIEW, json=body)
    assert "Keeps bees." in answer.text


@pytest.mark.usefixtures("worker")
async def test_graphql_gives_a_data_url(session: httpx.AsyncClient) -> None:
    document = "query($i: PreviewResumeInput!) { previewResume(input: $i) }"
    variables = {"i": {"cvData": EXAMPLE, "format": "PNG"}}
    answer = await session.post("/graphql", json={"query": document, "variables": variables})
    start, _, data = answer.json()["data"]["previewResume"].partition(",")
    assert start == "data:image/png;base64"
    assert picture_of(base64.b64decode(data)).width == previews.PREVIEW_WIDTH


@pytest.mark.parametrize(
    "body",
    [{}, {"cv_data": {}}, {"cv_data": EXAMPLE, "from_profile": True}, {"cv_data": EXAMPLE, "x": 1}],
    ids=["nothing", "empty", "both", "unknown"],
)
async def test_what_no_job_would_take_is_refused(
    session: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    assert_error(await session.post(PREVIEW, json=body), 422, "validation_failed")


async def test_without_a_worker_there_is_no_preview(session: httpx.AsyncClient) -> None:
    answer = await session.post(PREVIEW, json={"cv_data": EXAMPLE})
    assert_error(answer, 503, "dependency_unavailable")


async def test_a_cv_that_takes_too_long_is_told_of(
    session: httpx.AsyncClient, services: Services, pools: dict[str, Any]
) -> None:
    hasty = RenderPool(1, timeout_seconds=0.001, memory_limit_mb=1024, recycle_after=100)
    await hasty.start()
    async with answering(services, **pools | {"pool": hasty}):
        answer = await session.post(PREVIEW, json={"cv_data": EXAMPLE})
    await hasty.close()
    assert_error(answer, 422, "validation_failed")
    assert answer.json()["error"]["fields"][0]["code"] == "render_timeout"


async def test_there_are_only_so_many_previews_a_minute(
    session: httpx.AsyncClient, services: Services
) -> None:
    answers = [await session.post(PREVIEW, json={"cv_data": {}}) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    other = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {other.credentials.bearer}"}
    answer = await session.post(PREVIEW, json={"cv_data": {}}, headers=headers)
    assert answer.status_code == 422


@pytest.mark.usefixtures("worker")
async def test_a_thumbnail_is_made_once_and_known_by_its_tag(
    session: httpx.AsyncClient, services: Services, pools: dict[str, Any]
) -> None:
    job = await finished(session, services, pools["pool"])
    path = f"/v1/resume/jobs/{job}/thumbnail"
    answer = await session.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert picture_of(answer.content).width == previews.THUMBNAIL_WIDTH
    stored = await services.artifacts.describe(thumbnail_key(resume_key("ab" * 32, job, 1)))
    assert (await session.get(path)).content == answer.content
    assert (await services.artifacts.describe(stored.key)).modified == stored.modified
    again = await session.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("worker")
async def test_a_thumbnail_goes_with_its_job(
    session: httpx.AsyncClient, services: Services, pools: dict[str, Any]
) -> None:
    job = await finished(session, services, pools["pool"])
    await session.get(f"/v1/resume/jobs/{job}/thumbnail")
    key = thumbnail_key(resume_key("ab" * 32, job, 1))
    await clear(services)
    assert (await services.artifacts.describe(key)).size > 0
    assert (await session.delete(f"/v1/resume/jobs/{job}")).status_code == 204
    with pytest.raises(NotFound):
        await services.artifacts.describe(key)


async def test_another_owner_sees_no_thumbnail(
    session: httpx.AsyncClient, services: Services, pools: dict[str, Any]
) -> None:
    job = await finished(session, services, pools["pool"])
    other = await Person(services).signed_in("tom")
    headers = {"authorization": f"Bearer {other.credentials.bearer}"}
    answer = await session.get(f"/v1/resume/jobs/{job}/thumbnail", headers=headers)
    assert_error(answer, 404, "not_found")
