"""The `vitae` command, run as a program: everything it starts is real."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pypdf
import pytest

from app.cli.develop import from_project
from app.embedded import start_postgres
from app.migrate import MigrationError, migrate, revisions
from app.settings import PROJECT
from tests.programs import (
    PATIENCE_SECONDS,
    Up,
    command,
    environment,
    eventually,
    free_port,
    vitae,
)

EXAMPLE = PROJECT / "app" / "cv" / "example.json"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A new database without tables."""
    folder = Path(tempfile.mkdtemp(prefix="vitae-"))
    with start_postgres(folder, fsync=False) as server:
        yield server.url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """An installation that these tests stop and kill."""
    folder = Path(tempfile.mkdtemp(prefix="vitae-"))
    running = Up(folder / "data")
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


# --- up --------------------------------------------------------------------------------------


def test_quickstart_makes_a_pdf_and_can_be_run_again(up: Up, tmp_path: Path) -> None:
    eventually(up.is_ready)
    for name in ("first.pdf", "second.pdf"):
        done = vitae("quickstart", "--url", up.url, "-o", name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "succeeded" in done.stderr
        assert "curl" in done.stdout
        text = pypdf.PdfReader(tmp_path / name).pages[0].extract_text()
        assert "Doxarve" in text


@pytest.mark.skipif(shutil.which("jq") is None, reason="the lines take answers apart with jq")
def test_the_curl_lines_of_quickstart_make_the_same_pdf(up: Up, tmp_path: Path) -> None:
    eventually(up.is_ready)
    done = vitae("quickstart", "--url", up.url, "-o", "a b.pdf", cwd=tmp_path)
    (tmp_path / "a b.pdf").unlink()
    pasted = subprocess.run(
        ["sh", "-eu", "-c", done.stdout], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert pasted.returncode == 0, pasted.stderr
    assert (tmp_path / "a b.pdf").read_bytes().startswith(b"%PDF-")


def test_a_second_up_on_the_same_data_is_refused(up: Up) -> None:
    done = vitae("up", "--port", "0", "--data", up.data)
    assert done.returncode == 1
    assert f"already running on {up.data} (process {up.process.pid})" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_named(up: Up, tmp_path: Path) -> None:
    port = up.url.rpartition(":")[2]
    done = vitae("up", "--port", port, "--data", tmp_path / "other")
    assert done.returncode == 1
    assert done.stderr == (
        f"vitae: Port {port} is in use by another program. Name another with --port.\n"
    )


@pytest.mark.parametrize(
    "words", ["postgres -D", "valkey-server", "processes api", "processes worker"]
)
def test_a_killed_part_is_started_again(up: Up, words: str) -> None:
    killed = eventually(lambda: up.child(words))
    killed.kill()

    def successor() -> psutil.Process | None:
        found = up.child(words)
        return found if found and found.pid != killed.pid and found != killed else None

    eventually(successor)
    eventually(up.is_ready)
    assert up.process.poll() is None


def test_a_write_whose_server_is_killed_in_between_is_done_once(up: Up, tmp_path: Path) -> None:
    eventually(up.is_ready)
    person = {"username": "kim", "password": "a passphrase for kim"}
    with httpx.Client(base_url=up.url, timeout=PATIENCE_SECONDS) as http:
        more = {"email": "kim@example.com", "full_name": "Kim Doe"}
        http.post("/v1/auth/register", json={**person, **more}).raise_for_status()
        session = http.post("/v1/auth/login", json=person).json()["access_token"]
        with _losing_the_first_answer(up) as url:
            done = vitae(
                "skills", "add", "Python", "-q", cwd=tmp_path,
                VITAE_URL=url, VITAE_TOKEN=session, XDG_CONFIG_HOME=str(tmp_path),
            )  # fmt: skip
        assert done.returncode == 0, done.stderr
        eventually(up.is_ready)
        answer = http.get("/v1/me/skills", headers={"authorization": f"Bearer {session}"})
        assert [row["id"] for row in answer.json()["items"]] == [done.stdout.strip()]


@contextlib.contextmanager
def _losing_the_first_answer(up: Up) -> Iterator[str]:
    """A way to the API on which the first answer gets lost, since the whole API is killed then."""
    is_first = threading.Event()

    class Way(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = _whole_message(self.request)
            host, _, port = up.url.removeprefix("http://").partition(":")
            try:
                with socket.create_connection((host, int(port)), PATIENCE_SECONDS) as there:
                    there.sendall(asked)
                    answer = _whole_message(there)
            except OSError:
                answer = b""  # it is not back yet
            if is_first.is_set():
                self.request.sendall(answer)
                return
            is_first.set()
            assert answer.startswith(b"HTTP/1.1 201 ")
            for process in up.family():
                if "app.cli.processes api" in " ".join(process.cmdline()):
                    process.kill()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Way) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _whole_message(connection: socket.socket) -> bytes:
    """A request or an answer of HTTP with its body; what came of it where it ends early."""
    message = b""
    while piece := connection.recv(65536):
        message += piece
        head, _, body = message.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length: (\d+)", head)
        if b"\r\n\r\n" in message and len(body) >= int(length[1] if length else 0):
            break
    return message


def test_what_was_acknowledged_outlives_kill_9_of_the_supervisor(up: Up) -> None:
    owner = {
        "username": "survivor",
        "email": "survivor@example.com",
        "password": "a long enough one 7",
        "full_name": "Sur Vivor",
    }
    eventually(up.is_ready)
    assert httpx.post(f"{up.url}/v1/auth/register", json=owner, timeout=60).status_code == 201
    family = up.family()
    assert len(family) > 8
    up.process.kill()
    up.process.wait()
    up.start_again()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
    assert alive == []
    login = {"username": "survivor", "password": "a long enough one 7"}
    assert httpx.post(f"{up.url}/v1/auth/login", json=login, timeout=60).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_stops_cleanly_and_leaves_nothing_behind(up: Up, number: signal.Signals) -> None:
    family = up.family()
    up.process.send_signal(number)
    assert up.process.wait(PATIENCE_SECONDS) == 0
    said = up.log.read_text().splitlines()
    assert said[-1] == f"Stopped. Everything is kept in {up.data}."
    assert "Stopping…" in said[:-1]
    assert [process for process in family if process.is_running()] == []
    assert "ready to exit" in (up.data / "valkey" / "log").read_text()
    assert "database system is shut down" in (up.data / "postgres" / "log").read_text()[-500:]
    assert not up.is_ready()
    up.start_again()


def test_the_data_is_readable_by_its_owner_only(up: Up) -> None:
    assert up.data.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_made_is_named() -> None:
    done = vitae("up", "--port", "0", "--data", "/proc/nowhere")
    assert done.returncode == 1
    assert "The folder /proc/nowhere can't be made" in done.stderr
    assert "Traceback" not in done.stderr


# --- the parts alone -------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["api", "worker", "migrate"])
def test_a_part_alone_needs_to_be_told_its_servers(part: str) -> None:
    done = vitae(part)
    assert done.returncode == 2
    assert "DATABASE_URL is not set" in done.stderr


def test_api_alone_serves_on_outside_servers(up: Up, tmp_path: Path) -> None:
    servers = {
        "DATABASE_URL": f"postgresql://postgres@/vitae?host={up.data}/postgres",
        "REDIS_URL": f"unix://{up.data}/valkey/valkey.sock",
        "DATA_DIR": str(tmp_path / "data"),
    }
    port = free_port()
    process = subprocess.Popen(
        command("api", "--port", str(port), "--workers", "1"),
        env=environment(**servers), stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def answers() -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
        return False

    with process:
        eventually(answers)
        process.terminate()
    assert process.returncode == 0


def test_a_server_that_cannot_be_reached_is_said_in_one_line() -> None:
    done = vitae("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_a_setting_that_cannot_be_read_is_named() -> None:
    done = vitae("up", RENDER_PROCESSES="many")
    assert done.returncode == 2
    assert "RENDER_PROCESSES" in done.stderr


# --- migrations ------------------------------------------------------------------------------


async def _revision(url: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()


def test_the_names_of_the_migrations_are_their_order() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(PROJECT / "app" / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert [revision.revision for revision in script.walk_revisions()] == revisions()[::-1]


async def test_several_migrations_at_once_are_one(database: str) -> None:
    await asyncio.gather(*(migrate(database) for _ in range(4)))
    assert await _revision(database) == revisions()[-1]
    assert await migrate(database) == revisions()[-1]


def test_migrate_says_what_it_did(database: str) -> None:
    vitae("migrate", DATABASE_URL=database)
    done = vitae("migrate", DATABASE_URL=database)
    assert (done.returncode, done.stdout) == (0, f"at {revisions()[-1]} already\n")


async def test_a_database_of_a_newer_vitae_is_refused(database: str) -> None:
    await migrate(database)
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(MigrationError, match="revision 9999"):
            await migrate(database)
    finally:
        await connection.execute("UPDATE alembic_version SET version_num = $1", revisions()[-1])
        await connection.close()


# --- render, doctor, test --------------------------------------------------------------------


def test_render_makes_a_pdf_of_a_file_in_the_callers_folder(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "mine.json")
    done = vitae("render", "mine.json", "-o", "mine.pdf", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mine.pdf: 1 page, ")
    assert "Doxarve" in pypdf.PdfReader(tmp_path / "mine.pdf").pages[0].extract_text()


def test_render_takes_cv_data_alone_and_prints_its_warnings(tmp_path: Path) -> None:
    cv_data = json.loads(EXAMPLE.read_text())["cv_data"]
    (tmp_path / "mine.json").write_text(json.dumps({**cv_data, "nonsense": 1}))
    done = vitae("render", "mine.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nonsense" in done.stderr
    assert (tmp_path / "cv.pdf").exists()


def test_render_lists_what_is_wrong_by_path(tmp_path: Path) -> None:
    cv_data = json.loads(EXAMPLE.read_text())["cv_data"]
    (tmp_path / "bad.json").write_text(json.dumps({**cv_data, "template": "x", "font_size": 99}))
    done = vitae("render", "bad.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "cv_data.template:" in done.stderr
    assert "cv_data.font_size:" in done.stderr
    assert not (tmp_path / "cv.pdf").exists()


@pytest.mark.parametrize("content", ["{", "", "\x00", "[1,", "\udcff"])
def test_render_refuses_what_is_not_json(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.json").write_bytes(content.encode(errors="surrogateescape"))
    done = vitae("render", "bad.json", cwd=tmp_path)
    assert done.returncode == 2
    assert re.fullmatch(r"vitae: bad\.json is not JSON \(line 1, column \d+: .+\)\n", done.stderr)


def test_render_reads_standard_input_and_writes_standard_output() -> None:
    done = subprocess.run(
        command("render", "-", "-o", "-"), env=environment(), input=EXAMPLE.read_bytes(),
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Doxarve" in pypdf.PdfReader(io.BytesIO(done.stdout)).pages[0].extract_text()
    assert done.stderr.startswith(b"standard output: 1 page, ")


def test_render_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = vitae("render", "none.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "vitae: none.json: No such file or directory\n")


def test_doctor_finds_this_machine_well_and_a_dead_server_not(up: Up, tmp_path: Path) -> None:
    port = str(free_port())
    done = vitae("doctor", "--data", tmp_path, "--port", port)
    assert done.returncode == 0, done.stdout
    assert "missing" not in done.stdout
    dead = {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1"}
    done = vitae("doctor", "--data", tmp_path, "--port", port, cwd=tmp_path, **dead)
    assert done.returncode == 1
    assert done.stdout.count("missing") == 2


def test_doctor_tells_vitae_on_the_port_from_another_program(up: Up, tmp_path: Path) -> None:
    done = vitae("doctor", "--data", tmp_path, "--port", up.url.rpartition(":")[2])
    assert done.returncode == 0, done.stdout
    assert "in use by Vitae" in done.stdout
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as other:
        threading.Thread(target=other.serve_forever, args=(0.01,), daemon=True).start()
        done = vitae("doctor", "--data", tmp_path, "--port", str(other.server_address[1]))
        other.shutdown()
    assert done.returncode == 1
    assert re.search(r"in use +port \d+ +by another program", done.stdout)


def test_test_takes_paths_from_the_callers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT / "tests")
    here = str(PROJECT / "tests" / "test_cli.py")
    assert from_project("test_cli.py") == here
    assert from_project("test_cli.py::test_x[1]") == f"{here}::test_x[1]"
    assert from_project("-x") == "-x"
    assert from_project("nowhere") == "nowhere"


def test_test_passes_pytests_exit_code_on(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text("def test_failing():\n    assert False\n")
    done = vitae("test", "test_failing.py", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert done.returncode == 1
    assert "1 failed" in done.stdout


def test_help_of_bench_and_test_is_ours_and_pytests_own_is_a_word_away() -> None:
    bench = vitae("bench", "--help")
    assert bench.returncode == 0
    assert bench.stdout.startswith("Usage: vitae bench")
    tests = vitae("test", "--help").stdout
    assert tests.startswith("Usage: vitae test")
    assert "vitae test -- --help" in " ".join(tests.split())
    assert "python -m pytest" in vitae("test", "--", "--help").stdout


def test_help_says_that_workers_of_the_api_do_not_render() -> None:
    for name in ("up", "api"):
        assert "not render workers" in " ".join(vitae(name, "--help").stdout.split())


def test_the_version_is_told() -> None:
    done = vitae("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("vitae ")
