"""Sessions belong to no process: a client may be answered by another one each time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prometheus_client import multiprocess

from app.services import Services
from app.settings import Settings
from tests.mcp.talking import Talk, bearer
from tests.programs import PATIENCE_SECONDS, command, environment, free_port
from tests.waiting import until

CV_DATA = json.loads((Path(__file__).parents[2] / "app/cv/example.json").read_text())["cv_data"]
PROCESSES = 4
SESSIONS = 100
CALLS = 10
AT_ONCE = 16


@dataclass
class Site:
    """`vitae api` with its processes."""

    url: str
    data: Path
    supervisor: psutil.Process

    def processes(self) -> list[psutil.Process]:
        """Those that serve."""
        return [
            child
            for child in self.supervisor.children()
            if "app.cli.processes" in " ".join(child.cmdline())
        ]

    def requests_by_process(self) -> dict[int, float]:
        """How many requests each process has answered, by its id, as its own metrics say."""
        counted = {}
        for file in self.data.glob("metrics-*/counter_*.db"):
            metrics = multiprocess.MultiProcessCollector.merge([str(file)])  # type: ignore[no-untyped-call]
            number = sum(sample.value for metric in metrics for sample in metric.samples)
            counted[int(file.stem.partition("_")[2])] = number
        return counted

    async def is_whole(self, http: httpx.AsyncClient) -> bool:
        """Whether every process is there and answers; asks one of them to answer."""
        with contextlib.suppress(httpx.TransportError):
            await http.get("/healthz")
        alive = {process.pid for process in self.processes()}
        return len(alive) == PROCESSES and alive <= self.requests_by_process().keys()


@pytest.fixture(scope="module")
async def site(settings: Settings) -> AsyncIterator[Site]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="vitae-many-") as folder:
        further = {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "DATA_DIR": folder,
            "JWT_KEY": settings.jwt_key,
            "DATABASE_POOL_SIZE": "4",
        }
        running = subprocess.Popen(  # noqa: ASYNC220 - it takes a millisecond
            command("api", "--port", str(port), "--workers", str(PROCESSES)),
            env=environment(**further), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        site = Site(f"http://127.0.0.1:{port}", Path(folder), psutil.Process(running.pid))

        try:
            async with connecting(site) as http:
                await until(partial(site.is_whole, http))
            yield site
        finally:
            running.terminate()
            running.wait(PATIENCE_SECONDS)


def connecting(site: Site) -> httpx.AsyncClient:
    """A client that makes a new connection for every request."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=site.url, limits=limits, timeout=PATIENCE_SECONDS)


@dataclass
class Owner:
    """Somebody with a session, who asks again when a connection was cut."""

    number: int
    talk: Talk
    job_id: str = ""
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def request_id(self) -> str:
        return f"of owner {self.number}"

    async def call(self, name: str, **arguments: Any) -> Any:
        """What the tool answers."""
        while True:
            try:
                answer = await self.talk.send("tools/call", {"name": name, "arguments": arguments})
            except httpx.TransportError:
                continue
            self.statuses[answer.status_code] += 1
            assert answer.status_code == 200, answer.text
            return answer.json()["result"]["structuredContent"]

    async def begin(self) -> None:
        """Begin the session, and create a job in it."""
        self.talk = await self.talk.begin()
        created = await self.call("resume.create_job", request_id=self.request_id, cv_data=CV_DATA)
        self.job_id = created["job_id"]

    async def look(self, neighbour: Owner) -> None:
        """Nine calls: at the own job, at all own jobs, and at somebody else's job."""
        for _ in range(6):
            found = await self.call("resume.get_job", job_id=self.job_id)
            assert found["job"]["request_id"] == self.request_id
        for _ in range(2):
            listed = await self.call("resume.list_jobs")
            assert [job["request_id"] for job in listed["items"]] == [self.request_id]
        refused = await self.call("resume.get_job", job_id=neighbour.job_id)
        assert refused["error"]["code"] == "not_found"


async def begin(services: Services, http: httpx.AsyncClient, sessions: int) -> list[Owner]:
    """As many sessions, each of an account of its own with one job."""
    owners = [
        Owner(number, Talk(http, await bearer(services, f"owner{number}")))
        for number in range(sessions)
    ]
    await side_by_side(owner.begin for owner in owners)
    return owners


async def side_by_side(doings: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Do all, a few at a time."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(do: Callable[[], Awaitable[None]]) -> None:
        async with places:
            await do()

    async with asyncio.TaskGroup() as group:
        for do in doings:
            group.create_task(one(do))


def statuses(owners: list[Owner]) -> Counter[int]:
    return sum((owner.statuses for owner in owners), Counter[int]())


async def test_a_hundred_sessions_are_at_home_in_every_process(
    site: Site, services: Services
) -> None:
    async with connecting(site) as http:
        await until(partial(site.is_whole, http))
        before = site.requests_by_process()
        owners = await begin(services, http, SESSIONS)
        await side_by_side(partial(owner.look, owners[owner.number - 1]) for owner in owners)
    assert statuses(owners) == {200: SESSIONS * CALLS}
    after = site.requests_by_process()
    served = [number - before.get(process, 0) for process, number in after.items()]
    assert sum(number > 0 for number in served) == PROCESSES, served
    assert sum(served) >= SESSIONS * CALLS


async def test_sessions_outlive_a_process_that_is_killed(site: Site, services: Services) -> None:
    async with connecting(site) as http:
        owners = await begin(services, http, 30)
        victim = max(site.processes(), key=lambda process: process.create_time())

        async def kill() -> None:
            async def half_is_done() -> bool:
                return statuses(owners)[200] > len(owners) * CALLS / 2

            await until(half_is_done)
            victim.kill()

        looks = [partial(owner.look, owners[owner.number - 1]) for owner in owners]
        await side_by_side([kill, *looks])

    async def is_gone() -> bool:
        return not victim.is_running()

    await until(is_gone)
    assert statuses(owners) == {200: len(owners) * CALLS}
