"""`./vitae bench page`: what a public page costs, as a multiple of the floor.

The floor reads the same rows in one statement and sends them as JSON, of which it makes no page. A
page is new when none of that very content was made a short while ago: here because each request is
for another of more profiles than are kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import time
from dataclasses import dataclass, field
from datetime import date

import asyncpg
import httpx

from app.settings import Settings
from app.web.profile.page import render
from rest_compat.stored import Stored
from tests.bench.api import SERVE, report
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
from tests.public.people import SOMEONE, published_of

PROFILES = 400

_COPY = """
INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(s) || jsonb_build_object(
    {id} 'account_id', a.id))).*
FROM {table} s, accounts a
WHERE s.account_id = (SELECT id FROM accounts WHERE username = 'bench-0')
AND a.username <> 'bench-0'
"""


@dataclass
class InTurn(Request):
    """Requests of each profile in turn."""

    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def encode(self) -> bytes:
        self.path = f"/u/bench-{next(self.numbers) % PROFILES}"
        return super().encode()


async def prepare(settings: Settings, port: int) -> str:
    """As many copies of somebody rich in words as are needed; the tag of the page of one."""
    account = {"username": "bench-0", "password": "a passphrase to measure with"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        more = {"email": "bench@example.com", "full_name": "B"}
        (await client.post("/v1/auth/register", json=account | more)).raise_for_status()
        tokens = (await client.post("/v1/auth/login", json=account)).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        for section, rows in SOMEONE.items():
            if section != "profile":
                await client.put(f"/v1/me/{section}", json={"items": rows})
        await client.patch("/v1/me/profile", json=SOMEONE["profile"])
        await _copy(settings)
        page = await client.get("/u/bench-0", headers={"accept-encoding": "identity"})
        page.raise_for_status()
        return str(page.headers["etag"])


async def _copy(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(
        "INSERT INTO accounts (id, username, email) SELECT gen_random_uuid(), 'bench-' || n,"
        f" 'bench-' || n || '@example.com' FROM generate_series(1, {PROFILES - 1}) AS n"
    )
    await connection.execute(_COPY.format(table="profiles", id=""))
    for section in SOMEONE:
        if section != "profile":
            await connection.execute(_COPY.format(table=section, id="'id', gen_random_uuid(),"))
    await connection.execute("ANALYZE")
    await connection.close()


def measure_making(repeats: int = 400) -> None:
    """CPU of making a page and of packing it, in this process."""
    found = published_of()
    body = render(found, "https://vitae.example", date(2026, 11, 22)).html.encode()
    made, packed = [], []
    for _ in range(repeats):
        start = time.process_time()
        render(found, "https://vitae.example", date(2026, 11, 22))
        made.append(time.process_time() - start)
        start = time.process_time()
        stored = Stored.of(body, "text/html")
        packed.append(time.process_time() - start)
    rows = [
        ("rendering", f"{statistics.median(made) * 1e6:.0f} µs"),
        ("packing", f"{statistics.median(packed) * 1e6:.0f} µs"),
        ("size", f"{len(body):,} bytes"),
        ("packed", f"{len(stored.compressed or b''):,} bytes"),
    ]
    print_table("a page in the making", ("what", "how much"), rows)


async def measure(settings: Settings, rounds: int, requests: int) -> None:
    floor_port, vitae_port = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        floor = stack.enter_context(process(settings, SERVE, "floor", str(floor_port)))
        vitae = stack.enter_context(process(settings, SERVE, "vitae", str(vitae_port)))
        async with listening(floor_port, vitae_port):
            etag = await prepare(settings, vitae_port)
            packed = {"Accept-Encoding": "gzip"}
            contenders = [
                Contender("floor, its rows as JSON", floor, floor_port, InTurn("GET", "")),
                Contender("a page anew", vitae, vitae_port, InTurn("GET", "", packed)),
                Contender(
                    "the same again", vitae, vitae_port, Request("GET", "/u/bench-0", packed)
                ),
                Contender(
                    "not changed (304)",
                    vitae,
                    vitae_port,
                    Request("GET", "/u/bench-0", {"If-None-Match": etag}),
                ),
            ]
            await interleave(contenders, rounds=rounds, requests=requests)
            report("the public page", contenders)


def main(rounds: int = 15, requests: int = 400) -> None:
    measure_making()
    with servers() as settings:
        asyncio.run(measure(settings, rounds, requests))
