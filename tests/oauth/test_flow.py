"""From the first request of a client to its tokens, by hand over HTTP."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import httpx
import pytest

from app.logs import configure_logging
from app.oauth.grants import refreshes_of
from app.services import Services
from app.settings import Settings
from tests.oauth.flow import (
    REDIRECT,
    SCOPES,
    Browser,
    Client,
    allowed,
    answer_in,
    new_verifier,
    register,
)
from tests.people import Person, table


def bearing(tokens: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access_token']}"}


async def works(http: httpx.AsyncClient, tokens: dict[str, Any]) -> bool:
    """Whether an access token is good for the API."""
    return (await http.get("/v1/auth/check/mcp", headers=bearing(tokens))).status_code == 200


async def test_a_client_that_an_owner_allows_acts_for_them(
    client: httpx.AsyncClient, ann: Person, tokens: dict[str, Any]
) -> None:
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert tokens["scope"] == SCOPES
    me = (await client.get("/v1/auth/me", headers=bearing(tokens))).json()
    assert me["principal"]["username"] == "ann"
    assert set(me["scopes"]) == set(SCOPES.split())


async def test_a_token_is_good_for_mcp_itself(
    client: httpx.AsyncClient, tokens: dict[str, Any]
) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    answer = await client.post("/v1/mcp", json=hello, headers=bearing(tokens))
    assert answer.status_code == 200
    assert answer.json()["result"]["protocolVersion"] == "2025-11-25"


async def test_a_token_may_do_what_was_asked_for_and_no_more(
    client: httpx.AsyncClient, browser: Browser, oauth: Client
) -> None:
    code = await allowed(browser, oauth, scope="mcp:connect offline_access openid")
    tokens = (await oauth.redeem(code)).json()
    assert tokens["scope"] == "mcp:connect"
    probe = await client.get("/v1/auth/check/tools", headers=bearing(tokens))
    assert probe.status_code == 403


async def test_the_answer_names_its_issuer_and_repeats_the_state(
    browser: Browser, oauth: Client, services: Services
) -> None:
    page = await browser.open(**oauth.asks())
    answer = await browser.submit(page, decision="allow")
    assert answer.headers["location"].startswith(REDIRECT + "?code=")
    said = answer_in(answer)
    assert said["iss"] == services.settings.public_url
    assert said["state"] == "s t/a+te"


async def test_who_denies_gives_nothing(
    browser: Browser, oauth: Client, services: Services
) -> None:
    page = await browser.open(**oauth.asks())
    said = answer_in(await browser.submit(page, decision="deny"))
    assert (said["error"], said["state"]) == ("access_denied", "s t/a+te")
    assert await table(services, "SELECT 1 FROM oauth_grants") == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_verifier": new_verifier.__name__ + "x" * 40}, id="wrong-verifier"),
        pytest.param({"redirect_uri": REDIRECT + "/"}, id="other-redirect-uri"),
        pytest.param({"redirect_uri": REDIRECT.replace("43210", "43211")}, id="other-port"),
        pytest.param({"client_id": "0198f0f0-0000-7000-8000-000000000000"}, id="other-client"),
        pytest.param({"code": "va_nonsense"}, id="no-code"),
    ],
)
async def test_a_code_is_redeemed_by_the_client_that_it_was_given_to_only(
    browser: Browser, oauth: Client, changes: dict[str, str], services: Services
) -> None:
    code = await allowed(browser, oauth)
    refused = await oauth.redeem(**{"code": code, **changes})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert await table(services, "SELECT 1 FROM personal_tokens") == []
    # And it is still good for who it was meant for.
    assert (await oauth.redeem(code)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"resource": "https://other.example/v1/mcp"}, "invalid_target", id="resource"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="grant-type"),
        pytest.param({"grant_type": None}, "invalid_request", id="no-grant-type"),
        pytest.param({"client_id": None}, "invalid_request", id="no-client"),
        pytest.param({"redirect_uri": None}, "invalid_request", id="no-redirect-uri"),
        pytest.param({"code_verifier": None}, "invalid_request", id="no-verifier"),
        pytest.param({"code_verifier": "short"}, "invalid_request", id="short-verifier"),
    ],
)
async def test_a_token_request_that_is_not_in_order_is_told_why(
    browser: Browser, oauth: Client, changes: dict[str, str | None], error: str
) -> None:
    code = await allowed(browser, oauth)
    refused = await oauth.redeem(code, **changes)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert refused.headers["cache-control"] == "no-store"
    ours = {"resource": "HTTP://127.0.0.1:8000/v1/mcp/"}
    assert (await oauth.redeem(code, **ours)).status_code == 200


async def test_a_code_used_twice_ends_what_it_gave(
    client: httpx.AsyncClient, browser: Browser, oauth: Client
) -> None:
    code = await allowed(browser, oauth)
    tokens = (await oauth.redeem(code)).json()
    assert await works(client, tokens)
    again = await oauth.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert not await works(client, tokens)
    assert (await oauth.refresh(tokens["refresh_token"])).status_code == 400


async def test_of_many_redemptions_at_once_one_succeeds(
    browser: Browser, oauth: Client, services: Services
) -> None:
    code = await allowed(browser, oauth)
    answers = await asyncio.gather(*(oauth.redeem(code) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    assert len(await table(services, "SELECT 1 FROM personal_tokens")) == 1


async def test_a_code_is_good_for_a_minute(
    browser: Browser, oauth: Client, services: Services
) -> None:
    code = await allowed(browser, oauth)
    (row,) = await table(
        services, "SELECT extract(epoch FROM expires_at - now())::int AS left FROM oauth_grants"
    )
    assert 50 < row["left"] <= 60
    await table(services, "UPDATE oauth_grants SET expires_at = now()")
    assert (await oauth.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_code_is_good_no_more_once_the_sign_in_has_ended(
    browser: Browser, oauth: Client, services: Services
) -> None:
    code = await allowed(browser, oauth)
    await table(services, "UPDATE sessions SET revoked_at = now()")
    assert (await oauth.redeem(code)).json()["error"] == "invalid_grant"


# Refreshing


async def test_a_refresh_gives_new_tokens_and_ends_the_old(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any]
) -> None:
    renewed = (await oauth.refresh(tokens["refresh_token"])).json()
    assert renewed["scope"] == SCOPES
    assert {renewed["access_token"], renewed["refresh_token"]}.isdisjoint(tokens.values())
    assert await works(client, renewed)
    assert not await works(client, tokens)
    assert (await oauth.refresh(renewed["refresh_token"])).status_code == 200


async def test_an_answer_that_was_lost_is_given_again(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any]
) -> None:
    first = (await oauth.refresh(tokens["refresh_token"])).json()
    again = (await oauth.refresh(tokens["refresh_token"])).json()
    assert {**again, "expires_in": 0} == {**first, "expires_in": 0}
    assert await works(client, again)


async def test_refreshes_at_once_have_one_answer(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any], services: Services
) -> None:
    answers = await asyncio.gather(*(oauth.refresh(tokens["refresh_token"]) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert await works(client, answers[0].json())
    assert len(await table(services, "SELECT 1 FROM oauth_refresh_tokens")) == 2


async def test_a_refresh_token_used_again_after_its_successor_ends_the_grant(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any]
) -> None:
    second = (await oauth.refresh(tokens["refresh_token"])).json()
    third = (await oauth.refresh(second["refresh_token"])).json()
    stolen = await oauth.refresh(tokens["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert not await works(client, third)
    assert (await oauth.refresh(third["refresh_token"])).status_code == 400


async def test_a_refresh_token_used_again_after_a_while_ends_the_grant(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any], services: Services
) -> None:
    second = (await oauth.refresh(tokens["refresh_token"])).json()
    await table(services, "UPDATE oauth_refresh_tokens SET used_at = used_at - interval '31 s'")
    assert (await oauth.refresh(tokens["refresh_token"])).status_code == 400
    assert not await works(client, second)


async def test_a_grant_is_refreshed_so_often_and_loses_nothing_by_trying(
    oauth: Client, services: Services, tokens: dict[str, Any]
) -> None:
    (grant,) = await table(services, "SELECT id FROM oauth_grants")
    limit = refreshes_of(grant["id"])
    await services.redis.set(limit.key, limit.most - 1, ex=limit.seconds)
    last = await oauth.refresh(tokens["refresh_token"])
    assert last.status_code == 200
    token = last.json()["refresh_token"]
    refused = await oauth.refresh(token)
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) > 0
    await services.redis.delete(limit.key)
    assert (await oauth.refresh(token)).status_code == 200


async def test_a_refresh_token_is_of_its_client_only(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any]
) -> None:
    other = Client(client, (await register(client)).json()["client_id"])
    assert (await other.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert await works(client, tokens)


async def test_a_refresh_may_ask_for_less_and_not_for_more(
    oauth: Client, tokens: dict[str, Any]
) -> None:
    more = await oauth.refresh(tokens["refresh_token"], scope="mcp:connect chat:run")
    assert more.json()["error"] == "invalid_scope"
    less = (await oauth.refresh(tokens["refresh_token"], scope="mcp:connect")).json()
    assert less["scope"] == "mcp:connect"
    whole = (await oauth.refresh(less["refresh_token"])).json()
    assert whole["scope"] == SCOPES


async def test_a_grant_that_is_not_refreshed_ends(
    oauth: Client, tokens: dict[str, Any], services: Services
) -> None:
    await table(services, "UPDATE oauth_grants SET expires_at = now()")
    assert (await oauth.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_session_can_not_be_refreshed_by_a_clients_refresh_token(
    client: httpx.AsyncClient, tokens: dict[str, Any]
) -> None:
    body = {"refresh_token": tokens["refresh_token"]}
    assert (await client.post("/v1/auth/refresh", json=body)).status_code == 401


# The end


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_a_client_revokes_its_grant_by_either_token(
    client: httpx.AsyncClient, oauth: Client, tokens: dict[str, Any], which: str
) -> None:
    form = {"token": tokens[which], "client_id": oauth.id}
    assert (await client.post("/oauth/revoke", data=form)).status_code == 200
    assert not await works(client, tokens)
    assert (await oauth.refresh(tokens["refresh_token"])).status_code == 400
    assert (await client.post("/oauth/revoke", data=form)).status_code == 200


async def test_another_client_can_not_revoke_a_grant(
    client: httpx.AsyncClient, tokens: dict[str, Any]
) -> None:
    other = (await register(client)).json()["client_id"]
    form = {"token": tokens["access_token"], "client_id": other}
    assert (await client.post("/oauth/revoke", data=form)).status_code == 200
    assert await works(client, tokens)


async def test_a_connection_is_listed_under_the_name_of_its_client_and_revoked_there(
    client: httpx.AsyncClient, ann: Person, oauth: Client, tokens: dict[str, Any]
) -> None:
    renewed = (await oauth.refresh(tokens["refresh_token"])).json()
    session = {"authorization": f"Bearer {ann.credentials.bearer}"}
    made = {"name": "by hand", "scopes": ["mcp:connect"]}
    await client.post("/v1/auth/tokens", json=made, headers=session)
    listed = (await client.get("/v1/auth/tokens", headers=session)).json()["items"]
    assert [(one["name"], one["client_name"]) for one in listed] == [
        ("by hand", None),
        ("Test Client", "Test Client"),
    ]
    connection = f"/v1/auth/tokens/{listed[1]['id']}"
    assert (await client.post(f"{connection}/rotate", headers=session)).status_code == 409
    assert (await client.delete(connection, headers=session)).status_code == 204
    assert not await works(client, renewed)
    assert (await oauth.refresh(renewed["refresh_token"])).status_code == 400


async def test_no_secret_gets_into_a_log(
    settings: Settings, browser: Browser, oauth: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging(dataclasses.replace(settings, log_level="debug"))
    try:
        code = await allowed(browser, oauth)
        tokens = (await oauth.redeem(code)).json()
        renewed = (await oauth.refresh(tokens["refresh_token"])).json()
    finally:
        configure_logging(settings)
    written = capfd.readouterr().err
    assert "/oauth/token" in written
    for secret in (code, browser.cookie(), *tokens.values(), *renewed.values()):
        if isinstance(secret, str) and secret not in ("Bearer", SCOPES):
            assert secret not in written
