"""Following a job for as long as a call of a tool waits for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from uuid import UUID

from strawberry.types import get_object_definition

from app.errors import DependencyUnavailable, NotFound
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.operations import ToolOperation, tool_operations
from schema.operation import events_of
from schema.root import Subscription

Progress = Callable[[float, float | None, str | None], Awaitable[None]]

_STEPS = {"queued": 0, "running": 1}  # all others are final
_FINAL = 2


class Reports:
    """Progress of one call: each report further on than the one before, as MCP asks."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._reached = -1

    async def job(self, job: dict[str, Any]) -> bool:
        """Report where an encoded job stands; whether it is final."""
        step = _STEPS.get(job["status"], _FINAL)
        if self._progress is not None and step > self._reached:
            self._reached = step
            await self._progress(step, _FINAL, _words(job))
        return step == _FINAL


async def follow(
    tool: ToolOperation,
    caller: Caller,
    answer: dict[str, Any],
    seconds: float,
    progress: Progress | None,
) -> dict[str, Any]:
    """`answer`, with its job as it stands when it is final or the time is over.

    Raises NotFound where the job is deleted meanwhile, Unauthenticated and InsufficientScope once
    the caller's credential is no longer good. Who cancels the call ends the waiting and not the
    job; so does a database that can't be reached, for what was asked for is done.
    """
    reports = Reports(progress)
    if await reports.job(answer["job"]) or not seconds:
        return answer
    encode = tool_operations()["resume.get_job"].wire.encode
    context = caller.context.for_operation()
    events = _watch()(context, job_id=UUID(answer["job"]["id"]))
    async with contextlib.aclosing(events):
        ends_at = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                async with asyncio.timeout_at(ends_at):
                    event = await anext(events)
                # What was good at the beginning may have been revoked since.
                await tool.operation.owner(context)
            except (TimeoutError, DependencyUnavailable):
                return answer
            except StopAsyncIteration:
                raise NotFound("The job was deleted meanwhile.") from None
            answer = {**answer, "job": encode(event)["job"]}
            if await reports.job(answer["job"]):
                return answer


@cache
def _watch() -> Callable[..., Any]:
    """What stands behind the subscription to a job."""
    fields = get_object_definition(Subscription, strict=True).fields
    return events_of(next(field for field in fields if field.python_name == "resume_job"))


def _words(job: dict[str, Any]) -> str:
    status = str(job["status"])
    if status == "succeeded":
        return f"rendered: {job['pages']} page{'s' if job['pages'] != 1 else ''}"
    if status == "failed":
        return f"failed: {job['error']['message']}"
    return status
