"""What Redis has of sessions: no more than the server needs, and nothing for ever."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from app.services import Services
from app.settings import Settings
from rest_compat.mcp.clients import MOST_BYTES
from rest_compat.mcp.sessions import Sessions
from tests.mcp.talking import Talk
from tests.mcp.test_streams import place_of

LARGE: dict[str, tuple[Any, Any]] = {
    "a long name": ({"name": "x" * 100_000, "version": "1"}, {}),
    "a long title": ({"name": "x", "version": "1", "title": "x" * 100_000}, {}),
    "many capabilities": (
        {"name": "x", "version": "1"},
        {"experimental": {f"k{number}": {} for number in range(5000)}},
    ),
}


def said(client: Any, capabilities: Any) -> dict[str, Any]:
    return {"protocolVersion": "2024-11-05", "capabilities": capabilities, "clientInfo": client}


@pytest.mark.parametrize("what", LARGE)
async def test_a_client_that_says_too_much_of_itself_begins_no_session(
    talk: Talk, services: Services, what: str
) -> None:
    answer = await talk.send("initialize", said(*LARGE[what]))
    assert answer.json()["error"]["code"] == -32602
    assert "mcp-session-id" not in answer.headers
    assert [key async for key in services.redis.scan_iter("mcp:session*")] == []


@pytest.mark.parametrize("what", LARGE)
async def test_a_legacy_client_that_says_too_much_of_itself_is_refused(
    talk: Talk, services: Services, what: str
) -> None:
    async with talk.stream(path="/v1/mcp/sse") as events:
        place = await place_of(events)
        await talk.http.post(place, json=talk.request("initialize", said(*LARGE[what])))
        assert (await anext(events)).message["error"]["code"] == -32602
        [kept] = await kept_sessions(services)
        assert kept["version"] is None


async def test_of_a_client_is_kept_what_the_server_uses(talk: Talk, services: Services) -> None:
    client = {"name": "n" * 300, "version": "1", "title": "t", "websiteUrl": "https://x.example"}
    able: dict[str, Any] = {"sampling": {}, "experimental": {"x": {}}, "whatever": {"y": 1}}
    answer = await talk.send("initialize", said(client, able))
    assert answer.status_code == 200
    [kept] = await kept_sessions(services)
    assert kept["client"] == {"name": "n" * 200, "version": "1"}
    assert kept["capabilities"] == {"sampling": {}}
    assert len(orjson.dumps(kept)) < MOST_BYTES + 300


async def kept_sessions(services: Services) -> list[Any]:
    keys = [key async for key in services.redis.scan_iter("mcp:session:*")]
    return [orjson.loads(await services.redis.get(key)) for key in keys]


async def test_the_list_of_an_accounts_sessions_outlives_them_and_ends(
    talk: Talk, services: Services, settings: Settings, other: httpx.AsyncClient
) -> None:
    session = await talk.begin()
    idle = settings.mcp_session_minutes * 60
    [key] = [key async for key in services.redis.scan_iter("mcp:sessions:*")]
    assert idle < await services.redis.ttl(key) <= 2 * idle
    await services.redis.expire(key, 60)
    await session.at(other).ask("ping")  # a process that has not seen the account before
    assert await services.redis.ttl(key) > idle


async def test_a_stream_that_is_held_open_keeps_the_list_too(services: Services) -> None:
    sessions = Sessions(services.redis, idle_seconds=60, most_each=5)
    _, session = await sessions.begin(uuid4(), "2025-11-25")
    key = f"mcp:sessions:{session.account_id}"
    await services.redis.expire(key, 5)
    assert await sessions.stands(session)
    assert await services.redis.ttl(key) > 60
