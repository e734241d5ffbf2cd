"""Which profiles search engines are told of."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from app.services import Services
from rest_compat.edge import Edge
from rest_compat.public.sitemap import Sitemap
from tests.people import Person, table

_LOCATION = re.compile(r"<loc>([^<]+)</loc>")


async def people(services: Services, visibility: str, *names: str) -> None:
    for name in names:
        await Person(services).signed_in(name)
        await table(
            services,
            "UPDATE profiles SET visibility = $2 WHERE account_id ="
            " (SELECT id FROM accounts WHERE username = $1)",
            name,
            visibility,
        )


@pytest.fixture
async def small(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A sitemap whose parts hold two profiles."""
    sitemap = Sitemap(services, part=2)
    routes = [Route("/sitemap.xml", sitemap.whole), Route("/sitemap-{first}.xml", sitemap.part)]
    app = Starlette(routes=routes, middleware=[Middleware(Edge, secure=False)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://vitae.example") as client:
        yield client


def locations(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    ET.fromstring(answer.content)  # noqa: S314 - our own
    return _LOCATION.findall(answer.text)


async def test_only_public_profiles_are_listed(
    client: httpx.AsyncClient, services: Services
) -> None:
    await people(services, "public", "dora", "carl")
    await people(services, "unlisted", "unni")
    await people(services, "private", "pia")
    found = locations(await client.get("/sitemap.xml"))
    base = services.settings.public_url
    assert found == [f"{base}/u/carl", f"{base}/u/dora"]


async def test_with_nobody_public_there_is_an_empty_list(client: httpx.AsyncClient) -> None:
    assert locations(await client.get("/sitemap.xml")) == []


async def test_many_profiles_are_listed_in_parts_each_once(
    small: httpx.AsyncClient, services: Services
) -> None:
    names = ["ann", "ann-2", "ann2", "bob", "zoe"]
    await people(services, "public", *names)
    await people(services, "private", "aaa", "ben")
    parts = locations(await small.get("/sitemap.xml"))
    assert len(parts) == 3
    found = [
        where.rpartition("/")[2]
        for part in parts
        for where in locations(await small.get("/" + part.rpartition("/")[2]))
    ]
    assert sorted(found) == sorted(names)


@pytest.mark.parametrize(
    "first",
    ["%00", "'", "a", "%F0%9F%92%A9", "x" * 3000, "zzz"],
    ids=["nul", "quote", "letter", "emoji", "long", "after-all"],
)
async def test_a_part_begins_with_a_name_or_is_not_there(
    small: httpx.AsyncClient, services: Services, first: str
) -> None:
    await people(services, "public", "ann")
    answer = await small.get(f"/sitemap-{first}.xml")
    if first in ("'", "a"):
        assert locations(answer) == [f"{_base(services)}/u/ann"]
    else:
        assert answer.status_code == 404


def _base(services: Services) -> str:
    return services.settings.public_url


async def test_robots_are_told_where_the_list_is(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {_base(services)}/sitemap.xml" in answer.text
    assert "Disallow: /u/" not in answer.text
    assert "Disallow: /v1/" in answer.text
