"""Visits of the public page and its files, as their owner is told of them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services import Services
from tests.audience.visiting import FIREFOX, GOOGLEBOT
from tests.people import Person
from tests.subscribers import make_pro
from tests.waiting import until


@pytest.fixture
async def owner(services: Services, base_url: str) -> httpx.AsyncClient:
    """A client by which the owner of a public profile asks."""
    ann = await Person(services).signed_in()
    await make_pro(services)
    headers = {"authorization": f"Bearer {ann.credentials.bearer}", "user-agent": FIREFOX}
    owner = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60)
    public = {"visibility": "public", "bio": "Engineer.", "website": "https://ann.example"}
    assert (await owner.patch("/v1/me/profile", json=public)).status_code == 200
    return owner


async def told(owner: httpx.AsyncClient, block: str) -> dict[str, Any]:
    """Insights, once they tell of what happened last, which is of this block."""

    async def enough() -> dict[str, Any] | None:
        insights: dict[str, Any] = (await owner.get("/v1/me/insights")).json()
        return insights if insights[block]["total"] else None

    found = await until(enough)
    assert found is not None
    return found


async def test_insights_tell_of_visits_of_the_page(
    client: httpx.AsyncClient, owner: httpx.AsyncClient
) -> None:
    firefox = {"user-agent": FIREFOX}
    first = await client.get("/u/ann", headers={**firefox, "referer": "https://news.example/x"})
    assert first.status_code == 200
    again = await client.get("/u/ann", headers={**firefox, "if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    await client.get("/u/ann", headers={"user-agent": f"{FIREFOX} on another device"})
    await client.get("/u/ann", headers={**firefox, "sec-gpc": "1"})
    # None of these is a view.
    await client.get("/u/ann", headers={"user-agent": GOOGLEBOT})
    await client.head("/u/ann", headers=firefox)
    await client.get("/u/Ann", headers=firefox)  # which is sent on
    await client.get("/u/nobody-here", headers=firefox)
    await owner.get("/u/ann")
    for suffix in ("json", "md", "vcf"):
        assert (await client.get(f"/u/ann.{suffix}", headers=firefox)).status_code == 200
    seen = {"clicks": ["https://ann.example"], "sections": ["summary"]}
    assert (await client.post("/u/ann/seen", json=seen, headers=firefox)).status_code == 204
    insights = await told(owner, "clicks")
    views = insights["views"]
    assert (views["total"], views["private"], views["visitors"]) == (4, 1, 2)
    assert insights["referrers"]["items"] == [{"host": "news.example", "views": 1}]
    assert {item["kind"]: item["count"] for item in insights["machines"]["items"]} == {
        "search_engine": 1,
        "monitor": 1,
    }
    assert insights["downloads"]["total"] == 3
    assert insights["clicks"]["items"] == [{"url": "https://ann.example", "count": 1}]
    assert insights["sections"]["items"] == [{"section": "summary", "count": 1}]
    await owner.aclose()


async def test_no_answer_sets_a_cookie(client: httpx.AsyncClient, owner: httpx.AsyncClient) -> None:
    for path in ("/u/ann", "/u/ann.json"):
        assert "set-cookie" not in (await client.get(path, headers={"user-agent": FIREFOX})).headers
    answer = await client.post("/u/ann/seen", json={}, headers={"user-agent": FIREFOX})
    assert "set-cookie" not in answer.headers
    await owner.aclose()


async def test_a_page_that_nobody_may_see_counts_nothing(
    client: httpx.AsyncClient, owner: httpx.AsyncClient, services: Services
) -> None:
    await owner.patch("/v1/me/profile", json={"visibility": "private"})
    assert (await client.get("/u/ann", headers={"user-agent": FIREFOX})).status_code == 404
    await owner.patch("/v1/me/profile", json={"visibility": "unlisted"})
    assert (await client.get("/u/ann", headers={"user-agent": FIREFOX})).status_code == 200
    assert (await told(owner, "views"))["views"]["total"] == 1
    await owner.aclose()
