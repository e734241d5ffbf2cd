"""`./vitae bench audience`: what it costs to count who comes, and whether the count is right."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import httpx

from app.services import Services
from app.settings import Settings
from tests.audience.visiting import FIREFOX, Shown, asking, audience_of
from tests.bench.api import SERVE
from tests.bench.harness import (
    Contender,
    Request,
    free_port,
    interleave,
    listening,
    print_table,
    process,
    servers,
    wait_for,
)
from tests.owners import Owner
from tests.waiting import until

VISITS = 10_000
PROCESSES = 4

# The same server, in which nobody is counted.
_WITHOUT = """
from app.audience.audience import Audience
Audience.viewed = lambda self, published, scope: None
"""


@dataclass
class Browsers(Request):
    """Requests of a page by so many browsers in turn, a quarter of them sent by another site."""

    agents: int = 500
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def encode(self) -> bytes:
        number = next(self.numbers)
        self.headers = {"User-Agent": f"{FIREFOX} {number % self.agents}"}
        if number % 4 == 0:
            self.headers["Referer"] = f"https://{number % 30}.example/a/page?of=it"
        return super().encode()


async def measure_noting(settings: Settings) -> None:
    """CPU of noting a visit and of writing it, in this process."""
    services = Services.from_settings(settings)
    await services.open()
    rows = []
    for name, visitors in (("one visitor", 1), (f"{VISITS:,} visitors", VISITS)):
        audience = audience_of(services)
        shown = Shown((await Owner.create(services)).id)
        scopes = [
            asking(
                address=f"10.0.{n % visitors // 250}.{n % visitors % 250}", referer="https://a.b/"
            )
            for n in range(VISITS)
        ]
        noting = time.process_time()
        for scope in scopes:
            audience.viewed(shown, scope)
        writing = time.process_time()
        await audience.close()
        done = time.process_time()
        each = [(writing - noting) / VISITS * 1e6, (done - writing) / VISITS * 1e6]
        rows.append((name, *(f"{microseconds:.1f}" for microseconds in each)))
    await services.close()
    print_table(
        f"CPU of a visit, of {VISITS:,} written at once", ("", "noting µs", "writing µs"), rows
    )


async def measure_page(settings: Settings, rounds: int, requests: int) -> None:
    """CPU that a server spends on the page, with and without counting."""
    ports = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(process(settings, program, "vitae", str(port)))
            for program, port in zip((_WITHOUT + SERVE, SERVE), ports, strict=True)
        ]
        async with listening(*ports):
            await publish(ports[1])
            pair = [
                Contender(name, each, port, Browsers("GET", "/u/bench"))
                for name, each, port in zip(("without", "with"), running, ports, strict=True)
            ]
            await interleave(pair, rounds=rounds, requests=requests)
    without, counting = (contender.median for contender in pair)
    spread = max(contender.spread for contender in pair)
    row = [f"{without:.0f}", f"{counting:.0f}", f"{counting - without:+.0f}", f"± {spread:.0%}"]
    columns = ("without µs", "counting µs", "difference", "spread")
    print_table("CPU of the server for GET /u/{username}", columns, [row])


async def measure_truth(settings: Settings) -> None:
    """Whether insights equal the visits made in a burst at several processes."""
    ports = [free_port() for _ in range(PROCESSES)]
    with contextlib.ExitStack() as stack:
        for port in ports:
            stack.enter_context(process(settings, SERVE, "vitae", str(port)))
        for port in ports:
            await wait_for(port, 60)
        headers = await publish(ports[0], "burst")
        browsers = Browsers("GET", "/u/burst", agents=800)
        started = time.perf_counter()
        await asyncio.gather(*(visit(port, browsers) for port in ports for _ in range(2)))
        seconds = time.perf_counter() - started
        told = await insights(ports[0], headers)
    views = told["views"]
    row = [f"{VISITS:,}", f"{views['total']:,}", "800", f"{views['visitors']:,}", f"{seconds:.1f}"]
    columns = ("visits", "views told", "browsers", "visitors told", "seconds")
    print_table(f"A burst over {PROCESSES} processes", columns, [row])


async def publish(port: int, username: str = "bench") -> dict[str, str]:
    """Have a profile be public; what its owner is known by."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        person = {"username": username, "password": "a passphrase to measure with"}
        more = {"email": f"{username}@example.com", "full_name": "Bench"}
        await client.post("/v1/auth/register", json={**person, **more})
        session = (await client.post("/v1/auth/login", json=person)).json()
        headers = {"authorization": f"Bearer {session['access_token']}"}
        about = {"bio": "Builds bridges. " * 20, "visibility": "public"}
        answer = await client.patch("/v1/me/profile", json=about, headers=headers)
        answer.raise_for_status()
        job = {"title": "Engineer", "start_date": "2020-01", "bullets": ["Did a thing."] * 4}
        for number in range(6):
            row = {"company": f"Company {number}", **job}
            await client.post("/v1/me/experience", json=row, headers=headers)
    return headers


