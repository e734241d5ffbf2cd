"""/sitemap.xml and /robots.txt: which pages are for search engines, and that the API is not.

Profiles are listed by name in parts of ten thousand (https://www.sitemaps.org/protocol.html), each
read and sent a thousand at a time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import http
from app.db import raw_statement
from app.errors import NotFound
from app.services import Services
from app.web.profile.page import path_of

_PART = 10_000
_AT_A_TIME = 1_000
_MEDIA_TYPE = "application/xml"
_A_WHILE = "public, max-age=3600"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

_LISTED = raw_statement(
    "SELECT lower(a.username) AS name, p.updated_at FROM accounts AS a"
    " JOIN profiles AS p ON p.account_id = a.id"
    " WHERE p.visibility = 'public' AND a.delete_after IS NULL AND lower(a.username) >= $1"
    " ORDER BY lower(a.username) LIMIT $2",
    "first",
    "most",
)
_FIRSTS = raw_statement(
    "SELECT name FROM (SELECT lower(a.username) AS name,"
    " row_number() OVER (ORDER BY lower(a.username)) AS number FROM accounts AS a"
    " JOIN profiles AS p ON p.account_id = a.id"
    " WHERE p.visibility = 'public' AND a.delete_after IS NULL) AS listed"
    " WHERE number % $1 = 1 ORDER BY name",
    "part",
)


class Sitemap:
    """The list of public profiles. `part` is how many stand in one file of it."""

    def __init__(self, services: Services, part: int = _PART) -> None:
        self._services = services
        self._base = services.settings.public_url.rstrip("/")
        self._part = part

    async def whole(self, request: Request) -> Response:
        """The one part, or where the parts are."""
        http.new_context(self._services, request.scope, public=True)
        async with self._services.database.connection() as db:
            firsts = [row["name"] for row in await db.rows(_FIRSTS, part=self._part)]
        if len(firsts) > 1:
            return _xml(self._index(firsts))
        return _xml(self._profiles(""))

    async def part(self, request: Request) -> Response:
        """The profiles from the name in the address on; raises NotFound where there are none."""
        http.new_context(self._services, request.scope, public=True)
        first = request.path_params["first"]
        if not await self._rows(first, 1):
            raise NotFound
        return _xml(self._profiles(first))

    async def robots(self, request: Request) -> Response:
        """What crawlers may look at, and where the list is."""
        closed = ("/v1/", "/graphql", "/oauth/")
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
        text = "\n".join((*lines, "", f"Sitemap: {self._base}/sitemap.xml", ""))
        return Response(text, headers={"cache-control": _A_WHILE}, media_type="text/plain")

    async def _index(self, firsts: Sequence[str]) -> AsyncIterator[str]:
        yield f'{_DECLARATION}<sitemapindex xmlns="{_NAMESPACE}">\n'
        for first in firsts:
            where = escape(f"{self._base}/sitemap-{first}.xml")
            yield f"<sitemap><loc>{where}</loc></sitemap>\n"
        yield "</sitemapindex>\n"

    async def _profiles(self, first: str) -> AsyncIterator[str]:
        yield f'{_DECLARATION}<urlset xmlns="{_NAMESPACE}">\n'
        left = self._part
        while left > 0:
            rows = await self._rows(first, min(left, _AT_A_TIME))
            if not rows:
                break
            yield "".join(self._listed(row) for row in rows)
            left -= len(rows)
            first = rows[-1]["name"] + "\x01"  # below any other name that begins like it
        yield "</urlset>\n"

    async def _rows(self, first: str, most: int) -> list[Any]:
        if "\0" in first:
            return []
        async with self._services.database.connection() as db:
            return await db.rows(_LISTED, first=first, most=most)

    def _listed(self, row: Any) -> str:
        where = escape(self._base + path_of(row["name"]))
        return f"<url><loc>{where}</loc><lastmod>{row['updated_at']:%Y-%m-%d}</lastmod></url>\n"


def _xml(parts: AsyncIterator[str]) -> Response:
    headers = {"cache-control": _A_WHILE}
    return StreamingResponse(parts, headers=headers, media_type=_MEDIA_TYPE)
