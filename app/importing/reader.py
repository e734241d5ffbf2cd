"""Reads files of strangers in processes of their own, and never in the server.

The processes are started at the first file and ended after some idle minutes: most API processes
read none for hours, and one that waits takes the memory of all its libraries.

Nobody keeps the others waiting: of one account one file is read at a time and one more may wait,
which queues behind those of other accounts when its turn comes; and there are two processes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from dataclasses import dataclass, field

import msgspec

from app.cv.enclosed import Digests
from app.errors import DependencyUnavailable, FieldError, RateLimited, ValidationFailed
from app.importing.preview import Preview, Unreadable
from app.processes import (
    Busy,
    NeededTooMuch,
    NoAnswer,
    NotStarted,
    ProcessPool,
    TookTooLong,
)

MOST_WAITING = 8  # each with its file in memory
MOST_OF_ACCOUNT = 2  # one that is read and one that waits
MOST_PICTURES = 60  # of one account that wait
_RETRY_SECONDS = 5
_RECYCLE_AFTER = 200  # files
_IDLE_SECONDS = 300.0
# Of the time for an answer this is kept for killing a process and for what comes before and after.
_MARGIN_SECONDS = 0.25


class Request(msgspec.Struct, array_like=True):
    """A file and the password that opens it, if one was given; or a PDF of which nothing but the
    digests is wanted, or the picture of a `page`."""

    data: bytes
    password: str | None = None
    only_digests: bool = False
    page: int | None = None


class Answer(msgspec.Struct, array_like=True):
    """What was found, or why the file can't be imported, as `Unreadable` says it."""

    preview: Preview | None = None
    code: str = ""
    message: str = ""
    digests: Digests | None = None
    picture: bytes | None = None


