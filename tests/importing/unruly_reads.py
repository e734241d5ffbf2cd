"""Reads that misbehave as the file says; run inside real reading processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import msgspec

from app.importing.preview import FoundProfile, Preview
from app.importing.reader import Answer, Request
from app.pooled_process import DONE, FRAME


def warm() -> None:
    """Nothing to load."""


def answer(request: bytes) -> bytes:
    """A preview whose name is the process's number, or what the file asks for instead."""
    asked = msgspec.msgpack.decode(request, type=Request)
    deed, _, argument = asked.data.decode().partition(" ")
    return _DEEDS[deed](argument)


def _found(bio: str = "") -> bytes:
    profile = FoundProfile(full_name=str(os.getpid()), bio=bio)
    return msgspec.msgpack.encode(Answer(Preview(format="pdf", profile=profile)))


def _sleep(seconds: str) -> bytes:
    time.sleep(float(seconds))
    return _found()


def _allocate(megabytes: str) -> bytes:
    return _found(str(len(bytearray(int(megabytes) << 20))))


def _crash(_: str) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def _claim(megabytes: str) -> bytes:
    """Begins an answer by itself, as one who has taken over the process could."""
    answers = 4  # the descriptor after those of the standard streams and of requests
    os.write(answers, FRAME.pack(DONE, int(megabytes) << 20))
    time.sleep(600)
    return b""


def _raise(message: str) -> bytes:
    raise ValueError(message)


def _refuse(code: str) -> bytes:
    return msgspec.msgpack.encode(Answer(code=code, message="No."))


_DEEDS: dict[str, Callable[[str], bytes]] = {
    "": _found,
    "sleep": _sleep,
    "allocate": _allocate,
    "claim": _claim,
    "crash": _crash,
    "raise": _raise,
    "refuse": _refuse,
}
