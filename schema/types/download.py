"""A stream of bytes: sent as it is over REST, given as its URL in GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import NewType


@dataclass(frozen=True, slots=True)
class Stream:
    """What a `Download` holds: `url` is a path of ours; `open` starts reading the bytes."""

    url: str
    media_type: str
    filename: str
    size: int
    etag: str
    open: Callable[[], Awaitable[AsyncIterator[bytes]]]


Download = NewType("Download", Stream)
