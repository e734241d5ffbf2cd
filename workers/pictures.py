"""The pool that makes pictures of pages. PDFium is C++, so it runs in a process of its own."""

from __future__ import annotations

from app.processes import ProcessPool
from workers.picture_process import WIDTH

_SECONDS = 10.0
_MEMORY_MB = 256
_RECYCLE_AFTER = 500


class PicturePool:
    """One process, started when the first picture is asked for: most workers never are."""

    def __init__(self) -> None:
        self._pool = ProcessPool(
            "picture",
            1,
            module="workers.picture_process",
            timeout_seconds=_SECONDS,
            memory_limit_mb=_MEMORY_MB,
            recycle_after=_RECYCLE_AFTER,
        )
        self._started = False

    async def first_page(self, pdf: bytes, width: int) -> bytes:
        """The first page of `pdf` as a PNG of `width` pixels; raises a kind of NoAnswer."""
        if not self._started:
            self._started = True
            self._pool.start()
        return await self._pool.ask(WIDTH.pack(width) + pdf)

    async def close(self) -> None:
        """Kill the process, whatever it is doing."""
        await self._pool.close()
