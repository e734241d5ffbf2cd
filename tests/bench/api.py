"""`./vitae bench api`: what a request costs the server, as a multiple of the floor."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from pathlib import Path
from typing import Any

import httpx
import orjson

from app.settings import Settings
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

EXAMPLE = Path(__file__).resolve().parents[2] / "app/cv/example.json"

SERVE = """
import os, sys, uvicorn
from app.logs import configure_logging
from app.settings import Settings
settings = Settings.from_env(os.environ)
if sys.argv[1] == "floor":
    from tests.bench.floor import create_floor
    app = create_floor()
else:
    from app.main import create_app
    configure_logging(settings)
    app = create_app(settings)
uvicorn.run(app, port=int(sys.argv[2]), loop="uvloop", http="httptools", access_log=False,
            log_config=None)
"""

_AS_GRAPHQL = (
    "query($id: UUID!) { resumeJob(jobId: $id) { warnings { code path message } job { id requestId"
    " mode status template createdAt updatedAt startedAt finishedAt expiresAt attempt pages"
    " sizeBytes sha256 error { code message } links { self pdf cancel } version } } }"
)


async def prepare(port: int) -> tuple[str, str]:
    """A fresh account's personal token, and one job of its."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        person = {"username": "bench", "password": "a passphrase to measure with"}
        more = {"email": "bench@example.com", "full_name": "Bench"}
        await _post(client, "/v1/auth/register", {**person, **more})
        session = await _post(client, "/v1/auth/login", person)
        client.headers["authorization"] = f"Bearer {session['access_token']}"
        wanted = {"name": "bench", "scopes": ["resume:generate"]}
        token = (await _post(client, "/v1/auth/tokens", wanted))["token"]
        job = await _post(client, "/v1/resume/jobs", orjson.loads(EXAMPLE.read_bytes()))
        return token, job["job_id"]


async def _post(client: httpx.AsyncClient, path: str, body: Any) -> Any:
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


def creations(prefix: str) -> Request:
    """Requests to create a job, each with a request_id of its own."""
    cv_data = orjson.loads(EXAMPLE.read_bytes())["cv_data"]
    numbers = itertools.count()

    def body() -> bytes:
        return orjson.dumps({"request_id": f"{prefix}-{next(numbers)}", "cv_data": cv_data})

    return Request("POST", "/v1/resume/jobs", body=body)


async def measure(settings: Settings, rounds: int, requests: int) -> None:
    floor_port, vitae_port = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        floor = stack.enter_context(process(settings, SERVE, "floor", str(floor_port)))
        vitae = stack.enter_context(process(settings, SERVE, "vitae", str(vitae_port)))
        async with listening(floor_port, vitae_port):
            token, job_id = await prepare(vitae_port)
            headers = {"Authorization": f"Bearer {token}"}
            get = Request("GET", f"/v1/resume/jobs/{job_id}", headers)
            query = orjson.dumps({"query": _AS_GRAPHQL, "variables": {"id": job_id}})
            graphql = Request("POST", "/graphql", headers, lambda: query)
            reads = [
                Contender("floor", floor, floor_port, get),
                Contender("vitae, REST", vitae, vitae_port, get),
                Contender("vitae, GraphQL", vitae, vitae_port, graphql),
            ]
            await interleave(reads, rounds=rounds, requests=requests)
            report("GET one job, authenticated", reads)
            create_floor, create_vitae = creations("floor"), creations("vitae")
            create_floor.headers = create_vitae.headers = headers
            writes = [
                Contender("floor", floor, floor_port, create_floor),
                Contender("vitae, REST", vitae, vitae_port, create_vitae),
            ]
            await interleave(writes, rounds=rounds, requests=requests // 2)
            report("POST one job", writes)


def report(title: str, contenders: list[Contender]) -> None:
    floor = contenders[0].median
    rows = [
        (c.name, f"{c.median:.0f}", f"± {c.spread:.0%}", f"{c.median / floor:.2f}")
        for c in contenders
    ]
    print_table(title, ("server", "CPU µs/request", "spread", "× floor"), rows)


def main(rounds: int = 15, requests: int = 800) -> None:
    with servers() as settings:
        asyncio.run(measure(settings, rounds, requests))
