"""Telling a page that a job of it has changed, for as long as it is open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from uuid import UUID

from app.errors import DomainError, NotFound, RateLimited, Unauthenticated
from rest_compat.site.visitor import Visitor

# A browser comes again by itself, and then shows anew who it is.
_LIFE_SECONDS = 60.0
_SILENT_SECONDS = 10.0  # at most, for what stands between may close a silent connection
_MOST = 6


async def changes(visitor: Visitor, job_ids: list[str]) -> AsyncIterator[bytes]:
    """Server-sent events, `changed` with the id of a job.

    Raises NotFound for more jobs than a page watches, or for one of somebody else, and RateLimited
    for more pages than a person looks at.
    """
    visitor.services.event_streams.check(_owner(visitor))
    if not 1 <= len(job_ids) <= _MOST:
        raise NotFound
    for job_id in job_ids:
        await visitor.call("resume_job", {"job_id": job_id})
    return _told(visitor, job_ids)


async def _told(visitor: Visitor, job_ids: list[str]) -> AsyncIterator[bytes]:
    with (
        contextlib.suppress(RateLimited),  # others began meanwhile; the browser comes again
        visitor.services.event_streams.one_more(_owner(visitor)),
    ):
        async with contextlib.aclosing(_events(visitor, job_ids)) as events:
            async for event in events:
                yield event


async def _events(visitor: Visitor, job_ids: list[str]) -> AsyncGenerator[bytes, None]:
    told: asyncio.Queue[str] = asyncio.Queue()
    watching = [asyncio.create_task(_watch(visitor, each, told)) for each in job_ids]
    clock = asyncio.get_running_loop().time
    end = clock() + _LIFE_SECONDS
    try:
        yield b"retry: 2000\n\n"
        while clock() < end:
            try:
                job_id = await asyncio.wait_for(told.get(), _SILENT_SECONDS)
            except TimeoutError:
                yield b": waiting\n\n"
                continue
            yield b"event: changed\ndata: " + job_id.encode() + b"\n\n"
            if told.empty() and all(task.done() for task in watching):
                break
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


def _owner(visitor: Visitor) -> UUID:
    if visitor.visit.account_id is None:
        raise Unauthenticated(reason="missing")
    return visitor.visit.account_id


async def _watch(visitor: Visitor, job_id: str, told: asyncio.Queue[str]) -> None:
    """Put the id for each change, once more at the end: what a page shows may be older than this.

    A session that has ended meanwhile ends it, too; the page is told that by its next request.
    """
    with contextlib.suppress(DomainError):
        async for _ in visitor.watch("resume_job", {"job_id": UUID(job_id)}):
            told.put_nowait(job_id)
    told.put_nowait(job_id)
