"""What is kept of event streams: how much, for how long, and what is told of the rest."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis

from app.errors import DependencyUnavailable
from app.services import Services
from rest_compat.mcp import events as events_module
from rest_compat.mcp import legacy_events, messages, reply
from rest_compat.mcp.events import STANDALONE, Event, Events
from rest_compat.mcp.legacy_events import LegacyEvents
from rest_compat.mcp.reply import Reply
from rest_compat.mcp.sessions import Session, Sessions
from tests.mcp.talking import Talk
from tests.mcp.test_streams import place_of, waiting
from tests.waiting import until

STREAM_ONLY = {"accept": "text/event-stream"}


def a_session(version: str = "2025-11-25") -> Session:
    return Session(uuid4().hex, uuid4(), version)


def prompt(session: Talk, size: int) -> dict[str, Any]:
    """A request whose answer is as large as that, and made of nothing but its arguments."""
    params = {"name": "notes_to_cv", "arguments": {"notes": "x" * size}}
    return session.request("prompts/get", params)


async def kept(services: Services) -> int:
    """Bytes that Redis takes for MCP."""
    return sum(
        [await services.redis.memory_usage(key) async for key in services.redis.scan_iter("mcp:*")]
    )


async def told(events: Events, session: Session, stream: str, entry: str = "0-0") -> list[Event]:
    """All that follows in a stream that ends."""
    async with asyncio.timeout(60):
        found = await events.after(session, stream, entry)
        return [event async for event in found if event is not None]


@pytest.fixture
def events(services: Services) -> Events:
    return Events(services.redis)


async def test_a_large_answer_goes_to_who_is_there_and_is_not_kept(
    talk: Talk, services: Services
) -> None:
    session = await talk.begin()
    body = prompt(session, 1_000_000)
    async with session.stream("POST", body=body, **STREAM_ONLY) as found:
        primed, answer = [event async for event in found]
    assert len(answer.data) > 1_000_000
    assert await kept(services) < 100_000
    [missed] = await rest(session, primed.id)
    assert missed["id"] == body["id"]
    assert "not kept" in missed["error"]["message"]


async def rest(session: Talk, event_id: str) -> list[Any]:
    async with session.stream(**{"last-event-id": event_id}) as found:
        return [event.message async for event in found]


async def test_a_session_keeps_only_so_much(talk: Talk, services: Services) -> None:
    session = await talk.begin()
    for _ in range(25):
        async with session.stream("POST", body=prompt(session, 200_000), **STREAM_ONLY) as found:
            *_, answer = [event async for event in found]
        assert len(answer.data) > 200_000
    assert 1_000_000 < await kept(services) < events_module.SESSION_BYTES * 1.1


async def test_an_account_keeps_only_so_much_in_all_its_sessions(
    talk: Talk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "ACCOUNT_BYTES", 500_000)
    for _ in range(6):
        session = await talk.begin()
        async with session.stream("POST", body=prompt(session, 200_000), **STREAM_ONLY) as found:
            assert [event async for event in found]
    assert await kept(services) < 900_000


async def test_many_small_events_are_bounded_too(services: Services, events: Events) -> None:
    session = a_session()
    ids = {(await events.append(session, STANDALONE, b"{}")).id for _ in range(1500)}
    assert len(ids) == 1500
    key = f"mcp:events:{session.key}:{STANDALONE}"
    assert await services.redis.xlen(key) < 700
    assert await services.redis.ttl(key) > 0


async def test_a_stream_with_hardly_anything_in_it_is_bounded_as_well(
    services: Services, events: Events
) -> None:
    session = a_session()
    for number in range(1500):
        await events.append(session, f"s{number}", b"{}", request_id=number)
    assert await kept(services) < events_module.SESSION_BYTES * 1.5


async def test_a_stream_that_has_ended_is_kept_for_a_shorter_time(
    services: Services, events: Events
) -> None:
    session = a_session()
    key = f"mcp:events:{session.key}:s"
    await events.append(session, "s", b"{}", request_id=1)
    assert await services.redis.ttl(key) > 120
    await events.append(session, "s", b"{}", last=True, request_id=1)
    assert 0 < await services.redis.ttl(key) <= 120
    for name in [name async for name in services.redis.scan_iter("mcp:*")]:
        assert await services.redis.ttl(name) > 0, name


async def test_who_comes_back_for_a_call_of_a_dead_process_is_told_so(
    services: Services, events: Events
) -> None:
    session = a_session()
    begun = await events.append(session, "s", b"", request_id="call 7")
    record = f"mcp:reply:{session.key}:s"
    alive = await services.redis.ttl(record)
    await services.redis.expire(record, alive - events_module.LEASE_SECONDS - 1)
    _, _, entry = begun.id.partition(".")
    [event] = await told(events, session, "s", entry)
    assert json.loads(event.data)["id"] == "call 7"
    assert "ended before" in json.loads(event.data)["error"]["message"]


async def test_who_comes_back_for_a_stream_that_is_gone_is_told_so(
    services: Services, events: Events
) -> None:
    session = a_session()
    begun = await events.append(session, "s", b"", request_id=7)
    await services.redis.delete(f"mcp:events:{session.key}:s")
    _, _, entry = begun.id.partition(".")
    [event] = await told(events, session, "s", entry)
    assert json.loads(event.data)["id"] == 7


async def test_who_has_seen_the_answer_is_told_nothing_more(events: Events) -> None:
    session = a_session()
    answer = await events.append(session, "s", b"{}", last=True, request_id=7)
    _, _, entry = answer.id.partition(".")
    assert await told(events, session, "s", entry) == []


async def test_a_process_renews_what_it_is_at(
    talk: Talk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply, "LEASE_SECONDS", 0.3)
    session = await talk.begin()
    async with session.stream("POST", body=waiting(1)) as found:
        await anext(found)
        [record] = [key async for key in services.redis.scan_iter("mcp:reply:*")]
        alive = await services.redis.ttl(record)
        await services.redis.expire(record, 60)

        async def renewed() -> bool:
            return bool(await services.redis.ttl(record) >= alive - 2)

        await until(renewed)


async def test_an_answer_reaches_who_is_there_without_redis() -> None:
    gone = Redis.from_url("unix:///nonexistent/valkey.sock")
    answering = Reply(Events(gone), a_session(), 1)
    await answering.tell(b'{"progress":1}')
    await answering.finish(b'{"result":1}')
    answering.settle()
    frames = [frame async for frame in answering.frames()]
    await gone.aclose()
    assert b'{"progress":1}' in frames[-2]
    assert b'{"result":1}' in frames[-1]
    assert not any(frame.startswith(b"id:") for frame in frames)


async def test_a_stream_that_can_not_be_read_is_refused_before_it_begins() -> None:
    gone = Redis.from_url("unix:///nonexistent/valkey.sock")
    with pytest.raises(DependencyUnavailable):
        await Events(gone).after(a_session(), "s", "0-0")
    await gone.aclose()


# The legacy transport


@pytest.fixture
async def old(services: Services) -> Session:
    sessions = Sessions(services.redis, idle_seconds=60, most_each=5)
    _, session = await sessions.begin(uuid4(), None)
    return session


@pytest.fixture
def legacy(services: Services) -> LegacyEvents:
    return LegacyEvents(services.redis)


async def test_what_waits_for_a_legacy_client_is_bounded(
    services: Services, legacy: LegacyEvents, old: Session
) -> None:
    for number in range(4):
        await legacy.deliver(old, b"x" * 3_000_000, request_id=number)
    await legacy.deliver(old, b"x" * 3_000_000)  # no answer: nobody waits for it
    assert await kept(services) < legacy_events.SESSION_BYTES
    found = []
    async for event in legacy.all(old):
        if event is None:
            break
        found.append(event.data)
    assert [len(data) for data in found[:2]] == [3_000_000] * 2
    assert [json.loads(data)["id"] for data in found[2:]] == [2, 3]
    assert "fit" in json.loads(found[2])["error"]["message"]


async def test_what_a_legacy_client_has_taken_makes_room(
    services: Services, legacy: LegacyEvents, old: Session
) -> None:
    taken = legacy.all(old)
    for number in range(5):
        await legacy.deliver(old, b"x" * 5_000_000, request_id=number)
        event = await anext(taken)
        assert event is not None
        assert len(event.data) == 5_000_000
        assert await anext(taken) is None
    await taken.aclose()
    assert await kept(services) < 100_000


async def test_an_account_has_only_so_much_waiting_in_all_its_legacy_sessions(
    services: Services, legacy: LegacyEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy_events, "ACCOUNT_BYTES", 1_000_000)
    sessions, account_id = Sessions(services.redis, idle_seconds=60, most_each=9), uuid4()
    for _ in range(4):
        _, session = await sessions.begin(account_id, None)
        await legacy.deliver(session, b"x" * 400_000, request_id=1)
    assert await kept(services) < 1_000_000


async def test_a_legacy_session_that_has_ended_keeps_nothing(
    services: Services, legacy: LegacyEvents, old: Session
) -> None:
    await legacy.deliver(old, b"{}")
    await Sessions(services.redis, idle_seconds=60, most_each=5).end(old)
    await legacy.forget(old)
    await legacy.deliver(old, b"{}", request_id=1)
    left = [key async for key in services.redis.scan_iter("mcp:*")]
    assert left == [f"mcp:waiting:of:{old.account_id}".encode()]
    assert await services.redis.get(left[0]) == b"0"


async def test_a_large_answer_reaches_a_legacy_client_and_does_not_stay(
    talk: Talk, services: Services
) -> None:
    async with talk.stream(path="/v1/mcp/sse") as found:
        place = await place_of(found)
        params = {
            "protocolVersion": "2024-11-05",
            "capabilities": {},
            "clientInfo": {"name": "old", "version": "1"},
        }
        await talk.http.post(place, json=talk.request("initialize", params))
        await anext(found)
        await talk.http.post(place, json=prompt(talk, 1_000_000))
        assert len((await anext(found)).data) > 1_000_000

        async def dropped() -> bool:
            return await kept(services) < 100_000

        await until(dropped)


async def test_an_id_that_is_long_is_no_id(talk: Talk) -> None:
    session = await talk.begin()
    answer: httpx.Response = await session.post(
        {"jsonrpc": "2.0", "id": "x" * 100_000, "method": "ping"}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32600
    with pytest.raises(messages.NotAMessage):
        messages.read({"jsonrpc": "2.0", "id": "x" * 201, "method": "ping"})
