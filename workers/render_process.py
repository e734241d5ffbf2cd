"""A render process: CVs come in by standard input, PDFs go out by standard output.

`workers.renderer` starts it as `python -m workers.render_process PARENT MEGABYTES MODULE`.
It warms itself, says so, and answers one request after another until its input ends. A frame
is one byte of kind, four of length (big-endian), and a body.

It holds what strangers wrote, so before the first of it arrives the process gives up what a
render does not need: the network where the system lets it, writing files, most descriptors,
gaining privileges, core dumps. Its environment was never that of its parent.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
import traceback
from importlib import import_module
from typing import BinaryIO

from app.cv.model import CV

FRAME = struct.Struct("!cI")
PAGES = struct.Struct("!I")
REQUEST = b"Q"  # a CV as JSON
READY = b"R"  # warm; sent once
DONE = b"D"  # the number of pages, then the PDF
FAILED = b"F"  # the renderer raised
NO_MEMORY = b"M"  # the memory limit was reached; the process ends itself after this

_DESCRIPTORS = 64
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def main(parent: int, megabytes: int, module: str) -> None:
    """Serve until the input ends; `module` has `warm()` and `render_pdf(cv)`."""
    # The parent alone decides: a Ctrl-C or a SIGTERM to the whole group must not end a
    # render that the parent is still waiting for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requests, answers = _pipes()
    if sys.platform == "linux":
        _confine(parent)
    renderer = import_module(module)
    renderer.warm()
    _limit(megabytes)
    _send(answers, READY)
    while header := requests.read(FRAME.size):
        _, length = FRAME.unpack(header)
        if not _answer(renderer, requests.read(length), answers):
            return


def _answer(renderer: object, request: bytes, answers: BinaryIO) -> bool:
    """Render one CV; whether the process is fit for another."""
    try:
        rendered = renderer.render_pdf(CV.model_validate_json(request))  # type: ignore[attr-defined]
        _send(answers, DONE, PAGES.pack(rendered.pages), rendered.pdf)
    except MemoryError:
        # Whatever was half-done when memory ran out may be broken.
        _send(answers, NO_MEMORY)
        return False
    except Exception:
        traceback.print_exc()
        _send(answers, FAILED)
    return True


def _send(answers: BinaryIO, kind: bytes, *body: bytes) -> None:
    answers.write(FRAME.pack(kind, sum(map(len, body))))
    for part in body:
        answers.write(part)
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


def _confine(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    # An own network namespace has no interface that is up. Root may make one; others need a
    # user namespace with it, which some systems refuse: then the renderer's own refusal to
    # fetch stands alone.
    if libc.unshare(_CLONE_NEWNET):
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # After unshare, which would clear it.
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("The parent died before its render process was set up.")


def _limit(megabytes: int) -> None:
    """Set once the renderer is warm: its libraries and fonts are opened and written before."""
    memory = megabytes * 1024 * 1024
    limits = {
        # Writable private memory: files that are mapped, such as fonts, do not count.
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (bound, bound))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
