"""`vitae mcp`: lines of JSON-RPC in, lines out, and the server's sessions between."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from app.services import Services
from tests.cli.shell import Shell, terminate
from tests.waiting import until

VERSION = "2025-06-18"
HELLO = {
    "protocolVersion": VERSION,
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}
MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": HELLO["clientInfo"],
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass
class Talk:
    """A client that has started the bridge."""

    process: subprocess.Popen[bytes]

    async def line(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        await asyncio.to_thread(self.process.stdin.flush)

    async def say(self, method: str, **message: Any) -> None:
        said = {"jsonrpc": "2.0", "method": method, **message}
        await self.line(json.dumps(said).encode() + b"\n")

    async def hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(await asyncio.to_thread(self.process.stdout.readline))

    async def begin(self) -> None:
        await self.say("initialize", id=0, params=HELLO)
        assert (await self.hear())["result"]["protocolVersion"] == VERSION
        await self.say("notifications/initialized")


@pytest.fixture
async def talk(ann: Shell) -> AsyncIterator[Talk]:
    process = ann.start("mcp")
    yield Talk(process)
    process.kill()
    await asyncio.to_thread(process.communicate)


async def test_a_line_that_is_no_json_is_answered_and_the_next_one_works(talk: Talk) -> None:
    await talk.begin()
    await talk.line(b"{\n\n")
    assert (await talk.hear())["error"]["code"] == -32700
    await talk.say("ping", id="a")
    assert await talk.hear() == {"jsonrpc": "2.0", "id": "a", "result": {}}


async def test_questions_at_once_are_all_answered(talk: Talk) -> None:
    await talk.begin()
    for number in range(1, 9):
        await talk.say("tools/call", id=number, params={"name": "profile.get"})
    answers = [await talk.hear() for _ in range(8)]
    assert {answer["id"] for answer in answers} == set(range(1, 9))
    assert not any(answer["result"].get("isError") for answer in answers)


async def test_a_session_that_the_server_forgot_is_begun_anew(
    talk: Talk, services: Services
) -> None:
    await talk.begin()
    await services.redis.flushdb()
    for number in (1, 2):
        await talk.say("tools/list", id=number)
        assert (await talk.hear())["result"]["tools"]
    assert len(await services.redis.keys("mcp:session:*")) == 1


async def test_an_error_of_the_server_is_passed_on(talk: Talk) -> None:
    await talk.begin()
    await talk.say("no/such", id=1)
    assert (await talk.hear())["error"]["code"] == -32601
    await talk.say("tools/list", id=2)
    assert (await talk.hear())["id"] == 2


async def test_messages_that_say_their_version_need_no_session(
    talk: Talk, services: Services
) -> None:
    await talk.say("server/discover", id=1, params={"_meta": MODERN})
    assert "2026-07-28" in (await talk.hear())["result"]["supportedVersions"]
    call = {"name": "profile.get", "arguments": {}, "_meta": MODERN}
    await talk.say("tools/call", id=2, params=call)
    answer = await talk.hear()
    assert (answer["id"], answer["result"]["isError"]) == (2, False)
    assert await services.redis.keys("mcp:session:*") == []


async def _no_session_is_left(services: Services) -> bool:
    """The bridge tells the server that it goes, and does not wait for long."""
    return not await services.redis.keys("mcp:session:*")


async def test_the_end_of_input_ends_it_after_the_last_answer(
    ann: Shell, services: Services
) -> None:
    lines: list[dict[str, Any]] = [
        {"id": 0, "method": "initialize", "params": HELLO},
        {"method": "notifications/initialized"},
        {"id": 1, "method": "tools/list"},
    ]
    given = "".join(json.dumps({"jsonrpc": "2.0", **line}) + "\n" for line in lines)
    done = await ann.ok("mcp", given=given)
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [0, 1]
    await until(partial(_no_session_is_left, services))


async def test_sigterm_ends_it_and_its_session(talk: Talk, services: Services) -> None:
    await talk.begin()
    await talk.say("ping", id=1)
    await talk.hear()
    assert len(await services.redis.keys("mcp:session:*")) == 1
    assert await asyncio.to_thread(terminate, talk.process) == 0
    await until(partial(_no_session_is_left, services))


async def test_names_come_without_dots_where_that_is_asked_for(ann: Shell) -> None:
    process = ann.start("mcp", "--underscores")
    talk = Talk(process)
    await talk.begin()
    await talk.say("tools/list", id=1)
    names = {tool["name"] for tool in (await talk.hear())["result"]["tools"]}
    assert "profile_get" in names
    process.terminate()
    await asyncio.to_thread(process.communicate)


async def test_without_sign_in_each_question_is_answered_with_the_reason(shell: Shell) -> None:
    done = await shell.ok("mcp", given='{"jsonrpc": "2.0", "id": 7, "method": "ping"}\n')
    answer = json.loads(done.out)
    assert answer["id"] == 7
    assert "vitae login" in answer["error"]["message"]
