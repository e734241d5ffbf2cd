"""What the server answers over the wire: that everything it has is there to be asked for."""

from __future__ import annotations

import httpx
import pytest

from app.services import Services
from schema.types.access import Scope
from tests.mcp.talking import Talk, bearer

MODERN = "2026-07-28"


async def test_initialize_tells_what_there_is(talk: Talk) -> None:
    params = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "pytest", "version": "1"},
    }
    result = (await talk.send("initialize", params)).json()["result"]
    assert result["capabilities"].keys() == {"tools", "resources", "prompts", "completions"}
    assert result["serverInfo"]["name"] == "vitae"
    assert "resume.get_job" in result["instructions"]


async def test_resources_are_listed_read_and_completed(talk: Talk) -> None:
    session = await talk.begin()
    listed = (await session.ask("resources/list"))["resources"]
    assert {"resume://schema", "resume://templates", "profile://me"} == {
        resource["uri"] for resource in listed
    }
    families = (await session.ask("resources/templates/list"))["resourceTemplates"]
    assert {family["uriTemplate"] for family in families} == {
        "resume://jobs/{id}",
        "resume://jobs/{id}/pdf",
        "resume://jobs/{id}/{format}",
    }
    for resource in listed:
        [contents] = (await session.ask("resources/read", {"uri": resource["uri"]}))["contents"]
        assert contents["mimeType"] == resource["mimeType"]
        assert contents["text"]
    missing = await session.send("resources/read", {"uri": "resume://nothing"})
    assert missing.json()["error"]["code"] == -32002
    reference = {"type": "ref/resource", "uri": "resume://jobs/{id}"}
    asked = {"ref": reference, "argument": {"name": "id", "value": ""}}
    assert (await session.ask("completion/complete", asked))["completion"]["values"] == []


async def test_prompts_are_listed_and_given(talk: Talk) -> None:
    session = await talk.begin()
    listed = (await session.ask("prompts/list"))["prompts"]
    assert [prompt["name"] for prompt in listed] == ["notes_to_cv", "tailor_cv", "review_cv"]
    asked = {"name": "notes_to_cv", "arguments": {"notes": "I sold ships."}}
    [message] = (await session.ask("prompts/get", asked))["messages"]
    assert "I sold ships." in message["content"]["text"]


async def test_names_are_dotted_or_underscored_as_the_client_asks(talk: Talk) -> None:
    session = await talk.begin()
    dotted = [tool["name"] for tool in (await session.ask("tools/list"))["tools"]]
    answer = await session.http.post(
        "/v1/mcp?tool_names=underscore",
        json=session.request("tools/list"),
        headers=session.headers,
    )
    underscored = [tool["name"] for tool in answer.json()["result"]["tools"]]
    assert underscored == [name.replace(".", "_") for name in dotted]
    for name in ("resume.list_jobs", "resume_list_jobs"):
        assert (await session.call(name))["isError"] is False


@pytest.mark.parametrize(
    ("scopes", "tools"),
    [
        ((), {"resume.create_job", "resume.get_job"}),
        ((Scope.TOOLS_INVOKE,), {"profile.get", "resume.get_job"}),
        ((Scope.RESUME_GENERATE,), {"resume.list_jobs", "resume.get_pdf"}),
    ],
)
async def test_the_list_shows_only_what_the_token_may_call(
    base_url: str, services: Services, scopes: tuple[Scope, ...], tools: set[str]
) -> None:
    headers = await bearer(services, "eve", Scope.MCP_CONNECT, *scopes)
    async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
        session = await Talk(http).begin()
        listed = {tool["name"] for tool in (await session.ask("tools/list"))["tools"]}
        assert listed >= tools
        assert ("profile.get" in listed) == (Scope.TOOLS_INVOKE in scopes)
        assert ("resume.list_jobs" in listed) == (Scope.RESUME_GENERATE in scopes)
        for name in ("profile.get", "resume.list_jobs"):
            answer = await session.call(name)
            assert answer["isError"] is (name not in listed)


async def test_discovery_tells_the_same_without_a_session(talk: Talk) -> None:
    meta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    headers = {"mcp-protocol-version": MODERN, "mcp-method": "server/discover"}
    answer = await talk.send("server/discover", {"_meta": meta}, **headers)
    result = answer.json()["result"]
    assert MODERN in result["supportedVersions"]
    assert result["capabilities"].keys() >= {"tools", "resources", "prompts", "completions"}
    assert "resume.get_job" in result["instructions"]
