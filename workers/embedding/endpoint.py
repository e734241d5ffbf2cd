"""Vectors from an OpenAI-compatible API: POST {url}/embeddings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import httpx

from app.outgoing import LIMITS
from app.settings import Settings
from workers.embedding.failure import EmbeddingFailed

_SECONDS = 8.0
_MOST_DIMENSIONS = 16_000  # of a vector of pgvector
_GREATEST = 1e18  # of a number, so that the square of it is one of pgvector's, too


class Endpoint:
    """Raises EmbeddingFailed, which tells neither what was sent nor by which key."""

    def __init__(self, settings: Settings) -> None:
        key = settings.embeddings_key
        self._model = settings.embeddings_model
        self._url = settings.embeddings_url.rstrip("/") + "/embeddings"
        self._http = httpx.AsyncClient(
            timeout=_SECONDS,
            limits=LIMITS,
            headers={"authorization": f"Bearer {key}"} if key else {},
        )

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        asked = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            answer = await self._http.post(self._url, json=asked)
        except httpx.TimeoutException:
            raise EmbeddingFailed("The embeddings endpoint did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise EmbeddingFailed("The embeddings endpoint can't be reached.") from None
        if answer.status_code != httpx.codes.OK:
            raise EmbeddingFailed(f"The embeddings endpoint answered {answer.status_code}.")
        try:
            return _vectors(answer.json(), len(texts))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise EmbeddingFailed("The embeddings endpoint's answer is not understood.") from None

    async def close(self) -> None:
        await self._http.aclose()


def _vectors(answer: Any, many: int) -> list[list[float]]:
    """Raises ValueError and its like for an answer that is none."""
    found = sorted(answer["data"], key=lambda each: int(each["index"]))
    vectors = [[float(number) for number in each["embedding"]] for each in found]
    lengths = {len(vector) for vector in vectors}
    if len(vectors) != many or len(lengths) != 1 or not 0 < lengths.pop() <= _MOST_DIMENSIONS:
        raise ValueError
    if not all(map(_has_direction, vectors)):
        raise ValueError
    return vectors


def _has_direction(vector: list[float]) -> bool:
    """Whether the cosine of it and another can be told."""
    return max(map(abs, vector)) > 1 / _GREATEST and all(
        math.isfinite(number) and abs(number) < _GREATEST for number in vector
    )
