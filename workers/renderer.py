"""The warm, recycled pool of render processes.

WeasyPrint computes without pause and can't be stopped from inside, so it runs in processes of
its own (`workers.render_process`), each warmed once and used for many renders. Whatever goes
wrong with a render (time, memory, a crash, its caller gone), its process is killed and another
takes its place; other renders do not notice.

    free ──get──▶ render ──answered──▶ free
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
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

import msgspec

from app.cv.model import CV
from workers.render import Rendered
from workers.render_process import DONE, FRAME, NO_MEMORY, PAGES, REQUEST

log = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parent.parent
_Pipes = tuple[asyncio.StreamReader, asyncio.StreamReader]
_WARM_SECONDS = 60.0  # a cold start takes 1 to 2 s on an idle machine


class RenderError(Exception):
    """A CV that did not become a PDF. `code` is stable; `message` can be shown to its owner."""

    code: ClassVar[str]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RenderTimeout(RenderError):
    """The render took longer than it may; another try would too."""

    code = "render_timeout"


class RenderFailed(RenderError):
    """The renderer gave up on this CV, or needed more memory than it may have."""

    code = "render_failed"


class RenderCrashed(RenderError):
    """The process ended before it answered, or could not start; another try may succeed."""

    code = "render_crashed"


class RenderPool:
    """`processes` render processes; each render has one of them to itself.

    `timeout_seconds` bounds a render once a process took it up; waiting for a free one is not
    bounded. `memory_limit_mb` bounds the writable memory of a process in MiB (Linux), and
    after `recycle_after` renders it is replaced, which ends what WeasyPrint leaks. `renderer`
    names the module whose `warm()` and `render_pdf(cv)` the processes call.

    Use it on one event loop, started from a thread that lives as long as the pool: on Linux
    the processes are killed with the thread that started them.
    """

    def __init__(
        self,
        processes: int,
        *,
        timeout_seconds: float,
        memory_limit_mb: int,
        recycle_after: int,
        renderer: str = "workers.render",
    ) -> None:
        self._processes = processes
        self._timeout = timeout_seconds
        self._memory = memory_limit_mb
        self._recycle_after = recycle_after
        self._renderer = renderer
        # None stands for a process that could not be started: who takes it tries again.
        self._free: asyncio.Queue[_Process | None] = asyncio.Queue()
        self._living: set[_Process] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._open = False

    async def start(self) -> None:
        """Start the processes and return; they warm in the background and renders wait."""
        self._open = True
        for _ in range(self._processes):
            self._replace(None)

    async def render(self, cv: CV) -> Rendered:
        """The PDF of `cv`. Raises RenderTimeout, RenderFailed or RenderCrashed.

        Cancelling ends the render at once: its process is killed.
        """
        self._check_open()
        process = await self._free.get()
        try:
            if process is None or not process.alive:
                await self._bury(process)
                process = None
                process = await self._warm_process()
            return await self._ask(process, cv)
        finally:
            if process is None or (process.fit and process.renders < self._recycle_after):
                self._free.put_nowait(process)
            else:
                process.kill()
                self._replace(process)

    async def close(self) -> None:
        """Kill the processes, with whatever they are rendering, and wait until they are gone."""
        if not self._open:
            return
        self._open = False
        for process in self._living:
            process.kill()
        # Whoever has a process finds it dead, and the pool closed, and gives its place back.
        for _ in range(self._processes):
            await self._bury(await self._free.get())
        # A render that still waits takes this, finds the pool closed and leaves it to the next.
        self._free.put_nowait(None)

    async def _ask(self, process: _Process, cv: CV) -> Rendered:
        process.fit = False  # until it has answered in full
        try:
            async with asyncio.timeout(self._timeout):
                kind, body = await process.ask(msgspec.json.encode(cv))
        except TimeoutError:
            raise RenderTimeout(f"Rendering took longer than {self._timeout:g} seconds.") from None
        except (EOFError, ConnectionError):
            raise RenderCrashed(await process.last_words()) from None
        if kind == NO_MEMORY:
            raise RenderFailed(f"Rendering needed more than {self._memory} MiB of memory.")
        process.fit = True
        process.renders += 1
        if kind != DONE:
            raise RenderFailed("This CV could not be rendered.")
        return Rendered(pdf=body[PAGES.size :], pages=PAGES.unpack_from(body)[0])

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
        except RenderCrashed as error:
            if self._open:
                log.error("%s", error.message)
        finally:
            self._free.put_nowait(fresh)

    async def _warm_process(self) -> _Process:
        self._check_open()
        # Only warming writes (a cache of fonts): nothing is left if we are killed later.
        with tempfile.TemporaryDirectory(prefix="vitae-render-") as folder:
            process = await _Process.start(folder, self._memory, self._renderer)
            self._living.add(process)
            try:
                self._check_open()
                async with asyncio.timeout(_WARM_SECONDS):
                    await process.answer()
            except BaseException as error:
                await self._bury(process)
                if isinstance(error, TimeoutError | EOFError | ConnectionError):
                    message = "A render process could not start; the log says why."
                    raise RenderCrashed(message) from error
                raise
            return process

    def _check_open(self) -> None:
        if not self._open:
            raise RenderCrashed("The renderer is not running.")

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
    renders: int = 0

    @classmethod
    async def start(cls, folder: str, memory_mb: int, renderer: str) -> _Process:
        """A process that is not warm yet; `folder` is its home until it is."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "faulthandler", "-m", "workers.render_process"),
            *(str(os.getpid()), str(memory_mb), renderer),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
            env=_environment(folder),
            start_new_session=True,
        )
        output, errors = cast(_Pipes, (process.stdout, process.stderr))
        logging = asyncio.create_task(_log_lines(errors, process.pid))
        return cls(process, cast(asyncio.StreamWriter, process.stdin), output, logging)

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and not self.output.at_eof()

    async def ask(self, cv: bytes) -> tuple[bytes, bytes]:
        """Kind and body of the answer; raises EOFError or ConnectionError when it dies."""
        self.input.write(FRAME.pack(REQUEST, len(cv)))
        self.input.write(cv)
        await self.input.drain()
        return await self.answer()

    async def answer(self) -> tuple[bytes, bytes]:
        kind, length = FRAME.unpack(await self.output.readexactly(FRAME.size))
        return kind, await self.output.readexactly(length)

    async def last_words(self) -> str:
        """What ended it, in words for the owner of the CV."""
        code = await self.process.wait()
        if code >= 0:
            return "The render process ended before it was done."
        name = signal.Signals(-code).name
        return f"The render process was ended by {name} before it was done."

    def kill(self) -> None:
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
    """All that a render process knows of the world: nothing of its parent's settings."""
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


async def _log_lines(stream: asyncio.StreamReader, pid: int) -> None:
    """Pass on what a process complains of; a line of more than 64 KiB is dropped."""
    while not stream.at_eof():
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if complaint := line.decode(errors="replace").rstrip():
            log.warning("render process %d: %s", pid, complaint)
