"""`./vitae bench rate`: what rate, quota and usage cost a request, by kind of credential."""

from __future__ import annotations

import asyncio
import contextlib

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

# The same server, in which nobody is metered.
_WITHOUT = """
from app.metering.meter import Meter
async def nobody(self, context, admission, endpoint):
    return None
Meter.admit, Meter.seen = nobody, lambda self, api_key: None
"""


async def prepare(port: int) -> dict[str, Request]:
    """A GET of a fresh account's own, by kind of credential."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

        async def post(path: str, body: object) -> dict[str, str]:
            answer = await client.post(path, json=body)
            answer.raise_for_status()
            made: dict[str, str] = answer.json()
            return made

        person = {"username": "bench", "password": "a passphrase to measure with"}
        more = {"email": "bench@example.com", "full_name": "Bench"}
        await post("/v1/auth/register", {**person, **more})
        session = (await post("/v1/auth/login", person))["access_token"]
        client.headers["authorization"] = f"Bearer {session}"
        key = (await post("/v1/auth/api-keys", {"name": "bench"}))["key"]
        wanted = {"name": "bench", "scopes": ["resume:generate"]}
        token = (await post("/v1/auth/tokens", wanted))["token"]
        job = (await post("/v1/resume/jobs", orjson.loads(EXAMPLE.read_bytes())))["job_id"]
    profile, resume = "/v1/me/profile", f"/v1/resume/jobs/{job}"
    return {
        "API key": Request("GET", profile, {"X-API-Key": key}),
        "session": Request("GET", profile, {"Authorization": f"Bearer {session}"}),
        "personal token": Request("GET", resume, {"Authorization": f"Bearer {token}"}),
    }


async def measure(settings: Settings, rounds: int, requests: int) -> None:
    with_port, without_port = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        metered = stack.enter_context(process(settings, SERVE, "vitae", str(with_port)))
        program = _WITHOUT + SERVE
        unmetered = stack.enter_context(process(settings, program, "vitae", str(without_port)))
        async with listening(with_port, without_port):
            rows = []
            for kind, request in (await prepare(with_port)).items():
                pair = [
                    Contender("without", unmetered, without_port, request),
                    Contender("with", metered, with_port, request),
                ]
                await interleave(pair, rounds=rounds, requests=requests)
                without, measured = (contender.median for contender in pair)
                rows.append(
                    (
                        kind,
                        f"{without:.0f}",
                        f"{measured:.0f}",
                        f"{measured - without:+.0f}",
                        f"± {max(contender.spread for contender in pair):.0%}",
                    )
                )
    columns = ("GET by", "without µs", "metered µs", "difference", "spread")
    print_table("CPU of the server for a request", columns, rows)


def main(rounds: int = 15, requests: int = 800) -> None:
    with servers() as settings:
        asyncio.run(measure(settings, rounds, requests))
