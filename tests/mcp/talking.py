"""A client of the MCP server that is as plain as curl, and reads event streams line by line."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.services import Services
from schema.types.access import Scope
from tests.people import Person

BOTH = {"accept": "application/json, text/event-stream"}
ALL_SCOPES = (Scope.MCP_CONNECT, Scope.TOOLS_INVOKE, Scope.RESUME_GENERATE)


@dataclass
class Talk:
    """A session at one server; `at` goes on with it at another."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: itertools.count(1))

    async def begin(self, version: str = "2025-11-25", **capabilities: Any) -> Talk:
        params = {
            "protocolVersion": version,
            "capabilities": capabilities,
            "clientInfo": {"name": "pytest", "version": "1"},
        }
        answer = await self.send("initialize", params)
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"]["protocolVersion"] == version
        session = {"mcp-session-id": answer.headers["mcp-session-id"]}
        return Talk(self.http, {**self.headers, **session}, self.ids)

    def at(self, http: httpx.AsyncClient) -> Talk:
        return Talk(http, self.headers, self.ids)

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        return await self.http.post("/v1/mcp", json=body, headers={**self.headers, **headers})

    async def send(self, method: str, params: Any = None, **headers: str) -> httpx.Response:
        return await self.post(self.request(method, params), **headers)

    def request(self, method: str, params: Any = None) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": next(self.ids), "method": method}
        return body if params is None else {**body, "params": params}

    async def ask(self, method: str, params: Any = None) -> Any:
        """The result of a request that is answered in one piece."""
        answer = await self.send(method, params)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def call(self, name: str, **arguments: Any) -> Any:
        return await self.ask("tools/call", {"name": name, "arguments": arguments})

    @contextlib.asynccontextmanager
    async def stream(
        self, method: str = "GET", path: str = "/v1/mcp", body: Any = None, **headers: str
    ) -> AsyncIterator[AsyncGenerator[Event, None]]:
        """The events of an answer that is a stream."""
        async with self.http.stream(
            method, path, json=body, headers={**BOTH, **self.headers, **headers}
        ) as answer:
            assert answer.status_code == 200, (await answer.aread()).decode()
            assert answer.headers["content-type"] == "text/event-stream"
            async with contextlib.aclosing(_events(answer)) as events:
                yield events


@dataclass
class Event:
    id: str
    name: str
    data: str

    @property
    def message(self) -> Any:
        return json.loads(self.data)


async def _events(answer: httpx.Response) -> AsyncGenerator[Event, None]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif not line and fields:
            yield Event(fields.get("id", ""), fields.get("event", ""), fields.get("data", ""))
            fields = {}


async def bearer(services: Services, name: str = "ann", *scopes: Scope) -> dict[str, str]:
    """The header of somebody new with a personal token; of all MCP's scopes unless told."""
    person = await Person(services).signed_in(name)
    token = (await person.new_token(*(scopes or ALL_SCOPES))).token
    return {"authorization": f"Bearer {token}"}
