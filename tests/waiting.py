"""Waiting for what another process or task does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_LIMIT_SECONDS = 180.0  # so that what never happens is a failure, and not a test without end


async def until(look: Callable[[], Awaitable[T]]) -> T:
    """Look again and again until what is found is true; that."""
    async with asyncio.timeout(_LIMIT_SECONDS):
        while not (found := await look()):  # noqa: ASYNC110 - nobody would set an event
            await asyncio.sleep(0.01)
    return found
