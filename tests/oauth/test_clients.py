"""What clients find out by themselves, and how they register."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.services import Services
from app.settings import Settings
from rest_compat.oauth import metadata
from rest_compat.oauth.endpoints import calls_of
from schema.types.access import Scope
from tests.oauth.flow import REDIRECT, SCOPES, register
from tests.people import Person, table

PUBLIC = "http://127.0.0.1:8000"
WHERE = f'resource_metadata="{PUBLIC}/.well-known/oauth-protected-resource/v1/mcp"'


@pytest.mark.parametrize("suffix", ["", "/v1/mcp"])
async def test_the_resource_says_who_lets_in(client: httpx.AsyncClient, suffix: str) -> None:
    answer = await client.get(f"/.well-known/oauth-protected-resource{suffix}")
    assert answer.json() == {
        "resource": f"{PUBLIC}/v1/mcp",
        "authorization_servers": [PUBLIC],
        "scopes_supported": SCOPES.split(),
        "bearer_methods_supported": ["header"],
        "resource_name": "Vitae",
        "resource_documentation": f"{PUBLIC}/developers",
    }


async def test_the_server_says_what_it_can(client: httpx.AsyncClient) -> None:
    said = (await client.get("/.well-known/oauth-authorization-server")).json()
    assert said["issuer"] == PUBLIC
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["token_endpoint_auth_methods_supported"] == ["none"]
    assert said["grant_types_supported"] == [
        "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"
    ]  # fmt: skip
    assert said["client_id_metadata_document_supported"] is True
    assert said["authorization_response_iss_parameter_supported"] is True
    for name in ("authorization", "token", "registration", "revocation"):
        path = said[f"{name}_endpoint"].removeprefix(PUBLIC)
        method = "GET" if name == "authorization" else "POST"
        assert (await client.request(method, path)).status_code == 400, path


def test_addresses_are_those_of_the_public_url() -> None:
    settings = Settings(public_url="https://cv.example")
    said = {**metadata.protected_resource(settings), **metadata.authorization_server(settings)}
    urls = [value for value in said.values() if isinstance(value, str) and "://" in value]
    assert len(urls) == 9
    assert all(url.startswith("https://cv.example") for url in urls)


# The 401 and 403


@pytest.mark.parametrize("path", ["/v1/mcp", "/v1/mcp/tools"])
async def test_who_is_not_let_in_to_mcp_learns_where_to_ask(
    client: httpx.AsyncClient, path: str
) -> None:
    method = "POST" if path == "/v1/mcp" else "GET"
    bare = await client.request(method, path)
    assert bare.status_code == 401
    assert bare.headers["www-authenticate"] == f'Bearer realm="vitae", scope="{SCOPES}", {WHERE}'
    bad = await client.request(method, path, headers={"authorization": "Bearer vt_bad"})
    assert bad.status_code == 401
    assert 'error="invalid_token"' in bad.headers["www-authenticate"]
    assert WHERE in bad.headers["www-authenticate"]


async def test_who_lacks_a_scope_for_mcp_learns_which_and_where_to_ask(
    client: httpx.AsyncClient, ann: Person
) -> None:
    token = (await ann.new_token(Scope.TOOLS_INVOKE)).token
    refused = await client.post("/v1/mcp", headers={"authorization": f"Bearer {token}"})
    assert refused.status_code == 403
    said = refused.headers["www-authenticate"]
    assert said.startswith('Bearer realm="vitae", error="insufficient_scope", scope="mcp:connect"')
    assert WHERE in said


async def test_elsewhere_nothing_is_said_of_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/me")
    assert answer.headers["www-authenticate"] == 'Bearer realm="vitae"'


# Pages of other origins

OPEN = [
    ("GET", "/.well-known/oauth-protected-resource/v1/mcp"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("POST", "/oauth/token"),
    ("POST", "/oauth/register"),
    ("POST", "/oauth/revoke"),
]


@pytest.mark.parametrize(("method", "path"), OPEN)
async def test_a_client_in_a_page_may_call(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    origin = {"origin": "https://inspector.example"}
    asked = {
        "access-control-request-method": method,
        "access-control-request-headers": "content-type, mcp-protocol-version",
    }
    preflight = await client.options(path, headers={**origin, **asked})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    answer = await client.request(method, path, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/sign-in", "/oauth/consent"])
async def test_no_page_may_read_the_pages_of_consent(client: httpx.AsyncClient, path: str) -> None:
    method = "GET" if path == "/oauth/authorize" else "POST"
    answer = await client.request(method, path, headers={"origin": "https://inspector.example"})
    assert "access-control-allow-origin" not in answer.headers


# Registration


async def test_a_client_registers_as_one_without_a_secret(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await register(
        client,
        client_name=" A  Client\n",
        token_endpoint_auth_method="client_secret_post",
        grant_types=["authorization_code", "refresh_token"],
        software_id="s-1",
        unknown={"kept": "not"},
    )
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    (row,) = await table(services, "SELECT id, created_at FROM oauth_clients")
    assert said == {
        "client_id": str(row["id"]),
        "client_id_issued_at": int(row["created_at"].timestamp()),
        "client_name": "A Client",
        "redirect_uris": [REDIRECT],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        "software_id": "s-1",
    }


async def test_a_client_need_not_have_a_name(client: httpx.AsyncClient) -> None:
    answer = await client.post("/oauth/register", json={"redirect_uris": [REDIRECT]})
    assert answer.json()["client_name"] == "An application without a name"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"redirect_uris": None}, "invalid_redirect_uri", id="none"),
        pytest.param({"redirect_uris": []}, "invalid_redirect_uri", id="empty"),
        pytest.param({"redirect_uris": [REDIRECT] * 21}, "invalid_redirect_uri", id="many"),
        pytest.param({"redirect_uris": [7]}, "invalid_redirect_uri", id="number"),
        pytest.param({"redirect_uris": ["http://a.example/"]}, "invalid_redirect_uri", id="http"),
        pytest.param(
            {"redirect_uris": [REDIRECT, "javascript:x"]}, "invalid_redirect_uri", id="script"
        ),
        pytest.param({"client_name": "n" * 81}, "invalid_client_metadata", id="long-name"),
        pytest.param({"client_name": {}}, "invalid_client_metadata", id="no-text"),
        pytest.param({"client_name": "a\0b"}, "invalid_client_metadata", id="nul"),
        pytest.param({"client_name": "\u00ad\u2062"}, "invalid_client_metadata", id="soft"),
        pytest.param({"client_name": "\u3164\u2800"}, "invalid_client_metadata", id="fillers"),
        pytest.param(
            {"client_name": "Claude\U000e0041\U000e0042"}, "invalid_client_metadata", id="tags"
        ),
        pytest.param(
            {"redirect_uris": ["ms-appinstaller:/x"]}, "invalid_redirect_uri", id="system"
        ),
        pytest.param({"grant_types": ["password"]}, "invalid_client_metadata", id="grant"),
        pytest.param({"response_types": "code"}, "invalid_client_metadata", id="no-list"),
    ],
)
async def test_a_registration_that_is_not_in_order_is_told_why(
    client: httpx.AsyncClient, services: Services, changes: dict[str, Any], error: str
) -> None:
    answer = await register(client, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert await table(services, "SELECT 1 FROM oauth_clients") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b"null"])
async def test_a_registration_is_an_object(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/oauth/register", content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


async def test_registrations_of_one_address_are_limited(client: httpx.AsyncClient) -> None:
    answers = [await register(client) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [201] * 30 + [429]
    assert answers[-1].json()["error"] == "temporarily_unavailable"
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
async def test_calls_of_one_address_are_limited(
    client: httpx.AsyncClient, services: Services, path: str
) -> None:
    limit = calls_of("127.0.0.1")
    await services.redis.set(limit.key, limit.most - 1, ex=limit.seconds)
    assert (await client.post(path)).status_code == 400
    refused = await client.post(path)
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) > 0


async def test_clients_that_nobody_uses_make_room_for_new_ones(
    client: httpx.AsyncClient, services: Services
) -> None:
    await table(
        services,
        "INSERT INTO oauth_clients (id, name, redirect_uris, created_at, last_used_at)"
        " SELECT gen_random_uuid(), 'x', '{}', now() - interval '1 day',"
        " CASE WHEN n > 10 THEN now() END FROM generate_series(1, 50000) AS n",
    )
    assert (await register(client)).status_code == 201
    (left,) = await table(
        services, "SELECT count(*) FILTER (WHERE last_used_at IS NULL) AS unused FROM oauth_clients"
    )
    assert left["unused"] == 1
    await table(services, "UPDATE oauth_clients SET last_used_at = now()")
    await table(
        services,
        "INSERT INTO oauth_clients (id, name, redirect_uris, last_used_at)"
        " SELECT gen_random_uuid(), 'x', '{}', now() FROM generate_series(1, 9)",
    )
    assert (await register(client)).status_code == 429


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{}", "application/json", 400),
        (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"token=%00&client_id=x", "application/x-www-form-urlencoded", 400),
        ("a=ü".encode(), "application/x-www-form-urlencoded", 400),
        (b"&".join(b"p%d=1" % n for n in range(60)), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 40_000, "application/x-www-form-urlencoded", 413),
    ],
    ids=["json", "twice", "no-text", "nul", "no-ascii", "many", "large"],
)
async def test_a_form_that_is_none_is_an_invalid_request(
    client: httpx.AsyncClient, path: str, content: bytes, media_type: str, status: int
) -> None:
    answer = await client.post(path, content=content, headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")


async def test_what_fails_on_our_side_has_our_error_body(client: httpx.AsyncClient) -> None:
    answer = await client.get("/oauth/token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    assert answer.json()["error"]["code"] == "method_not_allowed"
