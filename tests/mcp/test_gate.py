"""Nobody is let in on what a credential was good for before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.services import Services
from tests.mcp.talking import BOTH, Talk, bearer
from tests.people import table

MODERN = "2026-07-28"
META = {
    "_meta": {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
}
CV_DATA = json.loads((Path(__file__).parents[2] / "app/cv/example.json").read_text())["cv_data"]
CREATE = {"request_id": "one", "cv_data": CV_DATA}
CALLS = {
    "that is fine": {"name": "resume.create_job", "arguments": CREATE},
    "that only reads": {"name": "resume.list_jobs", "arguments": {}},
    "with bad arguments": {"name": "resume.get_job", "arguments": {"job": "7"}},
    "of an unknown tool": {"name": "no.such_tool", "arguments": {}},
}
SPELLINGS = {"JSON": {"accept": "application/json"}, "both": BOTH}


async def in_session(talk: Talk, call: Any, accept: dict[str, str]) -> httpx.Response:
    return await talk.send("tools/call", call, **accept)


async def modern(talk: Talk, call: Any, accept: dict[str, str]) -> httpx.Response:
    headers = {
        "mcp-protocol-version": MODERN,
        "mcp-method": "tools/call",
        "mcp-name": call["name"],
        **accept,
    }
    body = talk.request("tools/call", {**call, **META})
    return await talk.http.post("/v1/mcp", json=body, headers=headers)


async def revoke(services: Services) -> None:
    await table(services, "UPDATE personal_tokens SET revoked_at = now()")


async def jobs(services: Services) -> int:
    (row,) = await table(services, "SELECT count(*) AS number FROM resume_jobs")
    return int(row["number"])


@pytest.mark.parametrize("accept", SPELLINGS)
@pytest.mark.parametrize("era", [in_session, modern], ids=["in a session", "without one"])
@pytest.mark.parametrize("call", CALLS)
async def test_a_revoked_token_calls_nothing(
    talk: Talk, services: Services, call: str, era: Any, accept: str
) -> None:
    begun = await talk.begin()
    created = await era(begun, CALLS["that is fine"], SPELLINGS[accept])
    assert created.json()["result"]["structuredContent"]["job"]["status"] == "queued"
    await revoke(services)
    for _ in range(2):  # once recognised, and once not any more
        answer = await era(begun, CALLS[call], SPELLINGS[accept])
        assert answer.status_code == 401, answer.text
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert await jobs(services) == 1


@pytest.mark.parametrize("method", ["tools/list", "ping", "initialize"])
async def test_a_revoked_token_asks_nothing_else(
    talk: Talk, services: Services, method: str
) -> None:
    begun = await talk.begin()
    assert (await begun.send("ping")).status_code == 200
    await revoke(services)
    assert (await begun.send(method, {})).status_code == 401


async def test_a_revoked_token_is_told_nothing_of_what_is_wrong_besides(
    talk: Talk, services: Services
) -> None:
    begun = await talk.begin()
    await revoke(services)
    text = {"content-type": "text/plain"}
    for content, headers in ((b"{", {}), (b"[]", {}), (b"{}", {}), (b"{}", text)):
        answer = await begun.http.post(
            "/v1/mcp",
            content=content,
            headers={"content-type": "application/json", **begun.headers, **headers},
        )
        assert answer.status_code == 401, (content, answer.text)


async def test_a_notification_called_like_a_tool_call_admits_nobody(
    talk: Talk, services: Services
) -> None:
    begun = await talk.begin()
    await revoke(services)
    message = {"jsonrpc": "2.0", "method": "tools/call", "params": CALLS["that is fine"]}
    assert (await begun.post(message)).status_code == 401


@pytest.mark.parametrize("accept", SPELLINGS)
@pytest.mark.parametrize("era", [in_session, modern], ids=["in a session", "without one"])
async def test_a_stranger_calls_nothing(
    talk: Talk, services: Services, era: Any, accept: str
) -> None:
    begun = await talk.begin()
    begun.http.headers["authorization"] = "Bearer vt_of_nobody"
    answer = await era(begun, CALLS["that is fine"], SPELLINGS[accept])
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"
    assert await jobs(services) == 0


async def test_a_recognised_caller_of_one_session_has_not_another_ones(
    talk: Talk, services: Services
) -> None:
    own = await talk.begin()
    assert (await own.call("resume.list_jobs"))["isError"] is False
    talk.http.headers.update(await bearer(services, "bob"))
    bobs = await Talk(talk.http).begin()
    assert (await bobs.call("resume.list_jobs"))["isError"] is False
    assert (await in_session(own, CALLS["that only reads"], {})).status_code == 404
