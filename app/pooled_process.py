"""A process of a pool: requests come in by standard input, answers go out by standard output.

`app.processes` starts it as `python -m app.pooled_process PARENT MEGABYTES NICENESS MODULE …` with
the arguments of MODULE. It warms itself, says so, and answers one request after another until its
input ends. A frame is one byte of kind, four of length (big-endian), and a body.

MODULE has `warm(*arguments)`, which loads all that answering needs, and `answer(request)`, from
bytes to bytes. It holds what strangers wrote, so before the first of it arrives the process gives
up what it does not need (`app.confinement`). Its environment was never that of its parent.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from app import confinement

FRAME = struct.Struct("!cI")
REQUEST = b"Q"
READY = b"R"  # warm; sent once
DONE = b"D"  # the answer
FAILED = b"F"  # the module raised
NO_MEMORY = b"M"  # the memory limit was reached; the process ends itself after this

_PROJECT = Path(__file__).resolve().parent.parent
# The interpreter, its libraries and ours, with the fonts: never the project's folder itself,
# which may hold the data folder.
_NEEDED = (
    *map(Path, (sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64")),
    *(_PROJECT / package for package in ("app", "workers")),
)


def main(parent: int, megabytes: int, niceness: int, module: str, *arguments: str) -> None:
    """Serve until the input ends."""
    os.nice(niceness)
    # The parent alone decides: a Ctrl-C or a SIGTERM to the whole group must not end work
    # that the parent is still waiting for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requests, answers = _pipes()
    confinement.detach(parent)
    worker: Any = import_module(module)
    # Warming opens libraries and fonts, and writes a cache of these: the rest comes after it.
    worker.warm(*arguments)
    confinement.limit(megabytes)
    confinement.see_only(_NEEDED)
    _send(answers, READY)
    while header := requests.read(FRAME.size):
        _, length = FRAME.unpack(header)
        if not _answer(worker, requests.read(length), answers):
            return


def _answer(worker: Any, request: bytes, answers: BinaryIO) -> bool:
    """Answer one request; whether the process is fit for another."""
    try:
        _send(answers, DONE, worker.answer(request))
    except MemoryError:
        # Whatever was half-done when memory ran out may be broken.
        _send(answers, NO_MEMORY)
        return False
    except Exception:
        traceback.print_exc()
        _send(answers, FAILED)
    return True


def _send(answers: BinaryIO, kind: bytes, body: bytes = b"") -> None:
    answers.write(FRAME.pack(kind, len(body)))
    answers.write(body)
    answers.flush()


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Input and output, out of reach of anything that reads or prints; nothing else stays open."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
