"""Consent by who is signed in on the pages already."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx

from app.services import Services
from tests.oauth.flow import Client, register
from tests.people import PASSWORD, Person, table
from tests.site.visiting import Visit


async def asked(visit: Visit) -> httpx.Response:
    """The page that a client's request leads to."""
    client = Client(visit.http, (await register(visit.http)).json()["client_id"])
    return await visit.open(f"/oauth/authorize?{urlencode(client.asks())}")


async def test_who_is_signed_in_on_the_pages_is_asked_at_once(visit: Visit) -> None:
    page = await asked(visit)
    assert page.status_code == 200
    assert "ann@example.com" in page.text


async def test_signing_in_as_somebody_else_leaves_the_pages_signed_in(
    visit: Visit, services: Services
) -> None:
    await asked(visit)
    page = await visit.send("/oauth/consent", decision="switch")
    assert "Sign in" in page.text
    assert "ann@example.com" not in page.text
    (row,) = await table(services, "SELECT revoked_at FROM sessions")
    assert row["revoked_at"] is None


async def test_signing_out_of_the_pages_ends_the_sign_in_to_consent_too(
    visit: Visit, services: Services
) -> None:
    await asked(visit)
    await visit.send("/oauth/consent", decision="switch")
    await Person(services).register("bob")
    page = await visit.send("/oauth/sign-in", name="bob", password=PASSWORD)
    assert "bob@example.com" in page.text
    await visit.open("/account")
    await visit.send("/sign-out")
    assert all(row["revoked_at"] for row in await table(services, "SELECT * FROM sessions"))
    assert "bob@example.com" not in (await asked(visit)).text


async def test_a_session_that_has_ended_asks_for_a_sign_in(
    visit: Visit, services: Services
) -> None:
    await table(services, "UPDATE sessions SET revoked_at = now()")
    page = await asked(visit)
    assert "ann@example.com" not in page.text
    assert 'name="password"' in page.text
