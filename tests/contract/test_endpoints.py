"""The documented endpoints, held to what is served.

`endpoints.json` is the two documents' list as data; `pending.json` names the routes of areas that
are not built yet and may only shrink.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.call import CredentialKind
from app.settings import Settings
from rest_compat.codec import WireOperation, wire_operations
from rest_compat.openapi import openapi

HERE = Path(__file__).parent
ENDPOINTS: list[dict[str, Any]] = json.loads((HERE / "endpoints.json").read_text())
PENDING: dict[str, list[str]] = json.loads((HERE / "pending.json").read_text())
ALL_PENDING = {route for routes in PENDING.values() for route in routes}


def _key(endpoint: dict[str, Any]) -> str:
    return f"{endpoint['method']} {endpoint['path']}"


DUE = [endpoint for endpoint in ENDPOINTS if _key(endpoint) not in ALL_PENDING]


@pytest.fixture(scope="module")
def served() -> dict[str, WireOperation]:
    return {f"{wire.rest.method.value} {wire.rest.path}": wire for wire in wire_operations()}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(Settings())


def test_pending_names_documented_routes_only() -> None:
    assert {_key(endpoint) for endpoint in ENDPOINTS} >= ALL_PENDING


def test_a_pending_route_is_not_served_already(document: dict[str, Any]) -> None:
    served = {
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item
    }
    assert not served & ALL_PENDING


@pytest.mark.parametrize("endpoint", DUE, ids=_key)
def test_a_documented_route_is_in_the_openapi_document(
    endpoint: dict[str, Any], document: dict[str, Any]
) -> None:
    operation = document["paths"][endpoint["path"]][endpoint["method"].lower()]
    assert operation["summary"]
    assert operation["description"]


@pytest.mark.parametrize("endpoint", DUE, ids=_key)
def test_a_documented_route_takes_the_documented_credentials(
    endpoint: dict[str, Any], served: dict[str, WireOperation], document: dict[str, Any]
) -> None:
    wire = served.get(_key(endpoint))
    if wire is None:  # written by hand
        told = document["paths"][endpoint["path"]][endpoint["method"].lower()]
        taken = {name for one in told["security"] for name in one}
        assert taken == ({"session", "personalToken"} if endpoint["auth"] == "bearer" else set())
        assert told.get("x-scope") == endpoint["scope"]
        return
    requires = wire.operation.requires
    scope = requires.scope.value if requires.scope else None
    assert scope == endpoint["scope"]
    kinds = set(requires.credentials)
    match endpoint["auth"]:
        case "public":
            assert not kinds or requires.optional
        case "bearer":
            assert {CredentialKind.PERSONAL_TOKEN, CredentialKind.SESSION} <= kinds
            assert not requires.optional
        case "service":
            assert requires.service
            assert not kinds
        case "jwt_or_api_key":
            assert {CredentialKind.API_KEY, CredentialKind.SESSION} <= kinds
            assert not requires.optional


@pytest.mark.parametrize("endpoint", DUE, ids=_key)
async def test_a_documented_route_answers(
    endpoint: dict[str, Any], client: httpx.AsyncClient
) -> None:
    path = endpoint["path"].replace("{job_id}", "f5821b92-9100-44ce-a610-c85c2499fe5b")
    answer = await client.request(endpoint["method"], path)
    expected = {"public": {200, 503}, "service": {403}}.get(endpoint["auth"], {401})
    assert answer.status_code in expected
