"""The `vitae` command run as a program, and a whole installation that it runs."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import psutil

from app.settings import PROJECT

PATIENCE_SECONDS = 180
STUDIO_KEY = "a secret between services, of some length"
Found = TypeVar("Found")
_SETTINGS_OF_SERVERS = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "PUBLIC_URL")


def environment(**further: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _SETTINGS_OF_SERVERS}
    # Tests of other things make more jobs than an account begins with, on busy machines.
    ample = {"STARTER_CREDITS": "1000"}
    ample |= {"READ_TIMEOUT_SECONDS": "60", "DATABASE_POOL_WAIT_SECONDS": "60"}
    return {**ample, **kept, "PYTHONPATH": str(PROJECT), **further}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-P", "-m", "app.cli", *map(str, arguments)]


def vitae(
    *arguments: str | Path, cwd: Path = PROJECT, **further: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environment(**further), capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False, timeout=240,
    )  # fmt: skip


def free_port() -> int:
    """A port for a program that can't be given a socket, free now.

    It is none of those that the system gives to whoever connects: who waits for the program by
    connecting again and again would, some time, be given that very port, and meet itself.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def eventually(look: Callable[[], Found | None], seconds: float = PATIENCE_SECONDS) -> Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {look}")


class Up:
    """A running `vitae up` on `data`, at a port of its own, with further `options`."""

    def __init__(self, data: Path, *options: str, **further: str) -> None:
        self.data = data
        self.options = options
        self.further = further
        self.log = data.with_suffix(".log")
        self._start()

    def _start(self) -> None:
        self.log.write_bytes(b"")
        with self.log.open("ab") as log:  # appending: what is left of the last run writes too
            self.process = subprocess.Popen(
                command("up", "--port", "0", "--data", self.data, *self.options),
                cwd=self.data.parent, env=environment(**self.further),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            # A busy machine takes long to start so much at once.
            self.url = eventually(self._url, PATIENCE_SECONDS)
        except AssertionError:
            self.stop()
            raise

    def _url(self) -> str | None:
        assert self.process.poll() is None, self.log.read_text()
        lines = [line for line in self.log.read_text().splitlines() if "/readyz" in line]
        return lines[0].split()[-1].removesuffix("/readyz") if lines else None

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200
        return False

    def family(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def child(self, words: str) -> psutil.Process | None:
        """The first child whose command line has `words`."""
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if words in " ".join(process.cmdline()):
                    return process
        return None

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)

    def start_again(self) -> None:
        assert self.process.poll() is not None
        self._start()
