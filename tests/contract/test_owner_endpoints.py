"""The 25 core endpoints of the Owner API document, each asked over HTTP with either credential."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.services import Services
from tests.people import Person
from tests.profile.rows import FAMILIES, Family

ENDPOINTS = json.loads(Path(__file__).with_name("endpoints.json").read_text())
CORE = [
    (endpoint["method"], endpoint["path"])
    for endpoint in ENDPOINTS
    if endpoint["path"] in ("/v1/me/profile", "/v1/me/usage")
    or endpoint["path"].startswith("/v1/me/import/")
    or any(endpoint["path"].startswith(family.path) for family in FAMILIES)
]
RESUME = {"basics": {"name": "Rae Holt"}, "work": [{"name": "Mercy", "position": "Nurse"}]}


@pytest.fixture(params=["session", "api key"])
async def owner(
    request: pytest.FixtureRequest, base_url: str, services: Services
) -> AsyncIterator[httpx.AsyncClient]:
    person = await Person(services).signed_in()
    headers = {"authorization": f"Bearer {person.credentials.bearer}"}
    if request.param == "api key":
        headers = {"x-api-key": (await person.new_key()).key}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as http:
        yield http


def family_of(path: str) -> Family | None:
    return next((family for family in FAMILIES if path.startswith(family.path)), None)


async def body_for(owner: httpx.AsyncClient, method: str, path: str) -> Any:
    if method in ("GET", "DELETE"):
        return None
    if path.endswith("/parse"):
        return RESUME
    if path.endswith("/commit"):
        parsed = await owner.post("/v1/me/import/parse", json=RESUME)
        return {"parse_id": parsed.json()["parse_id"]}
    family = family_of(path)
    return {"bio": "Nurse."} if family is None else family.full


def test_there_are_twenty_five_of_them() -> None:
    assert len(CORE) == 25


@pytest.mark.parametrize(("method", "path"), CORE, ids=[f"{m} {p}" for m, p in CORE])
async def test_an_endpoint_answers_either_credential_and_nobody_else(
    owner: httpx.AsyncClient, client: httpx.AsyncClient, method: str, path: str
) -> None:
    family = family_of(path)
    if "{" in path and family is not None:
        row = (await owner.post(family.path, json=family.least)).json()
        path = f"{family.path}/{row['id']}"
    body = await body_for(owner, method, path)
    stranger = await client.request(method, path, json=body)
    assert stranger.status_code == 401
    answer = await owner.request(method, path, json=body)
    expected = {"POST": 201 if family else 200, "DELETE": 204}.get(method, 200)
    assert answer.status_code == expected, answer.text
    if "x-api-key" in owner.headers:
        assert int(answer.headers["x-ratelimit-remaining"]) < 1000
    else:
        assert "x-ratelimit-remaining" not in answer.headers
