"""A warm, recycled pool of processes for work that can't be stopped from inside or be trusted.

Each process (`app.pooled_process`) is warmed once and used for many requests, one at a time.
Whatever goes wrong with a request (time, memory, a crash, its caller gone), its process is killed
and another takes its place; other requests do not notice.

    free ──get──▶ asked ──answered──▶ free
      ▲             │ timeout, crash, cancelled, worn out
      └── warm ◀────┘ killed, replaced in the background
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from app.pooled_process import DONE, FRAME, NO_MEMORY, REQUEST

log = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parent.parent
_Pipes = tuple[asyncio.StreamReader, asyncio.StreamReader]
_WARM_SECONDS = 60.0  # a cold start takes 1 to 2 s on an idle machine
_MOST_BYTES = 256 << 20  # of an answer; a process that claims more is out of its mind


class NoAnswer(Exception):
    """A request that was not answered; `message` can be shown to whose it was."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Busy(NoAnswer):
    """No process was free in time; another try may succeed."""


class TookTooLong(NoAnswer):
    """It was taken up, and took longer than it may; another try would too."""


class NeededTooMuch(NoAnswer):
    """It needed more memory than it may have."""


class Failed(NoAnswer):
    """The module raised; the log says what."""


class Died(NoAnswer):
    """The process ended before it answered, or could not start; another try may succeed."""


class NotStarted(Died):
    """No process could be started, or the pool is closed: it was not taken up at all."""


