"""Visitors of the site: a stranger, and Ann, who has signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.services import Services
from tests.people import Person
from tests.site.visiting import Visit, cookie_of


@pytest.fixture
async def stranger(base_url: str, services: Services) -> AsyncIterator[Visit]:
    """A browser in which nobody has signed in."""
    async with httpx.AsyncClient(base_url=base_url, timeout=60, follow_redirects=True) as http:
        yield Visit(http)


@pytest.fixture
async def ann(services: Services) -> Person:
    """Ann, with a session and, since hashing is slow, without a password."""
    return await Person(services).signed_in()


@pytest.fixture
async def visit(stranger: Visit, ann: Person) -> Visit:
    """A browser in which Ann has signed in."""
    stranger.http.cookies.set("vitae", cookie_of(ann), "127.0.0.1", "/")
    return stranger
