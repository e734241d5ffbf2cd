"""The Streamable HTTP transport: who is let in, what a session is, and what is refused how."""

from __future__ import annotations

import dataclasses
import json
import re

import httpx
import pytest

from app.services import Services
from app.settings import Settings
from schema.types.access import Scope
from tests.conftest import serving
from tests.mcp.talking import ALL_SCOPES, BOTH, Talk, bearer
from tests.people import Person, table

VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": "init-1",
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-03-26",
        "capabilities": {},
        "clientInfo": {"name": "cli", "version": "0.1.0"},
    },
}
PING = {"jsonrpc": "2.0", "id": 7, "method": "ping"}


@pytest.mark.parametrize("version", VERSIONS)
async def test_each_version_of_the_handshake_era_is_spoken(talk: Talk, version: str) -> None:
    session = await talk.begin(version)
    tools = (await session.ask("tools/list"))["tools"]
    assert "resume.create_job" in [tool["name"] for tool in tools]


async def test_an_unknown_version_is_answered_with_the_newest(talk: Talk) -> None:
    params = {**INITIALIZE["params"], "protocolVersion": "1999-01-01"}  # type: ignore[dict-item]
    answer = await talk.post({**INITIALIZE, "params": params})
    assert answer.json()["result"]["protocolVersion"] == "2025-11-25"


async def test_the_era_without_sessions_needs_none(talk: Talk) -> None:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "pytest", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    headers = {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list"}
    answer = await talk.post(
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}, **headers
    )
    assert answer.status_code == 200, answer.text
    assert "mcp-session-id" not in answer.headers
    assert answer.json()["result"]["tools"]


async def test_a_session_id_has_256_bits_and_is_new_each_time(talk: Talk) -> None:
    ids = [(await talk.begin()).headers["mcp-session-id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", session_id) for session_id in ids)


async def test_redis_does_not_know_the_id_of_a_session(talk: Talk, services: Services) -> None:
    session_id = (await talk.begin()).headers["mcp-session-id"].encode()
    keys = [key async for key in services.redis.scan_iter("mcp:*")]
    assert keys
    for key in keys:
        assert session_id not in key
        kept = await services.redis.dump(key)
        assert kept is None or session_id not in kept


