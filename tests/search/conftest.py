from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from workers.embedding.embedder import Embedder


@pytest.fixture(scope="session")
async def embedder(settings: Settings) -> AsyncIterator[Embedder]:
    """Our own model, loaded once."""
    embedder = Embedder(settings)
    yield embedder
    await embedder.close()
