"""Clients of MCP are set up as they are told, and MCP is spoken with what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from app.settings import PROJECT
from rest_compat.developers.clients import ClientSetUp, client_set_ups
from tests.developers.owner import Owner
from tests.programs import PATIENCE_SECONDS, Up, command

NAMES = [one.name for one in client_set_ups("https://vitae.example")]
# Those who sign in by a browser are signed in here by the token that others are given.
_SIGN_IN = "authorization"


@dataclass(frozen=True)
class Connection:
    """Where a client goes: an address with headers, or a program."""

    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    program: StdioServerParameters | None = None


def _of_object(told: dict[str, Any], variables: dict[str, str], folder: Path) -> Connection:
    if "command" in told:
        own = {**variables, "XDG_CONFIG_HOME": str(folder), "PYTHONPATH": str(PROJECT)}
        env = {**told["env"], **own, "VITAE_TOKEN": variables["VITAE_TOKEN"]}
        assert told["env"]["VITAE_TOKEN"].startswith("vt_")
        return Connection(
            program=StdioServerParameters(command=told["command"], args=told["args"], env=env)
        )
    headers = {
        name: text.replace("${env:VITAE_TOKEN}", variables["VITAE_TOKEN"])
        for name, text in told.get("headers", {}).items()
    }
    return Connection(told["url"], headers)


def _of_lines(code: str, variables: dict[str, str], folder: Path) -> Iterator[list[str]]:
    """What a client's own program is called with: one stands for it that writes that down."""
    heard = folder / "heard"
    heard.unlink(missing_ok=True)
    for name in ("claude", "code"):
        program = folder / name
        program.write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" >> {heard}; echo >> {heard}\n")
        program.chmod(0o755)
    environment = {**os.environ, **variables, "PATH": f"{folder}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-euc", code], env=environment, check=True, timeout=180)
    for line in heard.read_text().splitlines():
        yield line.rstrip("\0").split("\0")


def connections(set_up: ClientSetUp, variables: dict[str, str], folder: Path) -> list[Connection]:
    """Each way that a client is told of."""
    code = set_up.code
    if code.startswith("http"):
        return [Connection(code)]
    if code.startswith("{"):
        (servers,) = json.loads(code).values()
        assert list(servers) == ["vitae"]
        return [_of_object(servers["vitae"], variables, folder)]
    found = []
    for words in _of_lines(code, variables, folder):
        if words[0] == "--add-mcp":
            found.append(_of_object(json.loads(words[1]), variables, folder))
        else:
            assert words[:5] == ["mcp", "add", "--transport", "http", "vitae"]
            headers = dict([words[7].split(": ", 1)]) if words[6:7] == ["--header"] else {}
            found.append(Connection(words[5], headers))
    return found


@contextlib.asynccontextmanager
async def _spoken(connection: Connection, token: str) -> AsyncIterator[ClientSession]:
    if connection.program is not None:
        async with (
            stdio_client(connection.program) as (reading, writing),
            ClientSession(reading, writing) as session,
        ):
            yield session
        return
    headers = {_SIGN_IN: f"Bearer {token}"} | {k.lower(): v for k, v in connection.headers.items()}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE_SECONDS) as http,
        streamable_http_client(connection.url, http_client=http) as (reading, writing, *_),
        ClientSession(reading, writing) as session,
    ):
        yield session


@pytest.fixture(scope="module")
def token(up: Up) -> Iterator[str]:
    with contextlib.closing(Owner(up.url)) as owner:
        yield owner.personal_token


@pytest.mark.parametrize("name", NAMES)
async def test_each_client_is_set_up_as_it_is_told(
    up: Up, token: str, tmp_path: Path, name: str
) -> None:
    (tmp_path / "vitae").write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n')
    (tmp_path / "vitae").chmod(0o755)
    variables = {"VITAE_TOKEN": token, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    set_up = next(one for one in client_set_ups(up.url) if one.name == name)
    ways = connections(set_up, variables, tmp_path)
    assert ways
    for way in ways:
        async with _spoken(way, token) as session:
            assert (await session.initialize()).server_info.name == "vitae"
            names = {tool.name for tool in (await session.list_tools()).tools}
            tool = "profile_get" if "underscore" in way.url else "profile.get"
            assert tool in names
            told: Any = await session.call_tool(tool, {})
            assert told.structured_content["profile"]["full_name"] == "Ann Lee"


def test_a_token_that_a_set_up_names_is_the_one_that_is_sent(tmp_path: Path) -> None:
    given = {"VITAE_TOKEN": "vt_of-mine"}
    sent = [
        way.headers["Authorization"]
        for one in client_set_ups("https://vitae.example")
        for way in connections(one, given, tmp_path)
        if way.headers
    ]
    assert sent == ["Bearer vt_of-mine"] * 2
