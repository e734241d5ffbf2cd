"""A stream of bytes: sent as it is over REST, given as its URL in GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import NewType


@dataclass(frozen=True, slots=True)
class Stream:
    """What a `Download` holds: `url` is a path of ours; `open` starts reading the bytes.

    `size` and `etag` are None where they are not known before all has been read. `sha256`, in
    hexadecimal, is told as `Repr-Digest` where it is known. What `open` gives
    whole has its size then. A generator that it gives is closed, whether read to its end or not.
    A browser shows what is `shown`, in a sandbox, and saves all else.
    """

    url: str
    media_type: str
    filename: str
    size: int | None
    etag: str | None
    open: Callable[[], Awaitable[AsyncIterator[bytes] | bytes]]
    shown: bool = False
    sha256: str | None = None


Download = NewType("Download", Stream)
