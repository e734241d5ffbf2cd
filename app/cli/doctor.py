"""`vitae doctor`: what this machine lacks, and how to mend it."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from app.embedded import ServerError, postgres, valkey
from app.embedded.child import on_leash
from app.settings import Settings

_CONNECT_SECONDS = 5
_LEAST_DISK_MB = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, whether it serves, and else how to mend its fault."""

    name: str
    ok: bool
    seen: str
    mend: str = ""
    fault: str = "missing"


def run(settings: Settings, port: int) -> int:
    """Print every finding; 0 when all is well, 1 when something is missing."""
    table = Table(box=None, pad_edge=False, show_header=False)
    findings = list(examine(settings, port))
    for finding in findings:
        mark = "[green]ok[/]" if finding.ok else f"[bold red]{finding.fault}[/]"
        table.add_row(mark, finding.name, finding.seen)
        if not finding.ok:
            table.add_row("", "", f"→ {finding.mend}")
    Console(highlight=False).print(table)
    return 0 if all(finding.ok for finding in findings) else 1


def examine(settings: Settings, port: int) -> Iterator[Finding]:
    """Look at everything that Vitae needs here."""
    yield _python()
    yield _weasyprint()
    yield _harfbuzz_subset()
    yield _compiled()
    yield from _data_folder(settings.data_dir)
    if settings.database_url:
        yield _reachable("DATABASE_URL", lambda: asyncio.run(_ask_postgres(settings.database_url)))
    else:
        if os.geteuid() == 0:
            yield _user_namespaces()
        yield _runs("embedded PostgreSQL", lambda: postgres.binaries() / "postgres", "DATABASE_URL")
        yield from _cluster_version(settings.data_dir)
    if settings.redis_url:
        yield _reachable("REDIS_URL", lambda: asyncio.run(_ask_redis(settings.redis_url)))
    else:
        yield _runs("embedded Valkey", valkey.binary, "REDIS_URL")
    yield _port(port)


def _python() -> Finding:
    ok = sys.version_info >= (3, 11)
    return Finding("Python", ok, platform.python_version(), "Install Python 3.11 or newer.")


def _weasyprint() -> Finding:
    check = "import weasyprint; print(weasyprint.__version__)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check], capture_output=True, text=True, check=False
    )
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines() or ["killed"]
    mend = (
        "brew install pango"
        if sys.platform == "darwin"
        else "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0"
    )
    return Finding("WeasyPrint", done.returncode == 0, said[-1], mend)


def _harfbuzz_subset() -> Finding:
    name = "libharfbuzz-subset.0.dylib" if sys.platform == "darwin" else "libharfbuzz-subset.so.0"
    try:
        ctypes.CDLL(name)
    except OSError:
        mend = "sudo apt-get install -y libharfbuzz-subset0"
        return Finding("HarfBuzz subset", False, "fonts are embedded more slowly", mend)
    return Finding("HarfBuzz subset", True, name)


def _compiled() -> Finding:
    from workers import compiled

    try:
        count = compiled.count()
    except compiled.NotCompiled as error:
        return Finding("compiled modules", True, str(error))
    seen = str(count) if count else "none; ./vitae compile makes PDFs for a fifth less, if you like"
    return Finding("compiled modules", True, seen)


def _data_folder(folder: Path) -> Iterator[Finding]:
    existing = folder
    while not existing.exists():
        existing = existing.parent
    ok = os.access(existing, os.W_OK | os.X_OK)
    mend = "Run as its owner, or name another folder with --data DIR."
    yield Finding("data folder", ok, f"{folder}{'' if ok else ' can not be written'}", mend)
    free = shutil.disk_usage(existing).free // 1_000_000
    yield Finding("free disk", free >= _LEAST_DISK_MB, f"{free} MB", "Free some space.")


def _user_namespaces() -> Finding:
    probe = subprocess.run(
        on_leash([], signal.SIGKILL, "unshared"), capture_output=True, text=True, check=False
    )
    if probe.returncode == 0:
        return Finding("user namespaces", True, "PostgreSQL, which refuses root, runs in one")
    seen = f"{probe.stderr.strip()}; PostgreSQL runs as the user nobody instead"
    return Finding("user namespaces", True, seen)


def _runs(name: str, program: Callable[[], Path], variable: str) -> Finding:
    mend = f"Set {variable} to a server of your own."
    try:
        done = subprocess.run([program(), "--version"], capture_output=True, text=True, check=False)
    except (ServerError, OSError) as error:
        return Finding(name, False, str(error), mend)
    said = (done.stdout or done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]
    return Finding(name, done.returncode == 0, said[0], mend)


def _cluster_version(folder: Path) -> Iterator[Finding]:
    path = folder / "postgres" / "data" / "PG_VERSION"
    if path.exists() and os.access(path, os.R_OK):
        made_by = path.read_text().strip()
        ok = made_by == postgres.major_version()
        mend = "Dump it with the Vitae that made it, and restore the dump into a new folder."
        yield Finding("database folder", ok, f"made by PostgreSQL {made_by}", mend)


def _reachable(variable: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(variable, True, ask())
    except Exception as error:  # whatever a driver raises, it is the answer to show
        seen = f"{type(error).__name__}: {error}"
        return Finding(variable, False, seen, "Check the address, that it runs, and the password.")


async def _ask_postgres(url: str) -> str:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
    try:
        version: str = await connection.fetchval("SHOW server_version")
        vector = "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
        if await connection.fetchval(vector) is None:
            raise LookupError("the server has no pgvector")
    finally:
        await connection.close()
    return f"PostgreSQL {version} with pgvector"


async def _ask_redis(url: str) -> str:
    from redis.asyncio import Redis

    async with Redis.from_url(
        url, socket_connect_timeout=_CONNECT_SECONDS, socket_timeout=_CONNECT_SECONDS
    ) as client:
        told = await client.info("server")
    return f"Valkey or Redis {told.get('valkey_version') or told['redis_version']}"


def _port(port: int) -> Finding:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            mend = "Name another with --port."
            return Finding(f"port {port}", False, str(error.strerror), mend, "refused")
        if _is_vitae(port):
            return Finding(f"port {port}", True, "in use by Vitae")
        mend = "Stop the program that listens there, or name another port with --port."
        return Finding(f"port {port}", False, "by another program", mend, "in use")
    return Finding(f"port {port}", True, "free")


def _is_vitae(port: int) -> bool:
    """Whether what listens at `port` of this machine says that it is Vitae."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/version", timeout=_CONNECT_SECONDS)
        return bool(answer.json()["name"] == "vitae")
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return False
