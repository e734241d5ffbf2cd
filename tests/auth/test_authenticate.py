from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.auth import raw_keys
from app.auth.raw_keys import Prefix
from app.errors import InsufficientScope, Unauthenticated
from app.services import Services
from schema.types.access import CredentialKind, Scope
from tests.people import Person, table

SOON = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
async def ann(services: Services) -> Person:
    return await Person(services).signed_in()


async def test_a_personal_token_acts_as_its_account_with_its_scopes(ann: Person) -> None:
    created = await ann.new_token(Scope.RESUME_GENERATE, Scope.MCP_CONNECT)
    me = await ann.bearing(created.token).run("auth_me")
    assert me.authenticated
    assert me.principal.account_id == await ann.account_id()
    assert me.principal.credential is CredentialKind.PERSONAL_TOKEN
    assert me.principal.credential_id == created.personal_token.id
    assert me.scopes == [Scope.RESUME_GENERATE, Scope.MCP_CONNECT]


async def test_an_api_key_acts_as_its_account_and_has_no_scope(ann: Person) -> None:
    created = await ann.new_key()
    me = await ann.with_key(created.key).run("auth_me")
    assert me.principal.account_id == await ann.account_id()
    assert me.principal.credential is CredentialKind.API_KEY
    assert me.scopes == []


async def test_a_token_is_probed_for_its_scopes(ann: Person) -> None:
    token = ann.bearing((await ann.new_token(Scope.RESUME_GENERATE)).token)
    assert (await token.run("auth_check_resume")).allowed
    for probe in ("auth_check_chat", "auth_check_tools", "auth_check_mcp"):
        with pytest.raises(InsufficientScope):
            await token.run(probe)


async def test_a_session_has_every_scope(ann: Person) -> None:
    for probe in ("auth_check_resume", "auth_check_chat", "auth_check_tools", "auth_check_mcp"):
        assert (await ann.run(probe)).scopes == list(Scope)


async def test_an_api_key_is_no_credential_for_gateway_routes(ann: Person) -> None:
    key = ann.with_key((await ann.new_key()).key)
    with pytest.raises(Unauthenticated):
        await key.run("auth_check_resume")


@pytest.mark.parametrize("change", ["revoked_at = now()", "expires_at = now() - interval '1 s'"])
async def test_a_token_or_key_that_has_ended_is_refused(ann: Person, change: str) -> None:
    token = ann.bearing((await ann.new_token(expires_at=SOON)).token)
    key = ann.with_key((await ann.new_key(expires_at=SOON)).key)
    assert await token.account_id() == await key.account_id()
    await table(ann.services, f"UPDATE personal_tokens SET {change}")
    await table(ann.services, f"UPDATE api_keys SET {change}")
    for ended in (token, key):
        with pytest.raises(Unauthenticated) as refused:
            await ended.account_id()
        assert refused.value.details["reason"] == "invalid"


async def test_a_well_formed_key_that_was_never_given_out_is_refused(services: Services) -> None:
    nobody = Person(services)
    with pytest.raises(Unauthenticated):
        await nobody.bearing(raw_keys.mint(Prefix.PERSONAL_TOKEN).text).run("auth_me")
    with pytest.raises(Unauthenticated):
        await nobody.with_key(raw_keys.mint(Prefix.API_KEY).text).run("auth_me")


async def test_a_key_sent_as_a_bearer_and_a_token_sent_as_a_key_are_refused(ann: Person) -> None:
    token, key = (await ann.new_token()).token, (await ann.new_key()).key
    with pytest.raises(Unauthenticated):
        await ann.bearing(key).run("auth_me")
    with pytest.raises(Unauthenticated):
        await ann.with_key(token).run("auth_me")


async def test_the_end_of_an_account_is_the_end_of_its_credentials(ann: Person) -> None:
    token = ann.bearing((await ann.new_token()).token)
    await table(ann.services, "DELETE FROM accounts")
    for gone in (ann, token):
        with pytest.raises(Unauthenticated):
            await gone.account_id()


async def test_without_credentials_nobody_is_authenticated(services: Services) -> None:
    me = await Person(services).run("auth_me")
    assert (me.authenticated, me.principal, me.scopes) == (False, None, [])


async def test_last_use_is_remembered_and_written_together(ann: Person) -> None:
    token = ann.bearing((await ann.new_token()).token)
    key = ann.with_key((await ann.new_key()).key)
    for _ in range(3):
        await token.account_id()
        await key.account_id()
    used = "SELECT last_used_at FROM personal_tokens UNION ALL SELECT last_used_at FROM api_keys"
    assert [row["last_used_at"] for row in await table(ann.services, used)] == [None, None]
    await ann.services.last_use.write()
    first = [row["last_used_at"] for row in await table(ann.services, used)]
    assert all(first)

    await ann.services.last_use.write()
    assert [row["last_used_at"] for row in await table(ann.services, used)] == first
    await token.account_id()
    await ann.services.last_use.write()
    second = [row["last_used_at"] for row in await table(ann.services, used)]
    assert second[0] > first[0]
    assert second[1] == first[1]


async def test_last_use_is_written_at_the_end_and_outlives_a_database_that_is_away(
    ann: Person,
) -> None:
    own = Services.from_settings(ann.services.settings)
    await own.open()
    created = await ann.new_token()
    elsewhere = Person(own).bearing(created.token)
    await elsewhere.account_id()
    own.database.terminate()
    await own.last_use.write()
    again = Services.from_settings(ann.services.settings)
    await again.open()
    own.last_use.note(again.database, CredentialKind.API_KEY, created.personal_token.id)
    await own.last_use.close()
    (row,) = await table(ann.services, "SELECT last_used_at FROM personal_tokens")
    assert row["last_used_at"] is not None
    await again.close()
    await own.redis.aclose()
