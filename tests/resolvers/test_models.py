"""`/v1/models` as clients of the gateway ask for it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.model_catalogue import catalogue
from app.services import Services
from app.settings import Settings
from schema.types.access import Scope
from tests.conftest import serving
from tests.people import Person

HOUSE = {
    "label": "House",
    "protocol": "openai_chat",
    "origin": "configured",
    "surfaces": ["api"],
    "access": "paid",
}


@pytest.fixture
async def chatting(base_url: str, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a personal token that is good for chats only."""
    ann = await Person(services).signed_in()
    headers = {"authorization": f"Bearer {(await ann.new_token(Scope.CHAT_RUN)).token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


async def decisions(client: httpx.AsyncClient, mode: str) -> dict[str, Any]:
    answer = await client.get("/v1/models", headers={"x-ai-mode": mode})
    assert answer.status_code == 200, answer.text
    return {
        model["id"]: (model["allowed"], model["deny_reason"]) for model in answer.json()["models"]
    }


async def test_every_model_is_listed_with_a_decision_for_the_api(
    chatting: httpx.AsyncClient,
) -> None:
    answer = (await chatting.get("/v1/models", headers={"x-request-id": "req_models"})).json()
    assert (answer["ok"], answer["request_id"], answer["warnings"]) == (True, "req_models", [])
    assert (answer["mode"], answer["tier"], answer["tier_label"]) == ("api", "free", "free")
    assert [model["id"] for model in answer["models"]] == [model.id for model in catalogue()]
    assert answer["models"][0] == {
        "id": "vitae-extractive",
        "label": "Vitae Extractive",
        "protocol": "extractive",
        "origin": "vitae",
        "surfaces": ["api"],
        "access": "all",
        "allowed": True,
        "deny_reason": None,
    }


async def test_the_header_tells_the_surface_to_decide_for(chatting: httpx.AsyncClient) -> None:
    api, managed, mcp = [await decisions(chatting, mode) for mode in ("api", "managed", "mcp")]
    assert (await chatting.get("/v1/models")).json()["mode"] == "api"
    assert managed["gpt-5"] == (False, "managed_chat_removed")
    assert managed["vitae-extractive"] == api["gpt-5"] == (False, "surface_unavailable")
    assert not any(allowed for allowed, _ in managed.values())
    assert mcp["gpt-5"] == (True, None)


@pytest.mark.parametrize("mode", ["chat", "API", "", "null", "api,mcp", "1"])
async def test_any_other_mode_is_refused_by_the_name_of_the_header(
    chatting: httpx.AsyncClient, mode: str
) -> None:
    answer = await chatting.get("/v1/models", headers={"x-ai-mode": mode})
    assert answer.status_code == 422
    [field] = answer.json()["error"]["fields"]
    assert field["path"] == "x-ai-mode"
    assert "managed, api, mcp" in field["message"]


async def test_a_stranger_and_a_token_of_another_scope_learn_nothing(
    client: httpx.AsyncClient, token: httpx.AsyncClient
) -> None:
    for mode in ("api", "chat"):
        stranger = await client.get("/v1/models", headers={"x-ai-mode": mode})
        assert stranger.status_code == 401
        lacking = await token.get("/v1/models", headers={"x-ai-mode": mode})
        assert lacking.status_code == 403
        assert lacking.json()["error"]["code"] == "insufficient_scope"
        assert lacking.json()["error"]["details"] == {"required": "chat:run"}


async def test_graphql_decides_the_same(session: httpx.AsyncClient) -> None:
    query = (
        "{ models(mode: MCP) { mode tier tierLabel models { id surfaces allowed denyReason } } }"
    )
    answer = (await session.post("/graphql", json={"query": query})).json()["data"]["models"]
    assert (answer["mode"], answer["tier"], answer["tierLabel"]) == ("MCP", "FREE", "free")
    decided = {model["id"]: model for model in answer["models"]}
    assert decided["gpt-5"]["surfaces"] == ["MANAGED", "MCP"]
    assert decided["gpt-5"]["denyReason"] is None
    assert decided["vitae-extractive"]["denyReason"] == "SURFACE_UNAVAILABLE"


async def test_an_installation_adds_its_own_and_the_plan_decides(
    settings: Settings, services: Services
) -> None:
    ann = await Person(services).signed_in()
    headers = {"authorization": f"Bearer {ann.credentials.bearer}"}
    own = dataclasses.replace(settings, model_catalogue=json.dumps({"house": HOUSE}))
    async with serving(own) as url, httpx.AsyncClient(base_url=url, headers=headers) as http:
        decided = await decisions(http, "api")
    assert decided["house"] == (False, "requires_paid")
    assert decided["vitae-extractive"] == (True, None)
