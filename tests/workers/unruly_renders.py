"""A renderer that misbehaves as the jobtitle of the CV says; run inside real render processes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.cv.model import CV
from workers.render import Rendered


def warm() -> None:
    """Nothing to load."""


def render_pdf(cv: CV) -> Rendered:
    """The process's number and what it found, as if it were a PDF."""
    deed, _, argument = cv.identity.jobtitle.partition(" ")
    return Rendered(pdf=f"{os.getpid()} {_DEEDS[deed](argument)}".encode(), pages=1)


def _sleep(argument: str) -> str:
    # What a caller waits for to know that the render is under way.
    seconds, _, note = argument.partition(" ")
    if note:
        os.kill(int(note), signal.SIGUSR1)
    time.sleep(float(seconds))
    return ""


def _allocate(megabytes: str) -> str:
    return str(len(bytearray(int(megabytes) << 20)))


def _crash(name: str) -> str:
    os.kill(os.getpid(), getattr(signal, name))
    return ""


def _raise(message: str) -> str:
    raise ValueError(message)


def _print(text: str) -> str:
    print(text, flush=True)
    print(sys.stdin.read(), end="")
    return ""


def _write(path: str) -> str:
    try:
        Path(path).write_text("x")
    except OSError as error:
        return type(error).__name__
    return "written"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError as error:
        return type(error).__name__


def _descriptors(_: str) -> str:
    """How many of the first hundred descriptors are open."""
    count = 0
    for number in range(100):
        with contextlib.suppress(OSError):
            os.fstat(number)
            count += 1
    return str(count)


def _connect(address: str) -> str:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def _nothing(_: str) -> str:
    return ""


_DEEDS: dict[str, Callable[[str], str]] = {
    "": _nothing,
    "sleep": _sleep,
    "allocate": _allocate,
    "crash": _crash,
    "raise": _raise,
    "print": _print,
    "write": _write,
    "connect": _connect,
    "environment": lambda _: ",".join(sorted(os.environ)),
    "descriptors": _descriptors,
    "read": _read,
    "large": lambda megabytes: "x" * (int(megabytes) << 20),
}
