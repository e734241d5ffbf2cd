"""`./vitae bench mcp`: what a call of a tool costs the server, as a multiple of REST.

The same operation, `resume.get_job`, as GET and as `tools/call`: in a session by a client that
takes JSON alone, by one that takes event streams too, as official clients do, and without a session
as version 2026-07-28 has it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson

from app.settings import Settings
from tests.bench.api import EXAMPLE, SERVE
from tests.bench.harness import (
    Contender,
    Request,
    free_port,
    interleave,
    listening,
    print_table,
    process,
    servers,
)

PATH = "/v1/mcp"
JSON = {"Accept": "application/json"}
BOTH = {"Accept": "application/json, text/event-stream"}
HANDSHAKE, MODERN = "2025-11-25", "2026-07-28"
TOOL = "resume.get_job"
GOAL = 2.5

_ABOUT = {"name": "bench", "version": "1"}


def message(method: str, params: dict[str, Any]) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


async def prepare(port: int) -> tuple[dict[str, str], str]:
    """The header of a fresh account's personal token, and one job of its."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

        async def post(path: str, body: Any) -> Any:
            answer = await client.post(path, json=body)
            answer.raise_for_status()
            return answer.json()

        person = {"username": "bench", "password": "a passphrase to measure with"}
        more = {"email": "bench@example.com", "full_name": "Bench"}
        await post("/v1/auth/register", {**person, **more})
        session = await post("/v1/auth/login", person)
        client.headers["authorization"] = f"Bearer {session['access_token']}"
        wanted = {"name": "bench", "scopes": ["mcp:connect", "resume:generate"]}
        token = (await post("/v1/auth/tokens", wanted))["token"]
        job = await post("/v1/resume/jobs", orjson.loads(EXAMPLE.read_bytes()))
    return {"Authorization": f"Bearer {token}"}, str(job["job_id"])


async def begin_session(port: int, headers: dict[str, str]) -> dict[str, str]:
    """What a client sends with every message of a session that it has begun."""
    params = {"protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": _ABOUT}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        content = message("initialize", params)
        answer = await client.post(
            PATH, content=content, headers={**JSON, "Content-Type": "application/json"}
        )
        answer.raise_for_status()
    return {
        **headers,
        "Mcp-Session-Id": answer.headers["mcp-session-id"],
        "Mcp-Protocol-Version": HANDSHAKE,
    }


def call(headers: dict[str, str], job_id: str, meta: dict[str, Any] | None = None) -> Request:
    params: dict[str, Any] = {"name": TOOL, "arguments": {"job_id": job_id}}
    body = message("tools/call", params if meta is None else {**params, "_meta": meta})
    return Request("POST", PATH, headers, lambda: body)


async def measure(settings: Settings, rounds: int, requests: int) -> None:
    port = free_port()
    with process(settings, SERVE, "vitae", str(port)) as server:
        async with listening(port):
            headers, job_id = await prepare(port)
            session = await begin_session(port, headers)
            modern = {"Mcp-Protocol-Version": MODERN, "Mcp-Method": "tools/call", "Mcp-Name": TOOL}
            meta = {
                "io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientInfo": _ABOUT,
                "io.modelcontextprotocol/clientCapabilities": {},
            }
            asked = {
                "REST": Request("GET", f"/v1/resume/jobs/{job_id}", headers),
                "in a session, JSON": call({**session, **JSON}, job_id),
                "in a session, both": call({**session, **BOTH}, job_id),
                f"{MODERN}, JSON": call({**headers, **modern, **JSON}, job_id, meta),
                f"{MODERN}, both": call({**headers, **modern, **BOTH}, job_id, meta),
            }
            contenders = [Contender(name, server, port, request) for name, request in asked.items()]
            await interleave(contenders, rounds=rounds, requests=requests)
            report(contenders)


def report(contenders: list[Contender]) -> None:
    rest = contenders[0].median
    rows = [
        (c.name, f"{c.median:.0f}", f"± {c.spread:.0%}", f"{c.median / rest:.2f}")
        for c in contenders
    ]
    columns = ("asked by", "CPU µs/request", "spread", "× REST")
    print_table(f"{TOOL}, goal ≤ {GOAL} × REST", columns, rows)


def main(rounds: int = 15, requests: int = 400) -> None:
    with servers() as settings:
        asyncio.run(measure(settings, rounds, requests))
