"""What of OAuth is removed once its time is over, and what is not."""

from __future__ import annotations

from typing import Any

import httpx

from app.services import Services
from tests.oauth.flow import Client, register
from tests.people import table
from workers.sweep import clear


async def count(services: Services, name: str) -> int:
    return len(await table(services, f"SELECT 1 FROM {name}"))


async def test_a_client_that_nobody_ever_used_is_forgotten_after_a_month(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any], services: Services
) -> None:
    await register(client)
    await table(services, "UPDATE oauth_clients SET created_at = now() - interval '31 days'")
    await register(client)
    await clear(services)
    rows = await table(services, "SELECT id, last_used_at FROM oauth_clients ORDER BY id")
    assert [row["last_used_at"] is None for row in rows] == [False, True]
    assert str(rows[0]["id"]) == oauth.id


async def test_a_grant_goes_with_its_tokens_a_week_after_its_end(
    oauth: Client, tokens: dict[str, Any], services: Services
) -> None:
    await oauth.refresh(tokens["refresh_token"])
    await clear(services)
    assert await count(services, "oauth_refresh_tokens") == 2
    await table(services, "UPDATE oauth_grants SET expires_at = now() - interval '8 days'")
    await clear(services)
    for name in ("oauth_grants", "oauth_refresh_tokens", "personal_tokens"):
        assert await count(services, name) == 0
    assert await count(services, "oauth_clients") == 1


async def test_the_end_of_a_sign_in_is_not_the_end_of_what_it_allowed(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any], services: Services
) -> None:
    await table(services, "UPDATE sessions SET expires_at = now() - interval '8 days'")
    await clear(services)
    assert await count(services, "sessions") == 0
    assert (await oauth.refresh(tokens["refresh_token"])).status_code == 200