async def visit(port: int, browsers: Browsers) -> None:
    """An equal part of all visits, over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(VISITS // PROCESSES // 2):
        writer.write(browsers.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        lines = head.lower().split(b"\r\n")
        length = next(line for line in lines if line.startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))
    writer.close()
    await writer.wait_closed()


async def insights(port: int, headers: dict[str, str]) -> dict[str, dict[str, int]]:
    """What the owner is told, once every process has written."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:

        async def told() -> dict[str, dict[str, int]]:
            answer = await client.get("/v1/me/insights", params={"period": "7d"})
            answer.raise_for_status()
            found: dict[str, dict[str, int]] = answer.json()
            return found

        with contextlib.suppress(TimeoutError):

            async def complete() -> bool:
                return (await told())["views"]["total"] >= VISITS

            await until(complete)
        return await told()


async def measure_reading(settings: Settings) -> None:
    """How long insights take over a year of a busy profile with 100,000 questions."""
    services = Services.from_settings(settings)
    await services.open()
    owner = await Owner.create(services)
    await fill(services, owner.id)
    from resolvers.insights import insights as operation

    rows = []
    for period in ("7d", "30d", "12m", "all"):
        times = []
        for _ in range(7):
            started = time.perf_counter()
            await owner.run(operation, period)
            times.append(time.perf_counter() - started)
        rows.append((period, f"{sorted(times)[3] * 1000:.0f}"))
    await services.close()
    print_table("Insights of a busy year", ("period", "ms"), rows)


async def fill(services: Services, account_id: UUID) -> None:
    """A year in which each day has 100 referrers, 20 clicked links, and 274 questions; 20,000
    visitors of today that are told apart still."""
    pool = services.database.raw()
    today = datetime.now(UTC).date()
    for metric, names in (("view", 1), ("visitor", 1), ("referrer", 100), ("click", 20)):
        await pool.execute(
            "INSERT INTO audience_counts (account_id, day, metric, name, count)"
            " SELECT $1, $2::date - d, $3, CASE WHEN $4 = 1 THEN '' ELSE 'name ' || n END, 10"
            " FROM generate_series(0, 364) AS d, generate_series(1, $4) AS n",
            account_id, today, metric, names,
        )  # fmt: skip
    await pool.execute(
        "INSERT INTO audience_visitors SELECT $1, $2::date, int8send(n)"
        " FROM generate_series(1, 20000) AS n",
        account_id, today,
    )  # fmt: skip
    await pool.execute(
        "WITH made AS (INSERT INTO conversations (id, account_id, channel)"
        " SELECT gen_random_uuid(), $1, 'page' FROM generate_series(1, 20000) RETURNING id),"
        " numbered AS (SELECT id, row_number() OVER () AS place FROM made)"
        " INSERT INTO questions (id, conversation_id, account_id, asked_at, channel, question,"
        " answer, answer_status, answer_mode, confidence_band, topic, latency_ms)"
        " SELECT gen_random_uuid(), numbered.id, $1, now() - interval '315 seconds' * n, 'page',"
        " 'What about thing ' || n || '?', repeat('It is said so. ', 20),"
        " CASE n % 4 WHEN 0 THEN 'answered' ELSE 'insufficient_evidence' END, 'extractive', 'low',"
        " 'thing ' || n % 500, 10 FROM generate_series(1, 100000) AS n"
        " JOIN numbered ON numbered.place = 1 + n % 20000",
        account_id,
    )
    for table in ("audience_counts", "audience_visitors", "questions", "conversations"):
        await pool.execute(f"ANALYZE {table}")


def main(rounds: int = 15, requests: int = 800) -> None:
    with servers() as settings:
        asyncio.run(measure_noting(settings))
        asyncio.run(measure_page(settings, rounds, requests))
        asyncio.run(measure_truth(settings))
        asyncio.run(measure_reading(settings))
