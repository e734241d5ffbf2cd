from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.services import Services
from app.settings import Settings
from rest_compat.openapi import openapi
from schema.types.access import CredentialKind, Scope
from tests.people import Person

PROBES = {
    Scope.CHAT_RUN: "chat",
    Scope.RESUME_GENERATE: "resume",
    Scope.TOOLS_INVOKE: "tools",
    Scope.MCP_CONNECT: "mcp",
}


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


async def test_a_credential_tells_the_plan_of_its_account(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann = await Person(services).signed_in()
    bearers = [ann.credentials.bearer, (await ann.new_token(Scope.MCP_CONNECT)).token]
    shown = [{"authorization": f"Bearer {bearer}"} for bearer in bearers]
    for headers in (*shown, {"x-api-key": (await ann.new_key()).key}):
        me = (await client.get("/v1/auth/me", headers=headers)).json()
        assert (me["tier"], me["tier_label"]) == ("free", "free")


async def test_without_credentials_there_is_no_plan(client: httpx.AsyncClient) -> None:
    me = (await client.get("/v1/auth/me")).json()
    del me["request_id"]
    assert me == {
        "ok": True, "warnings": [], "authenticated": False, "principal": None, "scopes": [],
        "tier": None, "tier_label": None,
    }  # fmt: skip


@pytest.mark.parametrize("scope", Scope, ids=[scope.value for scope in Scope])
async def test_a_probe_answers_for_its_own_scope_alone(
    client: httpx.AsyncClient, services: Services, scope: Scope
) -> None:
    ann = await Person(services).signed_in()
    headers = {"authorization": f"Bearer {(await ann.new_token(scope)).token}"}
    answers = {
        probed: await client.get(f"/v1/auth/check/{probe}", headers=headers)
        for probed, probe in PROBES.items()
    }
    expected = {probed: 200 if probed is scope else 403 for probed in Scope}
    assert {probed: answer.status_code for probed, answer in answers.items()} == expected
    assert answers[scope].json()["scopes"] == [scope.value]


def test_each_probe_names_its_scope_in_its_summary() -> None:
    paths = openapi(Settings())["paths"]
    for scope, probe in PROBES.items():
        assert f"`{scope.value}`" in paths[f"/v1/auth/check/{probe}"]["get"]["summary"]
