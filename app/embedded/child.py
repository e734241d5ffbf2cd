"""Processes of ours: started on a leash, stopped in good order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_LEASH = Path(__file__).with_name("leash.py")


class Child:
    """A running process of ours."""

    def __init__(self, process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
        self._process = process
        self._stop_signal = stop_signal

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        """None while it runs, afterwards its exit code (negative: the signal that ended it)."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send the signal that makes it finish its work; returns at once."""
        if self.poll() is None:
            self._process.send_signal(self._stop_signal)

    def wait(self, seconds: float) -> bool:
        """Whether it ends within `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, seconds: float = 30.0) -> None:
        """Stop it in good order, or kill it when that takes longer than `seconds`."""
        self.ask_to_stop()
        if not self.wait(seconds):
            self.kill()

    def kill(self) -> None:
        """End it and its own children at once, as kill -9 does: nothing is flushed."""
        if self.poll() is not None:
            return
        children = _children_of(self.pid)
        self._process.kill()
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class RunningServer(Child):
    """A server that answers. `url` stays the same when it is started again on its folder."""

    def __init__(
        self, process: subprocess.Popen[bytes], stop_signal: signal.Signals, url: str
    ) -> None:
        super().__init__(process, stop_signal)
        self.url = url


def _children_of(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def on_leash(
    program: Sequence[str | Path], death_signal: signal.Signals, identity: str = "same"
) -> list[str]:
    """The command line that runs `program` until this thread ends; see leash.py."""
    head = [
        sys.executable,
        "-I",
        "-S",
        str(_LEASH),
        str(os.getpid()),
        str(int(death_signal)),
    ]
    return [*head, identity, *map(str, program)]


def spawn(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    keep: Sequence[int],
    output: IO[bytes] | None,
) -> subprocess.Popen[bytes]:
    """Start `command` in `folder` with nothing but `environment` and the descriptors `keep`.

    In a session of its own: the terminal's Ctrl-C is for the supervisor, which stops in order.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=folder,
        env=environment,
        pass_fds=tuple(keep),
        start_new_session=True,
    )
