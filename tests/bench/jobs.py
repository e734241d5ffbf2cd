"""`./vitae bench jobs`: one-page PDFs through the whole API, from the POST to the last byte.

`./vitae up` runs as it would for anybody, on fresh data, and a client posts the example, waits for
its job and downloads the PDF: one after the other for the time that it takes an idle machine, then
several at once for how many a second there are. The client shares the processors, as do
certificates, which are made once the last PDF is there. CPU is told by kind of process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import psutil

from app.settings import PROJECT
from tests.bench.api import prepare
from tests.bench.harness import free_port, print_table

_ROUNDS = 5
_ONE_BY_ONE = 30  # in each round
_AT_ONCE = 60
_IN_FLIGHT = 8
_OFTEN, _SELDOM = 0.01, 0.1  # seconds between two looks at one job, alone and among others
_LOOK_SECONDS = 0.1
_SETTLED_SECONDS = 60.0
_EXAMPLE = orjson.loads((PROJECT / "app/cv/example.json").read_bytes())["cv_data"]
_KINDS = {  # what stands in the command of a process, the first that fits
    "workers.render_process": "render",
    "workers.certify_process": "certificates",
    "app.pooled_process": "other pools",
    "app.cli.processes api": "API",
    "app.cli.processes worker": "worker",
    "postgres": "PostgreSQL",
    "valkey": "Valkey",
}

_Used = dict[str, float]  # seconds of CPU by kind of process


@dataclass
class Spent:
    """Seconds of CPU of all processes below `root`, also of those that have ended meanwhile."""

    root: psutil.Process
    _known: dict[int, tuple[str, float]] = field(default_factory=dict)

    def look(self) -> None:
        for process in self.root.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                times = process.cpu_times()
                kind = self._known.get(process.pid, ("other", 0.0))[0]
                if kind == "other":  # a process that has just begun has its parent's command
                    kind = _kind(" ".join(process.cmdline()))
                self._known[process.pid] = kind, times.user + times.system

    def by_kind(self) -> _Used:
        self.look()
        sums: _Used = defaultdict(float)
        for kind, seconds in self._known.values():
            sums[kind] += seconds
        return sums

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[_Used]:
        """What is spent within, by kind, once it has ended."""

        async def look() -> None:
            while True:
                await asyncio.sleep(_LOOK_SECONDS)
                self.look()

        spent: _Used = defaultdict(float)
        before, looking = self.by_kind(), asyncio.create_task(look())
        try:
            yield spent
        finally:
            looking.cancel()
            spent.update({kind: all_ - before[kind] for kind, all_ in self.by_kind().items()})


def _kind(command: str) -> str:
    return next((kind for part, kind in _KINDS.items() if part in command), "other")


def main(rounds: int = _ROUNDS) -> None:
    with _up() as (process, port):
        asyncio.run(_measure(process, port, rounds))


async def _measure(process: psutil.Process, port: int, rounds: int) -> None:
    await _ready(port)
    token, first = await prepare(port)
    spent = Spent(process)
    limits = httpx.Limits(max_connections=_IN_FLIGHT, max_keepalive_connections=_IN_FLIGHT)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers={"authorization": f"Bearer {token}"},
        limits=limits,
        timeout=120,
    ) as client:
        await _finished(client, first)
        await _certified(client, [first])
        await _at_once(client, "warm", _IN_FLIGHT)
        idle, rates, busy, apart = [], [], [], []
        for turn in range(rounds):
            idle.append(await _one_by_one(client, f"one-{turn}"))
            async with spent.watched() as used:
                begun = time.perf_counter()
                jobs = await _at_once(client, f"many-{turn}", _AT_ONCE)
                rates.append(_AT_ONCE / (time.perf_counter() - begun))
            busy.append(used)
            async with spent.watched() as used:
                await _certified(client, jobs)
            apart.append(used)
    _report_times(idle, rates)
    _report_cpu(busy, apart)


async def _ready(port: int) -> None:
    """Until the API and a worker are there; the port is open before."""
    deadline = time.monotonic() + _SETTLED_SECONDS
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=1) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/readyz")).status_code == 200:
                    return
            if time.monotonic() > deadline:
                raise RuntimeError("./vitae up is not ready after a minute")
            await asyncio.sleep(0.1)


async def _one_by_one(client: httpx.AsyncClient, name: str) -> list[float]:
    """Milliseconds from the POST to the last byte, of jobs that have the machine to themselves."""
    took, jobs = [], []
    for number in range(_ONE_BY_ONE):
        begun = time.perf_counter()
        jobs.append(await _downloaded(client, f"{name}-{number}", _OFTEN))
        took.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.2)
    await _certified(client, jobs)
    return took


async def _at_once(client: httpx.AsyncClient, name: str, count: int) -> list[str]:
    free = asyncio.Semaphore(_IN_FLIGHT)

    async def one(number: int) -> str:
        async with free:
            return await _downloaded(client, f"{name}-{number}", _SELDOM)

    return await asyncio.gather(*(one(number) for number in range(count)))


async def _downloaded(client: httpx.AsyncClient, request_id: str, pause: float) -> str:
    """Make one job, wait for it and read its PDF; which job it was."""
    # A PDF of what was rendered before would come from the store.
    identity = {**_EXAMPLE["identity"], "jobtitle": f"Engineer {request_id}"}
    body = orjson.dumps({"request_id": request_id, "cv_data": {**_EXAMPLE, "identity": identity}})
    answer = await client.post(
        "/v1/resume/jobs", content=body, headers={"content-type": "application/json"}
    )
    job_id: str = answer.raise_for_status().json()["job_id"]
    job = await _finished(client, job_id, pause)
    if job["status"] != "succeeded":
        raise RuntimeError(f"a job has {job['status']}: {job['error']}")
    pdf = (await client.get(f"/v1/resume/jobs/{job_id}/pdf")).raise_for_status().content
    if not pdf.startswith(b"%PDF-"):
        raise RuntimeError("what was downloaded is no PDF")
    return job_id


async def _finished(
    client: httpx.AsyncClient, job_id: str, pause: float = _SELDOM
) -> dict[str, Any]:
    while True:
        answer = await client.get(f"/v1/resume/jobs/{job_id}")
        job: dict[str, Any] = answer.raise_for_status().json()["job"]
        if job["finished_at"] is not None:
            return job
        await asyncio.sleep(pause)


async def _certified(client: httpx.AsyncClient, jobs: list[str]) -> None:
    """Wait until the certificates of all `jobs` are there, and the machine is at rest."""
    deadline = time.monotonic() + _SETTLED_SECONDS
    for job_id in jobs:
        while (await client.get(f"/v1/resume/jobs/{job_id}/certificate")).status_code != 200:
            if time.monotonic() > deadline:
                raise RuntimeError("certificates take longer than a minute")
            await asyncio.sleep(0.2)


def _report_times(idle: Sequence[Sequence[float]], rates: Sequence[float]) -> None:
    rows = [
        (f"round {number}", *_times(took), f"{rate:.1f}")
        for number, (took, rate) in enumerate(zip(idle, rates, strict=True), start=1)
    ]
    everything = [each for took in idle for each in took]
    rows.append(("all", *_times(everything), f"{statistics.median(rates):.1f}"))
    columns = ("", "alone: p50 ms", "p95 ms", "max ms", f"{_IN_FLIGHT} in flight: PDFs/s")
    print_table("POST to the last byte of a one-page PDF", columns, rows)


def _report_cpu(busy: Sequence[_Used], apart: Sequence[_Used]) -> None:
    rows = []
    for kind in sorted({kind for used in (*busy, *apart) for kind in used}):
        middles = (statistics.median(used[kind] for used in each) for each in (busy, apart))
        rows.append((kind, *(f"{middle / _AT_ONCE * 1000:.1f}" for middle in middles)))
    sums = (statistics.median(sum(used.values()) for used in each) for each in (busy, apart))
    rows.append(("all", *(f"{middle / _AT_ONCE * 1000:.1f}" for middle in sums)))
    columns = ("CPU ms a job", "until the last download", "after it (certificates)")
    print_table(f"{_AT_ONCE} jobs, {_IN_FLIGHT} in flight", columns, rows)


def _times(took: Sequence[float]) -> tuple[str, str, str]:
    middle, late = statistics.median(took), statistics.quantiles(took, n=20)[18]
    return f"{middle:.0f}", f"{late:.0f}", f"{max(took):.0f}"


@contextlib.contextmanager
def _up() -> Iterator[tuple[psutil.Process, int]]:
    """`./vitae up` on data of its own, for a client that does the work of many people."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="vitae-bench-") as folder:
        generous = {"REQUEST_RATE": "1000000", "STARTER_CREDITS": "1000000000"}
        command = (sys.executable, "-m", "app.cli", "up", "--port", str(port), "--data", folder)
        with subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **generous},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running:
            try:
                yield psutil.Process(running.pid), port
            finally:
                running.terminate()
                running.wait(60)
