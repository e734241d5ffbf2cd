"""What owners are told of applications that they connect, and of what becomes of them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.oauth.flow import Browser, Client, allowed
from tests.people import Person


async def told(person: Person) -> list[tuple[str, str, str]]:
    items = (await person.run("security_events")).items
    return [(e.action.value, e.outcome.value, e.actor.kind.value) for e in items[::-1]]


async def test_a_consent_is_told_once_whatever_comes_of_it(
    browser: Browser, oauth: Client, ann: Person
) -> None:
    code = await allowed(browser, oauth)
    tokens = (await oauth.redeem(code)).json()
    await oauth.refresh(tokens["refresh_token"])
    (given,) = (await ann.run("security_events")).items
    assert given.action.value == "grant_given"
    assert (given.target.kind, given.target.id) == ("oauth_client", oauth.id)
    assert given.metadata["name"] == "Test Client"
    for secret in (code, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in repr(given)


async def test_a_code_used_twice_is_told_once(browser: Browser, oauth: Client, ann: Person) -> None:
    code = await allowed(browser, oauth)
    for _ in range(4):
        await oauth.redeem(code)
    assert (await told(ann))[1:] == [("grant_reused", "failure", "oauth_client")]


async def test_a_stolen_refresh_token_is_told_once(
    oauth: Client, ann: Person, tokens: dict[str, Any]
) -> None:
    newer = (await oauth.refresh(tokens["refresh_token"])).json()
    await oauth.refresh(newer["refresh_token"])
    for _ in range(3):
        assert (await oauth.refresh(tokens["refresh_token"])).status_code == 400
    assert (await told(ann))[1:] == [("grant_reused", "failure", "oauth_client")]


async def test_the_end_of_a_grant_is_told_whoever_ends_it(
    client: httpx.AsyncClient, oauth: Client, ann: Person, tokens: dict[str, Any]
) -> None:
    form = {"token": tokens["refresh_token"], "client_id": oauth.id}
    for _ in range(2):
        assert (await client.post("/oauth/revoke", data=form)).status_code == 200
    assert (await told(ann))[1:] == [("grant_revoked", "success", "oauth_client")]


async def test_a_grant_that_its_owner_revokes_is_told_as_theirs(
    ann: Person, tokens: dict[str, Any]
) -> None:
    (token,) = (await ann.run("tokens")).items
    await ann.run("revoke_token", token_id=token.id)
    assert (await told(ann))[1:] == [("grant_revoked", "success", "session")]


async def test_the_network_of_the_client_is_known_from_the_start(
    client: httpx.AsyncClient, ann: Person, tokens: dict[str, Any]
) -> None:
    user = ann.bearing(tokens["access_token"]).at("127.0.0.9")
    await user.run("auth_me")
    await user.at("203.0.113.1").run("auth_me")
    await ann.services.last_use.write()
    used = (await ann.run("security_events", limit=1)).items[0]
    assert (used.action.value, used.ip) == ("credential_used_from_new_address", "203.0.113.1")
    assert len(await told(ann)) == 2
