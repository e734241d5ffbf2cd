"""What somebody waits for: tasks whose answer goes back to who called `Queue.call`."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from arq.worker import Function, func

from app import previews, profile_pdfs
from app.queue import JSON
from app.services import Services
from workers.index import embed_query
from workers.previews import make_preview, make_thumbnail
from workers.profile_pdf import make_profile_pdf

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 30

Work = Callable[..., Awaitable[JSON]]


def interactive(name: str, work: Work) -> Function:
    """The task `name`: `work(context, *arguments)`, whose answer or failure is told at once.

    Of what went wrong the caller learns nothing; it is in the log, without the arguments.
    """

    async def task(context: dict[str, Any], reply_to: str, *arguments: JSON) -> None:
        services: Services = context["services"]
        try:
            reply: dict[str, JSON] = {"answer": await work(context, *arguments)}
        except Exception as error:
            fields = {"task": name, "error": type(error).__name__}
            log.error("an interactive task failed", extra={"fields": fields})
            reply = {"failed": True}
        await services.queue.reply(reply_to, reply)

    coroutine: Any = task
    return func(coroutine, name=name, timeout=_TIMEOUT_SECONDS, max_tries=1)


INTERACTIVE_TASKS = (
    interactive("embed_query", embed_query),
    interactive(profile_pdfs.TASK, make_profile_pdf),
    interactive(previews.PREVIEW, make_preview),
    interactive(previews.THUMBNAIL, make_thumbnail),
)
