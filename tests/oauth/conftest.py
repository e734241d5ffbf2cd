"""An owner, a browser that is signed in as her, and a client that registered itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.oauth.seals import Seals
from app.services import Services
from tests.oauth.flow import COOKIE, Browser, Client, allowed, register
from tests.people import Person, table


@pytest.fixture
async def ann(services: Services) -> Person:
    """Ann, with a session and, since hashing is slow, without a password."""
    return await Person(services).signed_in()


@pytest.fixture
async def stranger(base_url: str, services: Services) -> AsyncIterator[Browser]:
    """A browser in which nobody has signed in."""
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as http:
        yield Browser(http)


@pytest.fixture
async def browser(stranger: Browser, ann: Person, services: Services) -> Browser:
    """A browser in which Ann has signed in."""
    (row,) = await table(services, "SELECT id, account_id FROM sessions")
    seals = Seals(services.settings)
    visit = seals.new_visit(row["id"], row["account_id"])
    stranger.http.cookies.set(COOKIE, seals.sealed_visit(visit), "127.0.0.1", "/")
    return stranger


@pytest.fixture
async def oauth(client: httpx.AsyncClient) -> Client:
    """A client that has registered itself."""
    return Client(client, (await register(client)).json()["client_id"])


@pytest.fixture
async def tokens(browser: Browser, oauth: Client) -> dict[str, Any]:
    """The tokens that Ann gave to the client."""
    answer = await oauth.redeem(await allowed(browser, oauth))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
