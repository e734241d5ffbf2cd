"""The retired chats: who may ask is told that they are gone, whatever is sent."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from app.logs import configure_logging
from app.services import Services
from app.settings import Settings
from schema.types.access import Scope
from tests.people import Person

PATHS = ["/v1/chat/completions", "/v1/responses"]
BODIES: dict[str, dict[str, Any]] = {
    "none": {},
    "a-chat": {"json": {"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}]}},
    "broken-json": {"content": b"{", "headers": {"content-type": "application/json"}},
    "no-json": {"content": b"<a/>", "headers": {"content-type": "application/xml"}},
    "huge": {"content": b"x" * 12_000_000},
    "managed": {"json": {}, "headers": {"x-ai-mode": "managed"}},
    "no-mode": {"json": {}, "headers": {"x-ai-mode": "nonsense"}},
    "a-query": {"params": {"unknown": "1"}},
    "a-condition": {"headers": {"if-match": '"1"'}},
}


@pytest.fixture
async def chatting(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a personal token that is good for chats only."""
    ann = await Person(services).signed_in()
    headers = {"authorization": f"Bearer {(await ann.new_token(Scope.CHAT_RUN)).token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sent", BODIES.values(), ids=BODIES)
async def test_it_is_gone_whatever_is_sent(
    chatting: httpx.AsyncClient, path: str, sent: dict[str, Any]
) -> None:
    answer = await chatting.post(path, **sent)
    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "managed_chat_removed"
    assert answer.json()["error"]["retryable"] is False


@pytest.mark.parametrize("path", PATHS)
async def test_the_answer_says_since_when_and_what_to_use_instead(
    chatting: httpx.AsyncClient, path: str
) -> None:
    answer = await chatting.post(path, json={}, headers={"x-request-id": "req_gone"})
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "req_gone"
    sunset = parsedate_to_datetime(answer.headers["sunset"])
    assert answer.headers["sunset"] == "Sun, 01 Feb 2026 00:00:00 GMT"
    assert answer.headers["deprecation"] == f"@{sunset.timestamp():.0f}"
    details = answer.json()["error"]["details"]
    assert details["sunset"] == "2026-02-01T00:00:00.000Z"
    assert details["instead"]["resume_jobs"] == "/v1/resume/jobs"
    assert details["instead"]["mcp"] == "/v1/mcp"
    documentation = answer.links["deprecation"]["url"]
    assert documentation == details["instead"]["documentation"]
    page = await chatting.get(documentation)
    assert page.status_code == 200
    assert path in page.text


@pytest.mark.parametrize("path", PATHS)
async def test_credentials_and_scope_come_first(
    client: httpx.AsyncClient, token: httpx.AsyncClient, services: Services, path: str
) -> None:
    stranger = await client.post(path, content=b"{")
    assert stranger.status_code == 401
    assert "sunset" not in stranger.headers
    lacking = await token.post(path, content=b"{")
    assert lacking.status_code == 403
    assert lacking.json()["error"]["details"] == {"required": "chat:run"}
    ben = await Person(services).signed_in("ben")
    with_key = await client.post(path, headers={"x-api-key": (await ben.new_key()).key})
    assert with_key.status_code == 401
    bad = await client.post(path, headers={"authorization": "Bearer nonsense"})
    assert bad.status_code == 401


@pytest.mark.parametrize("path", PATHS)
async def test_a_session_is_told_it_too(session: httpx.AsyncClient, path: str) -> None:
    assert (await session.post(path)).status_code == 410


async def test_the_connection_serves_on_after_a_body_that_nobody_read(
    chatting: httpx.AsyncClient,
) -> None:
    for _ in range(3):
        assert (await chatting.post(PATHS[0], content=b"x" * 2_000_000)).status_code == 410
        assert (await chatting.get("/v1/auth/me")).json()["authenticated"] is True


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_no_other_method_is_taken(chatting: httpx.AsyncClient, method: str) -> None:
    answer = await chatting.request(method, PATHS[0])
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


async def test_the_log_names_route_and_caller(
    settings: Settings,
    chatting: httpx.AsyncClient,
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logging(dataclasses.replace(settings, log_level="info"))
    try:
        asked = {"x-request-id": "req_gone"}
        await chatting.post(PATHS[1], json={"input": "s3cret"}, headers=asked)
    finally:
        configure_logging(settings)
    written = capfd.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    line = next(line for line in lines if line.get("request_id") == "req_gone")
    assert (line["method"], line["route"], line["status"]) == ("POST", PATHS[1], 410)
    me = (await chatting.get("/v1/auth/me")).json()["principal"]
    assert (line["principal"], line["credential"]) == (me["account_id"], me["credential_id"])
    assert "s3cret" not in written


async def test_graphql_has_nothing_to_call(session: httpx.AsyncClient) -> None:
    query = "{ __schema { mutationType { fields { name } } queryType { fields { name } } } }"
    schema = (await session.post("/graphql", json={"query": query})).json()["data"]["__schema"]
    names = {field["name"] for root in schema.values() for field in root["fields"]}
    assert "models" in names
    # The studio's is for services of this installation, and was never public.
    chats = {name for name in names if "chat" in name.lower()}
    assert chats == {"authCheckChat", "studioChat"}


async def test_it_counts_against_the_rate_as_anything_does(chatting: httpx.AsyncClient) -> None:
    answer = await chatting.post(PATHS[0])
    assert '"burst"' in answer.headers["ratelimit"]
