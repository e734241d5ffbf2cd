"""The official SDK's client connects by itself: it finds out, registers, asks, and refreshes."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import httpx2
import pytest
from mcp import Client as McpClient
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl

from app.main import create_app
from app.services import Services
from tests.oauth.descriptions import Site, listening, site
from tests.oauth.flow import COOKIE, REDIRECT, SCOPES, Browser, answer_in, query_of
from tests.people import Person, table


@dataclass
class Kept:
    """What the client keeps between its requests."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


@dataclass
class Owner:
    """Ann at her browser, who allows whatever she is asked for."""

    browser: Browser
    asked: list[str] = field(default_factory=list)

    async def open(self, url: str) -> None:
        self.asked.append(url)

    async def decide(self) -> AuthorizationCodeResult:
        page = await self.browser.http.get(self.asked[-1])
        said = answer_in(await self.browser.submit(page, decision="allow"))
        return AuthorizationCodeResult(code=said["code"], state=said["state"], iss=said["iss"])


@dataclass
class Connecting:
    """A server at its own public address, and what it takes to connect to it."""

    url: str
    owner: Owner
    kept: Kept = field(default_factory=Kept)

    def provider(self, document: str | None = None) -> OAuthClientProvider:
        return OAuthClientProvider(
            f"{self.url}/v1/mcp",
            OAuthClientMetadata(redirect_uris=[AnyUrl(REDIRECT)], client_name="Official"),
            self.kept,
            self.owner.open,
            self.owner.decide,
            client_metadata_url=document,
        )

    @contextlib.asynccontextmanager
    async def client(self, provider: OAuthClientProvider) -> AsyncIterator[McpClient]:
        async with httpx2.AsyncClient(auth=provider, timeout=60) as http:
            transport = streamable_http_client(f"{self.url}/v1/mcp", http_client=http)
            async with McpClient(transport, read_timeout_seconds=20) as client:
                yield client


@pytest.fixture
async def described(tmp_path: Path) -> AsyncIterator[Site]:
    async with site(tmp_path) as found:
        yield found


@pytest.fixture
async def connecting(
    services: Services, ann: Person, browser: Browser, described: Site
) -> AsyncIterator[Connecting]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = dataclasses.replace(services.settings, public_url=url)
        app = create_app(settings, documents=described.documents())
        async with listening(app, listener=listener), httpx.AsyncClient(base_url=url) as http:
            http.cookies.set(COOKIE, browser.cookie(), "127.0.0.1", "/")
            yield Connecting(url, Owner(Browser(http)))


async def test_it_registers_and_is_let_in(connecting: Connecting) -> None:
    async with connecting.client(connecting.provider()) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
    assert {"resume.create_job", "profile.get", "resume.list_jobs"} <= names
    kept = connecting.kept
    assert kept.client is not None
    assert kept.tokens is not None
    assert kept.tokens.scope == SCOPES
    (asked,) = connecting.owner.asked
    assert query_of(asked)["resource"] == [f"{connecting.url}/v1/mcp"]
    assert query_of(asked)["scope"] == [SCOPES]
    # Another process of it needs nobody any more.
    async with connecting.client(connecting.provider()) as client:
        await client.list_tools()
    assert len(connecting.owner.asked) == 1


async def test_it_shows_its_document_and_is_let_in(
    connecting: Connecting, described: Site, services: Services
) -> None:
    described.describes(client_name="Official", redirect_uris=[REDIRECT])
    async with connecting.client(connecting.provider(described.url)) as client:
        await client.list_tools()
    assert query_of(connecting.owner.asked[0])["client_id"] == [described.url]
    assert await table(services, "SELECT 1 FROM oauth_clients") == []


async def test_it_refreshes_by_itself_when_its_token_has_expired(
    connecting: Connecting, services: Services
) -> None:
    provider = connecting.provider()
    async with connecting.client(provider) as client:
        await client.call_tool("profile.get", {})
        first = connecting.kept.tokens
        assert first is not None
        await table(services, "UPDATE personal_tokens SET expires_at = now()")
        provider.context.token_expiry_time = 1  # a moment long past
        await client.call_tool("profile.get", {})
    second = connecting.kept.tokens
    assert second is not None
    assert second.access_token != first.access_token
    assert second.refresh_token != first.refresh_token
    assert len(connecting.owner.asked) == 1


async def test_it_asks_the_owner_again_once_the_connection_was_revoked(
    connecting: Connecting, services: Services
) -> None:
    async with connecting.client(connecting.provider()) as client:
        await client.call_tool("profile.get", {})
        await table(services, "UPDATE personal_tokens SET revoked_at = now()")
        await client.call_tool("profile.get", {})
    assert len(connecting.owner.asked) == 2
