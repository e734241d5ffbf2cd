"""Short work that goes on after its request was answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


class Chores:
    """Runs chores and, at the end, waits for those under way. A failed one is logged, no more."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(chore)
        self._running.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._done)

    async def finish(self) -> None:
        """Wait until none is under way."""
        while self._running:
            await asyncio.wait(self._running)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a chore failed", exc_info=task.exception())
