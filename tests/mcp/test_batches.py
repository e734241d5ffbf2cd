"""Batches of 2025-03-26: each message as if it had come alone, all of them within one bound."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import httpx
import pytest

from app.bodies import ClientGone
from app.services import Services
from app.settings import Settings
from rest_compat.mcp import batch, responses
from tests.conftest import serving
from tests.mcp.talking import Talk
from tests.people import table
from tests.waiting import until

CV = {
    "identity": {"first_name": "Ann", "last_name": "Lee"},
    "sections": {"summary": {"type": "secondary", "content": "A sentence."}},
}


def call(talk: Talk, name: str, **arguments: Any) -> dict[str, Any]:
    return talk.request("tools/call", {"name": name, "arguments": arguments})


def create(talk: Talk, request_id: str, wait: float = 0) -> dict[str, Any]:
    return call(talk, "resume.create_job", request_id=request_id, cv_data=CV, wait=wait)


async def jobs(services: Services) -> int:
    (row,) = await table(services, "SELECT count(*) AS number FROM resume_jobs")
    return int(row["number"])


async def test_each_message_of_a_batch_is_a_call_of_its_own(settings: Settings, talk: Talk) -> None:
    none = dataclasses.replace(settings, mcp_calls_per_account=0)
    headers = {"authorization": talk.http.headers["authorization"]}
    async with serving(none) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        session = await talk.at(http).begin(batch.VERSION)
        answer = await session.post([session.request("ping"), call(session, "profile.get")])
    assert [part["error"]["data"]["code"] for part in answer.json()] == ["rate_limited"] * 2


async def test_a_token_that_is_revoked_meanwhile_writes_no_more(
    talk: Talk, services: Services
) -> None:
    session = await talk.begin(batch.VERSION)
    messages = [
        create(session, "one", wait=1),
        create(session, "two"),
        session.request("tools/list"),
    ]
    answering = asyncio.create_task(session.post(messages))
    await until(lambda: jobs(services))
    await table(services, "UPDATE personal_tokens SET revoked_at = now()")
    _, *refused = (await answering).json()
    assert [part["id"] for part in refused] == [message["id"] for message in messages[1:]]
    assert [part["error"]["data"]["code"] for part in refused] == ["unauthenticated"] * 2
    assert await jobs(services) == 1


async def test_a_batch_has_one_time_for_all_of_it(
    talk: Talk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", 1)
    session = await talk.begin(batch.VERSION)
    messages = [session.request("ping"), create(session, "one", wait=25), create(session, "two")]
    quick, long, late = (await session.post(messages)).json()
    assert quick["result"] == {}
    assert "time" in long["error"]["message"]
    assert "alone" in late["error"]["message"]
    assert await jobs(services) == 1


async def test_a_batch_has_one_size_for_all_its_answers(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await talk.begin(batch.VERSION)
    large = await session.send("tools/list")
    monkeypatch.setattr(batch, "MOST_BYTES", len(large.content) * 2)
    answer = await session.post([session.request("tools/list") for _ in range(4)])
    first, *_, last = answer.json()
    assert first["result"]["tools"]
    assert "fit" in last["error"]["message"] or "alone" in last["error"]["message"]
    assert len(answer.content) < batch.MOST_BYTES + 2000


async def test_nothing_more_of_a_batch_is_run_once_its_client_is_gone(
    talk: Talk, services: Services
) -> None:
    session = await talk.begin(batch.VERSION)
    messages = [create(session, "one", wait=1.5), create(session, "two")]
    answering = asyncio.create_task(session.post(messages))
    await until(lambda: jobs(services))
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)
    await asyncio.sleep(2)
    assert await jobs(services) == 1


async def test_what_is_done_for_a_client_ends_when_it_goes() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientGone):
        await responses.while_there(receive, work())
    assert ended.is_set()
