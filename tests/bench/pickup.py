"""`./vitae bench pickup`: from an acknowledged job to its render's start, and to its PDF."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from datetime import datetime
from typing import Any

import httpx
import orjson

from app.settings import PROJECT, Settings
from tests.bench.api import SERVE, prepare
from tests.bench.harness import free_port, listening, print_table, process, servers

_WORK = """
import os
from app.settings import Settings
from workers.settings import run_worker
run_worker(Settings.from_env(os.environ))
"""


async def measure(settings: Settings, jobs: int) -> None:
    port = free_port()
    with contextlib.ExitStack() as stack:
        stack.enter_context(process(settings, SERVE, "vitae", str(port)))
        stack.enter_context(process(settings, _WORK))
        async with listening(port):
            token, first = await prepare(port)
            headers = {"authorization": f"Bearer {token}"}
            url = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=url, headers=headers) as client:
                await finished(client, first)  # the worker is warm now
                done = [await one(client, number) for number in range(jobs)]
    rows = [
        (what, *(f"{value:.0f}" for value in quantiles([row[index] for row in done])))
        for index, what in enumerate(("queued → running", "queued → succeeded"))
    ]
    print_table("One job at a time, idle", ("from → to", "p50 ms", "p95 ms", "max ms"), rows)


async def one(client: httpx.AsyncClient, number: int) -> tuple[float, float]:
    """Milliseconds from creation to start and to the end of one job, by the database's clock."""
    body = orjson.loads((PROJECT / "app/cv/example.json").read_bytes())
    body["request_id"] = f"pickup-{number}"
    body["cv_data"]["identity"]["jobtitle"] = f"Candidate {number}"  # or it would be there already
    answer = await client.post("/v1/resume/jobs", json=body)
    job = await finished(client, answer.json()["job_id"])
    created, started, ended = (
        datetime.fromisoformat(job[name]) for name in ("created_at", "started_at", "finished_at")
    )
    return (started - created).total_seconds() * 1000, (ended - created).total_seconds() * 1000


async def finished(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    while True:
        answer = await client.get(f"/v1/resume/jobs/{job_id}")
        job: dict[str, Any] = answer.json()["job"]
        if job["finished_at"] is not None:
            return job
        await asyncio.sleep(0.02)


def quantiles(samples: list[float]) -> tuple[float, float, float]:
    return statistics.median(samples), statistics.quantiles(samples, n=20)[18], max(samples)


def main(jobs: int = 60) -> None:
    with servers() as settings:
        asyncio.run(measure(settings, jobs))
