"""The pool of render processes: WeasyPrint computes without pause and can't be stopped from inside,
so it runs in processes of its own (`app.processes`, `workers.render_process`)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from app.cv.model import CV
from app.processes import Died, NeededTooMuch, NoAnswer, ProcessPool, TookTooLong
from workers.render import Rendered
from workers.render_process import PAGES


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

    The limits are those of `ProcessPool`; waiting for a free process is not bounded. `renderer`
    names the module whose `warm()` and `render_pdf(cv)` the processes call. Use it on one event
    loop, started from a thread that lives as long as the pool.
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
        self._timeout = timeout_seconds
        self._memory = memory_limit_mb
        self._pool = ProcessPool(
            "render",
            processes,
            module="workers.render_process",
            arguments=(renderer,),
            timeout_seconds=timeout_seconds,
            memory_limit_mb=memory_limit_mb,
            recycle_after=recycle_after,
        )

    async def start(self) -> None:
        """Start the processes and return; they warm in the background and renders wait."""
        self._pool.start()

    async def render(self, cv: CV) -> Rendered:
        """The PDF of `cv`. Raises RenderTimeout, RenderFailed or RenderCrashed.

        Cancelling ends the render at once: its process is killed.
        """
        try:
            answer = await self._pool.ask(msgspec.json.encode(cv))
        except NoAnswer as error:
            raise self._told(error) from None
        return Rendered(pdf=answer[PAGES.size :], pages=PAGES.unpack_from(answer)[0])

    async def close(self) -> None:
        """Kill the processes, with whatever they are rendering, and wait until they are gone."""
        await self._pool.close()

    def _told(self, error: NoAnswer) -> RenderError:
        if isinstance(error, TookTooLong):
            return RenderTimeout(f"Rendering took longer than {self._timeout:g} seconds.")
        if isinstance(error, NeededTooMuch):
            return RenderFailed(f"Rendering needed more than {self._memory} MiB of memory.")
        if isinstance(error, Died):
            return RenderCrashed(error.message)
        return RenderFailed("This CV could not be rendered.")
