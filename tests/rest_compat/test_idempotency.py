"""A repeat of a POST under the same Idempotency-Key answers as the first time."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from app.services import Services
from tests.owners import EXAMPLE
from tests.people import table
from tests.rest_compat.test_errors import assert_error

KEY = {"idempotency-key": "key-1"}


async def tokens_named(services: Services, name: str) -> int:
    rows = await table(services, "SELECT 1 FROM personal_tokens WHERE name = $1", name)
    return len(rows)


async def test_a_repeat_gives_the_same_answer_and_does_nothing(
    session: httpx.AsyncClient, services: Services
) -> None:
    body = {"name": "once", "scopes": ["resume:generate"]}
    first = await session.post("/v1/auth/tokens", json=body, headers=KEY)
    again = await session.post("/v1/auth/tokens", json=body, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()  # the raw token too, which is stored nowhere else
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await tokens_named(services, "once") == 1


async def test_the_kept_answer_is_not_readable_in_the_database(
    session: httpx.AsyncClient, services: Services
) -> None:
    body = {"name": "secret", "scopes": ["resume:generate"]}
    answer = await session.post("/v1/auth/tokens", json=body, headers=KEY)
    rows = await table(services, "SELECT answer FROM idempotency_keys")
    assert len(rows) == 1
    assert answer.json()["token"].encode() not in rows[0]["answer"]


async def test_another_body_under_the_same_key_is_a_conflict(
    session: httpx.AsyncClient, services: Services
) -> None:
    for name in ("one", "two"):
        body = {"name": name, "scopes": ["resume:generate"]}
        answer = await session.post("/v1/auth/tokens", json=body, headers=KEY)
    assert_error(answer, 409, "idempotency_conflict")
    assert await tokens_named(services, "two") == 0


async def test_many_at_once_have_one_effect(session: httpx.AsyncClient, services: Services) -> None:
    body = {"name": "race", "scopes": ["resume:generate"]}
    answers = await asyncio.gather(
        *(session.post("/v1/auth/tokens", json=body, headers=KEY) for _ in range(8))
    )
    made = [answer for answer in answers if answer.status_code == 201]
    late = [answer for answer in answers if answer.status_code == 409]
    assert len(made) + len(late) == 8
    assert len({answer.json()["token"] for answer in made}) == 1
    for answer in late:
        assert assert_error(answer, 409, "conflict")["retryable"] is True
    assert await tokens_named(services, "race") == 1


async def test_a_refusal_is_not_kept(session: httpx.AsyncClient) -> None:
    bad = await session.post("/v1/auth/tokens", json={"name": "x", "scopes": []}, headers=KEY)
    assert_error(bad, 422, "validation_failed")
    body = {"name": "x", "scopes": ["resume:generate"]}
    assert (await session.post("/v1/auth/tokens", json=body, headers=KEY)).status_code == 201


async def test_keys_of_two_accounts_do_not_meet(
    session: httpx.AsyncClient, token: httpx.AsyncClient
) -> None:
    body = {"request_id": "r-1", "cv_data": EXAMPLE}
    mine = await session.post("/v1/resume/jobs", json=body, headers=KEY)
    theirs = await token.post("/v1/resume/jobs", json=body, headers=KEY)
    assert (mine.status_code, theirs.status_code) == (202, 202)
    assert mine.json()["job_id"] != theirs.json()["job_id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "naïve", "a\tb"])
async def test_a_malformed_key_is_refused(key: str, session: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": key.encode("latin-1")}
    answer = await session.post("/v1/auth/tokens", json={}, headers=headers)  # type: ignore[arg-type]
    error = assert_error(answer, 422, "validation_failed")
    assert error["fields"][0]["path"] == "Idempotency-Key"


async def test_a_request_id_makes_a_job_repeatable_without_a_key(token: httpx.AsyncClient) -> None:
    body = {"request_id": "demo", "cv_data": EXAMPLE}
    first = await token.post("/v1/resume/jobs", json=body)
    again = await token.post("/v1/resume/jobs", json=body)
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json()["job_id"] == first.json()["job_id"]
    other = {**body, "cv_data": {**EXAMPLE, "template": "harvard"}}
    assert_error(await token.post("/v1/resume/jobs", json=other), 409, "idempotency_conflict")
