"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_SECONDS = 0.5


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel `tasks` and wait until all have ended, with whatever result.

    A cancellation is now and then swallowed on its way down (by redis-py, and by Python 3.11's
    `asyncio.wait_for`), and a task that loops then goes on for ever: so it is said again.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        done, pending = await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
        for task in done:
            if not task.cancelled():
                task.exception()  # has been seen: the loop need not complain
