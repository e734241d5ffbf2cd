"""Measuring servers against each other: server CPU per request, interleaved, medians.

Wall-clock time on a shared machine says little; the CPU time that a server process spends on a
request is repeatable. All contenders are up at once and take turns, so that whatever disturbs one
disturbs all; what counts is the ratio to the floor.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from app.embedded.postgres import start_postgres
from app.embedded.valkey import start_valkey
from app.migrate import migrate
from app.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def servers() -> Iterator[Settings]:
    """Embedded PostgreSQL (with fsync, as in production) and Valkey on fresh data."""
    with tempfile.TemporaryDirectory(prefix="vitae-bench-") as folder:
        data = Path(folder)
        with start_postgres(data) as postgres, start_valkey(data) as valkey:
            asyncio.run(migrate(postgres.url))
            yield Settings(
                data_dir=data,
                database_url=postgres.url,
                redis_url=valkey.url,
                jwt_key="a key for measuring only, of sufficient length",
                login_attempts_per_address=100_000,
                # One client does the work of thousands.
                request_rate=1e6,
                api_rate_free=1e6,
                api_quota_free=10**9,
                starter_credits=10**9,
            )


@contextlib.contextmanager
def process(settings: Settings, program: str, *arguments: str) -> Iterator[psutil.Process]:
    """`python -c program` with the settings in its environment; stopped at the end."""
    environment = {
        **os.environ,
        # Without the empty ones: an empty PROMETHEUS_MULTIPROC_DIR means the present folder.
        **{
            name.upper(): str(value)
            for name, value in dataclasses.asdict(settings).items()
            if value != ""
        },
        "PYTHONPATH": str(PROJECT),
    }
    # The log is written, as in production, but to nowhere.
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            yield psutil.Process(running.pid)
        finally:
            running.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Request:
    """One HTTP request, sent again and again; `body()` makes a new one each time."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Callable[[], bytes] = bytes

    def encode(self) -> bytes:
        content = self.body()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: bench"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if content:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass
class Contender:
    """A server process under measurement and what it is asked."""

    name: str
    process: psutil.Process
    port: int
    request: Request
    samples: list[float] = field(default_factory=list)  # microseconds of CPU a request

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def spread(self) -> float:
        """Half of the distance between the quartiles, as a share of the median."""
        low, _, high = statistics.quantiles(self.samples, n=4)
        return (high - low) / 2 / self.median


async def interleave(
    contenders: Sequence[Contender], *, rounds: int, requests: int, connections: int = 4
) -> None:
    """Let each contender serve `requests` in turn, `rounds` times over, after a warm-up."""
    for turn in range(rounds + 1):
        for contender in contenders:
            before = _cpu(contender.process)
            await _load(contender, requests, connections)
            spent = _cpu(contender.process) - before
            if turn:
                contender.samples.append(spent / requests * 1e6)


def _cpu(process: psutil.Process) -> float:
    """Seconds of CPU that all threads of a process have had."""
    tasks = list(Path(f"/proc/{process.pid}/task").glob("*/schedstat"))
    if tasks:  # Linux counts nanoseconds here, elsewhere ticks of 10 ms
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
    times = process.cpu_times()
    return float(times.user + times.system)


async def _load(contender: Contender, requests: int, connections: int) -> None:
    share = requests // connections
    await asyncio.gather(*(_client(contender, share) for _ in range(connections)))


async def _client(contender: Contender, requests: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", contender.port)
    for _ in range(requests):
        writer.write(contender.request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        if status >= 400:
            rest = await reader.read(2000)
            raise RuntimeError(f"{contender.name}: {head!r} {rest!r}")
        lengths = (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        length = next(lengths, 0)  # what is not changed (304) has none
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()


async def wait_for(port: int, seconds: float = 60) -> None:
    """Until something listens on `port`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


@contextlib.asynccontextmanager
async def listening(*ports: int) -> AsyncIterator[None]:
    for port in ports:
        await wait_for(port)
    yield


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left")
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
