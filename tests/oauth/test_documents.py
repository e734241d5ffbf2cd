"""Clients that describe themselves at an address: fetched from a real https site of ours."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.oauth.documents import ClientDocuments, is_document_id
from app.oauth.errors import UnknownClient
from app.services import Services
from tests.oauth.descriptions import HOST, Site, listening, site
from tests.oauth.flow import Browser, Client, answer_in, hidden
from tests.people import PASSWORD, Person


async def nothing() -> None:
    pass


@pytest.fixture
async def described(tmp_path: Path) -> AsyncIterator[Site]:
    async with site(tmp_path) as found:
        yield found


async def refusal(documents: ClientDocuments, client_id: str) -> str:
    """Why a document is not taken."""
    with pytest.raises(UnknownClient) as caught:
        await documents.get(client_id, nothing)
    return str(caught.value)


@pytest.mark.parametrize(
    ("client_id", "is_one"),
    [
        ("https://app.example/client.json", True),
        ("https://app.example:8443/a/b?v=1", True),
        ("http://app.example/client.json", False),
        ("https://app.example", False),
        ("https://app.example/", False),
        ("https://app.example/a/../b", False),
        ("https://app.example/a/%2e%2E/b", False),
        ("https://app.example/a/.", False),
        ("https://user@app.example/c", False),
        ("https://app.example/c#part", False),
        ("https://app.example\\@evil.example/c", False),
        ("https://app.example:port/c", False),
        ("https://app.example/" + "c" * 500, False),
        ("https:///c", False),
        ("https://[v1.x]/c", False),
        ("https://[::1]evil.example/c", False),
        ("https://%61pp.example/c", False),
        ("https://xn--/c", False),
        ("https://[fe80::1%25eth0]/c", False),
        ("https://app.exam(ple/c", False),
        ("https://[2606:2800:220:1::1]/c", True),
        ("https://app.example/c d", False),
        ("HTTPS://app.example/c", False),
    ],
)
def test_an_id_is_an_address_of_a_document_or_not(client_id: str, is_one: bool) -> None:
    assert is_document_id(client_id) is is_one


async def test_a_document_is_fetched_and_kept(described: Site) -> None:
    documents = described.documents()
    found = await documents.get(described.url, nothing)
    assert found.name == "Described Client"
    assert found.redirect_uris == ["http://127.0.0.1/callback", "http://localhost/callback"]
    assert await documents.get(described.url, nothing) == found
    assert described.hosts == [f"{HOST}:{described.port}"]


async def test_who_asks_at_once_waits_for_one_fetch(described: Site) -> None:
    documents = described.documents()
    found = await asyncio.gather(*(documents.get(described.url, nothing) for _ in range(6)))
    assert len(set(map(id, found))) == 1
    assert len(described.hosts) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"client_id": "https://other.example/client.json"}, id="other-id"),
        pytest.param({"client_id": None}, id="no-id"),
        pytest.param({"client_name": None}, id="no-name"),
        pytest.param({"client_name": "n" * 81}, id="long-name"),
        pytest.param({"redirect_uris": None}, id="no-redirects"),
        pytest.param({"redirect_uris": []}, id="empty-redirects"),
        pytest.param({"redirect_uris": "https://app.example/"}, id="redirects-no-list"),
        pytest.param({"token_endpoint_auth_method": "client_secret_basic"}, id="by-secret"),
        pytest.param({"client_secret": "s"}, id="with-secret"),
    ],
)
async def test_a_document_that_is_not_in_order_is_not_taken(
    described: Site, changes: dict[str, Any]
) -> None:
    described.describes(**changes)
    await refusal(described.documents(), described.url)


async def test_only_redirect_addresses_that_are_acceptable_are_taken(described: Site) -> None:
    described.describes(
        redirect_uris=["javascript:alert(1)", "http://app.example/", 7, "https://a/b"]
    )
    found = await described.documents().get(described.url, nothing)
    assert found.redirect_uris == ["https://a/b"]


async def test_a_redirect_is_not_followed(described: Site) -> None:
    described.status = 302
    described.headers = {"location": "http://169.254.169.254/latest/meta-data"}
    assert "not there" in await refusal(described.documents(), described.url)
    assert len(described.hosts) == 1


async def test_what_is_too_large_is_not_read_on(described: Site) -> None:
    described.describes(more="x" * 40_000)
    assert "too large" in await refusal(described.documents(), described.url)


async def test_what_unpacks_to_something_large_is_not_unpacked(described: Site) -> None:
    described.headers["content-encoding"] = "gzip"
    described.body = gzip.compress(json.dumps({"client_id": "x" * 10_000_000}).encode())
    assert "not JSON" in await refusal(described.documents(), described.url)


@pytest.mark.parametrize("media_type", ["text/html", "application/jsonp", ""])
async def test_what_is_not_json_is_not_taken(described: Site, media_type: str) -> None:
    described.headers = {"content-type": media_type}
    assert "not JSON" in await refusal(described.documents(), described.url)


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.7"],
        ["127.0.0.1", "10.0.0.7"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        [],
    ],
    ids=["private", "one-of-two", "loopback", "mapped", "none"],
)
async def test_a_name_that_leads_into_a_network_is_not_connected_to(
    described: Site, addresses: list[str]
) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    assert "no public address" in await refusal(ClientDocuments(resolve=resolve), described.url)
    assert described.hosts == []


def test_a_name_server_that_does_not_answer_holds_up_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = threading.Event()

    async def meanwhile() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        asked = asyncio.Event()

        def stuck(host: str, port: int, **_: int) -> list[Any]:
            loop.call_soon_threadsafe(asked.set)
            answers.wait(60)
            return []

        monkeypatch.setattr("socket.getaddrinfo", stuck)
        fetch = asyncio.create_task(refusal(ClientDocuments(), "https://slow.example/client.json"))
        try:
            async with asyncio.timeout(30):
                await asked.wait()
                assert await asyncio.to_thread(answers.is_set) is False
        finally:
            answers.set()
        assert await fetch

    asyncio.run(meanwhile())


async def test_a_certificate_of_somebody_else_is_not_trusted(described: Site) -> None:
    documents = described.documents(tls=None)
    assert "could not be fetched" in await refusal(documents, described.url)
    assert described.hosts == []


async def test_a_failure_is_remembered_for_a_moment(described: Site) -> None:
    described.status = 500
    documents = described.documents()
    await refusal(documents, described.url)
    described.describes()
    await refusal(documents, described.url)
    assert len(described.hosts) == 1


async def test_whoever_has_fetched_too_much_is_refused_before_anything_is_sent(
    described: Site,
) -> None:
    class TooMuch(Exception):
        pass

    async def too_much() -> None:
        raise TooMuch

    with pytest.raises(TooMuch):
        await described.documents().get(described.url, too_much)
    assert described.hosts == []


async def test_a_described_client_is_let_in(described: Site, services: Services) -> None:
    await Person(services).register()
    documents = described.documents()
    async with (
        listening(create_app(services.settings, documents=documents)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
    ):
        browser = Browser(http)
        app = Client(http, described.url, "http://localhost:5999/callback")
        page = await browser.sign_in(await browser.open(**app.asks()), "ann", PASSWORD)
        assert "Described Client" in page.text
        assert f"<b>{HOST}</b>" in page.text
        assert "nobody has checked it" not in page.text
        said = answer_in(await browser.submit(page, decision="allow"))
        tokens = (await app.redeem(said["code"])).json()
        assert (await app.refresh(tokens["refresh_token"])).status_code == 200
        elsewhere = await browser.open(**app.asks(redirect_uri="http://localhost:5999/other"))
        assert elsewhere.status_code == 400
        assert "request" not in hidden(elsewhere)
    assert len(described.hosts) == 1
