"""Where PDFs live: a folder of the data directory, or a bucket of S3, GCS or Azure.

Keys are made by us from ids, dates and digests alone, and none is ever written twice, so that what
is deleted can't be what somebody has just stored. A put is atomic: a reader sees all of the bytes
or none, also when the writer is killed half-way.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import obstore.exceptions
from obstore.store import LocalStore, from_url

from app.errors import DependencyUnavailable, NotFound
from app.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ObjectStore

IMPORTS = "imports"

_CHUNK_BYTES = 64 * 1024
_PAGE = 1000  # what the big stores list at a time
_RETRY_SECONDS = 20  # our callers retry themselves

# obstore's own default is to go on for three minutes.
_RETRY = {"max_retries": 3, "retry_timeout": timedelta(seconds=_RETRY_SECONDS)}
_REMOTE = ("s3://", "s3a://", "gs://", "az://", "adl://", "azure://", "abfs://", "abfss://")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One stored object. `size` is in bytes."""

    key: str
    size: int
    modified: datetime


def resume_key(sha256: str, job_id: UUID, attempt: int) -> str:
    """A key for the PDF that one attempt of a job has made: by its content, and of it alone."""
    return f"resume/{sha256[:2]}/{sha256}.{job_id}.{attempt}.pdf"


def thumbnail_key(pdf_key: str) -> str:
    """Where the picture of the first page of that PDF is, once somebody has asked for it."""
    return pdf_key.removesuffix(".pdf") + ".png"


def pdf_key(key: str) -> str:
    """The PDF that `key` is of, or the thumbnail of."""
    return key.removesuffix(".png").removesuffix(".pdf") + ".pdf"


def import_key(account_id: UUID, parse_id: UUID) -> str:
    """Where the PDF of an import is, for as long as the import waits to be committed."""
    return f"{IMPORTS}/{account_id}/{parse_id}.pdf"


def parse_of(key: str) -> UUID:
    """The import that `import_key` made `key` for; raises ValueError for any other key."""
    return UUID(key.rpartition("/")[2].removesuffix(".pdf"))


class Artifacts:
    """The store. What is not there raises NotFound, a store that is away DependencyUnavailable."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def from_settings(cls, settings: Settings) -> Artifacts:
        """The store of `artifacts_url`, else a folder; credentials come as the cloud's own
        tools take them (AWS_ACCESS_KEY_ID, instance roles and so on)."""
        url = settings.artifacts_url
        if not url:
            return cls(LocalStore(settings.data_dir / "artifacts", mkdir=True))
        if url.startswith(_REMOTE):
            return cls(from_url(url, retry_config=_RETRY))  # type: ignore[call-overload]
        return cls(from_url(url))

    async def put(self, key: str, data: bytes) -> None:
        """Store `data` under `key`, whole or not at all."""
        with _plain_errors():
            await self._store.put_async(key, data)

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Open what is stored under `key`; errors come from here, not half-way through."""
        with _plain_errors():
            found = await self._store.get_async(key)
        return _chunks(found.stream(min_chunk_size=_CHUNK_BYTES))

    async def describe(self, key: str) -> Artifact:
        """What is stored under `key`, without its bytes."""
        with _plain_errors():
            meta = await self._store.head_async(key)
        return Artifact(meta["path"], meta["size"], meta["last_modified"])

    async def delete(self, key: str) -> None:
        """Remove `key`; removing what is not there is no error."""
        with _plain_errors(), contextlib.suppress(FileNotFoundError):
            await self._store.delete_async(key)

    async def list(self, prefix: str) -> AsyncIterator[list[Artifact]]:
        """Everything below the folder `prefix`, in pages."""
        with _plain_errors():
            async for page in self._store.list(prefix=prefix, chunk_size=_PAGE):
                yield [Artifact(m["path"], m["size"], m["last_modified"]) for m in page]


async def _chunks(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for chunk in stream:
        yield bytes(chunk)


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("This file is not kept any longer.") from error
    except (OSError, obstore.exceptions.BaseError) as error:
        raise DependencyUnavailable from error
