from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from app.auth.sessions import Sessions
from app.errors import DomainError, Unauthenticated
from app.services import Services
from app.settings import Settings
from schema.types.identity import RefreshInput, SessionTokens
from tests.people import Person, table


async def refresh(person: Person, tokens: SessionTokens) -> SessionTokens:
    fresh: SessionTokens = await person.run(
        "refresh", input=RefreshInput(refresh_token=tokens.refresh_token)
    )
    return fresh


@pytest.fixture
async def ann(services: Services) -> Person:
    person = Person(services)
    await person.register()
    return person


async def test_a_login_gives_tokens_that_are_good(ann: Person, settings: Settings) -> None:
    tokens = await ann.log_in()
    assert tokens.token_type == "bearer"
    assert tokens.expires_in == settings.session_minutes * 60
    assert await ann.bearing(tokens.access_token).account_id()


async def test_a_refresh_gives_another_pair_of_the_same_session(ann: Person) -> None:
    first = await ann.log_in()
    second = await refresh(ann, first)
    assert second.refresh_token != first.refresh_token
    assert await ann.bearing(second.access_token).account_id()
    sessions = await table(ann.services, "SELECT id FROM sessions")
    assert len(sessions) == 1


async def test_a_refresh_puts_the_end_of_the_session_off(ann: Person) -> None:
    tokens = await ann.log_in()
    await table(ann.services, "UPDATE sessions SET expires_at = now() + interval '1 hour'")
    await refresh(ann, tokens)
    (row,) = await table(
        ann.services, "SELECT expires_at > now() + interval '29 days' AS later FROM sessions"
    )
    assert row["later"]


async def test_a_refresh_token_used_twice_ends_its_session(ann: Person) -> None:
    first = await ann.log_in()
    second = await refresh(ann, first)
    with pytest.raises(Unauthenticated):
        await refresh(ann, first)
    with pytest.raises(Unauthenticated):
        await refresh(ann, second)
    with pytest.raises(Unauthenticated):
        await ann.bearing(second.access_token).account_id()


async def test_the_end_of_one_session_leaves_the_others(ann: Person) -> None:
    stolen, other = await ann.log_in(), await ann.log_in()
    await refresh(ann, stolen)
    with pytest.raises(Unauthenticated):
        await refresh(ann, stolen)
    assert await ann.bearing((await refresh(ann, other)).access_token).account_id()


async def test_of_two_refreshes_at_once_one_is_answered_and_the_session_ends(ann: Person) -> None:
    tokens = await ann.log_in()
    results = await asyncio.gather(
        *(refresh(ann, tokens) for _ in range(6)), return_exceptions=True
    )
    answered = [result for result in results if isinstance(result, SessionTokens)]
    refused = [result for result in results if isinstance(result, Unauthenticated)]
    assert (len(answered), len(refused)) == (1, 5)
    with pytest.raises(Unauthenticated):
        await ann.bearing(answered[0].access_token).account_id()
    assert (await ann.log_in()).access_token


async def test_a_flood_of_used_tokens_waits_for_no_connection_that_it_holds(ann: Person) -> None:
    tokens = await ann.log_in()
    await refresh(ann, tokens)
    flood = 3 * ann.services.settings.database_pool_size
    results = await asyncio.gather(
        *(refresh(ann, tokens) for _ in range(flood)), return_exceptions=True
    )
    assert [type(result) for result in results] == [Unauthenticated] * flood


async def test_a_session_past_its_end_is_refused(ann: Person) -> None:
    tokens = await ann.log_in()
    await table(ann.services, "UPDATE sessions SET expires_at = now() - interval '1 second'")
    with pytest.raises(Unauthenticated):
        await refresh(ann, tokens)
    with pytest.raises(Unauthenticated):
        await ann.bearing(tokens.access_token).account_id()


async def test_a_logout_is_felt_by_the_next_request(ann: Person) -> None:
    tokens, other = await ann.log_in(), await ann.log_in()
    session = ann.bearing(tokens.access_token)
    await session.run("logout")
    for refused in (session.account_id(), session.run("logout"), refresh(ann, tokens)):
        with pytest.raises(Unauthenticated):
            await refused
    assert await ann.bearing(other.access_token).account_id()


async def test_no_secret_is_stored_or_shown(ann: Person) -> None:
    tokens = await ann.log_in()
    rows = await table(ann.services, "SELECT r.*, s.* FROM refresh_tokens r, sessions s")
    assert tokens.refresh_token not in repr(rows)
    grant = await _grant(ann)
    assert grant.refresh_token not in repr(grant)


async def _grant(ann: Person) -> Any:
    from app.auth import sessions
    from app.call import Call, Context, Credentials

    account_id = await ann.bearing((await ann.log_in()).access_token).account_id()
    async with ann.services.database.transaction() as db:
        call = Call(Context(ann.services, "req_test", Credentials()), db)
        return await sessions.start(call, account_id)


def claims(settings: Settings, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    made = {
        "iss": settings.public_url,
        "aud": settings.public_url,
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "jti": "1",
        "iat": now,
        "exp": now + timedelta(minutes=5),
    } | changes
    return {name: value for name, value in made.items() if value is not None}


def signed(settings: Settings, algorithm: str = "HS256", **changes: Any) -> str:
    key: bytes | str = "" if algorithm == "none" else settings.signing_key()
    return jwt.encode(claims(settings, **changes), key, algorithm=algorithm)


def test_a_token_with_all_claims_is_read(settings: Settings) -> None:
    assert Sessions(settings).verify(signed(settings)).account_id


@pytest.mark.filterwarnings("ignore:The HMAC key is 42 bytes long")
@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in ("iss", "aud", "sub", "sid", "jti", "iat", "exp")),
        {"iss": "https://elsewhere.example"},
        {"aud": "https://elsewhere.example"},
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"iat": datetime.now(UTC) + timedelta(hours=1)},
        {"sub": "1; DROP TABLE accounts"},
        {"sid": "not-a-uuid"},
        {"algorithm": "HS512"},
        {"algorithm": "none"},
    ],
    ids=" ".join,
)
def test_a_token_that_is_not_just_as_we_make_it_is_refused(
    settings: Settings, changes: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        Sessions(settings).verify(signed(settings, **changes))


def test_a_token_signed_by_another_key_is_refused(settings: Settings) -> None:
    other = dataclasses.replace(settings, jwt_key="another key of thirty-two bytes or more")
    with pytest.raises(Unauthenticated):
        Sessions(settings).verify(signed(other))


@pytest.mark.parametrize("bearer", ["", "x", "a.b.c", "vt_", "vk_123", "…", "\x00", "x" * 9000])
async def test_a_bearer_that_is_no_token_is_refused(services: Services, bearer: str) -> None:
    with pytest.raises(Unauthenticated):
        await Person(services).bearing(bearer).run("auth_me")


async def test_a_well_signed_token_of_an_unknown_session_is_refused(services: Services) -> None:
    with pytest.raises(Unauthenticated):
        await Person(services).bearing(signed(services.settings)).run("auth_me")


async def test_a_token_can_not_carry_a_session_to_another_account(ann: Person) -> None:
    tokens = await ann.log_in()
    victim = await ann.register("victim")
    mine = jwt.decode(tokens.access_token, options={"verify_signature": False})
    forged = signed(ann.services.settings, sub=str(victim.id), sid=mine["sid"])
    with pytest.raises(DomainError):
        await ann.bearing(forged).account_id()
