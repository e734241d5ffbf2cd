"""Exports of very many rows: how much memory, how many at once, and what a slow reader holds."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import orjson
import psutil
import pytest

from app.services import Services
from app.settings import Settings
from tests.conftest import serving
from tests.exporting import visits
from tests.people import Person
from tests.programs import PATIENCE_SECONDS, command, environment, free_port
from tests.resolvers.test_row_exports import TRANSCRIPTS, own_id
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_pro
from tests.waiting import until

MANY = 100_000
_MOST_GROWTH_BYTES = 15_000_000  # an export of so many has 39 MB and more


@contextlib.asynccontextmanager
async def process_of(settings: Settings) -> AsyncIterator[tuple[str, list[psutil.Process]]]:
    """The API in processes of its own: where it is reached, and they."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="vitae-long-") as folder:
        further = {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "DATA_DIR": folder,
            "JWT_KEY": settings.jwt_key,
        }
        running = subprocess.Popen(  # noqa: ASYNC220 - it takes a millisecond
            command("api", "--port", str(port), "--workers", "1"),
            env=environment(**further), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            async with httpx.AsyncClient(base_url=url) as http:

                async def answers() -> bool:
                    with contextlib.suppress(httpx.TransportError):
                        return (await http.get("/healthz")).status_code == 200
                    return False

                await until(answers)
            supervisor = psutil.Process(running.pid)
            yield url, [supervisor, *supervisor.children()]
        finally:
            running.terminate()
            running.wait(PATIENCE_SECONDS)


def memory(family: list[psutil.Process]) -> dict[int, int]:
    """The bytes of each process."""
    return {process.pid: process.memory_info().rss for process in family}


async def read(answer: httpx.Response, family: list[psutil.Process]) -> tuple[bytes, int]:
    """All of an answer, and by how many bytes any of the processes grew meanwhile."""
    before, pieces, most = memory(family), [], 0
    async for piece in answer.aiter_bytes():
        pieces.append(piece)
        if len(pieces) % 50 == 0:
            most = max(most, *(now - before[pid] for pid, now in memory(family).items()))
    return b"".join(pieces), most


async def test_memory_does_not_grow_with_the_number_of_rows(
    session: httpx.AsyncClient, services: Services, settings: Settings
) -> None:
    await make_pro(services)
    account_id = await own_id(services)

    await visits.ask_often(services, account_id, MANY)
    ann = Person(services).bearing(session.headers["authorization"].removeprefix("Bearer "))
    key = {"x-api-key": (await ann.new_key()).key}  # sessions are of one address of a server
    async with (
        process_of(settings) as (url, family),
        httpx.AsyncClient(base_url=url, headers=key, timeout=120) as http,
    ):
        # What a process keeps once it has done such a thing.
        assert (await http.get(TRANSCRIPTS, params={"from": "2026-03-18"})).status_code == 200
        for format_, expected in (("json", MANY), ("csv", MANY + 1)):
            params = {"format": format_, "from": "2026-03-17"}
            async with http.stream("GET", TRANSCRIPTS, params=params) as answer:
                whole, growth = await read(answer, family)
            lines = whole.count(b"\r\n" if format_ == "csv" else b'"question_id"')
            assert lines == expected
            assert growth < _MOST_GROWTH_BYTES < len(whole) / 2


@contextlib.asynccontextmanager
async def slowly(client: httpx.AsyncClient, how_many: int) -> AsyncIterator[list[httpx.Response]]:
    """Exports of which nothing is read but their headers."""
    async with contextlib.AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                client.stream("GET", TRANSCRIPTS, params={"from": "2026-03-17"})
            )
            for _ in range(how_many)
        ]


@pytest.fixture
async def asked(session: httpx.AsyncClient, services: Services) -> httpx.AsyncClient:
    """An owner with an export that no socket takes at once."""
    await make_pro(services)
    await visits.ask_often(services, await own_id(services), 30_000)
    return session


async def test_an_account_has_only_so_many_exports_at_once(asked: httpx.AsyncClient) -> None:
    async with slowly(asked, 2) as answers:
        assert [answer.status_code for answer in answers] == [200, 200]
        refused = await asked.get(TRANSCRIPTS)
        assert_error(refused, 429, "rate_limited")
        assert refused.headers["retry-after"] == "10"
        assert (await asked.get("/v1/me/exports/profile")).status_code == 200
        assert (await asked.head(TRANSCRIPTS)).status_code == 200


async def test_who_goes_away_frees_the_turn(asked: httpx.AsyncClient) -> None:
    for _ in range(3):
        async with slowly(asked, 2) as answers:
            assert [answer.status_code for answer in answers] == [200, 200]

        async def is_free() -> bool:
            async with slowly(asked, 1) as again:
                return again[0].status_code == 200

        await until(is_free)


async def test_slow_readers_hold_no_connection_of_the_database(
    asked: httpx.AsyncClient, services: Services, settings: Settings
) -> None:
    narrow = replace(settings, database_pool_size=1)
    tom = await (await Person(services).signed_in("tom")).new_key()
    async with (
        serving(narrow) as url,
        httpx.AsyncClient(base_url=url, headers=asked.headers, timeout=60) as ann,
        httpx.AsyncClient(base_url=url, headers={"x-api-key": tom.key}, timeout=60) as other,
        slowly(ann, 2) as answers,
    ):
        found = await asyncio.gather(*(other.get("/v1/me") for _ in range(5)))
        assert [answer.status_code for answer in found] == [200] * 5
        whole = b"".join([piece async for piece in answers[0].aiter_bytes()])
        assert len(orjson.loads(whole)["items"]) == 30_000


async def test_what_breaks_half_way_is_not_taken_for_the_whole(
    asked: httpx.AsyncClient, services: Services, settings: Settings
) -> None:
    async with (
        serving(settings) as url,
        httpx.AsyncClient(base_url=url, headers=asked.headers, timeout=60) as ann,
        slowly(ann, 1) as answers,
    ):
        lost = services.database.raw()
        await lost.execute("ALTER TABLE questions RENAME TO questions_away")
        try:
            with pytest.raises(httpx.RemoteProtocolError):
                async for _ in answers[0].aiter_bytes():
                    pass
        finally:
            await lost.execute("ALTER TABLE questions_away RENAME TO questions")
