"""Public profiles as PDFs: made by a worker when somebody asks, once for each state of a profile.

    profiles/<account>/<digest>.pdf     the digest is one of the CV, so that another state, with a
                                        section hidden since, is another file

They can always be made again, so they are kept for a week only.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from app import __version__
from app.artifacts import Artifact, Artifacts
from app.cv.from_profile import cv_data_of
from app.cv.model import CV
from app.cv.normalise import normalise
from app.errors import DependencyUnavailable, NotFound
from app.publication import Published
from app.queue import Queue

FOLDER = "profiles"
KEPT = timedelta(days=7)
TASK = "profile_pdf"

_DEADLINE_SECONDS = 25


async def cv_of(found: Published) -> CV:
    """What is published, as a CV in the order and the typeface of its layout.

    Raises NotFound for a profile that says nothing yet but a name.
    """
    layout = found.presentation.layout
    cv_data: dict[str, Any] = cv_data_of(found.record, sections_order=layout.section_order)
    if not cv_data["sections"]:
        raise NotFound("There is nothing yet to make a PDF of.")
    if layout.font_family is not None:
        cv_data["font_family"] = layout.font_family
    return (await asyncio.to_thread(normalise, cv_data)).cv


def key_of(account_id: UUID, cv: CV) -> str:
    """Where the PDF of this very CV is, once it is made."""
    digest = hashlib.sha256(__version__.encode() + msgspec.json.encode(cv))
    return f"{FOLDER}/{account_id}/{digest.hexdigest()[:32]}.pdf"


def etag_of(key: str) -> str:
    """What changes with the PDF."""
    return key.rpartition("/")[2].removesuffix(".pdf")


async def stored(artifacts: Artifacts, key: str) -> Artifact | None:
    """The file if it is made already."""
    try:
        return await artifacts.describe(key)
    except NotFound:
        return None


class Making:
    """The files that one process has made; whoever asks for one meanwhile waits for the same."""

    def __init__(self, queue: Queue, artifacts: Artifacts) -> None:
        self._queue = queue
        self._artifacts = artifacts
        self._under_way: dict[str, asyncio.Task[Artifact]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._under_way

    async def file(self, key: str, cv: CV) -> Artifact:
        """The file of `cv`, once it is made; raises DependencyUnavailable where it is not in time.

        It is made to its end also when whoever asked has gone.
        """
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._make(key, cv))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(task)

    def _made(self, key: str, done: asyncio.Task[Artifact]) -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # told to whoever waits; nobody may

    async def _make(self, key: str, cv: CV) -> Artifact:
        given = msgspec.to_builtins(cv)
        await self._queue.call(TASK, key, given, deadline_seconds=_DEADLINE_SECONDS)
        made = await stored(self._artifacts, key)
        if made is None:
            raise DependencyUnavailable
        return made
