"""What owners are told of their account, over the operations that it is told of."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest

from app.cli.processes import server_config
from app.errors import DomainError, NotFound, RateLimited, Unauthenticated, ValidationFailed
from app.security_events import Action, Outcome
from app.services import Services
from app.settings import Settings
from schema.types.identity import (
    ForgotPasswordInput,
    RefreshInput,
    ResetPasswordInput,
    VerifyEmailInput,
)
from schema.types.security import SecurityEvent
from tests.conftest import running
from tests.people import PASSWORD, Person, mailed_token, table


async def events(person: Person, **asked: Any) -> list[SecurityEvent]:
    """All that is listed, oldest first."""
    await person.services.chores.finish()
    listed: list[SecurityEvent] = (await person.run("security_events", **asked)).items
    return listed[::-1]


def said_of(event: SecurityEvent) -> dict[str, Any]:
    return cast("dict[str, Any]", event.metadata)


async def told(person: Person, **asked: Any) -> list[str]:
    return [event.action.value for event in await events(person, **asked)]


@pytest.fixture
async def ann(services: Services) -> Person:
    """Signed in to an account without a password, of which nothing is told yet."""
    return await Person(services).signed_in()


@pytest.fixture
async def bob(services: Services) -> Person:
    """Registered and signed in by password."""
    person = Person(services)
    await person.register("bob")
    return person.bearing((await person.log_in("bob")).access_token)


async def test_a_registration_and_a_sign_in_are_told_with_their_request(bob: Person) -> None:
    registered, signed_in = await events(bob)
    assert registered.action is Action.ACCOUNT_CREATED
    assert registered.actor.kind.value == "anybody"
    assert signed_in.action is Action.SIGN_IN
    assert signed_in.outcome is Outcome.SUCCESS
    assert (signed_in.ip, signed_in.user_agent) == ("192.0.2.1", "pytest")
    assert signed_in.request_id == "req_test"
    (session,) = await table(bob.services, "SELECT id FROM sessions")
    assert signed_in.target is not None
    assert (signed_in.target.kind, signed_in.target.id) == ("session", str(session["id"]))


async def test_a_failed_sign_in_is_told_to_the_owner_of_the_name(bob: Person) -> None:
    for name in ("bob", "BOB"):
        with pytest.raises(Unauthenticated):
            await Person(bob.services, address="203.0.113.9").log_in(name, "a wrong password")
    failed = await events(bob, outcome=Outcome.FAILURE)
    assert [(event.action.value, event.ip) for event in failed] == [
        ("sign_in", "203.0.113.9"),
        ("sign_in", "203.0.113.9"),
    ]


async def test_a_failed_sign_in_of_nobody_is_told_to_nobody(bob: Person) -> None:
    with pytest.raises(Unauthenticated):
        await Person(bob.services).log_in("nobody", "a wrong password")
    await bob.services.chores.finish()
    assert (
        await table(bob.services, "SELECT 1 FROM security_events WHERE outcome = 'failure'") == []
    )


async def test_attempts_that_are_refused_unseen_are_told_once(bob: Person) -> None:
    most = bob.services.settings.login_attempts_per_account
    stranger = Person(bob.services, address="203.0.113.9")
    for _ in range(most + 3):
        with pytest.raises((Unauthenticated, RateLimited)):
            await stranger.log_in("bob", "a wrong password")
    assert len(await events(bob, outcome=Outcome.FAILURE)) <= most


async def test_what_is_done_to_tokens_and_keys_is_told(ann: Person) -> None:
    created = await ann.new_token(name="laptop")
    rotated = await ann.run("rotate_token", token_id=created.personal_token.id)
    await ann.run("revoke_token", token_id=rotated.personal_token.id)
    key = await ann.new_key("script")
    await ann.run("revoke_api_key", key_id=key.api_key.id)
    found = await events(ann)
    assert [event.action.value for event in found] == [
        "token_created",
        "token_rotated",
        "token_revoked",
        "api_key_created",
        "api_key_revoked",
    ]
    assert {event.actor.kind.value for event in found} == {"session"}
    assert said_of(found[1])["replaced_by"] == str(rotated.personal_token.id)
    assert said_of(found[0])["name"] == "laptop"
    said = str([event.metadata for event in found])
    for secret in (created.token, rotated.token, key.key):
        assert secret not in said


async def test_a_key_can_revoke_and_read_and_is_told_as_the_actor(ann: Person) -> None:
    made = await ann.new_key()
    by_key = ann.with_key(made.key)
    await by_key.run("revoke_token", token_id=(await ann.new_token()).personal_token.id)
    last = (await events(by_key))[-1]
    assert (last.actor.kind.value, last.actor.id) == ("api_key", str(made.api_key.id))


async def test_a_personal_token_reads_no_events(ann: Person) -> None:
    created = await ann.new_token()
    with pytest.raises(Unauthenticated):
        await ann.bearing(created.token).run("security_events")


async def test_what_is_refused_leaves_no_event(ann: Person) -> None:
    with pytest.raises(NotFound):
        await ann.run("revoke_token", token_id=uuid4())
    assert await told(ann) == []


async def test_nobody_reads_the_events_of_another(ann: Person, services: Services) -> None:
    await ann.new_token()
    eve = await Person(services).signed_in("eve")
    assert await told(eve) == []


async def test_the_second_use_of_a_refresh_token_is_told_once(bob: Person) -> None:
    tokens = await Person(bob.services).log_in("bob")
    stolen = RefreshInput(refresh_token=tokens.refresh_token)
    await bob.run("refresh", input=stolen)
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await bob.run("refresh", input=stolen)
    (reused,) = await events(bob, action=Action.REFRESH_TOKEN_REUSED)
    assert reused.outcome is Outcome.FAILURE


async def test_a_logout_is_told(bob: Person) -> None:
    other = bob.bearing((await bob.log_in("bob")).access_token)
    await other.run("logout")
    assert (await told(bob))[-1] == "session_ended"


async def test_a_reset_password_is_told_with_the_asking_for_it(bob: Person) -> None:
    await bob.run("request_password_reset", input=ForgotPasswordInput(email="bob@example.com"))
    token = await mailed_token(bob.services, "Choose a new password")
    await bob.run("reset_password", input=ResetPasswordInput(token=token, password=PASSWORD * 2))
    again = bob.bearing((await bob.log_in("bob", PASSWORD * 2)).access_token)
    assert (await told(again))[-3:] == ["password_reset_requested", "password_reset", "sign_in"]
    said = str(await table(bob.services, "SELECT * FROM security_events"))
    assert token not in said


async def test_a_verified_address_is_told(bob: Person) -> None:
    token = await mailed_token(bob.services, "Confirm your e-mail address")
    await bob.run("verify_email", input=VerifyEmailInput(token=token))
    assert (await events(bob))[-1].actor.kind.value == "mailed_link"


async def test_a_new_username_is_told(session: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await session.patch("/v1/me/profile", json={"username": "anna"})).is_success
    (renamed,) = (await session.get("/v1/me/security-events")).json()["items"]
    assert renamed["action"] == "username_changed"
    assert renamed["metadata"] == {"from": "ann", "to": "anna"}


async def test_a_change_of_who_may_see_the_profile_is_told(session: httpx.AsyncClient) -> None:
    for visibility in ("private", "private", "public"):
        answer = await session.patch("/v1/me/profile", json={"visibility": visibility})
        assert answer.is_success
    assert (await session.patch("/v1/me/profile", json={"bio": "Something else."})).is_success
    found = (await session.get("/v1/me/security-events")).json()["items"]
    assert [(event["action"], event["metadata"]) for event in found[::-1]] == [
        ("visibility_changed", {"from": "unlisted", "to": "private"}),
        ("visibility_changed", {"from": "private", "to": "public"}),
    ]
    assert {event["ip"] for event in found} == {"127.0.0.1"}
    assert {event["actor"]["kind"] for event in found} == {"session"}


async def test_a_token_used_from_another_network_is_told_once(ann: Person) -> None:
    created = await ann.new_token()
    user = ann.bearing(created.token)
    for address in ("192.0.2.77", "198.51.100.1", "198.51.100.2", "198.51.100.1"):
        await user.at(address).run("auth_me")
    await ann.services.last_use.write()
    await user.at("198.51.100.3").run("auth_me")
    await ann.services.last_use.write()
    (used,) = await events(ann, action=Action.CREDENTIAL_USED_FROM_NEW_ADDRESS)
    assert (used.ip, said_of(used)) == ("198.51.100.1", {"network": "198.51.100.0/24"})
    assert used.actor.id == str(created.personal_token.id)


async def test_a_new_network_is_told_once_by_processes_that_see_it_at_once(ann: Person) -> None:
    created = await ann.new_key()
    others = [Services.from_settings(ann.services.settings) for _ in range(3)]
    for other in others:
        await other.open()
        await Person(other).with_key(created.key).at("198.51.100.1").run("profile")
    await asyncio.gather(*(other.last_use.write() for other in others))
    for other in others:
        await other.close()
    assert len(await events(ann, action=Action.CREDENTIAL_USED_FROM_NEW_ADDRESS)) == 1


async def test_of_very_many_new_networks_the_first_are_told(ann: Person) -> None:
    user = ann.bearing((await ann.new_token()).token)
    for number in range(30):
        await user.at(f"198.51.{number}.1").run("auth_me")
    await ann.services.last_use.write()
    found = await events(ann, action=Action.CREDENTIAL_USED_FROM_NEW_ADDRESS, limit=100)
    assert [event.ip for event in found] == [f"198.51.{number}.1" for number in range(19)]


async def test_events_come_in_pages_newest_first(ann: Person) -> None:
    for number in range(5):
        await ann.new_key(f"key {number}")
    seen, cursor = [], None
    while True:
        page = await ann.run("security_events", limit=2, cursor=cursor)
        seen += [event.metadata["name"] for event in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"key {number}" for number in reversed(range(5))]


async def test_events_are_found_by_time(ann: Person) -> None:
    await ann.new_key()
    now, hour = datetime.now(UTC), timedelta(hours=1)
    assert await told(ann, from_=now - hour, to=now + hour) == ["api_key_created"]
    assert await told(ann, from_=now + hour) == []
    assert await told(ann, to=now - hour) == []
    with pytest.raises(ValidationFailed):
        await told(ann, from_=now, to=now - hour)


async def test_events_are_listed_over_rest_and_graphql_alike(session: httpx.AsyncClient) -> None:
    await session.post(
        "/v1/auth/tokens",
        json={"name": "cli", "scopes": ["mcp:connect"]},
        headers={"user-agent": "a browser"},
    )
    query = {"action": "token_created", "outcome": "success", "from": "2020-01-01T00:00:00Z"}
    (event,) = (await session.get("/v1/me/security-events", params=query)).json()["items"]
    assert event["action"] == "token_created"
    assert event["ip"] == "127.0.0.1"
    assert event["user_agent"] == "a browser"
    document = (
        "{ securityEvents(action: TOKEN_CREATED)"
        " { items { id action outcome actor { kind } target { kind id } ip metadata } } }"
    )
    answer = (await session.post("/graphql", json={"query": document})).json()
    (same,) = answer["data"]["securityEvents"]["items"]
    assert (same["id"], same["action"]) == (event["id"], "TOKEN_CREATED")
    assert same["metadata"] == event["metadata"]


@pytest.mark.parametrize(
    ("believed", "ip"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.50")], ids=["none", "proxy"]
)
async def test_a_forwarded_address_is_believed_of_known_proxies_only(
    ann: Person, settings: Settings, believed: str, ip: str
) -> None:
    config = server_config(replace(settings, trusted_proxies=believed))
    headers = {
        "authorization": f"Bearer {ann.credentials.bearer}",
        "x-forwarded-for": "203.0.113.50",
    }
    async with running(config) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        assert (await http.post("/v1/auth/api-keys", json={"name": "key"})).is_success
    (event,) = await events(ann)
    assert event.ip == ip


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=0001-01-01T00:00:00%2B23:59",
        "to=9999-12-31T23:59:59-23:59",
        "action=everything",
        "outcome=%00",
        "cursor=x",
        "limit=0",
    ],
)
async def test_what_can_not_be_asked_for_is_refused(session: httpx.AsyncClient, query: str) -> None:
    answer = await session.get(f"/v1/me/security-events?{query}")
    assert answer.status_code == 422


async def test_a_transaction_that_fails_leaves_neither_token_nor_event(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await table(
        ann.services,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'refused'; END $$",
    )
    await table(
        ann.services,
        "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON personal_tokens"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    try:
        with pytest.raises((DomainError, Exception), match="refused"):
            await ann.new_token()
        assert await told(ann) == []
    finally:
        await table(ann.services, "DROP FUNCTION refuse CASCADE")
