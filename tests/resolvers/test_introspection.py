from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.services import Services
from schema.types.access import CredentialKind, Scope
from tests.people import Person


async def test_a_session_tells_its_account_and_its_end(services: Services) -> None:
    ann = await Person(services).signed_in()
    me = await ann.run("auth_me")
    assert (me.principal.username, me.principal.email_verified) == ("ann", False)
    assert me.principal.credential is CredentialKind.SESSION
    assert me.principal.credential_name is None
    left = me.principal.expires_at - datetime.now(UTC)
    assert left > timedelta(days=services.settings.refresh_days - 1)


async def test_a_key_or_token_tells_its_name_and_its_end(services: Services) -> None:
    ann = await Person(services).signed_in()
    ends = datetime.now(UTC) + timedelta(days=1)
    token = ann.bearing((await ann.new_token(name="my cli", expires_at=ends)).token)
    key = ann.with_key((await ann.new_key("my script")).key)
    shown = [(await one.run("auth_me")).principal for one in (token, key)]
    assert [(one.credential_name, one.expires_at) for one in shown] == [
        ("my cli", ends),
        ("my script", None),
    ]


async def test_every_scope_is_explained_to_anybody(services: Services) -> None:
    scopes = (await Person(services).run("scopes")).items
    assert [info.name for info in scopes] == list(Scope)
    assert all(info.description.endswith(".") for info in scopes)
