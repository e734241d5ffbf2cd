"""Official clients, in every version that they speak, make a résumé as people do with them."""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import mcp_types as types
import pytest
from mcp import Client, ClientSession
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from tests.programs import PATIENCE_SECONDS, Up
from tests.waiting import until

EXAMPLE = json.loads((Path(__file__).parents[2] / "app/cv/example.json").read_text())
FINAL = ("succeeded", "failed", "canceled")


@pytest.fixture(scope="module")
def headers(up: Up) -> dict[str, str]:
    """The personal token of somebody new, as a client is told to send it."""
    name = f"client-{secrets.token_hex(4)}"
    person = {"username": name, "password": "a passphrase for clients"}
    with httpx.Client(base_url=up.url, timeout=PATIENCE_SECONDS) as http:
        more = {"email": f"{name}@example.com", "full_name": "A Client"}
        http.post("/v1/auth/register", json={**person, **more}).raise_for_status()
        session = http.post("/v1/auth/login", json=person).json()["access_token"]
        wanted = {"name": "client", "scopes": ["mcp:connect", "tools:invoke", "resume:generate"]}
        created = http.post(
            "/v1/auth/tokens", json=wanted, headers={"authorization": f"Bearer {session}"}
        )
    return {"authorization": f"Bearer {created.json()['token']}"}


async def handshake(session: ClientSession, version: str) -> None:
    """`initialize` with a version of our choice: by itself, the SDK asks for the newest."""
    params = types.InitializeRequestParams(
        protocol_version=version,
        capabilities=types.ClientCapabilities(),
        client_info=types.Implementation(name="pytest", version="1"),
    )
    result = await session.send_request(
        types.InitializeRequest(params=params), types.InitializeResult
    )
    assert result.protocol_version == version
    session.adopt(result)
    await session.send_notification(types.InitializedNotification())


@contextlib.asynccontextmanager
async def streamable(up: Up, headers: dict[str, str]) -> AsyncIterator[Any]:
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE_SECONDS) as http,
        streamable_http_client(f"{up.url}/v1/mcp", http_client=http) as streams,
    ):
        yield streams


class Reported:
    """Progress as it came."""

    def __init__(self) -> None:
        self.steps: list[tuple[float, float | None]] = []

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        self.steps.append((progress, total))


def told(result: types.CallToolResult) -> Any:
    """What a tool answers, as text and as data."""
    assert isinstance(result.content[0], types.TextContent)
    assert not result.is_error, result.content[0].text
    value = json.loads(result.content[0].text)
    assert result.structured_content == value
    return value


async def makes_a_resume(client: Client | ClientSession) -> None:
    """Create a job, hear of its progress, poll until it has succeeded and fetch the PDF."""
    listed = {tool.name for tool in (await client.list_tools()).tools}
    assert {"resume.create_job", "resume.get_job", "resume.get_pdf"} <= listed

    async def call(name: str, arguments: dict[str, Any], **more: Any) -> types.CallToolResult:
        result = await client.call_tool(name, arguments, **more)
        assert isinstance(result, types.CallToolResult)
        return result

    reported = Reported()
    example = {**EXAMPLE, "request_id": secrets.token_hex(8), "wait": 20}
    created = told(await call("resume.create_job", example, progress_callback=reported))
    assert created["job"]["status"] in FINAL
    assert reported.steps == sorted(reported.steps)
    assert (reported.steps[0], reported.steps[-1]) == ((0, 2), (2, 2))

    async def status() -> str | None:
        job = told(await call("resume.get_job", {"job_id": created["job_id"]}))["job"]
        return job["status"] if job["status"] in FINAL else None

    assert await until(status) == "succeeded"
    found = await call("resume.get_pdf", {"job_id": created["job_id"], "base64": True})
    blobs = [
        block.resource.blob
        for block in found.content
        if isinstance(block, types.EmbeddedResource)
        and isinstance(block.resource, types.BlobResourceContents)
    ]
    assert [base64.b64decode(blob)[:5] for blob in blobs] == [b"%PDF-"]


@pytest.mark.parametrize("version", HANDSHAKE_PROTOCOL_VERSIONS)
async def test_the_sdk_client_makes_a_resume_in_a_session(
    up: Up, headers: dict[str, str], version: str
) -> None:
    async with streamable(up, headers) as streams, ClientSession(*streams) as session:
        await handshake(session, version)
        await makes_a_resume(session)


@pytest.mark.parametrize("version", MODERN_PROTOCOL_VERSIONS)
async def test_the_sdk_client_makes_a_resume_without_a_session(
    up: Up, headers: dict[str, str], version: str
) -> None:
    async with Client(streamable(up, headers), mode=version) as client:
        await makes_a_resume(client)


async def test_the_sdk_client_finds_the_newest_version_by_itself(
    up: Up, headers: dict[str, str]
) -> None:
    async with Client(streamable(up, headers)) as client:
        assert client.protocol_version == MODERN_PROTOCOL_VERSIONS[-1]
        assert client.server_info is not None
        assert client.server_info.name == "vitae"


@pytest.mark.parametrize("version", HANDSHAKE_PROTOCOL_VERSIONS)
async def test_the_legacy_sse_client_makes_a_resume(
    up: Up, headers: dict[str, str], version: str
) -> None:
    async with (
        sse_client(f"{up.url}/v1/mcp/sse", headers=headers) as streams,
        ClientSession(*streams) as session,
    ):
        await handshake(session, version)
        await makes_a_resume(session)


async def test_a_client_that_never_began_a_session_is_told_so(
    up: Up, headers: dict[str, str]
) -> None:
    async with streamable(up, headers) as streams, ClientSession(*streams) as session:
        with pytest.raises(Exception, match="initialize"):
            await session.send_request(types.ListToolsRequest(), types.ListToolsResult)
