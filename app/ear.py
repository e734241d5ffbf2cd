"""Where an operation tells what it has so far, for a transport that passes it on as it comes."""

from __future__ import annotations

import asyncio
from typing import Any


class Ear:
    """Hears pieces of an answer. `wanted`: the caller asked to get them one by one."""

    def __init__(self) -> None:
        self.wanted = False
        self._pieces: asyncio.Queue[str] = asyncio.Queue()

    def hear(self, piece: str) -> None:
        self._pieces.put_nowait(piece)

    async def next(self, work: asyncio.Task[Any], seconds: float | None = None) -> str | None:
        """The next piece; None once `work`, which tells them, is over and all are told.

        Raises TimeoutError when there is neither for so many seconds.
        """
        if not self._pieces.empty():
            return self._pieces.get_nowait()
        waiting = asyncio.create_task(self._pieces.get())
        try:
            done, _ = await asyncio.wait(
                (work, waiting), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if waiting in done:
                return waiting.result()
            if not done:
                raise TimeoutError
            return None if self._pieces.empty() else self._pieces.get_nowait()
        finally:
            waiting.cancel()
