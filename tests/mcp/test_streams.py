"""Event streams: progress, coming back to them, cancellation, and what a client holds open."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import httpx
import pytest

from app.services import Services
from app.settings import Settings
from rest_compat.mcp import following
from schema.types.access import Scope
from tests.conftest import serving
from tests.mcp.talking import ALL_SCOPES, BOTH, Event, Talk, bearer
from tests.people import Person, table
from tests.waiting import until

CV = {
    "identity": {"first_name": "Ann", "last_name": "Lee"},
    "sections": {"summary": {"type": "secondary", "content": "A sentence."}},
}


def waiting(request_id: Any, wait: float = 25) -> dict[str, Any]:
    """The body of a call that lasts: no worker runs here, so the job stays queued."""
    return {
        "jsonrpc": "2.0",
        "id": request_id,
        "method": "tools/call",
        "params": {
            "name": "resume.create_job",
            "arguments": {"request_id": f"job-{request_id}", "cv_data": CV, "wait": wait},
            "_meta": {"progressToken": "p"},
        },
    }


async def test_a_quick_answer_is_json_even_where_a_stream_would_do(talk: Talk) -> None:
    answer = await (await talk.begin()).send("ping", None, **BOTH)
    assert answer.headers["content-type"] == "application/json"


async def test_a_client_that_takes_only_streams_gets_one(talk: Talk) -> None:
    session = await talk.begin("2025-06-18")
    body = session.request("ping")
    async with session.stream("POST", body=body, accept="text/event-stream") as events:
        assert [event.message["result"] async for event in events] == [{}]


async def test_progress_comes_before_the_answer(talk: Talk) -> None:
    session = await talk.begin()
    async with session.stream("POST", body=waiting(1, wait=0.7)) as events:
        told = [event async for event in events]
    primed, progress, *_, answer = told
    assert primed.id
    assert primed.data == ""  # since 2025-11-25, so that there is something to come back to
    assert progress.message["method"] == "notifications/progress"
    assert progress.message["params"]["progressToken"] == "p"
    assert progress.message["params"]["progress"] == 0
    assert answer.message["id"] == 1
    assert answer.message["result"]["structuredContent"]["job"]["status"] == "queued"


async def test_a_client_that_takes_only_streams_is_refused_with_a_status(
    settings: Settings, talk: Talk
) -> None:
    none = dataclasses.replace(settings, mcp_calls_per_account=0)
    headers = {"authorization": talk.http.headers["authorization"]}
    async with serving(none) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        session = await talk.at(http).begin()
        answer = await session.send("ping", None, accept="text/event-stream")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


async def test_what_fails_on_a_stream_is_told_on_it(talk: Talk, services: Services) -> None:
    person = await Person(services).signed_in("carol")
    token = (await person.new_token(*ALL_SCOPES)).token
    session = await Talk(talk.http, {"authorization": f"Bearer {token}"}).begin("2025-06-18")
    async with session.stream("POST", body=waiting(1)) as events:
        assert (await anext(events)).message["method"] == "notifications/progress"
        await table(services, "UPDATE personal_tokens SET revoked_at = now()")
        [job] = await table(services, "SELECT id FROM resume_jobs")
        await person.run("cancel_resume_job", job_id=job["id"])
        [refusal] = [event.message async for event in events]
    assert refusal["id"] == 1
    assert refusal["error"]["data"]["code"] == "unauthenticated"


async def test_older_clients_get_no_event_without_data(talk: Talk) -> None:
    session = await talk.begin("2025-06-18")
    async with session.stream("POST", body=waiting(1, wait=0.6)) as events:
        assert all([event.data async for event in events])


async def test_who_was_cut_off_comes_back_to_another_server_for_the_rest(
    talk: Talk, other: httpx.AsyncClient
) -> None:
    session = await talk.begin()
    async with session.stream("POST", body=waiting(1)) as events:
        primed, progress = await anext(events), await anext(events)
    for seen, missed in ((primed, progress), (progress, None)):
        headers = {"last-event-id": seen.id}
        async with session.at(other).stream(**headers) as events:
            if missed is not None:
                assert (await anext(events)).id == missed.id
                continue
            listed = (await session.call("resume.list_jobs"))["structuredContent"]
            await session.call("resume.cancel_job", job_id=listed["items"][0]["id"])
            *_, answer = [event async for event in events]
            assert answer.message["id"] == 1
            assert answer.message["result"]["structuredContent"]["job"]["status"] == "canceled"


async def test_an_answer_is_there_for_who_comes_back_late(
    talk: Talk, other: httpx.AsyncClient
) -> None:
    session = await talk.begin()
    async with session.stream("POST", body=waiting(1, wait=1)) as events:
        primed = await anext(events)
    await asyncio.sleep(1.5)
    async with session.at(other).stream(**{"last-event-id": primed.id}) as events:
        *_, answer = [event async for event in events]
    assert answer.message["result"]["structuredContent"]["job"]["status"] == "queued"


async def test_a_stream_of_another_session_can_not_be_read(talk: Talk) -> None:
    session, stranger = await talk.begin(), await talk.begin()
    async with session.stream("POST", body=waiting(1)) as events:
        seen = await anext(events)
    async with stranger.stream(**{"last-event-id": seen.id}) as events:
        assert [event async for event in events] == []


@pytest.mark.parametrize(
    "event_id", ["x", "a.b", "../x.1-1", "a.1-1\u00e9", "." * 500, f"a.{2**64}-0"]
)
async def test_an_event_id_of_somebody_elses_making_is_refused(talk: Talk, event_id: str) -> None:
    session = await talk.begin()
    headers = {**BOTH, **session.headers, "last-event-id": event_id}
    answer = await session.http.get(
        "/v1/mcp", headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("accept", [BOTH["accept"], "application/json"])
async def test_a_call_is_canceled_from_another_server(
    talk: Talk, other: httpx.AsyncClient, services: Services, accept: str
) -> None:
    session = await talk.begin("2025-06-18")
    body = waiting(5)
    answering = asyncio.create_task(session.post(body, accept=accept))
    await until(lambda: table(services, "SELECT 1 FROM resume_jobs"))
    notice = {"requestId": "5", "reason": "changed my mind"}  # a text where a number was sent
    await session.at(other).post(
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": notice}
    )
    answer = await answering
    assert "canceled" in answer.text
    assert "-32800" in answer.text
    jobs = await session.call("resume.list_jobs")
    [job] = jobs["structuredContent"]["items"]
    assert job["status"] == "queued"  # the waiting ended, not the job


async def test_all_requests_of_one_id_are_canceled_wherever_they_are(
    talk: Talk, other: httpx.AsyncClient
) -> None:
    session = await talk.begin("2025-06-18")
    places = (talk.http, talk.http, other)
    answering = [asyncio.create_task(session.at(http).post(waiting(5))) for http in places]

    async def all_canceled() -> bool:
        # Again for those who had not come yet: nobody tells when all three are under way.
        await session.post(
            {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 5}}
        )
        await asyncio.wait(answering, timeout=0.5)
        return all(answer.done() for answer in answering)

    await until(all_canceled)
    assert ["-32800" in answer.result().text for answer in answering] == [True] * 3


async def test_another_sessions_cancellation_changes_nothing(talk: Talk) -> None:
    session, stranger = await talk.begin(), await talk.begin()
    answering = asyncio.create_task(session.post(waiting(5, wait=1.5)))
    await asyncio.sleep(0.5)
    await stranger.post(
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 5}}
    )
    assert (await answering).json()["result"]["isError"] is False


async def first(events: Any) -> Event | None:
    return await anext(events, None)


async def test_a_newer_standalone_stream_takes_the_place_of_an_older(
    talk: Talk, other: httpx.AsyncClient
) -> None:
    session = await talk.begin()
    async with session.stream() as older:
        leaving = asyncio.create_task(first(older))
        await asyncio.sleep(0.3)
        async with session.at(other).stream():
            assert await asyncio.wait_for(leaving, 60) is None


async def test_the_standalone_stream_ends_with_its_session(
    talk: Talk, other: httpx.AsyncClient
) -> None:
    session = await talk.begin()
    async with session.stream() as events:
        leaving = asyncio.create_task(first(events))
        await asyncio.sleep(0.3)
        await other.delete("/v1/mcp", headers=session.headers)
        assert await asyncio.wait_for(leaving, 60) is None


async def test_an_open_stream_ends_when_its_token_is_revoked(
    talk: Talk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_SECONDS", 0)
    session = await talk.begin()
    async with session.stream() as events:
        leaving = asyncio.create_task(first(events))
        await table(services, "UPDATE personal_tokens SET revoked_at = now()")
        with pytest.raises(httpx.RemoteProtocolError):
            await asyncio.wait_for(leaving, 60)


async def test_a_standalone_stream_needs_a_session_and_takes_streams(talk: Talk) -> None:
    assert (await talk.http.get("/v1/mcp", headers=BOTH)).status_code == 400
    session = await talk.begin()
    headers = {**session.headers, "accept": "application/json"}
    assert (await talk.http.get("/v1/mcp", headers=headers)).status_code == 406


# The legacy transport


async def place_of(events: Any) -> str:
    event = await anext(events)
    assert event.name == "endpoint"
    assert event.data.startswith("/v1/mcp/messages?session_id=")
    return str(event.data)


async def test_legacy_messages_may_come_to_another_server(
    talk: Talk, other: httpx.AsyncClient
) -> None:
    async with talk.stream(path="/v1/mcp/sse") as events:
        place = await place_of(events)
        early = await other.post(place, json=talk.request("tools/list"))
        assert (early.status_code, early.content) == (202, b"")
        assert (await anext(events)).message["error"]["code"] == -32600
        params = {
            "protocolVersion": "2024-11-05",
            "capabilities": {},
            "clientInfo": {"name": "old", "version": "1"},
        }
        await talk.http.post(place, json=talk.request("initialize", params))
        begun = (await anext(events)).message
        assert begun["result"]["protocolVersion"] == "2024-11-05"
        await other.post(place, json={"jsonrpc": "2.0", "method": "notifications/initialized"})
        await other.post(place, json=waiting("w", wait=0.5))
        assert (await anext(events)).message["params"]["progress"] == 0
        assert (await anext(events)).message["id"] == "w"


async def test_a_legacy_session_ends_with_its_stream(talk: Talk) -> None:
    async with talk.stream(path="/v1/mcp/sse") as events:
        place = await place_of(events)
        assert (await talk.http.post(place, json=talk.request("ping"))).status_code == 202

    async def has_ended() -> bool:
        answer = await talk.http.post(place, json=talk.request("ping"))
        return answer.status_code == 404

    await until(has_ended)


async def test_a_legacy_stream_ends_with_its_session(talk: Talk, other: httpx.AsyncClient) -> None:
    async with talk.stream(path="/v1/mcp/sse") as events:
        session_id = (await place_of(events)).partition("session_id=")[2]
        leaving = asyncio.create_task(first(events))
        ended = await other.delete("/v1/mcp", headers={"mcp-session-id": session_id})
        assert ended.status_code == 204
        assert await asyncio.wait_for(leaving, 60) is None


async def test_a_legacy_session_is_its_accounts_own(
    talk: Talk, base_url: str, services: Services
) -> None:
    async with talk.stream(path="/v1/mcp/sse") as events:
        place = await place_of(events)
        headers = await bearer(services, "bob")
        async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
            assert (await http.post(place, json=talk.request("ping"))).status_code == 404
        async with httpx.AsyncClient(base_url=base_url) as http:
            assert (await http.post(place, json=talk.request("ping"))).status_code == 401
        assert (await talk.http.post("/v1/mcp/messages", json={})).status_code == 404
        broken = await talk.http.post(place, json={})
        assert (broken.status_code, broken.json()["error"]["code"]) == (400, -32600)


async def test_legacy_streams_need_the_scope(base_url: str, services: Services) -> None:
    headers = await bearer(services, "bob", Scope.CHAT_RUN)
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
        assert (await http.get("/v1/mcp/sse")).status_code == 403
        assert (await http.post("/v1/mcp/messages")).status_code == 403
        assert (await http.post("/v1/mcp/sse")).status_code == 405
        assert (await http.get("/v1/mcp/messages")).status_code == 405


async def test_an_open_legacy_stream_ends_when_its_token_is_revoked(
    talk: Talk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_SECONDS", 0)
    async with talk.stream(path="/v1/mcp/sse") as events:
        await place_of(events)
        leaving = asyncio.create_task(first(events))
        await table(services, "UPDATE personal_tokens SET revoked_at = now()")
        with pytest.raises(httpx.RemoteProtocolError):
            await asyncio.wait_for(leaving, 60)
