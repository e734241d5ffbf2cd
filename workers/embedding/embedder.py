"""Whoever embeds: questions at once, passages in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from app.index.model import model_of
from app.settings import Settings
from workers.embedding.endpoint import Endpoint
from workers.embedding.own_model import OwnModel

BATCH = 8


class Embedder:
    """The model that the settings name, loaded when it is first asked.

    Questions have a thread of their own: somebody waits for them, however many passages there are.
    """

    def __init__(self, settings: Settings) -> None:
        self.model = model_of(settings)
        self._endpoint = Endpoint(settings) if settings.embeddings_url else None
        self._own: OwnModel | None = None
        self._loading = Lock()
        self._questions = ThreadPoolExecutor(1, thread_name_prefix="embed-question")
        self._passages = ThreadPoolExecutor(1, thread_name_prefix="embed-passage")

    async def question(self, text: str) -> list[float]:
        """The vector of a question; raises EmbeddingFailed."""
        if self._endpoint is not None:
            return (await self._endpoint.embed([text]))[0]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._questions, lambda: self._loaded().question(text))

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of `BATCH` passages at most; raises EmbeddingFailed."""
        if self._endpoint is not None:
            return await self._endpoint.embed(texts)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._passages, lambda: self._loaded().passages(texts))

    def _loaded(self) -> OwnModel:
        with self._loading:
            if self._own is None:
                self._own = OwnModel()
            return self._own

    async def close(self) -> None:
        for thread in (self._questions, self._passages):
            thread.shutdown(wait=True, cancel_futures=True)
        if self._endpoint is not None:
            await self._endpoint.close()
