"""Somebody with a personal token, talking to the server over a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.services import Services
from app.settings import Settings
from rest_compat.mcp import endpoint
from tests.conftest import serving
from tests.mcp.talking import Talk, bearer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an answer that a busy machine makes slowly be JSON all the same where both would do."""
    monkeypatch.setattr(endpoint, "_JSON_WITHIN_SECONDS", 60.0)


@pytest.fixture
async def talk(base_url: str, services: Services) -> AsyncIterator[Talk]:
    """Not begun yet: no session."""
    headers = await bearer(services)
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield Talk(http)


@pytest.fixture
async def other(settings: Settings, talk: Talk) -> AsyncIterator[httpx.AsyncClient]:
    """The same caller at a second server, which shares nothing with the first but the databases."""
    headers = {"authorization": talk.http.headers["authorization"]}
    async with (
        serving(settings) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http,
    ):
        yield http
