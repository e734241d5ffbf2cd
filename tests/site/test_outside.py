"""Signing in by an OpenID provider."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import uvicorn

from app.auth.oidc import Provider
from app.services import Services
from app.settings import InvalidSetting, Settings
from tests.conftest import running, serving
from tests.people import Person, table
from tests.site.fake_provider import CLIENT, SECRET, FakeProvider
from tests.site.visiting import Visit


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[FakeProvider]:
    provider = FakeProvider()
    async with running(uvicorn.Config(provider.app, log_config=None)) as url:
        provider.url = url
        yield provider


@pytest.fixture(scope="module")
async def address(served: FakeProvider, settings: Settings) -> AsyncIterator[str]:
    with_provider = dataclasses.replace(
        settings,
        oidc_issuer=served.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Example",
    )
    served.reset()
    # A busy machine takes long to answer itself.
    with (
        patch("app.auth.outside._FETCH_TIMEOUT_SECONDS", 60.0),
        patch("app.auth.oidc._TIMEOUT_SECONDS", 60.0),
    ):
        async with serving(with_provider) as url:
            yield url


@pytest.fixture
def provider(served: FakeProvider) -> FakeProvider:
    served.reset()
    return served


@pytest.fixture
async def browser(address: str, services: Services) -> AsyncIterator[Visit]:
    async with httpx.AsyncClient(base_url=address, timeout=60) as http:
        yield Visit(http)


async def leave(browser: Visit, back: str = "/account") -> httpx.Response:
    """Go to the provider; its answer, which leads back."""
    await browser.open("/sign-in")
    away = await browser.http.get("/sign-in/outside", params={"next": back})
    assert away.status_code == 303
    async with httpx.AsyncClient() as elsewhere:
        return await elsewhere.get(away.headers["location"])


async def come_back(browser: Visit, answer: httpx.Response) -> httpx.Response:
    """Follow it to the server under test, which has another address than its public one."""
    return await browser.http.get(httpx.URL(answer.headers["location"]).raw_path.decode())


async def test_who_comes_for_the_first_time_has_an_account_from_then_on(
    browser: Visit, provider: FakeProvider, services: Services
) -> None:
    assert "Sign in with Example" in (await browser.open("/sign-in")).text
    answer = await come_back(browser, await leave(browser, "/account/usage"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/usage")
    page = await browser.open("/account")
    assert "Ann Lee" in page.text
    (row,) = await table(services, "SELECT username, email_verified_at FROM accounts")
    assert row["username"] == "ann"
    assert row["email_verified_at"] is not None


async def test_who_comes_again_has_the_same_account(
    browser: Visit, provider: FakeProvider, services: Services
) -> None:
    for _ in range(2):
        browser.http.cookies.clear()
        await come_back(browser, await leave(browser))
    assert len(await table(services, "SELECT id FROM accounts")) == 1
    assert len(await table(services, "SELECT id FROM sessions")) == 2


async def test_an_address_that_nobody_has_confirmed_here_is_not_handed_over(
    browser: Visit, provider: FakeProvider, services: Services
) -> None:
    await Person(services).signed_in()
    answer = await come_back(browser, await leave(browser))
    assert answer.status_code == 422
    assert "An account with this e-mail address exists." in answer.text
    assert len(await table(services, "SELECT id FROM sessions")) == 1


async def test_an_address_may_be_told_apart_from_the_token(
    browser: Visit, provider: FakeProvider, services: Services
) -> None:
    provider.id_claims = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "person-1", "email": "ann@example.com", "email_verified": True}
    answer = await come_back(browser, await leave(browser))
    assert answer.status_code == 303
    provider.userinfo["sub"] = "somebody else"
    browser.http.cookies.clear()
    assert (await come_back(browser, await leave(browser))).status_code == 422


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"azp": "another"},
        {"exp": 1},
        {"sub": ""},
    ],
    ids=lambda claims: next(iter(claims)) + "=" + str(next(iter(claims.values()))),
)
async def test_a_token_that_does_not_hold_signs_nobody_in(
    browser: Visit, provider: FakeProvider, services: Services, claims: dict[str, Any]
) -> None:
    provider.id_claims = claims
    answer = await come_back(browser, await leave(browser))
    assert answer.status_code == 422
    assert await table(services, "SELECT id FROM accounts") == []


async def test_an_answer_that_another_browser_asked_for_is_not_taken(
    browser: Visit, provider: FakeProvider, address: str, services: Services
) -> None:
    answer = await leave(browser)
    async with httpx.AsyncClient(base_url=address) as http:
        refused = await come_back(Visit(http), answer)
        assert refused.status_code == 422
        assert "began in another browser" in refused.text
        victim = Visit(http)
        await leave(victim)
        assert (await come_back(victim, answer)).status_code == 422  # of another state
    assert await table(services, "SELECT id FROM accounts") == []


async def test_an_answer_works_once(browser: Visit, provider: FakeProvider) -> None:
    answer = await leave(browser)
    assert (await come_back(browser, answer)).status_code == 303
    browser.http.cookies.clear()
    assert (await come_back(browser, answer)).status_code == 422


async def test_a_provider_that_is_away_is_told(browser: Visit, provider: FakeProvider) -> None:
    answer = await leave(browser)
    provider.is_down = True
    refused = await come_back(browser, answer)
    assert refused.status_code == 503
    assert "The sign-in service can&#39;t be reached." in refused.text


async def test_who_was_refused_there_is_told(browser: Visit, provider: FakeProvider) -> None:
    answer = await leave(browser)
    state = httpx.URL(answer.headers["location"]).params["state"]
    refused = await browser.http.get(
        "/sign-in/outside/back", params={"state": state, "error": "access_denied"}
    )
    assert refused.status_code == 422
    assert "You were not signed in there." in refused.text


async def test_without_a_provider_there_is_no_way_to_one(stranger: Visit) -> None:
    assert "Sign in with" not in (await stranger.open("/sign-in")).text
    assert (await stranger.open("/sign-in/outside")).status_code == 404


@pytest.mark.parametrize(
    "half",
    [{}, {"oidc_client_id": "x", "public_url": "https://one.example"}],
    ids=["no-client", "ourselves"],
)
def test_half_a_configuration_is_refused(half: dict[str, Any]) -> None:
    with pytest.raises(InvalidSetting):
        Provider.from_settings(Settings(oidc_issuer="https://one.example", **half))