class ProcessPool:
    """`processes` processes that run `module`; each request has one of them to itself.

    `timeout_seconds` bounds a request once a process took it up. `memory_limit_mb` bounds the
    writable memory of a process in MiB (Linux), and after `recycle_after` requests it is replaced,
    which ends what libraries leak. `name` is how messages and the log call it. `arguments` go to
    the `warm()` of `module`. `niceness`, from 0 to 19, says how readily they let others go first.

    Use it on one event loop, started from a thread that lives as long as the pool: on Linux
    the processes are killed with the thread that started them.
    """

    def __init__(
        self,
        name: str,
        processes: int,
        *,
        module: str,
        arguments: tuple[str, ...] = (),
        timeout_seconds: float,
        memory_limit_mb: int,
        recycle_after: int,
        niceness: int = 0,
    ) -> None:
        self._name = name
        self._processes = processes
        self._command = (str(memory_limit_mb), str(niceness), module, *arguments)
        self._timeout = timeout_seconds
        self._memory = memory_limit_mb
        self._recycle_after = recycle_after
        # None stands for a process that could not be started: who takes it tries again.
        self._free: asyncio.Queue[_Process | None] = asyncio.Queue()
        self._living: set[_Process] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._open = False

    def start(self) -> None:
        """Start the processes and return; they warm in the background and requests wait."""
        self._open = True
        for _ in range(self._processes):
            self._replace(None)

    async def ask(self, request: bytes, *, within_seconds: float | None = None) -> bytes:
        """What the module answers to `request`; raises a kind of NoAnswer.

        `within_seconds` bounds waiting for a process and its answer together; Busy if half of what
        a request may take is not left once one is free. Cancelling ends the request at once: its
        process is killed.
        """
        self._check_open()
        now = asyncio.get_running_loop().time
        deadline = None if within_seconds is None else now() + within_seconds
        with self._busy_when_late():
            async with asyncio.timeout_at(deadline):
                process = await self._free.get()
        try:
            if process is None or not process.alive:
                await self._bury(process)
                process = None
                with self._busy_when_late():
                    async with asyncio.timeout_at(deadline):
                        process = await self._warm_process()
            seconds = self._timeout if deadline is None else min(self._timeout, deadline - now())
            if seconds < self._timeout / 2:
                raise self._is_busy()
            return await self._ask(process, request, seconds)
        finally:
            if process is None or (process.fit and process.asked < self._recycle_after):
                self._free.put_nowait(process)
            else:
                process.kill()
                self._replace(process)

    async def close(self) -> None:
        """Kill the processes, with whatever they are doing, and wait until they are gone."""
        if not self._open:
            return
        self._open = False
        for process in self._living:
            process.kill()
        # Whoever has a process finds it dead, and the pool closed, and gives its place back.
        for _ in range(self._processes):
            await self._bury(await self._free.get())
        # Who still waits takes this, finds the pool closed and leaves it to the next.
        self._free.put_nowait(None)

    async def _ask(self, process: _Process, request: bytes, seconds: float) -> bytes:
        process.fit = False  # until it has answered in full
        try:
            async with asyncio.timeout(seconds):
                kind, body = await process.ask(request)
        except TimeoutError:
            raise TookTooLong(f"It took longer than {seconds:.3g} seconds.") from None
        except (EOFError, ConnectionError):
            raise Died(await process.last_words(self._name)) from None
        if kind == NO_MEMORY:
            raise NeededTooMuch(f"It needed more than {self._memory} MiB of memory.")
        process.fit = True
        process.asked += 1
        if kind != DONE:
            raise Failed(f"The {self._name} process failed.")
        return body

    def _replace(self, process: _Process | None) -> None:
        """Put a fresh process among the free ones, in the background."""
        task = asyncio.create_task(self._restart(process))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _restart(self, process: _Process | None) -> None:
        await self._bury(process)
        fresh = None
        try:
            fresh = await self._warm_process()
        except NotStarted as error:
            if self._open:
                log.error("%s", error.message)
        finally:
            self._free.put_nowait(fresh)

    async def _warm_process(self) -> _Process:
        self._check_open()
        # Only warming writes (a cache of fonts): nothing is left if we are killed later.
        with tempfile.TemporaryDirectory(prefix=f"vitae-{self._name}-") as folder:
            process = await _Process.start(self._name, folder, self._command)
            self._living.add(process)
            try:
                self._check_open()
                async with asyncio.timeout(_WARM_SECONDS):
                    await process.answer()
            except BaseException as error:
                await self._bury(process)
                if isinstance(error, TimeoutError | EOFError | ConnectionError):
                    message = f"A {self._name} process could not start; the log says why."
                    raise NotStarted(message) from error
                raise
            return process

    def _check_open(self) -> None:
        if not self._open:
            raise NotStarted(f"The {self._name} processes are not running.")

    @contextlib.contextmanager
    def _busy_when_late(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise self._is_busy() from None

    def _is_busy(self) -> Busy:
        return Busy(f"No {self._name} process was free in time.")

    async def _bury(self, process: _Process | None) -> None:
        if process:
            await process.end()
            self._living.discard(process)


@dataclass(eq=False)
class _Process:
    """A process and its pipes; `fit` while nothing has gone wrong with it."""

    process: asyncio.subprocess.Process
    input: asyncio.StreamWriter
    output: asyncio.StreamReader
    logging: asyncio.Task[None]
    fit: bool = True
    asked: int = 0
    killed: bool = False

    @classmethod
    async def start(cls, name: str, folder: str, command: tuple[str, ...]) -> _Process:
        """A process that is not warm yet; `folder` is its home until it is."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "faulthandler", "-m", "app.pooled_process"),
            *(str(os.getpid()), *command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
            env=_environment(folder),
            start_new_session=True,
        )
        output, errors = cast(_Pipes, (process.stdout, process.stderr))
        logging = asyncio.create_task(_log_lines(errors, f"{name} process {process.pid}"))
        return cls(process, cast(asyncio.StreamWriter, process.stdin), output, logging)

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and not self.output.at_eof()

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Kind and body of the answer; raises EOFError or ConnectionError when it dies."""
        self.input.write(FRAME.pack(REQUEST, len(request)))
        self.input.write(request)
        await self.input.drain()
        return await self.answer()

    async def answer(self) -> tuple[bytes, bytes]:
        kind, length = FRAME.unpack(await self.output.readexactly(FRAME.size))
        if length > _MOST_BYTES:
            self.kill()
            raise ConnectionError(f"an answer of {length} bytes")
        return kind, await self.output.readexactly(length)

    async def last_words(self, name: str) -> str:
        """What ended it, in words for whose request it was."""
        code = await self.process.wait()
        if code >= 0:
            return f"The {name} process ended before it was done."
        ended_by = signal.Signals(-code).name
        return f"The {name} process was ended by {ended_by} before it was done."

    def kill(self) -> None:
        # Once: a second time would take its exit status from asyncio, which then complains.
        if not self.killed:
            self.killed = True
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()

    async def end(self) -> None:
        """Kill it and wait until nothing of it is left."""
        self.kill()
        self.input.close()
        # What was not read would keep the pipe, and with it the transport, open.
        await self.output.read()
        await self.logging
        await self.process.wait()


def _environment(folder: str) -> dict[str, str]:
    """All that a process of the pool knows of the world: nothing of its parent's settings."""
    environment = {
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONPATH": str(_PROJECT),
    }
    if sys.platform == "darwin":
        # Homebrew's Pango is not where the loader of other Pythons looks.
        environment["DYLD_FALLBACK_LIBRARY_PATH"] = "/opt/homebrew/lib:/usr/local/lib:/usr/lib"
    return environment


async def _log_lines(stream: asyncio.StreamReader, whose: str) -> None:
    """Pass on what a process complains of; a line of more than 64 KiB is dropped."""
    while not stream.at_eof():
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if complaint := line.decode(errors="replace").rstrip():
            log.warning("%s: %s", whose, complaint)
