"""The rate of a caller: every message is counted, and once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.settings import Settings
from tests.conftest import serving
from tests.mcp.talking import BOTH, Talk

MODERN = "2026-07-28"
META = {
    "_meta": {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
}
WRONG_WAIT = {"name": "resume.create_job", "arguments": {"wait": 99}}


@pytest.fixture
async def slow(settings: Settings, talk: Talk) -> AsyncIterator[Talk]:
    """The caller at a server where a rate hardly recovers."""
    limited = dataclasses.replace(settings, request_rate=0.001, burst_seconds=20_000)
    headers = {"authorization": talk.http.headers["authorization"]}
    async with (
        serving(limited) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http,
    ):
        yield Talk(http)


def left(answer: httpx.Response) -> int:
    found = re.search(r"r=(\d+)", answer.headers["ratelimit"])
    assert found is not None
    return int(found[1])


async def unknown_tool(session: Talk) -> httpx.Response:
    return await session.send("tools/call", {"name": "no.such_tool"})


async def wrong_wait(session: Talk) -> httpx.Response:
    return await session.send("tools/call", WRONG_WAIT)


async def good_call(session: Talk) -> httpx.Response:
    return await session.send("tools/call", {"name": "profile.get", "arguments": {}})


async def good_call_as_stream(session: Talk) -> httpx.Response:
    return await session.send(
        "tools/call", {"name": "profile.get", "arguments": {}}, accept="text/event-stream"
    )


async def good_call_either_way(session: Talk) -> httpx.Response:
    return await session.send("tools/call", {"name": "profile.get", "arguments": {}}, **BOTH)


async def no_session(session: Talk) -> httpx.Response:
    answer: httpx.Response = await session.send(
        "tools/call", {"name": "profile.get"}, **{"mcp-session-id": "x" * 43}
    )
    return answer


async def another_method_than_the_header_says(session: Talk) -> httpx.Response:
    headers = {
        "mcp-protocol-version": MODERN,
        "mcp-method": "tools/call",
        "mcp-name": "profile.get",
    }
    body = session.request("tools/list", META)
    return await session.http.post("/v1/mcp", json=body, headers=headers)


async def wrapper_without_the_tool(session: Talk) -> httpx.Response:
    return await session.http.post("/v1/mcp/tools/call", json={"name": "no.such_tool"})


async def wrapper_with_a_wrong_wait(session: Talk) -> httpx.Response:
    return await session.http.post("/v1/mcp/tools/call", json=WRONG_WAIT)


async def resource(session: Talk) -> httpx.Response:
    return await session.send("resources/read", {"uri": "profile://me"})


async def resources(session: Talk) -> httpx.Response:
    return await session.send("resources/list")


async def prompt(session: Talk) -> httpx.Response:
    params = {"name": "tailor_cv", "arguments": {"posting": "A posting."}}
    return await session.send("prompts/get", params)


async def ping(session: Talk) -> httpx.Response:
    return await session.send("ping")


ASKED = (
    unknown_tool,
    wrong_wait,
    good_call,
    good_call_as_stream,
    good_call_either_way,
    no_session,
    another_method_than_the_header_says,
    wrapper_without_the_tool,
    wrapper_with_a_wrong_wait,
    resource,
    resources,
    prompt,
    ping,
)


@pytest.mark.parametrize("ask", ASKED, ids=[ask.__name__ for ask in ASKED])
async def test_every_message_is_counted_once(slow: Talk, ask: Any) -> None:
    session = await slow.begin()
    before = left(await session.send("ping"))
    for number in range(1, 4):
        assert left(await ask(session)) == before - number


async def test_who_has_used_up_the_rate_is_refused_what_fails_early_too(slow: Talk) -> None:
    session = await slow.begin()
    answers = [await unknown_tool(session) for _ in range(25)]
    assert [answers[0].status_code, answers[-1].status_code] == [200, 429]
    assert answers[-1].headers["retry-after"]


async def test_each_message_of_a_batch_is_counted(slow: Talk) -> None:
    session = await slow.begin("2025-03-26")
    before = left(await session.send("ping"))
    await session.post([session.request("ping") for _ in range(5)])
    assert left(await session.send("ping")) <= before - 6
