"""Keeps the index of each profile as the profile is.

Chunks are written first, all in one transaction, so that their words are found at once; then
those that have no vector of the present model get one, a few at a time.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from app.db import Connection
from app.errors import DependencyUnavailable
from app.index import spoken, states, store
from app.index.chunks import Chunk, chunks_of
from app.index.model import model_of
from app.index.states import Lease
from app.queue import JSON
from app.services import Services
from workers.embedding.embedder import BATCH, Embedder
from workers.embedding.failure import EmbeddingFailed

log = logging.getLogger(__name__)

_MOST_WOKEN = 4  # workers that are woken at a time


async def notice(services: Services) -> None:
    """See what was changed, and wake workers for what waits."""
    async with services.database.connection() as db:
        await states.notice_recent(db, datetime.now(UTC))
        waiting = await states.due(db, _MOST_WOKEN)
    for _ in range(waiting):
        await services.queue.index_profiles()


async def notice_all(services: Services) -> None:
    """See what was changed while no worker was there, or was indexed by another model."""
    async with services.database.connection() as db:
        found = await states.notice_all(db, model_of(services.settings))
    if found:
        log.info("profiles to be indexed", extra={"fields": {"count": found}})


async def index_profiles(ctx: dict[str, Any]) -> None:
    """Index profile by profile until none waits."""
    services: Services = ctx["services"]
    embedder: Embedder = ctx["embedder"]
    while True:
        async with services.database.connection() as db:
            lease = await states.claim(db)
        if lease is None:
            return
        await _attempt(services, embedder, lease)


async def _attempt(services: Services, embedder: Embedder, lease: Lease) -> None:
    try:
        await _index(services, embedder, lease)
    except DependencyUnavailable:
        raise  # of the database: the lease runs out
    except Exception as error:
        told = str(error) if isinstance(error, EmbeddingFailed) else "Indexing failed."
        fields = {"attempt": lease.attempts, "error": type(error).__name__}
        unexpected = not isinstance(error, EmbeddingFailed)
        log.warning("a profile is not indexed", extra={"fields": fields}, exc_info=unexpected)
        async with services.database.connection() as db:
            await states.failed(db, lease, told)


async def _index(services: Services, embedder: Embedder, lease: Lease) -> None:
    database, account_id = services.database, lease.account_id
    async with database.transaction() as db:
        found = await store.settled(db, account_id)
    if found is None:
        return
    record, sequence = found
    chunks = {chunk.digest: chunk for chunk in chunks_of(record)}
    async with database.transaction() as db:
        if not await states.chunked(db, lease, sequence):
            return
        languages = await _languages(db, list(chunks.values()))
        await store.write(db, account_id, list(chunks.values()), languages)
    async with database.connection() as db:
        digests = await store.missing(db, account_id, embedder.model)
    for start in range(0, len(digests), BATCH):
        batch = [digest for digest in digests[start : start + BATCH] if digest in chunks]
        vectors = await embedder.passages([chunks[digest].embedded for digest in batch])
        async with database.connection() as db:
            given = dict(zip(batch, vectors, strict=True))
            await store.embed(db, account_id, embedder.model, given)
            if not await states.hold(db, lease):
                return
    async with database.connection() as db:
        await states.done(db, lease, sequence, embedder.model)


async def _languages(db: Connection, chunks: list[Chunk]) -> dict[bytes, str]:
    whole = [chunk for chunk in chunks if chunk.ordinal == 0]
    texts = [f"{chunk.title} {chunk.text}" for chunk in whole]
    found = await spoken.languages(db, texts)
    return {chunk.digest: language for chunk, language in zip(whole, found, strict=True)}


async def embed_query(ctx: dict[str, Any], question: str) -> JSON:
    """What a question means: {model, vector}."""
    embedder: Embedder = ctx["embedder"]
    return {"model": embedder.model, "vector": await embedder.question(question)}