@dataclass(slots=True)
class _Turns:
    """The files of one account: whoever holds `lock` is read, or next in the queue of all."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    present: int = 0


class Reader:
    """Gives previews of files. Use it on one event loop.

    An answer takes at most `timeout_seconds`, waiting included; `memory_limit_mb` bounds a
    process that reads; `module` is what runs in it.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float,
        memory_limit_mb: int,
        processes: int = 2,
        idle_seconds: float = _IDLE_SECONDS,
        module: str = "app.importing.read_process",
    ) -> None:
        self._processes = processes
        self._timeout = timeout_seconds
        self._memory = memory_limit_mb
        self._idle_seconds = idle_seconds
        self._module = module
        self._pool: ProcessPool | None = None
        self._present = 0
        self._turns: dict[Hashable, _Turns] = {}
        self._pictures: dict[Hashable, _Turns] = {}
        self._leaving: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def read(
        self, data: bytes, password: str | None = None, *, account_id: Hashable
    ) -> Preview:
        """What an import of `data` finds.

        Raises ValidationFailed for a file that can't be read, with the code of `Unreadable` at
        `file`, RateLimited where files of the account are read already, and DependencyUnavailable
        where too many wait or no process can be had.
        """
        answer = await self._answer(Request(data, password), account_id)
        if answer.preview is None:
            raise _unreadable(Unreadable(answer.code, answer.message))
        return answer.preview

    async def digests(self, data: bytes, *, account_id: Hashable) -> Digests:
        """The digests of what a PDF says and encloses; raises as `read` does."""
        answer = await self._answer(Request(data, only_digests=True), account_id)
        if answer.digests is None:
            raise _unreadable(Unreadable(answer.code, answer.message))
        return answer.digests

    async def _answer(self, request: Request, account_id: Hashable) -> Answer:
        now = asyncio.get_running_loop().time
        deadline = now() + self._timeout - _MARGIN_SECONDS
        async with self._turn(account_id, deadline):
            return await self._asked(request, deadline)

    async def picture(
        self, load: Callable[[], Awaitable[bytes]], page: int, *, account_id: Hashable
    ) -> bytes:
        """A PNG of a page, from 1, of the PDF that `load` gives.

        A browser asks for many at once. They wait here without their files, one after another, so
        that the pictures of one account take one place among all that is read. Raises as `read`.
        """
        now = asyncio.get_running_loop().time
        line = self._pictures.setdefault(account_id, _Turns())
        if line.present >= MOST_PICTURES:
            raise _too_many()
        line.present += 1
        try:
            async with line.lock:
                deadline = now() + self._timeout - _MARGIN_SECONDS
                async with self._turn(account_id, deadline):
                    answer = await self._asked(Request(await load(), page=page), deadline)
        finally:
            line.present -= 1
            if not line.present:
                del self._pictures[account_id]
        if answer.picture is None:
            raise _unreadable(Unreadable(answer.code, answer.message))
        return answer.picture

    async def _asked(self, request: Request, deadline: float) -> Answer:
        asked = msgspec.msgpack.encode(request)
        seconds = deadline - asyncio.get_running_loop().time()
        try:
            answered = await self._running().ask(asked, within_seconds=seconds)
        except NoAnswer as error:
            raise _told(error) from None
        return msgspec.msgpack.decode(answered, type=Answer)

    async def close(self) -> None:
        """End the process, with whatever it reads."""
        self._rest()
        await asyncio.gather(*self._closing)

    @contextlib.asynccontextmanager
    async def _turn(self, account_id: Hashable, deadline: float) -> AsyncIterator[None]:
        """A place for one file, once no other of the account is read."""
        turns = self._turns.setdefault(account_id, _Turns())
        if turns.present >= MOST_OF_ACCOUNT:
            raise _too_many()
        if self._present >= self._processes + MOST_WAITING:
            self._forget(account_id)
            raise _busy()
        turns.present += 1
        self._present += 1
        try:
            try:
                async with asyncio.timeout_at(deadline):
                    await turns.lock.acquire()
            except TimeoutError:
                raise _busy() from None
            try:
                yield
            finally:
                turns.lock.release()
        finally:
            turns.present -= 1
            self._present -= 1
            self._forget(account_id)
            self._rest_later()

    def _forget(self, account_id: Hashable) -> None:
        if self._turns[account_id].present == 0:
            del self._turns[account_id]

    def _running(self) -> ProcessPool:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if self._pool is None:
            self._pool = ProcessPool(
                "read",
                self._processes,
                module=self._module,
                timeout_seconds=self._timeout - 2 * _MARGIN_SECONDS,
                memory_limit_mb=self._memory,
                recycle_after=_RECYCLE_AFTER,
            )
            self._pool.start()
        return self._pool

    def _rest_later(self) -> None:
        if self._present == 0 and self._pool is not None:
            loop = asyncio.get_running_loop()
            self._leaving = loop.call_later(self._idle_seconds, self._rest)

    def _rest(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        pool, self._pool = self._pool, None
        if pool is not None:
            closing = asyncio.ensure_future(pool.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


def _told(error: NoAnswer) -> ValidationFailed | DependencyUnavailable:
    if isinstance(error, Busy | NotStarted):
        return _busy()
    if isinstance(error, TookTooLong):
        return _unreadable(Unreadable("too_slow", "Reading this file takes too long."))
    if isinstance(error, NeededTooMuch):
        return _unreadable(
            Unreadable("too_much_memory", "Reading this file takes too much memory.")
        )
    # A library that runs out of memory may abort instead of saying so.
    message = "This file could not be read: it is damaged, or there is far too much in it."
    return _unreadable(Unreadable("failed", message))


def _unreadable(error: Unreadable) -> ValidationFailed:
    return ValidationFailed([FieldError("file", error.code, error.message)], error.message)


def _too_many() -> RateLimited:
    message = "Files of yours are being read already; wait until they are."
    return RateLimited(message, retry_after=_RETRY_SECONDS, limit="imports_at_once")


def _busy() -> DependencyUnavailable:
    message = "Too many files are being read right now; try again shortly."
    return DependencyUnavailable(message, retry_after=_RETRY_SECONDS)
