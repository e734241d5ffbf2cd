"""What tests stand on: real PostgreSQL and Valkey, started once per test process, and the API on
a real socket. Every test begins with empty tables; nothing of ours is replaced, but for what it
costs to hash a password: `tests/auth/test_passwords.py` holds that."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import cast

import asyncpg
import httpx
import hypothesis
import pytest
import uvicorn
from argon2.profiles import CHEAPEST
from starlette.applications import Starlette

from app.auth import passwords
from app.call import Scope
from app.cli.processes import KEEP_ALIVE_SECONDS
from app.embedded.postgres import start_postgres
from app.embedded.valkey import start_valkey
from app.migrate import migrate
from app.models import Base
from app.services import Services
from app.settings import Settings
from tests.people import Person
from tests.programs import STUDIO_KEY, Up, eventually


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the PostgreSQL and Valkey of this test process are."""

    database_url: str
    redis_url: str


# A tenth of all the tests' time went into hashes.
passwords.COST = CHEAPEST
# Where a test says nothing of it, a client waits as long as a busy machine takes, not five seconds.
for _waits in (
    *(httpx.AsyncClient.__init__, httpx.Client.__init__, httpx.request),
    *(httpx.get, httpx.post, httpx.put, httpx.patch, httpx.delete, httpx.head, httpx.options),
):
    (cast(FunctionType, _waits).__kwdefaults__ or {})["timeout"] = httpx.Timeout(60)


# The same examples in every run, however long they take: who changes something is not told of what
# was there before. `--hypothesis-profile=default` looks for others.
hypothesis.settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A folder for this test process; short, because socket paths are bounded."""
    folder = Path(tempfile.mkdtemp(prefix="vitae-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(data_dir: Path) -> Iterator[Servers]:
    """PostgreSQL (without fsync: the data dies with the test) and Valkey."""
    with start_postgres(data_dir, fsync=False) as postgres, start_valkey(data_dir) as valkey:
        asyncio.run(migrate(postgres.url))
        yield Servers(postgres.url, valkey.url)


@pytest.fixture(scope="session")
def settings(servers: Servers, data_dir: Path) -> Settings:
    return Settings(
        data_dir=data_dir,
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        jwt_key="a key for tests only, of sufficient length",
        log_level="warning",
        login_attempts_per_address=1000,
        starter_credits=1000,
        # Reading takes as long as a busy machine takes; tests of what these bound have their own.
        read_timeout_seconds=60,
        database_pool_wait_seconds=60,
        statement_timeout_seconds=120,
    )


@pytest.fixture(scope="session")
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    services = Services.from_settings(settings)
    await services.open()
    yield services
    await services.close()


# Entries of the ledger and security events are deleted with their accounts only.
_EMPTY = ";".join(
    f"DELETE FROM {table.name}"
    for table in reversed(Base.metadata.sorted_tables)
    if table.name not in ("ledger_entries", "security_events")
)


# Those of the API that all tests of this process share, once one has asked for it.
_of_the_api: list[Services] = []


async def settle(services: Services) -> None:
    """Wait for what is written after an answer, so that it is not written into the next test."""
    await services.queue.flush()
    await services.chores.finish()
    await services.meter.rates.settle()
    await services.meter.counts.write()
    await services.audience.write()


@pytest.fixture
async def services(open_services: Services) -> AsyncIterator[Services]:
    """Services over empty tables and an empty Valkey."""
    yield open_services
    for each in (open_services, *_of_the_api):
        await settle(each)
    await _empty_tables(open_services)
    await open_services.redis.flushdb()


async def _empty_tables(services: Services) -> None:
    async with services.database.raw().acquire() as connection:
        while True:
            # API processes that tests of a whole file share may be writing what they have counted.
            with contextlib.suppress(asyncpg.DeadlockDetectedError):
                await connection.execute(_EMPTY)
                return


@pytest.fixture(scope="session")
async def base_url(settings: Settings) -> AsyncIterator[str]:
    """The API, on a real socket of this process."""
    from app.main import create_app  # most tests need no API, and it takes a second to import

    app = create_app(settings)
    _of_the_api.append(app.state.services)
    async with serving_app(app) as url:
        yield url
    _of_the_api.clear()


@contextlib.asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """Serve the API with `settings` for as long as the block lasts; its URL."""
    from app.main import create_app

    async with serving_app(create_app(settings)) as url:
        yield url


@contextlib.asynccontextmanager
async def serving_app(app: Starlette) -> AsyncIterator[str]:
    """Serve `app` for as long as the block lasts; its URL."""
    config = uvicorn.Config(
        app,
        log_config=None,
        ws="websockets-sansio",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    async with running(config) as url:
        yield url


@contextlib.asynccontextmanager
async def running(config: uvicorn.Config) -> AsyncIterator[str]:
    """Serve as `config` says for as long as the block lasts; the URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(config)
        serve = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if serve.done():
                serve.result()
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serve


@pytest.fixture
async def client(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the API, without credentials."""
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:
        yield http


@pytest.fixture
async def session(client: httpx.AsyncClient, services: Services) -> httpx.AsyncClient:
    """The client, signed in to a new account by a session."""
    person = await Person(services).signed_in()
    client.headers["authorization"] = f"Bearer {person.credentials.bearer}"
    return client


@pytest.fixture
async def token(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a personal token of another new account, good for résumés only."""
    person = await Person(services).signed_in("tom")
    created = await person.new_token(Scope.RESUME_GENERATE)
    headers = {"authorization": f"Bearer {created.token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


@pytest.fixture(scope="session")
def up() -> Iterator[Up]:
    """A whole installation, run by `vitae up`, whom tests may ask as much as they have to.

    All of a process share it: who needs to be alone with one starts it.
    """
    folder = Path(tempfile.mkdtemp(prefix="vitae-"))
    generous = {"API_RATE_FREE": "1000", "API_RATE_PRO": "1000", "REQUEST_RATE": "1000"}
    generous |= {"LOGIN_ATTEMPTS_PER_ADDRESS": "1000", "STUDIO_KEY": STUDIO_KEY}
    generous |= {"SESSION_MINUTES": "120"}
    running = Up(folder / "data", **generous)
    eventually(running.is_ready)
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the installation run at the end, beside no other tests, and the longest of it first."""

    def place(item: pytest.Item) -> tuple[bool, bool]:
        is_using = "up" in getattr(item, "fixturenames", ())
        return is_using, is_using and "developers" not in item.nodeid

    items.sort(key=place)
