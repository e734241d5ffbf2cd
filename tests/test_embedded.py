"""Embedded PostgreSQL and Valkey: what they keep, whom they outlive, and what they refuse."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
from redis import Redis

from app.embedded import RunningServer, ServerError, folder, start_postgres, start_valkey
from app.settings import PROJECT


@pytest.fixture
def data() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="vitae-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A folder with a PostgreSQL cluster that is not running."""
    path = Path(tempfile.mkdtemp(prefix="vitae-"))
    start_postgres(path, fsync=False).stop()
    yield path
    shutil.rmtree(path, ignore_errors=True)


def ask(server: RunningServer, statement: str) -> Any:
    """The first value of what `statement` gives."""

    async def connected() -> Any:
        connection = await asyncpg.connect(server.url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(connected())


def test_a_killed_postgres_comes_back_with_everything_committed(cluster: Path) -> None:
    with start_postgres(cluster, fsync=False) as first:
        ask(first, "CREATE TABLE kept (n int)")
        for n in range(20):
            ask(first, f"INSERT INTO kept VALUES ({n})")
        first.kill()
        with start_postgres(cluster, fsync=False) as second:
            assert second.url == first.url
            assert second.pid != first.pid
            assert ask(second, "SELECT count(*) FROM kept") == 20


def test_postgres_sorts_and_folds_alike_on_every_system(cluster: Path) -> None:
    with start_postgres(cluster, fsync=False) as server:
        of_database = "FROM pg_database WHERE datname = current_database()"
        assert ask(server, f"SELECT datlocprovider {of_database}") == b"b"
        assert ask(server, f"SELECT datlocale {of_database}") == "C.UTF-8"
        assert ask(server, "SELECT upper('é')") == "É"
        assert ask(server, "SHOW server_encoding") == "UTF8"


def test_postgres_brings_pgvector(cluster: Path) -> None:
    with start_postgres(cluster, fsync=False) as server:
        ask(server, "CREATE EXTENSION vector")
        assert ask(server, "SELECT '[3,4]'::vector <-> '[0,0]'::vector") == 5


def test_postgres_is_reachable_through_its_private_socket_only(cluster: Path) -> None:
    with start_postgres(cluster, fsync=False) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        assert (cluster / "postgres").stat().st_mode & 0o777 == 0o700
        connections = psutil.Process(server.pid).net_connections(kind="inet")
        assert connections == []


def test_postgres_syncs_to_disk_unless_told_otherwise(cluster: Path) -> None:
    with start_postgres(cluster) as server:
        assert ask(server, "SHOW fsync") == "on"
    with start_postgres(cluster, fsync=False) as server:
        assert ask(server, "SHOW fsync") == "off"


def test_the_callers_environment_does_not_change_postgres(
    cluster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with start_postgres(cluster, fsync=False) as server:
        monkeypatch.delenv("PGPORT")
        assert ask(server, "SHOW port") == "5432"


def test_a_cluster_that_was_left_half_made_is_made_anew(data: Path) -> None:
    draft = data / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("half")
    with start_postgres(data, fsync=False) as server:
        assert ask(server, "SELECT current_database()") == "vitae"
    assert not draft.exists()


def test_a_cluster_of_another_major_version_is_refused_and_left_alone(cluster: Path) -> None:
    version = cluster / "postgres" / "data" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(ServerError, match=r"made by PostgreSQL 12 .* dump"):
            start_postgres(cluster, fsync=False)
    finally:
        version.write_text(ours)
    start_postgres(cluster, fsync=False).stop()


def test_a_data_folder_with_a_long_path_has_its_sockets_elsewhere(data: Path) -> None:
    deep = data / ("d" * 60) / ("e" * 60)
    with start_postgres(deep, fsync=False) as postgres, start_valkey(deep) as valkey:
        assert ask(postgres, "SELECT 1") == 1
        with Redis.from_url(valkey.url) as client:
            assert client.ping()
        sockets = Path(postgres.url.partition("host=")[2])
        assert len(str(sockets)) < 60
        assert sockets.stat().st_mode & 0o777 == 0o700
    for used in (sockets, Path(valkey.url.removeprefix("unix://")).parent):
        shutil.rmtree(used)


def test_a_killed_valkey_comes_back_with_what_was_written(data: Path) -> None:
    with start_valkey(data) as first:
        with Redis.from_url(first.url) as client:
            client.set("kept", "1")
        first.kill()
        with start_valkey(data) as second, Redis.from_url(second.url) as client:
            assert second.url == first.url
            assert client.get("kept") == b"1"


def test_valkey_refuses_writes_rather_than_dropping_jobs(data: Path) -> None:
    with start_valkey(data) as server, Redis.from_url(server.url) as client:
        shown: Any = client.config_get("*")
        assert shown["maxmemory-policy"] == "noeviction"
        assert shown["appendonly"] == "yes"
        assert shown["appendfsync"] == "everysec"
        assert shown["port"] == "0"


@pytest.mark.parametrize("start", [start_postgres, start_valkey])
def test_a_folder_has_one_server(
    data: Path, start: Callable[[Path], RunningServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_LOCK_WAIT_SECONDS", 0.1)
    with start(data) as first:
        with pytest.raises(ServerError, match="already running"):
            start(data)
        assert first.poll() is None


def test_a_server_that_does_not_start_shows_the_end_of_its_log(data: Path) -> None:
    start_valkey(data).stop()
    (manifest,) = (data / "valkey" / "appendonlydir").glob("*.manifest")
    manifest.write_text("nonsense\n")
    with pytest.raises(ServerError, match=r"Valkey did not start[\s\S]*manifest"):
        start_valkey(data)


def test_servers_end_with_the_process_that_started_them(data: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from app.embedded import *;"
        "data = Path(sys.argv[1]);"
        "servers = start_postgres(data, fsync=False), start_valkey(data);"
        "print(*[server.pid for server in servers], flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, data],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    with parent:
        assert parent.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        everything = [*servers, *(child for server in servers for child in server.children())]
        parent.kill()
    assert len(everything) > 3
    _, alive = psutil.wait_procs(everything, timeout=60)
    assert alive == []


def test_a_program_on_a_leash_does_not_start_when_its_parent_is_gone() -> None:
    leash = Path(folder.__file__).with_name("leash.py")
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    command = [sys.executable, "-I", "-S", str(leash), gone, str(int(signal.SIGTERM)), "same"]
    done = subprocess.run(
        [*command, "/bin/echo", "started"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "started" not in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
@pytest.mark.parametrize("identity", ["unshared", "nobody"])
def test_postgres_of_root_runs_with_and_without_user_namespaces(
    data: Path, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.embedded import postgres

    if identity == "unshared" and postgres._identity() != "unshared":
        pytest.skip("this system refuses user namespaces")
    start_postgres(data, fsync=False).stop()
    # What the probe finds is this machine's; the other answer is a container's.
    monkeypatch.setattr(postgres, "_identity", lambda: identity)
    for _ in range(2):
        with start_postgres(data, fsync=False) as server:
            assert ask(server, "SELECT 1") == 1
    monkeypatch.undo()
    with start_postgres(data, fsync=False) as server:
        assert ask(server, "SELECT 1") == 1
