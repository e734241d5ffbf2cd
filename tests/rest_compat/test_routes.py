"""What generated routes share: envelope, ETag, Location, HEAD, OPTIONS, 405, downloads."""

from __future__ import annotations

import httpx
import pytest

from rest_compat.routes import disposition
from tests.owners import EXAMPLE
from tests.rest_compat.test_errors import assert_error

JOB = {"request_id": "demo-job-001", "cv_data": EXAMPLE}


@pytest.fixture
async def job_path(token: httpx.AsyncClient) -> str:
    answer = await token.post("/v1/resume/jobs", json=JOB)
    return f"/v1/resume/jobs/{answer.json()['job_id']}"


async def test_creating_a_job_answers_as_documented(token: httpx.AsyncClient) -> None:
    answer = await token.post("/v1/resume/jobs", json=JOB, headers={"x-request-id": "req_mine"})
    assert answer.status_code == 202
    body = answer.json()
    assert body["ok"] is True
    assert body["request_id"] == "req_mine"
    assert body["warnings"] == []
    assert body["job_id"] == body["job"]["id"]
    assert body["job"]["request_id"] == "demo-job-001"
    assert (body["job"]["mode"], body["job"]["status"]) == ("managed", "queued")
    assert answer.headers["location"] == f"/v1/resume/jobs/{body['job_id']}"


async def test_polling_answers_as_documented(token: httpx.AsyncClient, job_path: str) -> None:
    body = (await token.get(job_path)).json()
    assert set(body) == {"ok", "request_id", "warnings", "job"}
    documented = {"id", "request_id", "mode", "status", "created_at", "updated_at"}
    assert documented <= set(body["job"])
    assert body["job"]["created_at"].endswith("Z")
    assert len(body["job"]["created_at"]) == len("2026-03-17T15:00:00.000Z")


async def test_warnings_stand_at_the_top_when_creating_and_when_polling(
    token: httpx.AsyncClient,
) -> None:
    cv_data = {**EXAMPLE, "favourite_colour": "teal"}
    made = (
        await token.post("/v1/resume/jobs", json={"request_id": "w", "cv_data": cv_data})
    ).json()
    assert [warning["path"] for warning in made["warnings"]] == ["cv_data.favourite_colour"]
    polled = (await token.get(f"/v1/resume/jobs/{made['job_id']}")).json()
    assert polled["warnings"] == made["warnings"]


async def test_an_unchanged_job_is_not_sent_again(token: httpx.AsyncClient, job_path: str) -> None:
    first = await token.get(job_path)
    etag = first.headers["etag"]
    assert etag == f'"{first.json()["job"]["version"]}"'
    for known in (etag, f"W/{etag}", f'"0", {etag}', "*"):
        again = await token.get(job_path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert (await token.get(job_path, headers={"if-none-match": '"99"'})).status_code == 200


async def test_a_stale_version_is_not_changed(token: httpx.AsyncClient, job_path: str) -> None:
    for stale in ('"99"', 'W/"1"', '"x"'):
        answer = await token.post(f"{job_path}/cancel", headers={"if-match": stale})
        assert_error(answer, 412, "precondition_failed")
        answer = await token.delete(job_path, headers={"if-match": stale})
        assert_error(answer, 412, "precondition_failed")
    now = await token.get(job_path)
    assert now.json()["job"]["status"] == "queued"
    fresh = {"if-match": now.headers["etag"]}
    canceled = await token.post(f"{job_path}/cancel", headers=fresh)
    assert canceled.json()["job"]["status"] == "canceled"
    assert canceled.headers["etag"] != now.headers["etag"]


async def test_head_is_get_without_a_body(token: httpx.AsyncClient, job_path: str) -> None:
    get, head = await token.get(job_path), await token.head(job_path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/v1/resume/jobs", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/v1/auth/login", {"OPTIONS", "POST"}),
        ("/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("/openapi.json", {"GET", "HEAD", "OPTIONS"}),
    ],
)
async def test_a_path_tells_its_methods(
    path: str, allow: set[str], client: httpx.AsyncClient
) -> None:
    options = await client.options(path)
    assert options.status_code == 204
    assert set(options.headers["allow"].split(", ")) == allow
    refused = await client.request("PROPFIND", path)
    assert_error(refused, 405, "method_not_allowed")
    assert set(refused.headers["allow"].split(", ")) == allow


async def test_a_pdf_that_is_not_made_yet_is_a_retryable_conflict(
    token: httpx.AsyncClient, job_path: str
) -> None:
    error = assert_error(await token.get(f"{job_path}/pdf"), 409, "conflict")
    assert error["retryable"] is True
    assert error["details"]["status"] == "queued"


async def test_deleting_answers_nothing_and_leaves_nothing(
    token: httpx.AsyncClient, job_path: str
) -> None:
    gone = await token.delete(job_path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert_error(await token.get(job_path), 404, "not_found")
    assert_error(await token.delete(job_path), 404, "not_found")


async def test_another_owners_job_does_not_exist(
    session: httpx.AsyncClient, token: httpx.AsyncClient, job_path: str
) -> None:
    assert_error(await session.get(job_path), 404, "not_found")
    assert_error(await session.get(f"{job_path}/pdf"), 404, "not_found")
    assert_error(await session.post(f"{job_path}/cancel"), 404, "not_found")
    assert_error(await session.delete(job_path), 404, "not_found")
    assert (await token.get(job_path)).json()["job"]["status"] == "queued"


async def test_pages_follow_each_other_newest_first(token: httpx.AsyncClient) -> None:
    for number in range(5):
        await token.post("/v1/resume/jobs", json={**JOB, "request_id": f"r{number}"})
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await token.get("/v1/resume/jobs", params=query)).json()
        seen += [job["request_id"] for job in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["r4", "r3", "r2", "r1", "r0"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Leif.pdf", "attachment; filename=\"Leif.pdf\"; filename*=UTF-8''Leif.pdf"),
        (
            'Zoë "x"\r\n.pdf',
            "attachment; filename=\"Zo_ _x___.pdf\"; filename*=UTF-8''Zo%C3%AB%20%22x%22%0D%0A.pdf",
        ),
    ],
)
def test_any_name_is_a_safe_header(name: str, header: str) -> None:
    assert disposition(name) == header
