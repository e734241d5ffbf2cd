"""Keeps a set of processes running: starts, mends and stops them in order."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Self

from app.embedded import Child, ServerError

_TICK_SECONDS = 1.0
_SHORT_LIFE_SECONDS = 10.0
_FIRST_DELAY_SECONDS = 0.2
_LONGEST_DELAY_SECONDS = 10.0
_TRIES_AT_START = 4


class StartFailed(RuntimeError):
    """A part that ends again and again before everything has once been ready."""


def say(text: str) -> None:
    """A line for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


@dataclass(slots=True)
class Part:
    """One process to keep running.

    `stage` orders the stopping: all of the highest stage end before the next is asked to.
    `grace` is how many seconds it may take to end in good order.
    """

    name: str
    launch: Callable[[], Child]
    stage: int
    grace: float
    on_death: Callable[[int], None] = field(default=lambda pid: None)
    _child: Child | None = None
    _born: float = 0.0
    _deaths: int = 0
    _due: float = 0.0

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it; raises ServerError."""
        self._born = time.monotonic()
        self._child = self.launch()

    def mend(self) -> None:
        """Start it again when it has died, the later the more often it has."""
        now = time.monotonic()
        if self._child is not None and (code := self._child.poll()) is not None:
            self.on_death(self._child.pid)
            self._child = None
            lived = now - self._born
            self._deaths = 1 if lived > _SHORT_LIFE_SECONDS else self._deaths + 1
            self._wait_longer(now, f"ended by itself ({_named(code)})")
        if self._child is None and now >= self._due:
            try:
                self.start()
            except ServerError as error:
                self._deaths += 1
                self._wait_longer(time.monotonic(), str(error))

    def _wait_longer(self, now: float, why: str) -> None:
        delay = min(_FIRST_DELAY_SECONDS * 2 ** (self._deaths - 1), _LONGEST_DELAY_SECONDS)
        self._due = now + delay
        say(f"vitae: {self.name}: {why}; starting it again in {delay:.1f} s")

    @property
    def deaths(self) -> int:
        """How often it has died in a row without living long."""
        return self._deaths

    @property
    def due(self) -> float | None:
        """When it is to be started again, on the monotonic clock; None while it runs."""
        return self._due if self._child is None else None

    def ask_to_stop(self) -> None:
        if self._child is not None:
            self._child.ask_to_stop()

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()


class Supervisor:
    """Use as a context manager, in the main thread: leaving it stops every part in order.

    SIGTERM, SIGINT and SIGHUP end `watch`. A second one while stopping ends the API and the
    workers at once; the servers below stage 2 always get to save their data.
    """

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._asked = 0
        self._ready = False
        self._waker, self._wakened = socket.socketpair()

    def __enter__(self) -> Self:
        for end in (self._waker, self._wakened):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        # Also where a script's `&` has it ignored: whoever sends it means it.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
            signal.signal(signal.SIGHUP, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def asked_to_stop(self) -> bool:
        return self._asked > 0

    def start(self, part: Part) -> None:
        """Start `part` and keep it running from now on; raises ServerError."""
        part.start()
        self._parts.append(part)

    def watch(self, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Mend what dies until asked to stop, and call `when_ready` once `is_ready` says so.

        Raises StartFailed when a part keeps dying before that.
        """
        while not self.asked_to_stop:
            for part in self._parts:
                part.mend()
                if not self._ready and part.deaths >= _TRIES_AT_START:
                    raise StartFailed(f"{part.name} does not start; what it says is above.")
            if not self._ready and is_ready():
                self._ready = True
                when_ready()
            self._sleep(self._until_next_start() if self._ready else 0.02)

    def _until_next_start(self) -> float:
        now = time.monotonic()
        dues = [part.due - now for part in self._parts if part.due is not None]
        return min([_TICK_SECONDS, *(max(due, 0.0) for due in dues)])

    def _sleep(self, seconds: float) -> None:
        """Sleep, or less when a signal comes: a child has ended, or we are to."""
        readable, _, _ = select.select([self._wakened], [], [], seconds)
        if readable:
            self._wakened.recv(4096)

    def _stop(self) -> None:
        while self._parts:
            stage = max(part.stage for part in self._parts)
            last = [part for part in self._parts if part.stage == stage]
            self._parts = [part for part in self._parts if part.stage != stage]
            self._end(last)

    def _end(self, parts: list[Part]) -> None:
        asked_before = self._asked
        deadline = time.monotonic() + max(part.grace for part in parts)
        for part in parts:
            part.ask_to_stop()
        while any(part.running for part in parts):
            hurried = self._asked > max(asked_before, 1) and parts[0].stage >= 2
            if hurried or time.monotonic() > deadline:
                for part in parts:
                    part.kill()
            self._sleep(0.1)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1


def _named(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
