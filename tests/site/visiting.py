"""A browser without script: it follows links, fills in forms and keeps cookies."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx

from app.auth.visits import Visits
from tests.people import PASSWORD, Person


def cookie_of(person: Person) -> str:
    """What the browser of somebody with a session holds as the cookie `vitae`."""
    claims = person.services.sessions.verify(person.credentials.bearer or "")
    visits = Visits(person.services.settings)
    return visits.sealed(visits.new(claims.session_id, claims.account_id))


class _Forms(HTMLParser):
    """The forms of a page by where they lead, each with what its fields hold.

    Of several that lead to the same place it is the last.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] | None = None
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.forms[given.get("action", "")] = {}
        elif self._open is not None and "name" in given:
            is_off = given.get("type") in ("checkbox", "radio") and "checked" not in given
            if tag == "input" and not is_off:
                self._open[given["name"]] = given.get("value", "")
            elif tag == "textarea":
                self._area = given["name"]

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area is not None:
            self._open[self._area] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._area = None


class Visit:
    """One browser. `page` is what it shows now, after every redirect."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.page: httpx.Response = None  # type: ignore[assignment]  # until the first is opened

    async def open(self, path: str) -> httpx.Response:
        self.page = await self.http.get(path)
        return self.page

    async def send(self, action: str, **fields: Any) -> httpx.Response:
        """Send the form of this page that leads to `action`, filled in with `fields`."""
        form = {**self.forms()[action], **fields}
        self.page = await self.http.post(action, data=form)
        return self.page

    def forms(self) -> dict[str, dict[str, str]]:
        return _Forms(self.page.text).forms

    async def sign_up(self, username: str = "ann") -> httpx.Response:
        await self.open("/sign-up")
        return await self.send(
            "/sign-up",
            full_name="Ann Lee",
            username=username,
            email=f"{username}@example.com",
            password=PASSWORD,
        )

    async def sign_in(self, username: str = "ann", password: str = PASSWORD) -> httpx.Response:
        await self.open("/sign-in")
        return await self.send("/sign-in", name=username, password=password)
