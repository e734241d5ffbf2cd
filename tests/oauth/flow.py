"""A client and a browser that know OAuth, done by hand over real HTTP."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from app.oauth.grants import challenge_of
from tests.people import PASSWORD

REDIRECT = "http://127.0.0.1:43210/callback"
COOKIE = "vitae-oauth"
SCOPES = "mcp:connect tools:invoke resume:generate"


def new_verifier() -> str:
    return secrets.token_urlsafe(48)


@dataclass
class Browser:
    """A browser at the pages: it keeps the cookie, and fills in the forms that it is shown."""

    http: httpx.AsyncClient

    async def open(self, **query: str) -> httpx.Response:
        return await self.http.get("/oauth/authorize", params=query)

    async def submit(self, page: httpx.Response, **typed: str) -> httpx.Response:
        """What comes of the form of `page`, redirects within our own pages followed."""
        answer = await self.http.post(form_action(page), data={**hidden(page), **typed})
        while answer.headers.get("location", "").startswith("/"):
            answer = await self.http.get(answer.headers["location"])
        return answer

    def cookie(self) -> str:
        """What the pages know this browser by."""
        return str(self.http.cookies[COOKIE])

    async def sign_in(
        self, page: httpx.Response, name: str = "ann", password: str = PASSWORD
    ) -> httpx.Response:
        return await self.submit(page, name=name, password=password)


@dataclass
class Client:
    """A public client with one authorization request under way."""

    http: httpx.AsyncClient
    id: str
    redirect_uri: str = REDIRECT
    verifier: str = field(default_factory=new_verifier)

    def asks(self, **changes: str | None) -> dict[str, str]:
        """The query of an authorization request; None leaves a parameter out."""
        query: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": self.redirect_uri,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            "state": "s t/a+te",
            **changes,
        }
        return {name: value for name, value in query.items() if value is not None}

    async def redeem(self, code: str, **changes: str | None) -> httpx.Response:
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self.id,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changes,
        }
        return await self._token(form)

    async def refresh(self, token: str, **changes: str | None) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.id}
        return await self._token({**form, **changes})

    async def _token(self, form: dict[str, str | None]) -> httpx.Response:
        data = {name: value for name, value in form.items() if value is not None}
        return await self.http.post("/oauth/token", data=data)


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form of a page."""
    assert page.headers["content-type"].startswith("text/html"), page.text
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


def form_action(page: httpx.Response) -> str:
    found = re.search(r'<form action="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def answer_in(response: httpx.Response) -> dict[str, str]:
    """What the redirect to the client says."""
    assert response.status_code == 303, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def policy(page: httpx.Response) -> dict[str, list[str]]:
    """The content security policy of a page."""
    rules = page.headers["content-security-policy"].split("; ")
    return {rule.split()[0]: rule.split()[1:] for rule in rules}


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


async def register(http: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    metadata = {
        "client_name": "Test Client",
        "redirect_uris": [REDIRECT],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        **changes,
    }
    return await http.post("/oauth/register", json=metadata)


async def allowed(browser: Browser, client: Client, **changes: str) -> str:
    """The code that a signed-in owner gives to a client."""
    page = await browser.open(**client.asks(**changes))
    answer = answer_in(await browser.submit(page, decision="allow"))
    assert answer["state"] == "s t/a+te"
    return answer["code"]
