"""The file that an owner gets of a profile: what is in it, what it is called, and its tag."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from app import __version__
from app.exporting.formats import FORMATS
from app.exporting.own import own_json
from app.presentation.layout import Layout


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A profile to be written in the format of a name of `FORMATS`."""

    record: Mapping[str, Any]
    layout: Layout
    format: str

    @property
    def etag(self) -> str:
        """A digest of all that the bytes are made of; cheaper than the bytes are."""
        layout = [*self.layout.section_order, "", *sorted(self.layout.hidden_sections)]
        made_of = orjson.dumps([__version__, self.format, layout])
        return hashlib.sha256(made_of + own_json(self.record)).hexdigest()

    async def write(self) -> bytes:
        """The bytes, made beside the event loop: a long Word document takes a second."""
        layout = self.layout
        return await asyncio.to_thread(
            FORMATS[self.format].write, self.record, layout.section_order, layout.hidden_sections
        )

    @property
    def filename(self) -> str:
        """Such as `hershel-profile-2026-11-22.json`, with the day of today (UTC)."""
        found = FORMATS[self.format]
        return filename(self.record["profile"]["username"], found.content, found.suffix)


def filename(username: str, content: str, suffix: str) -> str:
    """The name of a file of `content` that somebody takes along today (UTC)."""
    return f"{username}-{content}-{datetime.now(UTC):%Y-%m-%d}{suffix}"