async def test_without_a_token_there_is_a_challenge_without_an_error(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        for method in ("POST", "GET", "DELETE"):
            answer = await http.request(method, "/v1/mcp", headers=BOTH)
            assert answer.status_code == 401
            challenge = answer.headers["www-authenticate"]
            assert challenge.startswith('Bearer realm="vitae"')
            assert "error=" not in challenge


async def test_a_bad_token_is_told_so(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        answer = await http.post(
            "/v1/mcp", json=INITIALIZE, headers={"authorization": "Bearer vt_no"}
        )
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_a_token_that_may_not_connect_is_told_what_it_lacks(
    base_url: str, services: Services
) -> None:
    headers = await bearer(services, "bob", Scope.RESUME_GENERATE)
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
        answer = await http.post("/v1/mcp", json=INITIALIZE)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "insufficient_scope"
    assert 'error="insufficient_scope", scope="mcp:connect"' in answer.headers["www-authenticate"]


async def test_a_stranger_gets_401_whatever_is_sent(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        for content in (b"", b"{", b"[]", b'{"jsonrpc":"2.0"}', b"x" * 5_000_000):
            assert (await http.post("/v1/mcp", content=content)).status_code in (401, 413)


async def test_a_page_of_another_origin_is_refused(talk: Talk, settings: Settings) -> None:
    refused = await talk.post(INITIALIZE, origin="https://evil.example")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "origin_not_allowed"
    assert (await talk.post(INITIALIZE, origin="null")).status_code == 403
    assert (await talk.post(INITIALIZE, origin=settings.public_url)).status_code == 200


async def test_a_listed_origin_may_call(settings: Settings, talk: Talk) -> None:
    listed = dataclasses.replace(settings, cors_origins="https://app.example")
    headers = {"authorization": talk.http.headers["authorization"]}
    async with (
        serving(listed) as url,
        httpx.AsyncClient(base_url=url, headers=headers) as http,
    ):
        answer = await talk.at(http).post(INITIALIZE, origin="https://app.example")
        assert answer.status_code == 200
        assert "mcp-session-id" in answer.headers["access-control-expose-headers"]


async def test_a_request_without_a_session_says_to_initialize(talk: Talk) -> None:
    answer = await talk.post(PING)
    assert answer.status_code == 400
    assert answer.json()["id"] == 7
    assert "initialize" in answer.json()["error"]["message"]


async def test_unknown_deleted_and_foreign_sessions_are_not_told_apart(
    talk: Talk, base_url: str, services: Services
) -> None:
    mine, gone = await talk.begin(), await talk.begin()
    assert (await gone.http.delete("/v1/mcp", headers=gone.headers)).status_code == 204
    headers = await bearer(services, "bob")
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
        answers = [
            await mine.at(http).post(PING),
            await gone.post(PING),
            await talk.post(PING, **{"mcp-session-id": "x" * 43}),
            await talk.post(PING, **{"mcp-session-id": "x" * 5000}),
        ]
    assert {answer.status_code for answer in answers} == {404}
    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert (await mine.post(PING)).status_code == 200  # the stranger has changed nothing


async def test_another_token_of_the_account_goes_on_with_a_session(
    base_url: str, services: Services
) -> None:
    ann = await Person(services).signed_in()
    one, two = [(await ann.new_token(*ALL_SCOPES)).token for _ in range(2)]
    async with httpx.AsyncClient(base_url=base_url) as http:
        session = await Talk(http, {"authorization": f"Bearer {one}"}).begin()
        answer = await session.post(PING, authorization=f"Bearer {two}")
        assert answer.status_code == 200


async def test_a_revoked_token_ends_at_once_what_its_session_may_do(
    talk: Talk, services: Services
) -> None:
    session = await talk.begin()
    await table(services, "UPDATE personal_tokens SET revoked_at = now()")
    assert (await session.post(PING)).status_code == 401


async def test_a_session_goes_on_at_another_server(talk: Talk, other: httpx.AsyncClient) -> None:
    session = await talk.begin()
    assert await session.at(other).ask("ping") == {}
    assert (await other.delete("/v1/mcp", headers=session.headers)).status_code == 204
    assert (await session.post(PING)).status_code == 404


async def test_a_session_that_is_used_lives_on(
    settings: Settings, services: Services, talk: Talk
) -> None:
    session = await talk.begin()
    [key] = [key async for key in services.redis.scan_iter("mcp:session:*")]
    await services.redis.expire(key, 60)
    await session.ask("ping")
    assert await services.redis.ttl(key) > settings.mcp_session_minutes * 60 - 60


async def test_an_account_has_only_so_many_sessions(settings: Settings, talk: Talk) -> None:
    few = dataclasses.replace(settings, mcp_sessions_per_account=2)
    headers = {"authorization": talk.http.headers["authorization"]}
    async with serving(few) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        there = talk.at(http)
        first = await there.begin()
        await there.begin()
        refused = await there.post(INITIALIZE)
        assert refused.status_code == 429
        assert refused.headers["retry-after"]
        await http.delete("/v1/mcp", headers=first.headers)
        await there.begin()


async def test_sessions_that_expired_make_room(
    settings: Settings, services: Services, talk: Talk
) -> None:
    few = dataclasses.replace(settings, mcp_sessions_per_account=1)
    headers = {"authorization": talk.http.headers["authorization"]}
    async with serving(few) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        await talk.at(http).begin()
        [key] = [key async for key in services.redis.scan_iter("mcp:session:*")]
        await services.redis.delete(key)
        await talk.at(http).begin()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b'"x"', -32600),
        (b"{}", -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":5}', -32600),
        (b"[]", -32600),
        (b"\xff\xfe", -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"\\ud800"}', -32700),
        (b"[" * 100_000, -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":' + b'{"a":' * 5000, -32700),
    ],
)
async def test_what_is_no_message_is_refused(talk: Talk, body: bytes, code: int) -> None:
    session = await talk.begin()
    answer = await session.http.post(
        "/v1/mcp", content=body, headers={**session.headers, "content-type": "application/json"}
    )
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == code
    assert answer.json()["jsonrpc"] == "2.0"


async def test_an_unknown_method_is_a_jsonrpc_error(talk: Talk) -> None:
    answer = await (await talk.begin()).send("no/such")
    assert answer.json()["error"]["code"] == -32601


async def test_parameters_of_the_wrong_shape_are_a_jsonrpc_error(talk: Talk) -> None:
    answer = await (await talk.begin()).send("tools/call", {"name": 5})
    assert answer.json()["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"accept": "text/html"}, 406),
        ({"content-type": "text/plain"}, 415),
        ({"accept": "*/*"}, 200),
        ({"accept": "application/json"}, 200),
        ({"accept": "application/*;q=0.8"}, 200),
    ],
)
async def test_media_types_are_agreed_on(talk: Talk, headers: dict[str, str], status: int) -> None:
    session = await talk.begin()
    content = json.dumps(PING).encode()
    sent = {"content-type": "application/json", **session.headers, **headers}
    answer = await session.http.post("/v1/mcp", content=content, headers=sent)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.headers["content-type"] == "application/json"


async def test_a_body_beyond_4_mib_is_refused(talk: Talk) -> None:
    session = await talk.begin()
    answer = await session.send("tools/call", {"name": "x", "arguments": {"a": "x" * 4_200_000}})
    assert answer.status_code == 413


async def test_batches_belong_to_one_version(talk: Talk) -> None:
    batch = [PING, {"jsonrpc": "2.0", "method": "notifications/initialized"}, {**PING, "id": "b"}]
    session = await talk.begin("2025-03-26")
    answer = await session.post(batch)
    assert [part["id"] for part in answer.json()] == [7, "b"]
    assert (await session.post(batch[1:2])).status_code == 202
    mixed = (await session.post([PING, 5])).json()
    assert mixed[0]["result"] == {}
    assert mixed[1]["error"]["code"] == -32600
    for version in ("2024-11-05", "2025-06-18", "2025-11-25"):
        assert (await (await talk.begin(version)).post(batch)).status_code == 400


async def test_a_notification_is_taken_without_an_answer(talk: Talk) -> None:
    answer = await (await talk.begin()).post(
        {"jsonrpc": "2.0", "method": "notifications/initialized"}
    )
    assert (answer.status_code, answer.content) == (202, b"")


async def test_other_methods_are_named(talk: Talk) -> None:
    answer = await talk.http.put("/v1/mcp")
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


async def test_only_so_many_requests_are_answered_at_once(settings: Settings, talk: Talk) -> None:
    none = dataclasses.replace(settings, mcp_calls_per_account=0)
    headers = {"authorization": talk.http.headers["authorization"]}
    async with serving(none) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        session = await talk.at(http).begin()
        for accept in ({}, BOTH):
            answer = await session.send("ping", None, **accept)
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == "1"
